"""Requests of schools that the district received, made of a few words: what totals and orders are drawn from."""

import uuid
from typing import Any

from cpd.dates import school_year
from plans.models import NeedsRequest, RequestLine, TrainingOrder
from plans.orders.actions import draw_up, issue
from plans.orders.totals import totals
from schools import approval
from schools.choices import Action, DocumentKind, Role
from schools.models import Institution, RoleAssignment, User
from tests import factories

YEAR = 2026


def line(title: str, teachers: int, **columns: Any) -> dict[str, Any]:
    """Columns of one line: a topic and how many teachers of the school need it."""
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
    RequestLine.objects.bulk_create(
        RequestLine(
            version=decision.version,
            institution=request.institution,
            school_year=request.school_year,
            **columns,
        )
        for columns in lines
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
