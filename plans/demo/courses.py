"""The courses of the demo: what teachers attended, as they write it, with drawn certificates.

Everything walks as at a school: through ``courses.actions`` and ``courses.verification``.
"""

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from courses import files, verification
from courses.actions import save_record
from courses.choices import Block, DeliveryMode, DocumentType, ParticipationRole, RecordAction
from courses.models import CertificateFile, Provider, ProviderAlias, ProviderRight, TrainingRecord
from courses.scanner import JPEG
from courses.scans import Scan
from cpd.dates import full_date, span
from plans.demo import course_texts, texts
from plans.demo.people import Job, Town, september
from schools.models import User

FONT = "LiberationSerif-Regular.ttf"

# What becomes of a record; dealt in turn.
FATES = ("verified",) * 8 + ("submitted", "verified", "returned", "verified", "submitted", "draft")


@dataclass(frozen=True)
class Course:
    """One course as it will be typed, and what becomes of its record."""

    title: str
    date_text: str
    provider_text: str
    hours_text: str
    ended: dt.date
    fate: str
    mode: str = DeliveryMode.OFFLINE
    block: str = Block.VARIATIVE
    role: str = ParticipationRole.PARTICIPANT
    goal: str = ""
    comment: str = ""
    number: str = ""


def write(town: Town) -> Counter[str]:
    """Register the district's own providers and make everybody's records; returns how many were made."""
    _register_providers(town)
    made = 0
    for job in town.jobs:
        if not job.employment.is_teaching:
            continue
        for course in _courses_of(town, job):
            _record(town, job, course, made)
            made += 1
    return Counter(training_records=made)


def _register_providers(town: Town) -> None:
    """Who gives courses in this district, entered by its office."""
    own: dict[str, Any] = {"district": town.district}
    since = september(town.year - 12)
    for title, russian, kind, basis, other in course_texts.PROVIDERS:
        provider = Provider.objects.create(title_ky=title, title_ru=russian, kind=kind, **own)
        ProviderRight.objects.create(provider=provider, basis=basis, starts_on=since, **own)
        for text in (title, russian, other):  # its titles are among its names
            ProviderAlias.objects.create(target=provider, text=text, **own)


def _courses_of(town: Town, job: Job) -> Iterator[Course]:
    if job.login == "teacher":
        yield from (Course(**row) for row in course_texts.TEACHER_COURSES)
        yield from (_recent(town, **row) for row in course_texts.TEACHER_RECENT)
        return
    rng = town.rng
    pool = texts.COURSES + texts.COMPULSORY_COURSES + texts.THEME_COURSES.get(job.theme, ())
    worked = (town.day - job.employment.starts_on).days
    for row in rng.sample(pool, rng.randint(1, 6)):
        ended = town.day - dt.timedelta(days=rng.randint(20, max(30, min(worked, 365 * 7))))
        yield _dealt(town, row, ended)


def _dealt(town: Town, row: dict[str, Any], ended: dt.date) -> Course:
    rng = town.rng
    hours = row["hours"]
    days = max(2, int(hours) // 8)
    mode = rng.choice((DeliveryMode.OFFLINE, DeliveryMode.OFFLINE, DeliveryMode.ONLINE, DeliveryMode.BLENDED))
    fate = rng.choice(FATES) if (town.day - ended).days < 400 else "verified"
    return Course(
        title=row["programme_title"],
        date_text=rng.choice(SPELLINGS)(ended - dt.timedelta(days=days - 1), ended),
        provider_text=row["provider_text"],
        hours_text=rng.choice(("{}", "{}", "{} саат", "{} с.")).format(hours.normalize() + 0),
        ended=ended,
        fate=fate,
        mode=mode,
        block=row["block"],
    )


def _recent(town: Town, *, days_ago: int, days: int, **columns: Any) -> Course:
    """A course of the teacher that is told in days before today, so that the demo stays fresh."""
    ended = town.day - dt.timedelta(days=days_ago)
    return Course(date_text=_spelt(ended - dt.timedelta(days=days - 1), ended), ended=ended, **columns)


def _spelt(first: dt.date, last: dt.date) -> str:
    """«12-23-июль 2021», over two months «28-март – 2-апрель 2022»: as people write it."""
    return span(first, last).removesuffix("-ж.")


def _in_figures(first: dt.date, last: dt.date) -> str:
    return f"{first:%d.%m.%Y}-{last:%d.%m.%Y}"


SPELLINGS = (_spelt, _spelt, _in_figures, span)


def _record(town: Town, job: Job, course: Course, turn: int) -> None:
    """One record on its way to what its fate says."""
    owner = town.user(job)
    issued_on = min(course.ended + dt.timedelta(days=turn % 5), town.day)
    number = course.number or f"{issued_on.year % 100}-{turn + 101:04}"
    has_document = course.fate not in ("draft", "returned")
    columns: dict[str, Any] = {
        "institution": job.employment.institution,
        "title": course.title,
        "date_text": course.date_text,
        "provider_text": course.provider_text,
        "hours_text": course.hours_text,
        "delivery_mode": course.mode,
        "block": course.block,
        "role": course.role,
        "goal_achieved": course.goal,
        "comment": course.comment,
    }
    file = None
    if has_document:
        columns |= {"document_type": DocumentType.CERTIFICATE, "document_number": number, "document_on": issued_on}
        file = certificate(owner, course, number, issued_on)
    submit = course.fate != "draft"
    record = save_record(by=owner, record=None, seen=None, columns=columns, file=file, submit=submit)
    entered = timezone.make_aware(dt.datetime.combine(issued_on + dt.timedelta(days=2), dt.time(10)))
    TrainingRecord.objects.filter(pk=record.pk).update(entered_at=min(entered, timezone.now()))
    _decide(town, record, course)


def _decide(town: Town, record: TrainingRecord, course: Course) -> None:
    if course.fate not in ("verified", "returned"):
        return
    verifier = _verifier(town, record)
    if course.fate == "returned":
        verification.perform(
            record, RecordAction.RETURN, by=verifier, seen=record.revision, reason=course_texts.RECORD_RETURN_REASON
        )
    else:
        verification.perform(record, RecordAction.VERIFY, by=verifier, seen=record.revision)


def _verifier(town: Town, record: TrainingRecord) -> User:
    """A deputy, director or clerk of the school who is not the owner; two take turns."""
    roles = ("clerk", "deputy_director", "director")
    people = [user for role in roles for user in town.holders(role, record.institution_id)]
    people = [user for user in people if user.person_id != record.person_id]
    return people[record.pk % len(people)]


def certificate(owner: User, course: Course, number: str, issued_on: dt.date) -> CertificateFile:
    """A drawn certificate: plainly not a real one."""
    data = _picture(owner.person.full_name, course, number, issued_on)
    return files.keep(Scan(JPEG, data, (), sha256(data).hexdigest()), by=owner)


def _picture(name: str, course: Course, number: str, issued_on: dt.date) -> bytes:
    sheet = Image.new("RGB", (1000, 700), "#fffdf5")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((24, 24, 976, 676), outline="#8a6d1d", width=4)
    lines = [
        (60, 44, course_texts.CERTIFICATE),
        (130, 26, f"№ {number}"),
        (210, 32, name),
        (300, 26, _shortened(course.title)),
        (360, 24, course.provider_text),
        (430, 26, f"{course.date_text}, {course.hours_text}"),
        (560, 24, full_date(issued_on)),
        (620, 18, course_texts.NOT_REAL),
    ]
    for top, size, text in lines:
        draw.text((500, top), text, font=_font(size), fill="#222222", anchor="ma")
    written = io.BytesIO()
    sheet.save(written, "JPEG", quality=60)
    return written.getvalue()


def _shortened(title: str) -> str:
    return title if len(title) <= 70 else title[:69] + "…"


def _font(size: int) -> Any:
    return ImageFont.truetype(FONT, size)
