"""Keeping the registers: where an entry holds, what a typed text stands for, and by what right a provider teaches.

Nothing here touches what a record says: linking a text writes which entry of the register it stands for, and one other
name, so that the next record typed so is linked when it is saved.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.choices import RecordStatus
from courses.models import (
    Kept,
    Programme,
    ProgrammeAlias,
    Provider,
    ProviderAlias,
    ProviderRight,
    TrainingRecord,
)
from courses.models.records import UNSENT
from cpd.dates import today
from cpd.text import fold
from schools.approval import ChangedMeanwhile, Refused
from schools.models import District, Institution, User

PROPOSED = 3  # entries offered at once beside a text
LIKE = 0.3  # of the words of a text and of a name together, what part they must share to be offered
STEM = 5  # letters by which words are compared: Kyrgyz words change at their ends
Entry = Provider | Programme


@dataclass(frozen=True)
class Place:
    """Where entries are kept: an institution, a district, or, with neither, the whole country."""

    institution: Institution | None = None
    district: District | None = None

    @classmethod
    def of(cls, kept: Kept) -> Self:
        return cls(kept.institution, kept.district)

    def __str__(self) -> str:
        return str(self.institution or self.district or _("the whole country"))

    @property
    def key(self) -> str:
        """As addresses and forms name it."""
        if self.institution:
            return f"institution-{self.institution.pk}"
        return f"district-{self.district.pk}" if self.district else "country"

    @property
    def columns(self) -> dict[str, Any]:
        return {"institution": self.institution, "district": self.district}

    def knows(self, entries: Any) -> Any:
        """Those of the entries that hold in all of this place."""
        if self.institution:
            return entries.known_in(self.institution)
        here = Q(district=self.district, institution=None) if self.district else Q()
        return entries.filter(Q(institution=None, district=None) | here)

    def has(self, records: QuerySet[TrainingRecord]) -> QuerySet[TrainingRecord]:
        """Those of the records that are verified in this place."""
        if self.institution:
            return records.filter(institution=self.institution)
        return records.filter(institution__district=self.district) if self.district else records


@dataclass(frozen=True)
class Register:
    """One of the two registers, and the columns in which a record speaks of it."""

    entries: type[Entry]
    aliases: type[ProviderAlias] | type[ProgrammeAlias]
    field: str
    text: str
    key: str
    moves_hours: bool  # whether the entry decides if a record counts (rules §3, C6 and C10)


PROVIDERS = Register(Provider, ProviderAlias, "provider", "provider_text", "provider_key", moves_hours=True)
PROGRAMMES = Register(Programme, ProgrammeAlias, "programme", "title", "title_key", moves_hours=False)


# Who keeps what ---------------------------------------------------------------------------------------------------


def places_of(user: User) -> list[Place]:
    """The places the user keeps registers for: the country, one's districts, the institutions one keeps papers for."""
    scope = user.scope
    country = [Place()] if scope.is_administrator else []
    districts = District.objects.filter(pk__in=scope.districts) if scope.districts else ()
    schools = Institution.objects.filter(pk__in=scope.kept) if scope.kept else ()
    return [
        *country,
        *(Place(district=district) for district in districts),
        *(Place(institution=school) for school in schools),
    ]


def keeps(user: User, place: Place) -> bool:
    scope = user.scope
    if scope.is_administrator:
        return True
    if place.institution:
        return place.institution.pk in scope.kept
    return place.district is not None and place.district.pk in scope.districts


# What people typed -------------------------------------------------------------------------------------------------


def unlinked(register: Register, place: Place, *, by: User) -> QuerySet[Any, dict[str, Any]]:
    """The texts of the place that stand for no entry yet, the most used first; drafts are their owners' alone."""
    handed_in = TrainingRecord.objects.visible_to(by).exclude(status__in=UNSENT)
    texts: QuerySet[Any] = place.has(handed_in).filter(**{register.field: None}).exclude(**{register.key: ""})
    return (
        texts.order_by()
        .values(folded=F(register.key))
        .annotate(text=Min(register.text), **_figures())
        .order_by("-records", "folded")
    )


def use_of(register: Register, place: Place, text: str, *, by: User) -> dict[str, int]:
    """How many records and people of the place use a text, and how many of the records are verified."""
    handed_in = TrainingRecord.objects.visible_to(by).exclude(status__in=UNSENT)
    return place.has(handed_in).filter(**{register.key: key_of(text)}).aggregate(**_figures())


def proposals(register: Register, place: Place, keys: Iterable[str]) -> dict[str, list[Entry]]:
    """For each folded text the entries whose names share most of its words, the nearest first."""
    names = [*place.knows(register.aliases.objects.live()).values_list("target", "key")]
    entries = {entry.pk: entry for entry in place.knows(register.entries.objects.all())}
    for entry in entries.values():
        names += [(entry.pk, fold(entry.title_ky)), (entry.pk, fold(entry.title_ru))]
    stems = [(entry, _stems(name)) for entry, name in names if entry in entries and name]
    found = {}
    for key in keys:
        wanted, best = _stems(key), defaultdict[int, float](float)
        for entry, words in stems:
            best[entry] = max(best[entry], len(wanted & words) / (len(wanted | words) or 1))
        near = sorted((entry for entry in best if best[entry] >= LIKE), key=lambda entry: (-best[entry], entry))
        found[key] = [entries[entry] for entry in near[:PROPOSED]]
    return found


def named_like(register: Register, entries: QuerySet[Any], words: str, *, by: User) -> QuerySet[Any]:
    """Entries whose titles or other names hold all ``words``, on any keyboard."""
    aliases = register.aliases.objects.live().visible_to(by)
    for word in fold(words).split():
        entries = entries.filter(
            Q(search_key__contains=word) | Q(pk__in=aliases.filter(key__contains=word).values("target"))
        )
    return entries


def is_own_title(alias: Any) -> bool:
    """Whether the name is what the entry itself is called where it is kept; it goes only with that title."""
    entry = alias.target
    return Place.of(alias) == Place.of(entry) and alias.key in {key_of(entry.title_ky), key_of(entry.title_ru)}


def key_of(text: str) -> str:
    """A text as the records and the other names keep it for comparison."""
    return fold(text)[: ProviderAlias._meta.get_field("key").max_length]


# One entry on its page ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NameRow:
    """Another name of an entry, where it holds, and whether the person may take it away."""

    name: Any
    place: Place
    is_kept: bool


@dataclass(frozen=True)
class RightRow:
    """A right to teach, where it holds, whether it has ended, and whether the person may change its last day."""

    right: ProviderRight
    place: Place
    is_over: bool
    is_kept: bool


def names_of(register: Register, entry: Entry, *, by: User) -> tuple[list[NameRow], list[NameRow]]:
    """The other names of an entry that the person may see, and those taken away, the last first."""
    found = register.aliases.objects.visible_to(by).filter(target=entry.pk)
    live, removed = [], []
    for name in found.select_related("institution__district", "district", "entered_by", "removed_by"):
        name.target = entry
        place = Place.of(name)
        if name.removed_at:
            removed.append(NameRow(name, place, is_kept=False))
        elif not is_own_title(name):
            live.append(NameRow(name, place, keeps(by, place)))
    return live, sorted(removed, key=lambda row: row.name.removed_at, reverse=True)


def rights_of(provider: Provider, *, by: User) -> list[RightRow]:
    """The rights of a provider that the person may see."""
    rights = ProviderRight.objects.visible_to(by).filter(provider=provider.pk)
    rows = []
    for right in rights.select_related("institution", "district", "entered_by", "ended_by"):
        place, is_over = Place.of(right), right.ends_on is not None and right.ends_on < today()
        rows.append(RightRow(right, place, is_over, keeps(by, place)))
    return rows


def places_for(register: Register, entry: Entry, *, by: User) -> list[Place]:
    """The places the person keeps in which the entry holds."""
    known = register.entries.objects.filter(pk=entry.pk)
    return [place for place in places_of(by) if place.knows(known).exists()]


def used(register: Register, entries: list[int], *, by: User) -> dict[int, int]:
    """How many handed-in records the person may see stand for each entry."""
    records = TrainingRecord.objects.visible_to(by).exclude(status__in=UNSENT)
    counted = records.filter(**{f"{register.field}__in": entries}).order_by().values(register.field)
    return dict(counted.annotate(n=Count("pk")).values_list(register.field, "n"))


# Writing ------------------------------------------------------------------------------------------------------------


def link(register: Register, *, by: User, place: Place, text: str, entry: Entry) -> int:
    """Let a text stand for an entry in a place, for all who typed it; how many handed-in records got another entry.

    A text that already stood for another entry is moved, and the row that said so is kept as removed. Where a nearer
    place reads the text in its own way, its records keep that. Raises ``PermissionDenied`` for a place the user does
    not keep, ``Refused`` where the entry does not hold or the text is the title of another, ``ChangedMeanwhile``
    where somebody else linked the text at the same moment.
    """
    _check(by, place)
    if not place.knows(register.entries.objects.filter(pk=entry.pk)).exists():
        raise Refused(_("This entry of the register does not hold there."))
    key = key_of(text)
    with transaction.atomic():
        names: Any = register.aliases.objects
        here = names.live().filter(key=key, **place.columns)
        for other in here.exclude(target=entry.pk).select_related("target", "institution", "district"):
            _take_away(register, other, by=by)
        columns = {"text": text, "target": entry, "entered_by": by.person}
        name, _made = names.get_or_create(key=key, removed_at=None, **place.columns, defaults=columns)
        if name.target_id != entry.pk:
            raise ChangedMeanwhile(_("Somebody else linked this text meanwhile."))
        return _point(register, _read_here(register, place, key), entry.pk)


def unlink(register: Register, *, by: User, alias: Any) -> int:
    """Take another name away; records that were linked by it stand again for what the text means without it.

    Raises ``Refused`` for the title of the entry itself, and ``ChangedMeanwhile`` where the name was taken away
    already.
    """
    place = Place.of(alias)
    _check(by, place)
    with transaction.atomic():
        linked = _read_here(register, place, alias.key).filter(**{register.field: alias.target_id})
        _take_away(register, alias, by=by)
        outer = [Place(), Place(district=place.institution.district)] if place.institution else [Place()]
        names = register.aliases.objects.live().filter(key=alias.key)
        meant = [names.filter(**one.columns).first() for one in outer]
        return _point(register, linked, next((name.target_id for name in reversed(meant) if name), None))


def enter_and_link(
    register: Register, *, by: User, place: Place, text: str, columns: Mapping[str, Any]
) -> tuple[Entry, int]:
    """Enter what a text stands for and link it, both or neither; the entry, and how many records got it."""
    with transaction.atomic():
        entry = save_entry(register, by=by, place=place, columns=columns)
        return entry, link(register, by=by, place=place, text=text, entry=entry)


def save_entry(
    register: Register, *, by: User, place: Place, columns: Mapping[str, Any], entry: Entry | None = None
) -> Entry:
    """Enter a provider or a programme in a place, or change it; its titles are among its names there."""
    _check(by, Place.of(entry) if entry else place)
    with transaction.atomic():
        if entry is None:
            entry = register.entries(**place.columns, entered_by=by.person)
        for name, value in columns.items():
            setattr(entry, name, value)
        entry.save()
        here = Place.of(entry)
        taken = set(register.aliases.objects.live().filter(**here.columns).values_list("key", flat=True))
        for title in filter(None, dict.fromkeys((entry.title_ky, entry.title_ru))):
            if key_of(title) not in taken:
                link(register, by=by, place=here, text=title, entry=entry)
    return entry


def add_right(*, by: User, place: Place, provider: Provider, columns: Mapping[str, Any]) -> ProviderRight:
    """Enter by what right a provider teaches; it holds where it was entered (national regulation 4.5.1, 4.5.2)."""
    _check(by, place)
    same = {name: columns[name] for name in ("basis", "number", "starts_on") if name in columns}
    if ProviderRight.objects.filter(provider=provider, **place.columns, **same).exists():
        raise Refused(_("This right is already entered."))
    return ProviderRight.objects.create(provider=provider, **place.columns, entered_by=by.person, **columns)


def end_right(right: ProviderRight, *, by: User, ends_on: dt.date | None) -> None:
    """Say until when a right holds; without a day, until further notice. The row stays: courses rest on it."""
    _check(by, Place.of(right))
    right.ends_on, right.ended_by, right.ended_at = ends_on, by.person, timezone.now()
    right.save(update_fields=["ends_on", "ended_by", "ended_at"])


# One text in one place ----------------------------------------------------------------------------------------------


def _check(user: User, place: Place) -> None:
    if not keeps(user, place):
        raise PermissionDenied


def _take_away(register: Register, alias: Any, *, by: User) -> None:
    """Let a name stand for nothing from now on; who did it and when stays with the row."""
    if is_own_title(alias):
        title = _("This is a title of the entry “%(entry)s”. Change that title first.")
        raise Refused(title % {"entry": alias.target})
    live = register.aliases.objects.live().filter(pk=alias.pk)
    if not live.update(removed_by=by.person, removed_at=timezone.now()):
        raise ChangedMeanwhile(_("This name was removed already."))


def _read_here(register: Register, place: Place, key: str) -> QuerySet[TrainingRecord]:
    """The records typed so whose reading is this place's, drafts too: whoever hands one in later is linked already."""
    records = place.has(TrainingRecord.objects.filter(**{register.key: key}))
    nearer: Any = register.aliases.objects.live().filter(key=key)
    if place.institution is None:
        records = records.exclude(institution__in=nearer.exclude(institution=None).values("institution"))
    if place.institution is None and place.district is None:
        records = records.exclude(institution__district__in=nearer.exclude(district=None).values("district"))
    return records


def _point(register: Register, records: QuerySet[TrainingRecord], entry: int | None) -> int:
    """Write the entry the records stand for; how many handed-in ones got another than before."""
    changed = records.filter(~Q(**{register.field: entry}))
    told = changed.exclude(status__in=UNSENT).count()
    changed.update(**{f"{register.field}_id": entry})
    return told


def _figures() -> dict[str, Count]:
    return {
        "records": Count("pk"),
        "people": Count("person", distinct=True),
        "verified": Count("pk", filter=Q(status=RecordStatus.VERIFIED)),
    }


def _stems(key: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in re.findall(r"\w+", key))
