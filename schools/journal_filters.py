"""What the journal is narrowed by. What cannot be read narrows nothing, and its field says why."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cpd.forms import FIRST_YEAR, LAST_YEAR
from cpd.text import fold, kyrgyz_order
from schools.access import can_read_journal
from schools.choices import Event
from schools.models import Institution, User
from schools.models.audit import AuditQuerySet

LOOKED, DECIDED, PEOPLE, ROLES, ACCOUNTS, OTHER = "looked", "decided", "people", "roles", "accounts", "other"
GROUPS: dict[str, tuple[Event, ...]] = {
    LOOKED: (Event.SAW_PERSON, Event.SAW_DOCUMENT, Event.SAW_RECORD, Event.TOOK_TABLE, Event.TOOK_OWN_DATA),
    DECIDED: (Event.DOCUMENT_MOVED, Event.RECORD_MOVED),
    PEOPLE: (
        Event.HIRED,
        Event.EMPLOYMENT_CHANGED,
        Event.EMPLOYMENT_ENDED,
        Event.LEAVE_CHANGED,
        Event.MENTOR_FIXED,
        Event.MENTOR_CHANGED,
        Event.LECTURER_REPLACED,
        Event.TRANSFER_PROPOSED,
        Event.TRANSFER_ANSWERED,
        Event.NAME_CHANGED,
        Event.PERSON_CHANGED,
        Event.MERGED,
        Event.MERGE_UNDONE,
        Event.ERASED,
    ),
    ROLES: (Event.ROLE_GIVEN, Event.ROLE_ENDED, Event.DELEGATED, Event.DELEGATION_ENDED),
    ACCOUNTS: (
        Event.SIGNED_IN,
        Event.PASSWORD_CHANGED,
        Event.SECOND_FACTOR_CHANGED,
        Event.SESSIONS_ENDED,
        Event.MAIL_CHANGED,
        Event.INVITED,
        Event.INVITATION_REVOKED,
        Event.ACCOUNT_MADE,
        Event.ACCOUNT_CLOSED,
        Event.ACCOUNT_OPENED,
    ),
    OTHER: (Event.IMPORT_APPLIED, Event.IMPORT_UNDONE, Event.CONSENTED, Event.REFERENCE_CHANGED),
}
WORDS = [
    ("", gettext_lazy("all")),
    (LOOKED, pgettext_lazy("journal", "Who looked")),
    (DECIDED, pgettext_lazy("journal", "Steps and decisions")),
    (PEOPLE, pgettext_lazy("journal", "Hiring, moves, personal data")),
    (ROLES, pgettext_lazy("journal", "Roles")),
    (ACCOUNTS, pgettext_lazy("journal", "Sign-in and accounts")),
    (OTHER, pgettext_lazy("journal", "Imports, reference data, consent")),
]


class DayField(forms.DateField):
    """A day asked for in an address."""

    def __init__(self, label: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(label=label, required=False, widget=widget)

    def clean(self, value: Any) -> dt.date | None:
        day: dt.date | None = super().clean(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(
                _("Give a year from %(first)s to %(last)s."), params={"first": FIRST_YEAR, "last": LAST_YEAR}
            )
        return day


class JournalForm(forms.Form):
    """Chosen in an address, not sent: nothing is required."""

    words = forms.CharField(label=gettext_lazy("Name, plan or course"), required=False, max_length=200)
    group = forms.ChoiceField(label=pgettext_lazy("journal", "What"), required=False, choices=WORDS)
    institution = forms.ModelChoiceField(
        label=pgettext_lazy("journal", "Institution"),
        required=False,
        queryset=Institution.objects.none(),
        empty_label=WORDS[0][1],
    )
    first = DayField(gettext_lazy("From the day"))
    last = DayField(gettext_lazy("To the day"))
    mine = forms.BooleanField(label=gettext_lazy("Only what concerns me"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        scope = user.scope
        if len(scope.led) > 1 or scope.districts or scope.is_administrator:
            places = Institution.objects.visible_to(user).order_by(kyrgyz_order("title_ky"), "pk")
            self.fields["institution"].queryset = places  # type: ignore[attr-defined]
        else:
            del self.fields["institution"]
        if scope.is_administrator:  # all of the country: chosen by the link in a line, not in a list of thousands
            self.fields["institution"].widget = forms.HiddenInput()
        if not can_read_journal(user):
            del self.fields["mine"]

    def value(self, name: str) -> Any:
        """What was chosen and can be read, or nothing."""
        return None if name in self.errors else self.cleaned_data.get(name)

    def narrowed(self, entries: AuditQuerySet) -> AuditQuerySet:
        entries = entries.with_words(fold(self.value("words") or "").split())
        if group := self.value("group"):
            entries = entries.filter(event__in=GROUPS[group])
        if institution := self.value("institution"):
            entries = entries.filter(institution=institution)
        if first := self.value("first"):
            entries = entries.filter(at__gte=_midnight(first))
        if last := self.value("last"):
            entries = entries.filter(at__lt=_midnight(last + dt.timedelta(days=1)))
        return entries.filter(entries.of(self.user)) if self.value("mine") else entries


def _midnight(day: dt.date) -> dt.datetime:
    """When the day begins here."""
    return dt.datetime.combine(day, dt.time(), get_default_timezone())
