"""Requests of schools that the district received, made of a few words: what totals and orders are drawn from."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from cpd.dates import school_year
from plans.choices import NeedOrigin
from plans.models import CountedNeed, LearningNeed, NeedsRequest, RequestLine, TrainingOrder
from plans.orders.actions import draw_up, issue
from plans.orders.totals import totals
from schools import approval
from schools.choices import Action, DocumentKind, Role
from schools.models import Employment, Institution, Person, RoleAssignment, User
from tests import factories

YEAR = 2026


def line(title: str, teachers: int | Sequence[Person], **columns: Any) -> dict[str, Any]:
    """Columns of one line: a topic and how many teachers of the school need it, or who they are."""
    return {"title": title, "teachers": teachers, "language": "ky", "uid": uuid.uuid4()} | columns


def request_of(school: Institution, director: User, *lines: dict[str, Any], year: int = YEAR) -> NeedsRequest:
    """A school's request as its director handed it in; it waits for the district."""
    period = school_year(year)
    request = NeedsRequest.objects.create(
        kind=DocumentKind.NEEDS_REQUEST,
        institution=school,
        author=director.person,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )
    handed_in(request, director, *lines)
    return request


def handed_in(request: NeedsRequest, director: User, *lines: dict[str, Any]) -> None:
    """One more version of a request, with these lines."""
    request.refresh_from_db()
    by = factories.again(director)
    decision = approval.perform(request, Action.SUBMIT, by=by, seen=request.revision, content={"lines": len(lines)})
    for columns in lines:
        needs = _needs(request, **columns)
        made = RequestLine.objects.create(
            version=decision.version,
            institution=request.institution,
            school_year=request.school_year,
            **columns | {"teachers": len(needs)},
        )
        CountedNeed.objects.bulk_create(CountedNeed(line=made, need=need) for need in needs)


def _needs(
    request: NeedsRequest, *, title: str, teachers: int | Sequence[Person], **_columns: Any
) -> list[LearningNeed]:
    """One for each teacher, or for each of so many new ones."""
    if isinstance(teachers, int):
        named = [Person(family_name=f"Муктаж {number}", given_name="А") for number in range(teachers)]
        people = Person.objects.bulk_create(named)
    else:
        people = list(teachers)
    here = {job.person_id: job for job in Employment.objects.filter(institution=request.institution)}
    new = [
        Employment(person=person, institution=request.institution, starts_on=dt.date(2020, 9, 1), is_main=False)
        for person in people
        if person.pk not in here
    ]
    here |= {job.person_id: job for job in Employment.objects.bulk_create(new)}
    told: dict[str, Any] = {"origin": NeedOrigin.OWN_WISH, "title": title, "passed_on_at": timezone.now()}
    return LearningNeed.objects.bulk_create(
        LearningNeed(
            employment=here[person.pk], school_year=request.school_year, entered_by_id=request.author_id, **told
        )
        for person in people
    )


def received(request: NeedsRequest, officer: User) -> NeedsRequest:
    """The district accepts what lies before it."""
    request.refresh_from_db()
    approval.perform(request, Action.APPROVE, by=factories.again(officer), seen=request.revision)
    request.refresh_from_db()
    return request


def told(cast: Any, *lines: dict[str, Any], school: Institution | None = None, year: int = YEAR) -> NeedsRequest:
    """What a school of the cast needs, received by its district; without a school, a new one of the same district."""
    school = school or factories.InstitutionFactory(district=cast.district)
    director = _director_of(school)
    officer = cast.officer if school.district_id == cast.district.pk else cast.other_officer
    return received(request_of(school, director, *lines, year=year), officer)


def order(cast: Any, *, is_issued: bool = False) -> TrainingOrder:
    """An order of the district of schools A and B: five teachers of school A and one too few to leave the district."""
    told(cast, line("Критерийлик баалоо", 5), line("Инклюзивдүү билим берүү", 1), school=cast.school)
    texts = [group.text for group in totals(cast.district, YEAR)]
    made = draw_up(by=cast.officer, district=cast.district, year=YEAR, chosen=texts)
    TrainingOrder.objects.filter(pk=made.pk).update(addressee="Билим-Булак борбору")
    if is_issued:
        issue(by=cast.officer, order=made, seen=made.revision)
    made.refresh_from_db()
    return made


def _director_of(school: Institution) -> User:
    held = RoleAssignment.objects.filter(institution=school, role=Role.DIRECTOR).select_related("person__user").first()
    if held:
        return held.person.user
    user = factories.UserFactory()
    factories.RoleFactory(person=user.person, institution=school, role=Role.DIRECTOR)
    return user
