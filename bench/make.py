"""Fills an empty, migrated database with an invented country: ``python -m bench.make [--scale 1] [--seed 1]``.

Scale 1 is about 2,400 schools, 94,000 teachers, 1.4 million records of attendance and five learning needs a teacher at
most, with the requests of the schools that count them. The same seed gives the same
rows. Names are numbers: nobody is meant.
"""

import argparse
import csv
import datetime as dt
import io
import os
import random
import time
import uuid
from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import sha256
from itertools import count
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cpd.settings")
django.setup()

from django.core.management.color import no_style  # noqa: E402 - the models exist from here on
from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from courses.choices import RecordStatus, TrainingKind  # noqa: E402
from courses.models import (  # noqa: E402
    CertificateFile,
    ConfirmedPair,
    HoursPolicy,
    LegalAct,
    Offering,
    Provider,
    ProviderRight,
    TrainingRecord,
)
from cpd.dates import lasting, school_year  # noqa: E402
from cpd.text import fold  # noqa: E402
from plans.content import Content  # noqa: E402
from plans.models import (  # noqa: E402
    CountedNeed,
    IndividualPlan,
    LearningNeed,
    OfferingTopic,
    PlanItem,
    RequestLine,
    Topic,
    TopicAlias,
)
from schools.choices import DocumentKind, InstitutionKind, Role, State  # noqa: E402
from schools.models import (  # noqa: E402
    District,
    Document,
    DocumentVersion,
    Employment,
    Institution,
    Oblast,
    Person,
    RoleAssignment,
    Subject,
    User,
)
from schools.models.documents import canonical  # noqa: E402

TODAY = dt.date(2026, 11, 20)
OBLASTS, DISTRICTS, SCHOOLS, TEACHERS, RECORDS_EACH = 9, 60, 2_400, 94_000, 14.9
NEEDS_YEAR, TOPICS, SUBJECTS, OFFERINGS_EACH = 2026, 300, 20, 30
ROWS_EACH = 5  # of a plan
BATCH = 50_000
PEOPLE_SIGNED_IN = ("bench-deputy", "bench-officer", "bench-viewer")

Row = dict[str, Any]


class Country:
    """Everything that is drawn, in the order in which it is written."""

    def __init__(self, scale: float, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a country, no secret
        self.scale = scale
        self.now = timezone.now()
        self.keys: dict[type[models.Model], Iterator[int]] = {}
        self.districts: list[int] = []
        self.schools: list[tuple[int, int]] = []  # with their districts
        self.people: list[tuple[int, int]] = []  # with the school of the main job
        self.providers: list[int] = []
        self.subjects: list[int] = []

    def key(self, model: type[models.Model]) -> int:
        if model not in self.keys:
            last = model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0
            self.keys[model] = count(last + 1)
        return next(self.keys[model])

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def make(self) -> None:
        self.make_places()
        self.make_rules()
        self.make_providers()
        self.make_people()
        self.make_accounts()
        self.make_plans()
        self.make_records()
        self.make_offerings()
        self.make_needs()
        with connection.cursor() as cursor:  # who adds rows goes on behind ours
            for statement in connection.ops.sequence_reset_sql(no_style(), django.apps.apps.get_models()):
                cursor.execute(statement)

    def make_places(self) -> None:
        self.subjects = [self.key(Subject) for _ in range(SUBJECTS)]
        insert(Subject, ({"id": key, "title_ky": f"{key}-сабак"} for key in self.subjects))
        oblasts = [self.key(Oblast) for _ in range(OBLASTS)]
        insert(Oblast, ({"id": key, "title_ky": f"{key}-облус"} for key in oblasts))
        self.districts = [self.key(District) for _ in range(DISTRICTS)]
        insert(
            District,
            (
                {"id": key, "title_ky": f"{key}-район", "oblast_id": oblasts[number % OBLASTS]}
                for number, key in enumerate(self.districts)
            ),
        )
        kinds = [InstitutionKind.SCHOOL] * 97 + [InstitutionKind.COLLEGE] * 2 + [InstitutionKind.UNIVERSITY]
        self.schools = [
            (self.key(Institution), self.chance.choice(self.districts)) for _ in range(self.scaled(SCHOOLS))
        ]
        insert(
            Institution,
            (
                {"id": key, "title_ky": f"№{key} мектеп", "district_id": district, "kind": kinds[number % 100]}
                for number, (key, district) in enumerate(self.schools)
            ),
        )

    def scaled(self, number: float) -> int:
        return max(1, round(number * self.scale))

    def make_rules(self) -> None:
        """Beside those that the migrations bring: one school with its own rule and one staff group."""
        common = {
            "legal_act": LegalAct.objects.order_by("pk").first(),
            "institution_kind": InstitutionKind.SCHOOL,
            "status": "in_force",
            "valid_from": dt.date(2020, 1, 1),
            "source_clause": "—",
        }
        HoursPolicy.objects.create(
            code="bench-own", institution_id=self.schools[0][0], years=3, required_hours=48, **common
        )
        HoursPolicy.objects.create(
            code="bench-group", staff_group="психолог", years=1, required_hours=16, driver="year", **common
        )

    def make_providers(self) -> None:
        """A few large ones of the country's register, many small ones, some with a right in one place only."""
        self.providers = list(Provider.objects.values_list("pk", flat=True))
        new = [self.key(Provider) for _ in range(60)]
        insert(Provider, ({"id": key, "title_ky": f"{key}-борбор"} for key in new))
        rights = []
        for number, provider in enumerate(new):
            starts_on = dt.date(2010, 1, 1) + dt.timedelta(days=self.chance.randrange(2000))
            places: list[Row] = [{}]
            if number % 10 == 0:
                places = []
            elif number % 10 in (1, 2):
                places = [{"district_id": key} for key in self.chance.sample(self.districts, 20)]
            elif number % 10 == 3:
                some = self.chance.sample(self.schools, min(200, len(self.schools)))
                places = [{"institution_id": key} for key, _ in some]
            ends_on = dt.date(2022, 12, 31) if number % 10 == 4 else None
            for place in places:
                rights.append(
                    {"id": self.key(ProviderRight), "provider_id": provider, "basis": "licence", "number": str(number),
                     "starts_on": starts_on, "ends_on": ends_on} | place
                )  # fmt: skip
        insert(ProviderRight, rights)
        self.providers = self.providers * 12 + new

    def make_people(self) -> None:
        self.people = [(self.key(Person), self.chance.choice(self.schools)[0]) for _ in range(self.scaled(TEACHERS))]
        insert(Person, ({"id": key, "family_name": f"Мугалим{key}", "given_name": "Ак"} for key, _ in self.people))
        insert(Employment, self.jobs())

    def jobs(self) -> Iterator[Row]:
        for person, school in self.people:
            days = int(self.chance.triangular(30, 12_000, 4_000))
            yield {
                "id": self.key(Employment),
                "person_id": person,
                "institution_id": school,
                "position": "мугалим",
                "staff_group": "психолог" if self.often(0.01) else "",
                "starts_on": TODAY - dt.timedelta(days=days),
            }
            other = self.chance.choice(self.schools)[0]
            if self.often(0.03) and other != school:
                yield {
                    "id": self.key(Employment),
                    "person_id": person,
                    "institution_id": other,
                    "position": "мугалим",
                    "is_main": False,
                    "starts_on": TODAY - dt.timedelta(days=self.chance.randrange(3000)),
                }

    def make_accounts(self) -> None:
        """One person of each kind who looks at totals; none of them can sign in with a password."""
        school, district = self.schools[0]
        roles = (Role.DEPUTY_DIRECTOR, Role.DISTRICT_OFFICER, Role.INSTITUTE_VIEWER)
        places: list[Row] = [{"institution_id": school}, {"district_id": district}, {}]
        for name, role, place in zip(PEOPLE_SIGNED_IN, roles, places, strict=True):
            person = Person.objects.create(pk=self.key(Person), family_name=name, given_name="Ак")
            User.objects.create(username=name, person=person, must_change_password=False)
            RoleAssignment.objects.create(person=person, role=role, starts_on=dt.date(2020, 1, 1), **place)

    def make_plans(self) -> None:
        """Seven of ten have a plan in force, half of them one before it; each has rows, which its version froze."""
        plans, versions, bodies, items = [], [], [], list[Row]()
        for person, school in self.people:
            if not self.often(0.7):
                continue
            first = self.chance.choice([2020, 2021, 2022, 2023, 2024, 2025, 2026])
            for year in (first, first - 5) if self.often(0.5) else (first,):
                period = lasting(school_year(year).starts_on, 5)
                plan, version = self.key(Document), self.key(DocumentVersion)
                plans.append(
                    {"id": plan, "kind": DocumentKind.INDIVIDUAL_PLAN, "author_id": person, "institution_id": school,
                     "starts_on": period.starts_on, "ends_on": period.ends_on, "state": State.APPROVED}
                )  # fmt: skip
                bodies.append({"document_ptr_id": plan, "grounds": "[]"})
                rows = [self.plan_item(plan, period.starts_on.year, number) for number in range(ROWS_EACH)]
                items += rows
                content = canonical(self.frozen(plans[-1], rows))
                versions.append(
                    {"id": version, "document_id": plan, "number": 1, "content": content,
                     "content_hash": sha256(content.encode()).hexdigest(), "route": "[]", "made_at": self.now,
                     "mark": f"{version:022}"}
                )  # fmt: skip
        insert(Document, plans)
        insert(DocumentVersion, versions)
        insert(IndividualPlan, bodies)
        insert(PlanItem, items)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE schools_document SET in_force_id = made.id, current_version_id = made.id"
                " FROM schools_documentversion made WHERE made.document_id = schools_document.id"
            )

    def plan_item(self, plan: int, first_year: int, number: int) -> Row:
        key = self.key(PlanItem)
        return {
            "id": key, "plan_id": plan, "uid": uuid.UUID(int=key), "position": number, "month": 10,
            "direction": "Предметти окутуунун усулу", "rationale": "Мектептин өнүгүү планы",
            "programme_title": f"Тема {key % TOPICS}", "block": "compulsory", "study_form": "distance",
            "hours": Decimal(24), "provider_text": "Борбор", "school_year": first_year + number, "note": "",
        }  # fmt: skip

    def frozen(self, plan: Row, rows: list[Row]) -> Content:
        """The content of the plan's version, as ``plans.content`` would write it."""
        taken = [{name: value for name, value in row.items() if name not in ("id", "plan_id")} for row in rows]
        return {
            "kind": plan["kind"],
            "teacher": {
                "name": f"Мугалим{plan['author_id']} Ак", "short_name": f"Мугалим{plan['author_id']} А.",
                "position": "мугалим", "subjects": [], "category": "", "experience_years": None, "education": "",
                "speciality": "",
            },
            "school": {"title": f"№{plan['institution_id']} мектеп", "district": ""},
            "association": "",
            "starts_on": plan["starts_on"].isoformat(),
            "ends_on": plan["ends_on"].isoformat(),
            "change_note": "",
            "grounds": [],
            "grounds_text": "",
            "required_hours": "72",
            "rows": [row | {"uid": str(row["uid"]), "hours": f"{row['hours']:f}"} for row in taken],
        }  # fmt: skip

    def make_offerings(self) -> None:
        """Thirty courses a district in the year of the needs; every third answers one more topic."""
        courses, answers = [], []
        for district in self.districts:
            for number in range(OFFERINGS_EACH):
                key, title = self.key(Offering), self.topic()
                starts_on = dt.date(NEEDS_YEAR, 9, 1) + dt.timedelta(days=10 * number + self.chance.randrange(10))
                courses.append(
                    {"id": key, "district_id": district, "provider_id": self.chance.choice(self.providers),
                     "title": title, "title_key": fold(title), "subject_id": self.subject(), "hours": Decimal(72),
                     "starts_on": starts_on, "ends_on": starts_on + dt.timedelta(days=5),
                     "places": self.chance.choice((10, 20, 25)), "given": self.chance.randrange(10),
                     "entered_by_id": self.people[0][0]}
                )  # fmt: skip
                if number % 3 == 0:
                    other = f"{title} боюнча"
                    answers.append(
                        {"id": self.key(OfferingTopic), "offering_id": key, "title": other, "title_key": fold(other),
                         "by_id": self.people[0][0], "at": self.now}
                    )  # fmt: skip
        insert(Offering, courses)
        insert(OfferingTopic, answers)

    def make_needs(self) -> None:
        """Up to five each, and the request of each school: of ten, seven were received, two wait, one sent none.

        Every twentieth topic has other names that the districts, or the country, have said to mean the same.
        """
        self.make_topics()
        at_school: dict[int, list[Row]] = {school: [] for school, _district in self.schools}
        jobs = Employment.objects.filter(is_main=True).order_by("pk").values_list("pk", "institution")
        for job, school in list(jobs):
            language = "ky" if school % 5 else self.chance.choice(("ru", "uz"))
            titles = {self.topic() for _ in range(self.chance.randint(0, 5))}
            for title in sorted(titles):
                at_school[school].append(
                    {"id": self.key(LearningNeed), "employment_id": job, "school_year": NEEDS_YEAR,
                     "origin": "self_assessment", "title": title, "title_key": fold(title),
                     "subject_id": self.subject(), "language": language, "entered_by_id": self.people[0][0],
                     "passed_on_at": self.now}
                )  # fmt: skip
        insert(LearningNeed, (need for needs in at_school.values() for need in needs))
        self.make_requests(at_school)

    def make_topics(self) -> None:
        topics, names = [], []
        places: list[Row] = [{}, *({"district_id": district} for district in self.districts)]
        for number in range(0, TOPICS, 20):
            for place in self.chance.sample(places, min(10, len(places))):
                title, key = f"Тема {number}", self.key(Topic)
                topics.append({"id": key, "title_ky": title, "search_key": fold(title)} | place)
                for text in (title, f"{title} боюнча", f"Тема {number + 1}"):
                    names.append(
                        {"id": self.key(TopicAlias), "text": text, "key": fold(text), "target_id": key} | place
                    )
        insert(Topic, topics)
        insert(TopicAlias, names)

    def make_requests(self, at_school: dict[int, list[Row]]) -> None:
        papers, versions, lines, counted = [], [], list[Row](), list[Row]()
        period = school_year(NEEDS_YEAR)
        for school, needs in at_school.items():
            drawn = self.chance.random()
            if drawn < 0.1 or not needs:
                continue
            paper, version = self.key(Document), self.key(DocumentVersion)
            is_received = drawn < 0.8
            papers.append(
                {"id": paper, "kind": DocumentKind.NEEDS_REQUEST, "author_id": self.people[0][0],
                 "institution_id": school, "starts_on": period.starts_on, "ends_on": period.ends_on,
                 "state": State.APPROVED if is_received else State.SUBMITTED,
                 "awaiting_role": "" if is_received else Role.DISTRICT_OFFICER, "received": version * is_received}
            )  # fmt: skip
            versions.append(
                {"id": version, "document_id": paper, "number": 1, "content": "{}", "content_hash": "0" * 64,
                 "route": "[]", "made_at": self.now, "mark": f"{version:022}"}
            )  # fmt: skip
            by_line: dict[tuple[str, int | None, str], list[Row]] = {}
            for need in needs:
                by_line.setdefault((need["title"], need["subject_id"], need["language"]), []).append(need)
            for some in by_line.values():
                lines.append(self.line(version, school, some))
                counted += [
                    {"id": self.key(CountedNeed), "line_id": lines[-1]["id"], "need_id": need["id"]} for need in some
                ]
        received = {paper["id"]: paper.pop("received") for paper in papers}
        insert(Document, papers)
        insert(DocumentVersion, versions)
        insert(RequestLine, lines)
        insert(CountedNeed, counted)
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE schools_document SET in_force_id = %s WHERE id = %s",
                [(version, paper) for paper, version in received.items() if version],
            )

    def line(self, version: int, school: int, needs: list[Row]) -> Row:
        """What counts needs of one topic, subject and language: no teacher has two of them."""
        told = {name: needs[0][name] for name in ("title", "title_key", "subject_id", "language")}
        return told | {
            "id": self.key(RequestLine),
            "version_id": version,
            "institution_id": school,
            "school_year": NEEDS_YEAR,
            "uid": uuid.UUID(int=self.chance.getrandbits(128)),
            "block": self.chance.choice(("compulsory", "variative", "")),
            "quarter": self.chance.choice((1, 2, 3, 4, None)),
            "teachers": len(needs),
        }

    def topic(self) -> str:
        """A few are on everybody's lips, most are rare; every tenth is written another way."""
        number = int(TOPICS * self.chance.random() ** 3)
        return f"Тема {number} боюнча" if self.often(0.1) else f"Тема {number}"

    def subject(self) -> int | None:
        return self.chance.choice(self.subjects) if self.often(0.7) else None

    def make_records(self) -> None:
        """Written round by round, as records of a school come in over the years, not one person after another."""
        pairs: list[Row] = []
        rows, files = [], []
        still = [
            [person, school, max(0, round(self.chance.gauss(RECORDS_EACH, 5))), None] for person, school in self.people
        ]
        while still:
            self.chance.shuffle(still)
            for waiting in still:
                person, school, _, before = waiting
                record = self.record(person, school)
                if before and self.often(0.01):
                    record |= {name: before[name] for name in ("starts_on", "ends_on", "precision", "date_text")}
                    if self.often(0.3) and record["precision"]:
                        pairs.append({"first_id": before["id"], "second_id": record["id"], "confirmed_by_id": person})
                if before and self.often(0.005):
                    record |= {name: before[name] for name in ("provider_id", "document_number", "document_key")}
                if record["document_type"] and not self.often(0.02):
                    record["file_id"] = self.key(CertificateFile)
                    files.append(self.file(record["file_id"], person))
                rows.append(record)
                waiting[2:] = [waiting[2] - 1, {name: record[name] for name in REMEMBERED}]
                if len(rows) >= BATCH:
                    self.write(files, rows)
            still = [waiting for waiting in still if waiting[2] > 0]
        self.write(files, rows)
        common = {"confirmed_at": self.now, "reason": "Экөө тең туура"}
        insert(ConfirmedPair, ({"id": self.key(ConfirmedPair)} | common | pair for pair in pairs))

    def write(self, files: list[Row], rows: list[Row]) -> None:
        insert(CertificateFile, files)
        insert(TrainingRecord, rows)
        files.clear()
        rows.clear()

    def file(self, key: int, person: int) -> Row:
        return {
            "id": key, "token": f"{key:032}", "stored_as": f"f{key}.jpg", "content_type": "image/jpeg",
            "size": 100_000, "sha256": f"{key:064x}", "original_sha256": f"{key:064x}", "uploaded_by_id": person,
        }  # fmt: skip

    def record(self, person: int, school: int) -> Row:
        chance, draw = self.chance, self.chance.random
        key = self.key(TrainingRecord)
        ends_on = TODAY - dt.timedelta(days=int(draw() * 5_000) - 60)
        length, precision = chance.choice((0, 1, 2, 3, 5, 5, 11, 11)), "day"
        if (precise := draw()) < 0.06:
            precision, length = ("month", 30) if precise < 0.05 else ("year", 364)
        starts_on: dt.date | None = ends_on - dt.timedelta(days=length)
        if draw() < 0.02:
            starts_on, precision = None, ""
        number = "" if draw() < 0.05 else f"С-{key}"
        row = {
            "id": key,
            "person_id": person,
            "institution_id": school,
            "title": "Критерийлик баалоо",
            "title_key": "критерийлик баалоо",
            "kind": chance.choice(KINDS),
            "category": pick(draw(), ((0.88, "formal"), (0.96, "nonformal"), (1, "informal"))),
            "block": pick(draw(), ((0.5, "compulsory"), (0.9, "variative"), (1, ""))),
            "delivery_mode": pick(draw(), ((0.6, "offline"), (0.9, "online"), (1, "blended"))),
            "role": "participant" if draw() < 0.98 else "trainer",
            "date_text": f"{ends_on:%d.%m.%Y}",
            "starts_on": starts_on,
            "ends_on": ends_on if starts_on else None,
            "precision": precision,
            "provider_text": "Борбор",
            "provider_key": "борбор",
            "provider_id": chance.choice(self.providers) if draw() < 0.96 else None,
            "hours_text": "24 саат",
            "amount": chance.choice(HOURS),
            "unit": pick(draw(), ((0.94, "hour"), (0.96, "credit"), (0.98, "day"), (1, "day_night"))),
            "document_type": pick(draw(), ((0.9, "certificate"), (0.97, "programme"), (1, ""))),
            "document_number": number or "б/н",
            "document_key": number.casefold(),
            "document_on": ends_on,
            "status": pick(draw(), STATUSES),
            "entered_at": self.now,
        }
        if row["unit"] != "hour" and draw() < 0.4:
            row |= {"approved_hours": Decimal(24), "approved_hours_reason": "Күбөлүктө жазылган"}
        if draw() < 0.02:
            row["recognition"] = "Кеңештин чечими"
        return row


REMEMBERED = ("id", "starts_on", "ends_on", "precision", "date_text", "provider_id", "document_number", "document_key")
HOURS = [Decimal(text) for text in ("6", "8", "12", "16", "16", "24", "24", "24", "36", "36", "72", "72", "40.5")]
KINDS = [TrainingKind.COURSE] * 40 + list(TrainingKind)
STATUSES = (
    (0.8, RecordStatus.VERIFIED),
    (0.88, RecordStatus.SUBMITTED),
    (0.92, RecordStatus.DRAFT),
    (0.95, RecordStatus.RETURNED),
    (1, RecordStatus.REJECTED),
)


def pick(drawn: float, upto: Iterable[tuple[float, Any]]) -> Any:
    return next(value for share, value in upto if drawn < share)


def insert(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Write rows in one go; what they do not name stands as the model's default."""
    blank = {field.column: untold(field) for field in model._meta.local_concrete_fields}
    columns = list(blank)
    full = (blank | row for row in rows)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            text = io.StringIO()
            writer = csv.writer(text)
            for row in full:
                writer.writerow(["\\N" if row[column] is None else row[column] for column in columns])
            text.seek(0)
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv, NULL '\\N')", text)
        else:
            marks = ", ".join("%s" for _ in columns)
            told = ([plain(row[column]) for column in columns] for row in full)
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", told)  # noqa: S608 - our own names


def untold(field: models.Field) -> Any:
    if isinstance(field, models.DateTimeField) and (field.auto_now or field.auto_now_add):
        return timezone.now()
    value = field.db_default if field.has_db_default() and not field.has_default() else field.get_default()
    return field.get_db_prep_save(value, connection)


def plain(value: Any) -> Any:
    """As SQLite stores it."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, uuid.UUID):
        return value.hex
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    if Person.objects.exists():
        parser.error("the database is not empty")
    began = time.monotonic()
    with transaction.atomic():
        Country(wanted.scale, wanted.seed).make()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    counted = [f"{model._default_manager.count():,} {model._meta.model_name}" for model in (
        District, Institution, Person, Employment, Document, PlanItem, TrainingRecord, ConfirmedPair,
        LearningNeed, RequestLine, CountedNeed, Offering)]  # fmt: skip
    print(f"{', '.join(counted)} in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
