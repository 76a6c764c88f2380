"""Which versions of a school's papers lie before a district, and which of them hold."""

from collections.abc import Iterator

import pytest

from plans.requests.history import signed
from schools import approval, sent
from schools.choices import Action, DocumentKind, Role
from schools.models import ApprovalRoute, Decision, District, Document, RouteStep, User
from tests import factories
from tests.conftest import Cast
from tests.factories import next_school_year

pytestmark = pytest.mark.django_db
KIND = DocumentKind.NEEDS_REQUEST


def newest(district: District | None) -> list[int]:
    return [version.number for version in sent.newest(KIND, next_school_year(), district)]


def holding(district: District | None) -> tuple[list[int], list[int]]:
    """Those that hold while some are still to be decided on, and those that were accepted."""
    year = next_school_year()
    both = (sent.newest_valid(KIND, year, district, is_accepted_only=only) for only in (False, True))
    any_one, accepted = ([version.number for version in versions] for versions in both)
    return any_one, accepted


def walk(cast: Cast, *steps: tuple[Action, User]) -> Iterator[Document]:
    """The request of school A after each of the steps."""
    paper = Document.objects.get(pk=factories.needs_request(cast.school, by=cast.deputy).pk)
    for action, user in steps:
        content = {"lines": [], "step": action.value}
        given = {"content": content} if action == Action.SUBMIT else {"reason": "Тактаңыз."}
        approval.perform(paper, action, by=factories.again(user), seen=paper.revision, **given)
        paper = Document.objects.get(pk=paper.pk)
        yield paper


def test_a_request_lies_before_the_district_from_the_director_s_signature_on(cast: Cast) -> None:
    steps = [(Action.SUBMIT, cast.deputy), (Action.AGREE, cast.director), (Action.APPROVE, cast.officer)]
    told = [(newest(cast.district), holding(cast.district)) for _paper in walk(cast, *steps)]
    assert told == [([], ([], [])), ([1], ([1], [])), ([1], ([1], [1]))]
    assert newest(None) == [1]
    assert newest(cast.other_district) == []


def test_one_that_its_director_made_lies_there_from_its_handing_in_until_it_is_withdrawn(cast: Cast) -> None:
    steps = [(Action.SUBMIT, cast.director), (Action.WITHDRAW, cast.deputy)]
    told = [(newest(cast.district), holding(cast.district)) for _paper in walk(cast, *steps)]
    assert told == [([1], ([1], [])), ([], ([], []))]


def test_of_two_signatures_the_last_one_sends(cast: Cast) -> None:
    route = ApprovalRoute.objects.create(document_kind=KIND, institution=cast.school, source="буйрук № 1")
    steps = [(Action.AGREE, Role.CLERK), (Action.AGREE, Role.DIRECTOR), (Action.APPROVE, Role.DISTRICT_OFFICER)]
    for position, (action, role) in enumerate(steps, start=1):
        RouteStep.objects.create(route=route, position=position, action=action, role=role)
    walked = [(Action.SUBMIT, cast.deputy), (Action.AGREE, cast.clerk), (Action.AGREE, cast.director)]
    visible = []
    for paper in walk(cast, *walked, (Action.APPROVE, cast.officer)):
        reads = Document.objects.visible_to(factories.again(cast.officer)).filter(pk=paper.pk).exists()
        visible.append((reads, newest(cast.district)))
    assert visible == [(False, []), (False, []), (True, [1]), (True, [1])]
    sending = Decision.objects.that_sent().get()
    assert sending.by == cast.director.person
    assert signed(sending.version, list(sending.version.decisions.order_by("pk"))) == sending


def test_a_route_of_the_district_alone_is_sent_by_the_handing_in(cast: Cast) -> None:
    route = ApprovalRoute.objects.create(document_kind=KIND, institution=cast.school, source="буйрук № 1")
    RouteStep.objects.create(route=route, position=1, action=Action.APPROVE, role=Role.DISTRICT_OFFICER)
    assert [newest(cast.district) for _paper in walk(cast, (Action.SUBMIT, cast.deputy))] == [[1]]


def test_one_that_the_director_gave_back_never_lay_there(cast: Cast) -> None:
    steps = [(Action.SUBMIT, cast.deputy), (Action.RETURN, cast.director), (Action.SUBMIT, cast.deputy)]
    assert [newest(cast.district) for _paper in walk(cast, *steps)] == [[], [], []]


def test_a_change_that_is_returned_gives_way_to_the_version_in_force(cast: Cast) -> None:
    received = [(Action.SUBMIT, cast.deputy), (Action.AGREE, cast.director), (Action.APPROVE, cast.officer)]
    change = [(Action.AMEND, cast.deputy), (Action.SUBMIT, cast.deputy), (Action.AGREE, cast.director)]
    steps = [*received, *change, (Action.RETURN, cast.officer), (Action.DISCARD, cast.deputy)]
    told = [(newest(cast.district), holding(cast.district)) for _paper in walk(cast, *steps)]
    assert told[3:] == [
        ([1], ([1], [1])),  # begun
        ([1], ([1], [1])),  # handed in
        ([2], ([2], [1])),  # signed
        ([2], ([1], [1])),  # returned
        ([1], ([1], [1])),  # given up
    ]


def test_a_signature_on_another_kind_of_paper_sends_nothing(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    factories.submitted(cast.plan)
    assert [decision.action for decision in Decision.objects.that_sent()] == [Action.SEND]
