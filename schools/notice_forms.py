"""What a person wants to be told of."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from schools.choices import ALWAYS_TOLD, NoticeKind
from schools.models import User

SWITCHABLE = [(kind.value, kind.label) for kind in NoticeKind if kind not in ALWAYS_TOLD]


class NoticeSettingsForm(forms.Form):
    """A switch for each kind that can be switched off, and for e-mail where an address is confirmed."""

    kinds = forms.MultipleChoiceField(
        label=_("Tell me about"), choices=SWITCHABLE, required=False, widget=forms.CheckboxSelectMultiple
    )
    wants_mail = forms.BooleanField(label=_("Also by e-mail, once a day at most"), required=False)

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        told = [kind for kind, _label in SWITCHABLE if kind not in user.muted]
        super().__init__(data, initial={"kinds": told, "wants_mail": user.wants_mail})
        self.user = user
        if not user.email:
            del self.fields["wants_mail"]

    def save(self) -> None:
        self.user.muted = [kind for kind, _label in SWITCHABLE if kind not in self.cleaned_data["kinds"]]
        self.user.wants_mail = self.cleaned_data.get("wants_mail", self.user.wants_mail)
        self.user.save(update_fields=["muted", "wants_mail"])
