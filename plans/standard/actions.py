"""Changing the standard: its labels and tags, its scale, and a new version. Every change stands in the journal."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from plans.models import Competence, CompetenceGroup, ProfessionalStandard, ScaleLevel, StandardUnit
from plans.needs.topics import rename_in_country
from plans.standard.access import is_in_use, is_referred_to
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.models import User
from schools.models.documents import digest

Entry = ProfessionalStandard | StandardUnit | CompetenceGroup | Competence | ScaleLevel
FEWEST_LEVELS = 2  # on fewer nobody can place themselves


@dataclass(frozen=True)
class Change:
    """What somebody made of one entry, and the mark of what they had before their eyes; see :func:`mark_of`."""

    entry: Entry
    columns: Mapping[str, Any]
    seen: str


class EntriesChangedMeanwhile(ChangedMeanwhile):
    """Somebody else changed these entries after they were shown."""

    def __init__(self, entries: list[Entry]) -> None:
        super().__init__(_("This was changed meanwhile. Look at it again."))
        self.entries = entries


def columns_of(entry: Entry) -> dict[str, Any]:
    """What can be changed of an entry: its labels, the source of a version, the codes of a competence's tags."""
    columns: dict[str, Any] = {"title_ky": entry.title_ky, "title_ru": entry.title_ru}
    if isinstance(entry, ProfessionalStandard):
        columns["source"] = entry.source
    if isinstance(entry, Competence):
        columns["groups"] = sorted(group.code for group in entry.groups.all())
    return columns


def mark_of(columns: Mapping[str, Any]) -> str:
    """A short mark of these texts, by which a form tells what it showed."""
    return digest(dict(columns))


@transaction.atomic
def change_entries(*, by: User, standard: ProfessionalStandard, changes: Iterable[Change]) -> int:
    """Save what was really changed, and tell how many entries that were; all of them, or none.

    An entry that was left as it was shown is left as it is now, whatever others have made of it. Needs go by the
    Kyrgyz label of their competence: where that is mended, the old and the new one mean one topic.
    """
    touched = [change for change in changes if mark_of(change.columns) != change.seen]
    told = [(change, _save(change)) for change in touched]
    if refused := [change.entry for change, before in told if before is None]:
        raise EntriesChangedMeanwhile(refused)
    done = 0
    for change, before in told:
        differing = [name for name, value in (before or {}).items() if change.columns[name] != value]
        if differing:
            done += 1
            audit.note(
                Event.REFERENCE_CHANGED,
                by=by,
                what=name_of(standard, change.entry),
                before={name: (before or {})[name] for name in differing},
                after={name: change.columns[name] for name in differing},
            )
        if "title_ky" in differing and isinstance(change.entry, Competence):
            _keep_topic(by, change.entry, (before or {})["title_ky"], change.columns["title_ky"])
    return done


@transaction.atomic
def new_version(
    *, by: User, earlier: ProfessionalStandard, number: str, source: str, starts_on: dt.date
) -> ProfessionalStandard:
    """A copy of the version that goes on until further notice, which ends the day before.

    Assessments that were started by the earlier version stay with it.
    """
    if starts_on <= earlier.starts_on:
        raise Refused(_("A new version begins after the earlier one."))
    going_on = ProfessionalStandard.objects.filter(pk=earlier.pk, ends_on=None)
    if not going_on.update(ends_on=starts_on - dt.timedelta(days=1)):
        raise ChangedMeanwhile(_("Another version follows this one already."))
    titles = {"title_ky": earlier.title_ky, "title_ru": earlier.title_ru}
    made = ProfessionalStandard.objects.create(
        number=number, source=source, starts_on=starts_on, entered_by=by.person, **titles
    )
    _copy_entries(earlier, made)
    audit.note(
        Event.REFERENCE_CHANGED,
        by=by,
        what=f"{made} {made.number}",
        after={"number": number, "source": source, "starts_on": starts_on},
    )
    return made


@transaction.atomic
def correct_version(
    *, by: User, standard: ProfessionalStandard, number: str, source: str, starts_on: dt.date
) -> ProfessionalStandard:
    """Mend the number, source or first day of a version that nothing rests on yet.

    The earlier version ends the day before the new first day.
    """
    kept = _held(standard)
    earlier = version_before(kept)
    if earlier and starts_on <= earlier.starts_on:
        raise Refused(_("A new version begins after the earlier one."))
    if kept.ends_on and starts_on > kept.ends_on:
        raise Refused(_("Another version follows this one already."))
    before = {name: getattr(kept, name) for name in ("number", "source", "starts_on")}
    after = {"number": number, "source": source, "starts_on": starts_on}
    differing = [name for name, value in before.items() if after[name] != value]
    if differing:
        what = f"{kept} {kept.number}"
        ProfessionalStandard.objects.filter(pk=kept.pk).update(**after)
        if earlier:
            ProfessionalStandard.objects.filter(pk=earlier.pk).update(ends_on=starts_on - dt.timedelta(days=1))
        audit.note(
            Event.REFERENCE_CHANGED,
            by=by,
            what=what,
            before={name: before[name] for name in differing},
            after={name: after[name] for name in differing},
        )
    return kept


@transaction.atomic
def delete_version(*, by: User, standard: ProfessionalStandard) -> ProfessionalStandard:
    """Take a version away that nothing rests on; the earlier one, which is returned, goes on in its place."""
    kept = _held(standard)
    earlier = version_before(kept)
    if earlier is None:
        raise Refused(_("There is no earlier version that could go on."))
    told = {"number": kept.number, "source": kept.source, "starts_on": kept.starts_on}
    audit.note(Event.REFERENCE_CHANGED, by=by, what=f"{kept} {kept.number}", before=told)
    kept.delete()
    ProfessionalStandard.objects.filter(pk=earlier.pk).update(ends_on=kept.ends_on)
    return earlier


def version_before(standard: ProfessionalStandard) -> ProfessionalStandard | None:
    return ProfessionalStandard.objects.filter(starts_on__lt=standard.starts_on).order_by("-starts_on").first()


@transaction.atomic
def add_level(*, by: User, standard: ProfessionalStandard, title_ky: str, title_ru: str) -> ScaleLevel:
    """One level above the highest, while no assessment uses the standard."""
    _refuse_in_use(standard)
    highest = standard.levels.order_by("-value").first()
    level = standard.levels.create(value=highest.value + 1 if highest else 1, title_ky=title_ky, title_ru=title_ru)
    audit.note(Event.REFERENCE_CHANGED, by=by, what=name_of(standard, level), after=columns_of(level))
    return level


@transaction.atomic
def remove_level(*, by: User, standard: ProfessionalStandard) -> None:
    """Take the highest level away: those below keep their numbers."""
    _refuse_in_use(standard)
    levels = list(standard.levels.order_by("-value"))
    if len(levels) <= FEWEST_LEVELS:
        raise Refused(_("The scale needs at least two levels."))
    audit.note(Event.REFERENCE_CHANGED, by=by, what=name_of(standard, levels[0]), before=columns_of(levels[0]))
    levels[0].delete()


def name_of(standard: ProfessionalStandard, entry: Entry) -> str:
    """As the journal calls it: the version, and the code or the level."""
    place = entry.value if isinstance(entry, ScaleLevel) else getattr(entry, "code", "")
    return f"{standard} {standard.number} · {place}".removesuffix(" · ")


def _save(change: Change) -> dict[str, Any] | None:
    """Write one entry and tell what it was before; None where it is not any more what was shown.

    The UPDATE names the labels it replaces, so of two people at the same moment one is refused.
    """
    model = type(change.entry)
    stored: Any = model._default_manager.get(pk=change.entry.pk)
    before = columns_of(stored)
    if before == change.columns:
        return before
    labels = {name: value for name, value in before.items() if name != "groups"}
    wanted = {name: change.columns[name] for name in labels}
    is_as_shown = mark_of(before) == change.seen
    if not is_as_shown or not model._default_manager.filter(pk=stored.pk, **labels).update(**wanted):
        return None
    if isinstance(stored, Competence) and before["groups"] != change.columns["groups"]:
        groups = CompetenceGroup.objects.filter(standard__units=stored.unit_id)
        stored.groups.set(groups.filter(code__in=change.columns["groups"]))
    return before


def _keep_topic(by: User, competence: Competence, old: str, new: str) -> None:
    """Let both labels mean one topic, unless one of them is what another competence is called.

    The same competence of another version that keeps the old label keeps its topic too.
    """
    named = Competence.objects.exclude(pk=competence.pk)
    is_another = named.filter(Q(title_ky=old) | Q(title_ky=new) & ~Q(code=competence.code)).exists()
    if not is_another:
        rename_in_country(by=by, old=old, new=new)


def _copy_entries(earlier: ProfessionalStandard, made: ProfessionalStandard) -> None:
    groups = {
        group.code: made.groups.create(code=group.code, title_ky=group.title_ky, title_ru=group.title_ru)
        for group in earlier.groups.all()
    }
    for unit in earlier.units.prefetch_related("competences__groups"):
        copied = made.units.create(**_texts(unit), code=unit.code, position=unit.position)
        for one in unit.competences.all():
            competence = copied.competences.create(**_texts(one), code=one.code, position=one.position)
            competence.groups.set([groups[group.code] for group in one.groups.all()])
    made.levels.bulk_create(
        ScaleLevel(standard=made, value=level.value, **_texts(level)) for level in earlier.levels.all()
    )


def _texts(entry: Entry) -> dict[str, str]:
    return {"title_ky": entry.title_ky, "title_ru": entry.title_ru}


def _held(standard: ProfessionalStandard) -> ProfessionalStandard:
    """The version by its own row: who begins an assessment by it waits. Refused where something rests on it."""
    kept = ProfessionalStandard.objects.select_for_update().filter(pk=standard.pk).first()
    if kept is None:
        raise ChangedMeanwhile(_("This was changed meanwhile. Look at it again."))
    if is_referred_to(kept):
        raise Refused(_("Teachers have answered by this version: it is not changed any more."))
    return kept


def _refuse_in_use(standard: ProfessionalStandard) -> None:
    if is_in_use(standard):
        raise Refused(_("The scale is in use: teachers have answered on it. A new version can have another one."))
