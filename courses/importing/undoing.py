"""The last import of a place taken back as a whole, while nothing was built on what it made."""

import copy
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.deletion import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.choices import ImportState
from courses.importing import said, states
from courses.importing.applying import MADE, hold_district
from courses.models import ImportRow, RecordDecision, TrainingRecord, WorkbookImport
from courses.models.imports import WRITTEN
from courses.verification import take_out, untouched
from cpd.fields import FoldedField
from schools import audit
from schools.access import can_import
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.models import (
    AuditEntry,
    Employment,
    Institution,
    MethodicalAssociation,
    Notice,
    Person,
    RoleAssignment,
    User,
)

AT_ONCE = 5000  # keys in one statement
SHOWN = 3  # names told of each kind of thing
# The journal and the row's own parts hold nobody back.
NOT_BUILT = {AuditEntry, Notice, RecordDecision, Employment.subjects.through}


class BuiltOn(Refused):
    """The import can no longer be undone; ``things`` says what was built on it."""

    def __init__(self, things: Sequence[str]) -> None:
        super().__init__(_("It can no longer be undone: something was built on it."))
        self.things = list(things)


def undo_import(workbook: WorkbookImport, *, by: User) -> int:
    """Take back all that an import made and changed; how many of its people and institutions stay, emptied.

    They stay because the journal names them: what it keeps is never taken out of it. Raises :class:`BuiltOn` where
    something rests on the import or was changed since, ``Refused`` where it is not the last one of its place.
    """
    if not can_import(by, workbook.place):
        raise Refused(_("You may no longer import for this place."))
    done, moved = _Done(workbook), copy.copy(workbook)
    try:
        with transaction.atomic():
            _undo(workbook, moved, done, by=by)
    except ProtectedError as problem:  # came between the look and the deed
        raise BuiltOn(_told(problem.protected_objects)) from None
    except IntegrityError:  # what is unique went elsewhere: the code of an institution, a personal number, a main job
        raise BuiltOn([_("What stood here before belongs to somebody or something else by now.")]) from None
    workbook.refresh_from_db(fields=["state", "undone_by", "undone_at"])
    return len(done.kept)


def _undo(workbook: WorkbookImport, moved: WorkbookImport, done: "_Done", *, by: User) -> None:
    hold_district(workbook)
    if workbook.state not in (ImportState.APPLIED, ImportState.UNDOING) or not states.move(
        moved, ImportState.UNDONE, undone_by=by.person, undone_at=timezone.now()
    ):
        raise ChangedMeanwhile(_("This import is not applied, or somebody has undone it meanwhile."))
    check_last(workbook)
    done.hold()
    if things := done.built_on():
        raise BuiltOn(things)
    decisions = done.take_out()
    audit.note(
        Event.IMPORT_UNDONE,
        by=by,
        institution=workbook.institution_id,
        district=workbook.district_id,
        what=workbook.file_name,
        after={"import": workbook.pk, "taken_out": decisions},
    )


def check_last(workbook: WorkbookImport) -> None:
    """Raise ``Refused`` where another import may rest on this one, or nobody knows any more what it did."""
    if later := later_import(workbook):
        raise Refused(
            _("Only the last import can be undone. After it “%(file)s” was applied.") % {"file": later.file_name}
        )
    if not workbook.rows.exists():
        raise Refused(_("It can no longer be undone: its rows are not kept any more."))


def later_import(workbook: WorkbookImport) -> WorkbookImport | None:
    """An import that was applied after this one and may rest on it."""
    others = WorkbookImport.objects.overlapping(workbook).filter(state__in=WRITTEN).exclude(pk=workbook.pk)
    return others.filter(applied_at__gte=workbook.applied_at).order_by("applied_at").first()


class _Done:
    """What an import did, read from its rows."""

    def __init__(self, workbook: WorkbookImport) -> None:
        self.made: dict[type[models.Model], dict[int, ImportRow]] = defaultdict(dict)
        self.changed: list[tuple[type[models.Model], int, dict[str, list[Any]]]] = []
        self.kept: set[tuple[type[models.Model], int]] = set()
        for row in workbook.rows.exclude(did=[]).defer("typed", "reasons").order_by("table", "number"):
            for label, key, what in row.did:
                model = apps.get_model(label)
                if what == MADE:
                    self.made[model][key] = row
                else:
                    self.changed.append((model, key, what))

    def hold(self) -> None:
        """Keep everybody whom the import made or changed until the end, as all who write about a person do."""
        people = set(self.made[Person]) | {key for model, key, _what in self.changed if model is Person}
        jobs = set(self.made[Employment]) | {key for model, key, _what in self.changed if model is Employment}
        roles = self.made[RoleAssignment]
        for model, keys in ((Employment, jobs), (RoleAssignment, roles)):
            for some in _parts(keys):
                people |= set(model._default_manager.filter(pk__in=some).values_list("person", flat=True))
        _hold(Person, people)
        for place in (Institution, MethodicalAssociation):
            _hold(place, {key for model, key, _what in self.changed if model is place})

    # What was built on it -----------------------------------------------------------------------------------------

    def built_on(self) -> list[str]:
        """Everything that rests on what the import made, or was changed since: one sentence for each kind."""
        return [*self._moved_records(), *self._changed_rows(), *self._changed_columns(), *self._pointed_at()]

    def _moved_records(self) -> Iterator[str]:
        keys = set(self.made[TrainingRecord])
        moved = keys.difference(*(untouched(some).values_list("pk", flat=True) for some in _parts(keys)))
        if moved:
            titles = TrainingRecord.objects.filter(pk__in=sorted(moved)[:SHOWN]).values_list("title", flat=True)
            yield _named(
                ngettext(
                    "%(count)s course was verified, returned or changed",
                    "%(count)s courses were verified, returned or changed",
                    len(moved),
                ),
                len(moved),
                titles,
            )

    def _changed_rows(self) -> Iterator[str]:
        """Rows the import made that no longer say what the file said."""
        for model, told in TOLD.items():
            found = []
            for some in _parts(self.made[model]):
                for one in model._default_manager.in_bulk(some).values():
                    if any(getattr(one, name) != value for name, value in told(self.made[model][one.pk]).items()):
                        found.append(one)
            if found:
                yield _named(_changed_text(len(found)), len(found), found)

    def _changed_columns(self) -> Iterator[str]:
        """Columns the import wrote that were written again."""
        found = [
            one
            for model, wanted in _by_model(self.changed).items()
            for one in model._default_manager.in_bulk(list(wanted)).values()
            if any(now_of(one, column) != new for column, (_old, new) in wanted[one.pk])
        ]
        if found:
            yield _named(_changed_text(len(found)), len(found), found)

    def _pointed_at(self) -> Iterator[str]:
        """Rows of any table that name what the import made, and were not made by it."""
        found: dict[Any, set[int]] = defaultdict(set)
        for model, keys in list(self.made.items()):
            for relation in _relations(model):
                other = relation.related_model
                for some in _parts(keys):
                    rows = other._base_manager.filter(**{f"{relation.field.name}__in": some})
                    found[other] |= set(rows.values_list("pk", flat=True)).difference(self.made.get(other, ()))
        for other, pointing in found.items():
            if pointing:
                shown = other._base_manager.filter(pk__in=sorted(pointing)[:SHOWN])
                named = other._meta.auto_created or other
                yield _named(f"{named._meta.verbose_name_plural}: %(count)s", len(pointing), shown)

    # Taking back --------------------------------------------------------------------------------------------------

    def take_out(self) -> list[int]:
        """Everything back; the keys of the decisions that went with the records, for the journal."""
        decisions = take_out(list(self.made[TrainingRecord])) if self.made[TrainingRecord] else []
        for model, key, written in reversed(self.changed):
            _write_back(model, key, written)
        people, places = set(self.made[Person]), set(self.made[Institution])
        Notice.objects.filter(person__in=people).delete()
        kept_people = set(AuditEntry.objects.filter(subject__in=people).values_list("subject", flat=True))
        kept_places = set(AuditEntry.objects.filter(institution__in=places).values_list("institution", flat=True))
        self.kept = {(Person, key) for key in kept_people} | {(Institution, key) for key in kept_places}
        _delete(RoleAssignment, self.made[RoleAssignment])
        _delete(Employment, self.made[Employment])
        _delete(Person, people - kept_people)
        _delete(MethodicalAssociation, self.made[MethodicalAssociation])
        _delete(Institution, places - kept_places)
        # Of whom somebody has looked at only the name stays, without a job: in no list, and no import finds them.
        Person.objects.filter(pk__in=kept_people).update(
            personal_number="", born_on=None, education="", speciality="", teaching_since=None
        )
        return decisions


# The columns a made row must still have, by what its row of the file says.
TOLD: Mapping[type[models.Model], Callable[[ImportRow], dict[str, Any]]] = {
    Institution: lambda row: said.of_institution(row.columns),
    MethodicalAssociation: lambda row: said.of_association(row.columns),
    Person: lambda row: said.of_person(row.columns) | {"merged_into_id": None, "erased_at": None},
    Employment: lambda row: said.of_employment(row.columns) | {"ends_on": None},
    RoleAssignment: lambda row: {"ends_on": None},
}


def now_of(row: Any, column: str) -> Any:
    """What stands in a column now, as ``did`` tells it."""
    if column == "subjects":
        return sorted(row.subjects.values_list("pk", flat=True))
    return said.plain(getattr(row, column))


def _write_back(model: type[models.Model], key: int, written: Mapping[str, list[Any]]) -> None:
    row: Any = model._default_manager.get(pk=key)
    columns = []
    for column, (old, _new) in written.items():
        if column == "subjects":
            row.subjects.set(old)
        else:
            field: Any = model._meta.get_field(column.removesuffix("_id"))
            empty = None if field.null else ""
            setattr(row, column, empty if old in (None, "") else field.to_python(old))
            columns.append(field.name)
    folded = [field.name for field in model._meta.fields if isinstance(field, FoldedField)]
    row.save(update_fields=[*columns, *folded])


def _by_model(
    changed: Iterable[tuple[type[models.Model], int, dict[str, list[Any]]]],
) -> dict[type[models.Model], dict[int, list[tuple[str, list[Any]]]]]:
    found: dict[type[models.Model], dict[int, list[tuple[str, list[Any]]]]] = defaultdict(lambda: defaultdict(list))
    for model, key, written in changed:
        found[model][key] += written.items()
    return found


def _relations(model: type[models.Model]) -> Iterator[Any]:
    """What can point at a row of a table and would keep it from going, as Django's own deletion finds it."""
    for field in model._meta.get_fields(include_hidden=True):
        is_reverse = field.auto_created and not field.concrete and (field.one_to_one or field.one_to_many)
        if is_reverse and field.related_model not in NOT_BUILT:
            yield field


def _parts(keys: Collection[int]) -> Iterator[list[int]]:
    in_order = sorted(keys)
    for start in range(0, len(in_order), AT_ONCE):
        yield in_order[start : start + AT_ONCE]


def _hold(model: type[models.Model], keys: Collection[int]) -> None:
    for some in _parts(keys):
        list(
            model._default_manager.select_for_update(no_key=True).filter(pk__in=some).order_by("pk").values_list("pk")
        )


def _delete(model: type[models.Model], keys: Collection[int]) -> None:
    for some in _parts(keys):
        model._default_manager.filter(pk__in=some).delete()


def _changed_text(count: int) -> str:
    return ngettext("%(count)s row was changed since", "%(count)s rows were changed since", count)


def _told(rows: Iterable[Any]) -> list[str]:
    kinds: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        kinds[type(row)].append(row)
    return [
        _named(f"{model._meta.verbose_name_plural}: %(count)s", len(found), found) for model, found in kinds.items()
    ]


def _named(text: str, count: int, rows: Iterable[Any]) -> str:
    """A sentence with its number, and the first few of what it is about."""
    names = [str(row) for row, _place in zip(rows, range(SHOWN), strict=False)]
    more = "…" if count > len(names) else ""
    return f"{text % {'count': count}} ({'; '.join(names)}{more})"
