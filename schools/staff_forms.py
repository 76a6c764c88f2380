"""What people type about staff: newcomers, posts, last days, leave, names, moves."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpd.dates import today
from cpd.forms import FIRST_YEAR, LAST_YEAR, SeveralField
from cpd.text import kyrgyz_order
from schools.choices import EndReason, LeaveKind
from schools.kinds import WAYS
from schools.models import (
    District,
    Employment,
    Institution,
    Leave,
    MethodicalAssociation,
    Person,
    Position,
    Subject,
    Transfer,
)
from schools.names import LONGEST, in_proper_case
from schools.naming import NAMES, Name
from schools.newcomers import Identity, birthday_of
from schools.staffing import Post

DAY_WIDGET = forms.DateInput({"type": "date"}, "%Y-%m-%d")
BORN_FIRST = 1900  # nobody older works
TEXT = forms.TextInput(attrs={"autocomplete": "off"})


class DayField(forms.DateField):
    """A day that can be meant."""

    def __init__(self, *args: Any, first_year: int = FIRST_YEAR, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": DAY_WIDGET} | kwargs)
        self.first_year = first_year

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day and not self.first_year <= day.year <= LAST_YEAR:
            raise forms.ValidationError(
                _("Give a year from %(first)s to %(last)s."), params={"first": self.first_year, "last": LAST_YEAR}
            )
        return day


class NumberField(forms.CharField):
    """A personal number; blanks between its digits do not matter."""

    default_validators = [RegexValidator(r"^\d{14}$", _("The personal number has 14 digits."))]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(label=_("Personal number (PIN)"), required=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        return re.sub(r"[\s\-–]", "", super().to_python(value) or "")


class BornField(DayField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Date of birth"), required=False, first_year=BORN_FIRST, **kwargs)

    def clean(self, value: Any) -> dt.date | None:
        day = super().clean(value)
        if day and day >= today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


class PostForm(forms.Form):
    """What somebody does in an institution: shared by newcomers, by changes, and by who comes from elsewhere."""

    position = forms.CharField(
        label=_("Position held"), max_length=120, widget=forms.TextInput(attrs={"list": "positions"})
    )
    association = forms.ModelChoiceField(
        MethodicalAssociation.objects.none(), label=_("Methodical association"), required=False, empty_label=_("none")
    )
    subjects = SeveralField(Subject.objects.none(), label=_("Subjects"), required=False)

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        # Nobody works in a faculty itself.
        own = MethodicalAssociation.objects.filter(institution=institution, parts=None)
        fields["association"].queryset = own.order_by(kyrgyz_order("title_ky"))
        fields["subjects"].queryset = Subject.objects.order_by(kyrgyz_order("title_ky"))
        fields["position"].widget.attrs.pop("maxlength", None)

    @property
    def positions(self) -> list[str]:
        """The official list, proposed while one types."""
        return [position.title for position in Position.objects.all()]


class TeachingPostForm(PostForm):
    """The same with what the rules on hours ask of a post."""

    is_teaching = forms.BooleanField(
        label=_("Teaching post"), required=False, initial=True, help_text=_("The rules on teachers' hours bind it.")
    )
    teaching_language = forms.ChoiceField(
        label=_("Language of teaching"),
        required=False,
        choices=[("", _("not known")), *Employment._meta.get_field("teaching_language").choices],  # type: ignore[misc]
    )
    is_young_specialist = forms.TypedChoiceField(
        label=_("Young specialist"),
        required=False,
        choices=[("", _("by the first years of work")), (True, _("yes")), (False, _("no"))],
        coerce=lambda said: said == str(True),
        empty_value=None,
        help_text=_("Who has just begun to teach gets a mentor and makes a plan with them."),
    )
    starts_on = DayField(label=_("First day"))

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, institution=institution, **kwargs)
        if not WAYS[institution.kind].guides_newcomers:
            del self.fields["is_young_specialist"]

    @property
    def post(self) -> Post:
        data = self.cleaned_data
        names = ("position", "association", "is_teaching", "teaching_language", "is_young_specialist")
        columns = {name: data[name] for name in names if name in self.fields}
        return Post(data["starts_on"], columns, list(data["subjects"]))


class NamePartField(forms.CharField):
    """One part of a name, written as papers write it whatever the keyboard's capitals."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, widget=TEXT, **kwargs)

    def clean(self, value: Any) -> str:
        return in_proper_case(super().clean(value))


class HireForm(TeachingPostForm):
    """A newcomer: who it is, and the post. Name, number and birth date say who; see ``schools.newcomers``."""

    personal_number = NumberField(help_text=_("As in the passport: 14 digits. It tells two people of one name apart."))
    born_on = BornField()
    number_is_right = forms.BooleanField(
        label=_("The number is right all the same: I have seen the passport."), required=False
    )
    family_name = NamePartField(label=_("Family name"))
    given_name = NamePartField(label=_("Given name"))
    fathers_name = NamePartField(
        label=_("Father's name"), required=False, help_text=_("With уулу or кызы where it is so; may be empty.")
    )
    field_order = [
        "personal_number", "born_on", "number_is_right", *NAMES, "starts_on", "position", "is_teaching", "association",
        "subjects", "teaching_language", "is_young_specialist",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today()
        if not self.is_bound:
            del self.fields["number_is_right"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned["personal_number"] and not cleaned["born_on"]:
            told = _("Give the personal number or the date of birth: people are told apart by them.")
            self.add_error("personal_number", told)
        number, born_on = cleaned.get("personal_number"), cleaned.get("born_on")
        differs = bool(number and born_on and birthday_of(number) != born_on)
        if differs and not cleaned.get("number_is_right"):
            self.add_error("personal_number", _("The personal number speaks of another date of birth."))
        if not differs:  # asked only where there is something to say
            del self.fields["number_is_right"]
        return cleaned

    @property
    def identity(self) -> Identity:
        data = self.cleaned_data
        return Identity(**{name: data[name] for name in (*NAMES, "personal_number", "born_on")})


class KnownForm(forms.Form):
    """Who was found, as it was shown, and what is to become of it."""

    known = forms.IntegerField(required=False, min_value=1)
    way = forms.CharField(required=False, max_length=30)


class EmploymentForm(TeachingPostForm):
    """An employment as it should stand; its last day only where it has one.

    Without days for who cannot move them: a clerk, of a leader's employment.
    """

    ends_on = DayField(label=_("Last day"), required=False)

    field_order = [
        "position", "is_teaching", "association", "subjects", "teaching_language", "is_young_specialist", "starts_on",
        "ends_on",
    ]  # fmt: skip

    def __init__(self, *args: Any, employment: Employment, with_days: bool = True, **kwargs: Any) -> None:
        names = ("position", "association", "is_teaching", "teaching_language", "is_young_specialist")
        initial = {name: getattr(employment, name) for name in (*names, "starts_on", "ends_on")}
        initial["subjects"] = employment.subjects.all()
        super().__init__(*args, institution=employment.institution, initial=initial, **kwargs)
        if employment.end_reason:
            self.fields["ends_on"].required = True
        elif employment.ends_on is None:
            del self.fields["ends_on"]
        for name in {"starts_on", "ends_on"} & set(self.fields):
            self.fields[name].disabled = not with_days


class EndForm(forms.Form):
    """The last day and why. A move to another institution is proposed, not typed here."""

    ends_on = DayField(label=_("Last day"))
    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose"))] + [(one.value, one.label) for one in EndReason if one != EndReason.TRANSFERRED],
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day = cleaned.get("ends_on")
        if day and cleaned.get("reason") == EndReason.DIED and day > today():
            self.add_error("ends_on", _("This day has not come yet."))
        return cleaned


class LeaveForm(forms.Form):
    """Long leave; without a last day it lasts until one is entered."""

    kind = forms.ChoiceField(label=_("Kind of leave"), choices=LeaveKind)
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty while it is not known."))
    order_number = forms.CharField(label=_("Order number"), max_length=30, required=False, widget=TEXT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The end date must not be earlier than the start date."))
        return cleaned

    @staticmethod
    def initial_of(leave: Leave) -> dict[str, Any]:
        return {name: getattr(leave, name) for name in ("kind", "starts_on", "ends_on", "order_number")}


class PersonForm(forms.ModelForm):
    """What is known of a person. Number and birth date only where the reader may see them, the academic degree only
    where a form of the institutions has a column for it.
    """

    personal_number = NumberField()
    born_on = BornField()
    teaching_since = DayField(label=_("Teaching since"), required=False)

    class Meta:
        model = Person
        fields = [
            "education",
            "speciality",
            "academic_degree",
            "teaching_since",
            "category",
            "personal_number",
            "born_on",
        ]

    def __init__(self, *args: Any, with_numbers: bool, with_degree: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_numbers:
            del self.fields["personal_number"], self.fields["born_on"]
        if not with_degree:
            del self.fields["academic_degree"]

    def clean_personal_number(self) -> str:
        number: str = self.cleaned_data["personal_number"]
        if number and Person.objects.filter(personal_number=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another person has this personal number."))
        return number

    def validate_constraints(self) -> None:
        """The fields say the same in words that stand beside them."""


class NameForm(forms.Form):
    """Another name from a day on, or the same person's name as it should have been entered."""

    CHANGED, WRONG = "changed", "wrong"

    why = forms.ChoiceField(
        label=pgettext_lazy("name", "What happened"),
        choices=[(CHANGED, _("The name was changed by a document")), (WRONG, _("The name was entered wrong"))],
        widget=forms.RadioSelect,
        initial=CHANGED,
    )
    family_name = NamePartField(label=_("Family name"))
    given_name = NamePartField(label=_("Given name"))
    fathers_name = NamePartField(label=_("Father's name"), required=False)
    since = DayField(label=_("New name since"), required=False, help_text=_("Only where the name was changed."))
    document = forms.CharField(
        label=_("Document of the change"),
        max_length=120,
        required=False,
        widget=TEXT,
        help_text=_("For example the number and date of the marriage certificate."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since = cleaned.get("since")
        if cleaned.get("why") == self.CHANGED and "since" not in self.errors:
            if since is None:
                self.add_error("since", _("Give the day from which the new name holds."))
            elif since > today():
                self.add_error("since", _("This day has not come yet."))
        return cleaned

    @property
    def name(self) -> Name:
        return Name(**{name: self.cleaned_data[name] for name in NAMES})


class DistrictForm(forms.Form):
    """In which district the new institution is, ``?district=5``."""

    district = forms.ModelChoiceField(District.objects.none(), label=_("District, city"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["district"]
        field.queryset = District.objects.order_by(kyrgyz_order("title_ky"))
        field.empty_label = None


class TransferForm(forms.Form):
    """Where somebody moves and when, said by the institution that lets them go."""

    institution = forms.ModelChoiceField(
        Institution.objects.none(), label=_("New institution"), empty_label=_("Choose")
    )
    moves_on = DayField(label=_("First day in the new institution"))

    def __init__(self, *args: Any, district: District, employment: Employment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Institution.objects.filter(district=district).exclude(pk=employment.institution_id)
        field: Any = self.fields["institution"]
        field.queryset = others.order_by(kyrgyz_order("title_ky"), "pk")


class ArrivalForm(PostForm):
    """The post that awaits somebody who moves here: said by the new institution when it confirms."""

    def __init__(self, *args: Any, transfer: Transfer, **kwargs: Any) -> None:
        initial = {"position": transfer.position, "subjects": transfer.employment.subjects.all()}
        super().__init__(*args, institution=transfer.institution, initial=initial, **kwargs)


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the refusal"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
