"""An import as a whole: what its rows say becomes rows of ours in one transaction, or nothing does.

What can be is made ready before it. Inside, everything is held against what stands there now, and written in few
statements: on SQLite nobody else writes meanwhile.
"""

import copy
import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.actions import dates_of, hours_of, lacking_to_submit
from courses.choices import ImportState, ImportTable, Verdict
from courses.importing import said, states
from courses.importing.days import Days
from courses.importing.noting import Noted, entries_of
from courses.models import ImportRow, RecordDecision, TrainingRecord, WorkbookImport
from courses.reading import document_key
from courses.registers import PROGRAMMES, PROVIDERS, Register, key_of
from courses.verification import enter_handed_in
from cpd.dates import today
from cpd.text import fold
from schools import audit
from schools.access import can_import, roles_to_give
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event, Role
from schools.models import (
    District,
    Employment,
    Institution,
    MethodicalAssociation,
    Person,
    RoleAssignment,
    Subject,
    User,
)

MADE = "made"  # in ``did``, where no column but a whole row was written
COPIED = ("title", "date_text", "hours_text", "provider_text", "document_number", "goal_achieved", "comment")
CHOSEN = ("delivery_mode", "document_type", "kind", "block")  # of a record; what is not said stays as the model has it
Course = tuple[Any, ...]


def apply_import(workbook: WorkbookImport, *, by: User) -> None:
    """Write everything that the import's rows say, all or nothing; what was refused is left out.

    Raises ``Refused`` where a row may not be taken by this person, and ``ChangedMeanwhile`` where something that a
    row was compared with no longer stands as it stood: then nothing is written, and the file has to be read again.
    """
    if not can_import(by, workbook.place):
        raise Refused(_("You may no longer import for this place."))
    intake = _Intake(workbook, by)
    moved = copy.copy(workbook)  # where nothing is written, the caller's still says how it stands
    try:
        with transaction.atomic():
            hold_district(workbook)
            if not states.move(moved, ImportState.APPLIED, applied_by=by.person, applied_at=timezone.now()):
                raise ChangedMeanwhile(_("Somebody else has applied this import meanwhile."))
            intake.check()
            intake.write()
            intake.note()
    except IntegrityError:  # of two who write the same at once the database keeps one
        raise ChangedMeanwhile(_stale()) from None
    workbook.refresh_from_db(fields=["state", "applied_by", "applied_at"])


def hold_district(workbook: WorkbookImport) -> None:
    """Let the imports of one district wait for each other. Call inside the transaction."""
    District.objects.filter(pk=workbook.place_s_district).update(code=F("code"))


def _stale(row: ImportRow | None = None) -> str:
    again = _("What stood here when the file was read has changed meanwhile. Read the file again.")
    if row is None:
        return again
    where = _("%(table)s, row %(row)s:") % {"table": row.get_table_display(), "row": row.number}
    return f"{where} {again}"


@dataclass(frozen=True)
class _Course:
    row: ImportRow
    record: TrainingRecord


class _Intake:
    """The rows of one import on their way into our tables."""

    def __init__(self, workbook: WorkbookImport, by: User) -> None:
        self.workbook, self.by = workbook, by
        taken = workbook.rows.exclude(verdict=Verdict.REFUSED).defer("typed", "reasons")
        self.rows: dict[str, list[ImportRow]] = defaultdict(list)
        for row in taken.order_by("table", "number"):
            self.rows[row.table].append(row)
        self.made: dict[int, list[models.Model]] = defaultdict(list)  # by row, in the order of writing
        self.did: dict[int, list[list[Any]]] = defaultdict(list)
        self.decisions: list[RecordDecision] = []
        self.allowed: dict[int, tuple[Role, ...]] = {}
        self._find_places()
        self._make_staff()
        self._make_courses()

    # Made ready ---------------------------------------------------------------------------------------------------

    def _find_places(self) -> None:
        """Institutions and associations: those named by key, and those that rows of the workbook make."""
        district = District(pk=self.workbook.place_s_district)
        self.institutions = _known(Institution, self._references("institution"), self.rows[ImportTable.INSTITUTIONS])
        self.associations = _known(
            MethodicalAssociation, self._references("association"), self.rows[ImportTable.ASSOCIATIONS]
        )
        self.institution_of_row: dict[int, Institution] = {}
        for row in self.rows[ImportTable.INSTITUTIONS]:
            if row.verdict == Verdict.NEW:
                made = Institution(district=district, **said.of_institution(row.columns))
                self.made[row.pk].append(made)
            else:
                made = self._there(self.institutions, row.target, row)
            self.institution_of_row[row.number] = made
        self.association_of_row: dict[int, MethodicalAssociation] = {}
        for row in self.rows[ImportTable.ASSOCIATIONS]:
            institution = self._institution(row)
            if row.verdict == Verdict.NEW:
                association = MethodicalAssociation(institution=institution, **said.of_association(row.columns))
                self.made[row.pk].append(association)
            else:
                association = self._there(self.associations, row.target, row)
            self.association_of_row[row.number] = association

    def _make_staff(self) -> None:
        """New people, jobs and roles; whom a row was matched with is looked up once all are known."""
        self.person_of_row: dict[int, Person | int] = {}
        self.roles: list[tuple[ImportRow, Person | int, dict[str, Any]]] = []
        self.subjects: list[tuple[Employment, list[int]]] = []
        self.known_subjects = set(Subject.objects.values_list("pk", flat=True))
        for row in self.rows[ImportTable.STAFF]:
            person = self._person(row)
            self.person_of_row[row.number] = person
            institution, association = self._institution(row), self._association(row, row.columns.get("association"))
            if row.verdict == Verdict.NEW:
                told = {"starts_on": today()} | said.of_employment(row.columns)
                job = Employment(**_of(person), institution=institution, association=association, **told)
                self.made[row.pk].append(job)
                self.subjects.append((job, self._subjects(row, row.columns.get("subjects", []))))
            changed = row.columns.get("changes", {}) if row.verdict == Verdict.CHANGED else {}
            role = row.columns.get("role") if row.verdict == Verdict.NEW else changed.get("role", ["", ""])[1]
            if role:
                place = self._place_of(row, Role(role), institution, association)
                self.roles.append((row, person, {"role": Role(role)} | place))

    def _place_of(
        self, row: ImportRow, role: Role, institution: Institution, association: MethodicalAssociation | None
    ) -> dict[str, Any]:
        """The columns of a role that say where it is held."""
        if role != Role.ASSOCIATION_HEAD:
            return {"institution": institution}
        if association is None:
            raise Refused(_stale(row))
        return {"association": association}

    def _make_courses(self) -> None:
        rows = [row for row in self.rows[ImportTable.RECORDS] if row.verdict == Verdict.NEW]
        providers = _Names(PROVIDERS, self.workbook, {key_of(row.columns.get("provider_text", "")) for row in rows})
        programmes = _Names(PROGRAMMES, self.workbook, {key_of(row.columns["title"]) for row in rows})
        self.courses: list[_Course] = []
        for row in rows:
            told, institution = row.columns, self._institution(row)
            record = TrainingRecord(
                **_of(self._person(row)),
                institution=institution,
                provider_id=providers.entry(institution, told.get("provider_text", "")),
                programme_id=programmes.entry(institution, told["title"]),
                document_on=said.value_of("born_on", told.get("document_on")),
                document_key=document_key(told.get("document_number", "")),
                **{name: told[name] for name in (*COPIED, *CHOSEN) if told.get(name)},
                **dates_of(told["date_text"]),
                **hours_of(told.get("hours_text", "")),
            )
            if lacking_to_submit(record):
                raise Refused(_stale(row))
            self.courses.append(_Course(row, record))

    # What a row refers to -----------------------------------------------------------------------------------------

    def _references(self, name: str) -> set[int]:
        rows = [row.columns for rows in self.rows.values() for row in rows]
        told = [row.get(name) or {} for row in rows]
        told += [row["changes"][name][1] or {} for row in rows if name in row.get("changes", {})]
        return {one["pk"] for one in told if "pk" in one}

    def _institution(self, row: ImportRow) -> Institution:
        told = row.columns.get("institution") or {}
        if "row" in told:
            found = self.institution_of_row.get(told["row"])
            if found is None:
                raise Refused(_stale(row))
            return found
        key = told.get("pk", self.workbook.institution_id)
        institution: Institution = self._there(self.institutions, key, row)
        return institution

    def _association(self, row: ImportRow, told: Mapping[str, int] | None) -> MethodicalAssociation | None:
        if not told:
            return None
        is_row = "row" in told
        found = self.association_of_row.get(told["row"]) if is_row else self.associations.get(told["pk"])
        institution = self._institution(row)
        if found is None or found.institution_id != institution.pk:
            raise ChangedMeanwhile(_stale(row))
        if institution.pk is None and found.institution is not institution:
            raise Refused(_stale(row))
        return found

    def _person(self, row: ImportRow) -> Person | int:
        """Who a row is about: the key of somebody who is there, or the new person of this or another row."""
        told = row.columns.get("person") or {}
        if "row" in told and told["row"] in self.person_of_row:
            return self.person_of_row[told["row"]]
        if "pk" in told:
            return int(told["pk"])
        if row.table == ImportTable.STAFF and row.target:
            return row.target
        if row.table != ImportTable.STAFF or row.verdict != Verdict.NEW or told:
            raise Refused(_stale(row))
        person = Person(**said.of_person(row.columns))
        self.made[row.pk].append(person)
        return person

    def _subjects(self, row: ImportRow, told: Iterable[int]) -> list[int]:
        wanted = list(dict.fromkeys(told))
        if not self.known_subjects.issuperset(wanted):
            raise ChangedMeanwhile(_stale(row))
        return wanted

    def _there(self, known: Mapping[int, Any], key: int | None, row: ImportRow) -> Any:
        """What a row was matched with, if it is still there and in the place that the import is for."""
        found = known.get(key or 0)
        if found is None:
            raise ChangedMeanwhile(_stale(row))
        institution = found.institution if isinstance(found, MethodicalAssociation) else found
        is_in_place = (
            institution.pk == self.workbook.institution_id
            if self.workbook.institution_id
            else institution.district_id == self.workbook.district_id
        )
        if not is_in_place:
            raise Refused(_stale(row))
        return found

    # Held against what stands there now ---------------------------------------------------------------------------

    def check(self) -> None:
        """Judge anew, inside the transaction, that nothing the rows rest on has changed since they were read."""
        self._check_places()
        keys = {key for key in self.person_of_row.values() if isinstance(key, int)}
        keys |= {record.person_id for _row, record in self._courses_of_known()}
        # Kept to the end, as all who write about a person do (``schools.staffing``); by key, so that two never wait
        # for each other.
        held = Person.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
        self.people = {person.pk: person for person in held if not (person.merged_into_id or person.erased_at)}
        self.days = Days.of(keys)
        jobs = Employment.objects.on(today()).filter(person__in=keys)
        self.jobs: dict[tuple[int, int], Employment] = {  # the one that goes on, where there are two
            (job.person_id, job.institution_id): job for job in jobs.order_by(F("ends_on").asc(nulls_last=True))
        }
        for row in self.rows[ImportTable.STAFF]:
            self._check_staff(row)
        self._check_namesakes()
        self._check_courses()

    def _check_places(self) -> None:
        district = self.workbook.place_s_district
        titles = Institution.objects.filter(district=district).values_list("title_ky", flat=True)
        there = {fold(title) for title in titles}
        for row in self.rows[ImportTable.INSTITUTIONS]:
            is_told_by_title = row.verdict == Verdict.NEW and not row.columns.get("code")
            if is_told_by_title and fold(row.columns["title_ky"]) in there:
                raise ChangedMeanwhile(_stale(row))

    def _check_staff(self, row: ImportRow) -> None:
        key = self.person_of_row[row.number]
        if not isinstance(key, int):
            return
        person, institution = self.people.get(key), self._institution(row)
        job = self.jobs.get((key, institution.pk or 0))
        is_as_said = person is not None and all(
            getattr(person, name) in (None, "", said.value_of(name, row.columns[name]))
            for name in ("personal_number", "born_on")
            if row.columns.get(name) and name not in row.columns.get("changes", {})
        )
        is_new = row.verdict == Verdict.NEW
        stands = job is None or job.ends_on is not None if is_new else job is not None
        if not is_as_said or not stands or self._has_wrong_day(row, key, institution, job):
            raise ChangedMeanwhile(_stale(row))

    def _has_wrong_day(self, row: ImportRow, key: int, institution: Institution, job: Employment | None) -> bool:
        """Whether the first day of a job runs into another one, or behind a leave of it."""
        if row.verdict == Verdict.NEW:
            told: dict[str, Any] = {"starts_on": today(), "is_main": True} | said.of_employment(row.columns)
            starts_on, is_main = told["starts_on"], told["is_main"]
            return bool(self.days.fault_of_new(key, institution.pk, starts_on, is_main=is_main))
        changed = row.columns.get("changes", {}).get("employed_from")
        return bool(job and changed and self.days.fault_of_start(key, job.pk, dt.date.fromisoformat(changed[1])))

    def _check_namesakes(self) -> None:
        """Nobody of a new person's name and day of birth was entered meanwhile, where no number tells them apart."""
        made = [(row, one) for row in self.rows[ImportTable.STAFF] for one in self.made[row.pk]]
        new = [(row, one) for row, one in made if isinstance(one, Person) and not one.personal_number]
        days = {person.born_on for _row, person in new if person.born_on}
        here = Person.objects.filter(born_on__in=days, merged_into=None, erased_at=None)
        if self.workbook.institution_id:
            here = here.filter(employments__institution=self.workbook.institution_id)
        else:
            here = here.filter(employments__institution__district=self.workbook.district_id)
        there = set(here.values_list("search_key", "born_on"))
        for row, person in new:
            if (fold(person.full_name), person.born_on) in there:
                raise ChangedMeanwhile(_stale(row))

    def _check_courses(self) -> None:
        """None of the new records was entered meanwhile by its teacher or by somebody else."""
        courses = self._courses_of_known()
        columns = ("person", "title_key", "starts_on", "ends_on", "provider_key")
        people = {record.person_id for _row, record in courses}
        there = set(TrainingRecord.objects.filter(person__in=people).values_list(*columns))
        for row, record in courses:
            if record.person_id not in self.people or course_of(record) in there:
                raise ChangedMeanwhile(_stale(row))

    def _courses_of_known(self) -> list[tuple[ImportRow, TrainingRecord]]:
        return [(one.row, one.record) for one in self.courses if one.record.person_id]

    # Written ------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        models_in_order: tuple[type[models.Model], ...] = (Institution, MethodicalAssociation, Person, Employment)
        for model in models_in_order:
            made = [(row, one) for row, all_made in self.made.items() for one in all_made if isinstance(one, model)]
            model._default_manager.bulk_create([one for _row, one in made])
            for row, one in made:
                self.did[row].append([model._meta.label, one.pk, MADE])
        _teach((job, subjects) for job, subjects in self.subjects)
        self._change_places()
        self._change_staff()
        self._give_roles()
        if self.courses:
            self.decisions = enter_handed_in([one.record for one in self.courses], by=self.by)
            for course in self.courses:
                self.did[course.row.pk].append([TrainingRecord._meta.label, course.record.pk, MADE])
        _keep(self.did)

    def _change_places(self) -> None:
        for table, columns in (
            (ImportTable.INSTITUTIONS, said.INSTITUTION),
            (ImportTable.ASSOCIATIONS, said.ASSOCIATION),
        ):
            changed = _Changed()
            rows = self._changed(table)
            held = _held(Institution if table == ImportTable.INSTITUTIONS else MethodicalAssociation, rows)
            for row in rows:
                self._change(row, self._there(held, row.target, row), columns, changed)
            changed.save()

    def _change_staff(self) -> None:
        people, jobs = _Changed(), _Changed()
        taught: dict[int, list[int]] = {}
        for row in self.rows[ImportTable.STAFF]:
            if row.verdict == Verdict.NEW and row.columns.get("changes"):  # who comes back after working nowhere
                self._change(row, self.people[row.target or 0], said.PERSON, people)
        for row in self._changed(ImportTable.STAFF):
            person = self.people[row.target or 0]
            job = self.jobs[person.pk, self._institution(row).pk]
            self._change(row, person, said.PERSON, people)
            self._change(row, job, said.EMPLOYMENT, jobs)
            if "subjects" in row.columns["changes"]:
                taught[job.pk] = self._subjects(row, row.columns["changes"]["subjects"][1])
                self._change_subjects(row, job, taught[job.pk])
        people.save()
        jobs.save()
        through = Employment.subjects.through._default_manager
        through.filter(employment__in=taught).delete()
        _teach((job, taught[job.pk]) for job in self.jobs.values() if job.pk in taught)

    def _change(self, row: ImportRow, found: Any, columns: Mapping[str, str], changed: "_Changed") -> None:
        """Write the row's changes of these columns, each only over what stood there when the file was read."""
        written: dict[str, list[Any]] = {}
        for name, (old, new) in row.columns.get("changes", {}).items():
            if name not in columns:
                continue
            column = columns[name]
            if name == "association":
                association = self._association(row, new)
                old, value = _key(old), association.pk if association else None
            else:
                value = said.value_of(name, new)
            if said.plain(getattr(found, column)) not in ((old, None, "") if old in (None, "") else (old,)):
                raise ChangedMeanwhile(_stale(row))
            setattr(found, column, value)
            written[column] = [old, said.plain(value)]
        if written:
            changed.add(found, written)
            self.did[row.pk].append([found._meta.label, found.pk, written])

    def _change_subjects(self, row: ImportRow, job: Employment, wanted: list[int]) -> None:
        old = sorted(row.columns["changes"]["subjects"][0])
        if sorted(job.subjects.values_list("pk", flat=True)) != old:
            raise ChangedMeanwhile(_stale(row))
        self.did[row.pk].append([Employment._meta.label, job.pk, {"subjects": [old, wanted]}])

    def _changed(self, table: str) -> list[ImportRow]:
        return [row for row in self.rows[table] if row.verdict == Verdict.CHANGED]

    def _give_roles(self) -> None:
        """Roles that are not held already; none is ever taken away by an import."""
        roles = [(row, RoleAssignment(**_of(person), **columns)) for row, person, columns in self.roles]
        held = RoleAssignment.objects.on(today()).filter(person__in={role.person_id for _row, role in roles})
        there = {(role.person_id, role.role, role.place_id) for role in held}
        self.given = given = [
            (row, role) for row, role in roles if (role.person_id, role.role, role.place_id) not in there
        ]
        for row, role in given:
            if role.role not in self._roles_to_give(self._institution(row)):
                raise Refused(_("You may not give the role “%(role)s” here.") % {"role": role.get_role_display()})
        RoleAssignment.objects.bulk_create(role for _row, role in self.given)
        for row, role in self.given:
            self.did[row.pk].append([RoleAssignment._meta.label, role.pk, MADE])

    def _roles_to_give(self, institution: Institution) -> tuple[Role, ...]:
        if institution.pk not in self.allowed:
            self.allowed[institution.pk] = roles_to_give(self.by, institution)
        return self.allowed[institution.pk]

    def note(self) -> None:
        """Entries for each institution that gets records, for the import as a whole, and for each of its people.

        Institutions that the import makes are the district's: what the journal names is never taken out again.
        """
        made = {one.pk for all_made in self.made.values() for one in all_made if isinstance(one, Institution)}
        of_school: dict[int | None, list[list[Any]]] = defaultdict(list)
        for decision in self.decisions:
            school = decision.record.institution_id
            of_school[None if school in made else school].append([decision.pk, decision.computed_hash()])
        what: dict[str, Any] = {"by": self.by, "what": self.workbook.file_name}
        for institution, decisions in of_school.items():
            district = None if institution else self.workbook.district_id
            after = {"import": self.workbook.pk, "decisions": decisions}
            audit.note(Event.IMPORT_APPLIED, institution=institution, district=district, after=after, **what)
        audit.note(
            Event.IMPORT_APPLIED,
            institution=self.workbook.institution_id,
            district=self.workbook.district_id,
            after={"import": self.workbook.pk, "counts": self.workbook.counts},
            **what,
        )
        audit.note_all(entries_of(self._staff_noted(made), by=self.by, workbook=self.workbook.pk))

    def _staff_noted(self, new_places: Collection[int]) -> Iterator[Noted]:
        given = defaultdict(list)
        for row, role in self.given:
            given[row.pk].append(role)
        changed = {Person._meta.label: Person, Employment._meta.label: Employment}
        for row in self.rows[ImportTable.STAFF]:
            if row.pk not in self.did:
                continue
            person, institution = self.person_of_row[row.number], self._institution(row)
            yield Noted(
                person=self.people[person] if isinstance(person, int) else person,
                institution=institution,
                made=[*self.made.get(row.pk, ()), *given[row.pk]],
                changed=[(changed[label], what) for label, _pk, what in self.did[row.pk] if what != MADE],
                is_new_person=not isinstance(person, int),
                is_new_institution=institution.pk in new_places,
            )


class _Changed:
    """Rows of one table of which columns were changed, saved together."""

    def __init__(self) -> None:
        self.rows: dict[int, Any] = {}
        self.columns: set[str] = set()

    def add(self, row: Any, columns: Collection[str]) -> None:
        self.rows[row.pk] = row
        self.columns |= set(columns)

    def save(self) -> None:
        if not self.rows:
            return
        rows = list(self.rows.values())
        model = type(rows[0])
        names = {model._meta.get_field(column.removesuffix("_id")).name for column in self.columns}
        if self.columns & set(said.NAMES):
            for row in rows:
                model._meta.get_field("search_key").pre_save(row, False)
            names.add("search_key")
        model._default_manager.bulk_update(rows, sorted(names))


class _Names:
    """Which entry of a register each text stands for, in every institution of the import at once."""

    def __init__(self, register: Register, workbook: WorkbookImport, keys: Collection[str]) -> None:
        district = workbook.place_s_district
        here = Q(institution__district=district) | Q(district=district) | Q(institution=None, district=None)
        names = register.aliases.objects.live().filter(here, key__in=keys)
        # Written in this order the nearest stays: the country's, then the district's; an institution's own apart.
        in_order = names.order_by(F("district").asc(nulls_first=True))
        self.found: dict[tuple[int | None, str], int] = {
            (place, key): entry for place, key, entry in in_order.values_list("institution", "key", "target")
        }

    def entry(self, institution: Institution, text: str) -> int | None:
        key = key_of(text)
        own = self.found.get((institution.pk, key)) if institution.pk else None
        return own or self.found.get((None, key))


def course_of(record: TrainingRecord) -> Course:
    """By what two records of one person are the same course; see ``courses.importing.judging``."""
    title, provider = (_folded(record, name) for name in ("title_key", "provider_key"))
    return (record.person_id, title, record.starts_on, record.ends_on, provider)


def _folded(record: TrainingRecord, name: str) -> str:
    field: Any = TrainingRecord._meta.get_field(name)
    return str(field.pre_save(record, True))


def _of(person: Person | int) -> dict[str, Any]:
    return {"person_id": person} if isinstance(person, int) else {"person": person}


def _key(told: Any) -> int | None:
    """A row of ours as a change names it: by its key, or as references do."""
    return told["pk"] if isinstance(told, Mapping) else told


def _known(model: Any, named: set[int], rows: Iterable[ImportRow]) -> dict[int, Any]:
    keys = named | {row.target for row in rows if row.target}
    related = "institution" if model is MethodicalAssociation else "district"
    found: dict[int, Any] = model.objects.select_related(related).in_bulk(list(keys))
    return found


def _held(model: Any, rows: Iterable[ImportRow]) -> dict[int, Any]:
    """The places that rows were matched with, as they stand now, kept until the end of the transaction."""
    related = ["institution"] if model is MethodicalAssociation else []
    held = model.objects.select_for_update(of=("self",), no_key=True).select_related(*related)
    return {one.pk: one for one in held.filter(pk__in=[row.target for row in rows]).order_by("pk")}


def _teach(jobs: Iterable[tuple[Employment, list[int]]]) -> None:
    through = Employment.subjects.through
    through._default_manager.bulk_create(
        through(employment_id=job.pk, subject_id=subject) for job, subjects in jobs for subject in subjects
    )


def _keep(did: Mapping[int, list[list[Any]]]) -> None:
    """What was done, beside each row: many short statements of one shape, which is the quickest of all ways."""
    column: Any = ImportRow._meta.get_field("did")
    table, name = (connection.ops.quote_name(one) for one in (ImportRow._meta.db_table, column.column))
    values = [(column.get_db_prep_save(done, connection), row) for row, done in did.items()]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {name} = %s WHERE id = %s", values)  # noqa: S608 - our own names
