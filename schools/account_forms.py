"""What people type to get in: a code, a username, a password, an e-mail address."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schools.accounts import Standing, standing
from schools.invitations import ALPHABET, SIGNS, read_token
from schools.models import Person, User

LONGEST_NAME = User._meta.get_field("username").max_length


class CodeForm(forms.Form):
    """The code of a slip. Only its form is judged here: whether it opens anything is told at its own page."""

    code = forms.CharField(
        label=gettext_lazy("Code from the slip"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        code = read_token(self.cleaned_data["code"])
        if len(code) != SIGNS or not set(code) <= set(ALPHABET):
            raise ValidationError(
                _("The code has %(signs)s letters and digits; %(typed)s were typed."),
                params={"signs": SIGNS, "typed": len(code)},
            )
        return code


class AcceptForm(forms.Form):
    """A new account, or a new password for the one the person has."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=LONGEST_NAME,
        # In one alphabet no two names look alike; and SQLite knows small letters from capitals in this one alone.
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9._-]+\Z",
                gettext_lazy("Use Latin letters, digits, full stops, hyphens and underscores only."),
            )
        ],
        help_text=gettext_lazy("With this name you will log in. You may choose another one."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("Repeat the new password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.account = User.objects.filter(person=person).first()
        self.fields["password"].help_text = " ".join(password_validators_help_texts()[1:3])
        if self.account is not None:
            del self.fields["username"]

    def clean_username(self) -> str:
        username: str = User.normalize_username(self.cleaned_data["username"]).lower()
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("This username is taken."))
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        if password:
            account = self.account or User(username=cleaned.get("username", ""), person=self.person)
            try:
                validate_password(password, account)
            except ValidationError as weak:
                self.add_error("password", weak)
        return cleaned


class MailForm(forms.Form):
    """An address for notices. Empty: none any more."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class PeopleForm(forms.Form):
    """Which of the people of a list are shown."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=80)
    standing = forms.ChoiceField(label=gettext_lazy("Account"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["standing"].choices = [("", _("all")), *Standing.choices]  # type: ignore[attr-defined]

    def sifted(self, people: QuerySet[Person]) -> QuerySet[Person]:
        asked = self.cleaned_data if self.is_valid() else {}
        if asked.get("name"):
            people = people.named_like(asked["name"])  # type: ignore[attr-defined]
        return standing(people, asked["standing"]) if asked.get("standing") else people
