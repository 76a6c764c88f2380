"""From a need to the counted hours: what the report says at each step, and whom a request names for a course."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from courses.choices import Need, RecordStatus
from courses.models import Offering
from courses.offerings.need import queue
from courses.offerings.seats import give_seats
from cpd.dates import today
from plans.choices import NeedStage
from plans.models import LearningNeed, NeedsRequest, OfferingTopic, OrderRow, TrainingOrder
from plans.needs import planning
from plans.needs.answering import set_topics
from plans.needs.chain import Chain, chains, counted_hours, with_all
from plans.needs.matching import named_people, topics_asked_for
from plans.needs.topics import merge_topics
from schools import approval
from schools.choices import Action
from schools.models import AuditEntry, Subject, User
from tests import factories
from tests.conftest import Cast
from tests.factories import again, fresh, job_of

pytestmark = pytest.mark.django_db
TOPIC = "Критерийлик баалоо"
NEXT = factories.next_school_year


def chain_of(need: LearningNeed, reader: User) -> Chain:
    [chain] = chains(with_all(LearningNeed.objects.filter(pk=need.pk)), reader=again(reader))
    return chain


def sent_request(cast: Cast) -> NeedsRequest:
    request = factories.needs_request(cast.school, by=cast.deputy)
    return factories.signed_request(request, by=cast.deputy, director=cast.director)


def received_request(cast: Cast) -> NeedsRequest:
    return factories.received_request(sent_request(cast), by=cast.officer)


def issued(cast: Cast, **columns: Any) -> OrderRow:
    """A line of an order of the district that was issued."""
    order = TrainingOrder.objects.create(
        district=cast.district, school_year=NEXT(), number=TrainingOrder.objects.count() + 1,
        made_by=cast.officer.person, issued_by=cast.officer.person, issued_at=timezone.now(),
        content={"smallest_group": 1}, content_hash="0" * 64,
    )  # fmt: skip
    wanted = {"order": order, "title": TOPIC, "language": "ky", "schools": 1, "teachers": 1, "group": TOPIC}
    return OrderRow.objects.create(**wanted | columns)


def named(offering: Offering) -> set[int]:
    return named_people(Offering.objects.get(pk=offering.pk))


# The report -------------------------------------------------------------------------------------------------------


def test_the_whole_way_of_a_need(cast: Cast) -> None:
    """Need → request → order → course → place → attended → counted, as the teacher reads it."""
    need = factories.need(cast.teacher, title=TOPIC)
    stages = [chain_of(need, cast.teacher).stage]
    request = factories.needs_request(cast.school, by=cast.deputy)
    stages.append(chain_of(need, cast.teacher).stage)
    factories.signed_request(request, by=cast.deputy, director=cast.director)
    stages.append(chain_of(need, cast.teacher).stage)
    factories.received_request(request, by=cast.officer)
    stages.append(chain_of(need, cast.teacher).stage)
    issued(cast)
    stages.append(chain_of(need, cast.teacher).stage)
    course = factories.offering(cast, title=TOPIC)
    assert chain_of(need, cast.teacher).offered == [course]
    place = factories.seat(course, cast.teacher, by=cast.officer)
    stages.append(chain_of(need, cast.teacher).stage)
    record = factories.training_record(cast.teacher, title=TOPIC, status=RecordStatus.DRAFT)
    place.attended, place.attended_by, place.attended_at, place.record = (
        True,
        cast.officer.person,
        timezone.now(),
        record,
    )
    place.save()
    stages.append(chain_of(need, cast.teacher).stage)
    record.status = RecordStatus.VERIFIED
    record.save()
    chain = chain_of(need, cast.teacher)
    stages.append(chain.stage)
    assert stages == [
        NeedStage.PASSED_ON,
        NeedStage.REQUESTED,
        NeedStage.SENT,
        NeedStage.RECEIVED,
        NeedStage.ORDERED,
        NeedStage.PLACED,
        NeedStage.ATTENDED,
        NeedStage.VERIFIED,
    ]
    assert counted_hours(chain) == 24
    text = page_of(need, cast.teacher)
    assert text.count('class="is-done"') == 7, "all but the plan"


def page_of(need: LearningNeed, reader: User) -> str:
    client = Client()
    client.force_login(reader)
    return client.get(reverse("need", args=[need.pk])).content.decode()


def test_nothing_is_counted_before_a_certificate_is_verified(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    assert counted_hours(chain_of(need, cast.teacher)) is None


def test_a_returned_request_was_not_sent(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    request = factories.submitted_request(factories.needs_request(cast.school, by=cast.deputy), by=cast.deputy)
    approval.perform(request, Action.RETURN, by=again(cast.director), seen=request.revision, reason="Тактаңыз.")
    assert chain_of(need, cast.teacher).stage == NeedStage.REQUESTED


def test_what_is_in_force_stays_received_while_a_change_is_made(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    request = factories.received_request(sent_request(cast), by=cast.officer)
    approval.perform(request, Action.AMEND, by=again(cast.deputy), seen=request.revision)
    assert chain_of(need, cast.teacher).stage == NeedStage.RECEIVED


def test_an_order_is_the_needs_by_topic_subject_and_language(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    sent_request(cast)
    issued(cast, language="ru")
    issued(cast, subject=Subject.objects.create(title_ky="Физика"))
    issued(cast, title="Инклюзия")
    draft = issued(cast)
    TrainingOrder.objects.filter(pk=draft.order_id).update(
        issued_at=None, issued_by=None, content=None, content_hash=""
    )
    assert chain_of(need, cast.teacher).orders == []
    right = issued(cast)
    assert chain_of(need, cast.teacher).orders == [right]
    again_issued = issued(cast)
    TrainingOrder.objects.filter(pk=again_issued.order_id).update(replaces=right.order_id)
    assert chain_of(need, cast.teacher).orders == [again_issued]


def test_a_line_that_was_left_out_of_the_issued_order_ordered_nothing(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    received_request(cast)
    left_out = issued(cast)
    TrainingOrder.objects.filter(pk=left_out.order_id).update(content={"smallest_group": 2})
    assert (chain_of(need, cast.teacher).orders, chain_of(need, cast.teacher).stage) == ([], NeedStage.RECEIVED)
    TrainingOrder.objects.filter(pk=left_out.order_id).update(content={"smallest_group": 1})
    assert (chain_of(need, cast.teacher).orders, chain_of(need, cast.teacher).stage) == ([left_out], NeedStage.ORDERED)


def test_an_order_holds_until_the_one_instead_of_it_is_issued(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    received_request(cast)
    first, draft = issued(cast), issued(cast)
    columns = {"issued_at": None, "issued_by": None, "content": None, "content_hash": ""}
    TrainingOrder.objects.filter(pk=draft.order_id).update(replaces=first.order_id, **columns)
    assert chain_of(need, cast.teacher).orders == [first]


def test_a_course_and_an_order_are_found_by_what_the_district_calls_the_same(cast: Cast) -> None:
    need = factories.need(cast.teacher, title="КБ")
    sent_request(cast)
    row, course = issued(cast), factories.offering(cast, title=TOPIC)
    assert chain_of(need, cast.teacher).offered == []
    merge_topics(by=again(cast.officer), where=cast.district, texts=["КБ", TOPIC], title=TOPIC)
    chain = chain_of(need, cast.teacher)
    assert (chain.offered, chain.orders) == ([course], [row])


def test_others_do_not_read_of_a_draft_plan_nor_of_a_draft_record(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    item = planning.plan_need(need=need, plan=cast.plan, by=cast.teacher)
    record = factories.training_record(cast.teacher, title=TOPIC, status=RecordStatus.DRAFT)
    course = factories.offering(cast, title=TOPIC)
    factories.seat(course, cast.teacher, by=cast.officer, record=record)
    own, others = chain_of(need, cast.teacher), chain_of(need, cast.deputy)
    assert (own.items, own.records) == ([item], [record])
    assert (others.items, others.records) == ([], [])
    assert len(others.seats) == 1


def test_a_note_beside_courses_is_no_attendance(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    course = factories.offering(cast, title=TOPIC)
    seat = factories.seat(course, cast.teacher, by=cast.officer, record=factories.beside(cast.teacher))
    assert not chain_of(need, cast.teacher).was_attended
    assert chain_of(need, cast.teacher).records == [seat.record]
    assert chain_of(need, cast.deputy).records == []


def test_an_item_in_force_is_read_by_the_school(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC, school_year=cast.plan.period.school_years[0])
    item = planning.plan_need(need=need, plan=cast.plan, by=cast.teacher)
    columns = {"hours": 24, "month": 10, "direction": "Усул", "provider_text": "Институт", "block": "variative"}
    type(item).objects.filter(pk=item.pk).update(study_form="full_time", **columns)
    plan = factories.approved(fresh(cast.plan))
    assert [one.plan_id for one in chain_of(need, cast.deputy).items] == [plan.pk]


def test_a_place_of_somebody_else_is_not_this_teachers(cast: Cast) -> None:
    need = factories.need(cast.teacher, title=TOPIC)
    factories.seat(factories.offering(cast, title=TOPIC), cast.peer, by=cast.officer)
    assert chain_of(need, cast.deputy).seats == []


# Whom a request names ---------------------------------------------------------------------------------------------


@pytest.fixture
def course(cast: Cast) -> Offering:
    return factories.offering(cast, title=TOPIC)


def test_a_request_names_people_once_it_was_received(cast: Cast, course: Offering) -> None:
    factories.need(cast.teacher, title=TOPIC)
    request = factories.needs_request(cast.school, by=cast.deputy)
    assert named(course) == set()
    request = factories.submitted_request(request, by=cast.deputy)
    assert named(course) == set()
    approval.perform(request, Action.AGREE, by=again(cast.director), seen=request.revision)
    assert named(course) == set()
    assert not any({"code": Need.NAMED_NEED} in line.reasons for line in queue(course, today()))
    factories.received_request(request, by=cast.officer)
    assert named(course) == {cast.teacher.person_id}


def test_a_need_told_after_the_request_was_sent_names_nobody(cast: Cast, course: Offering) -> None:
    factories.need(cast.peer, title="Инклюзия")
    received_request(cast)
    factories.need(cast.teacher, title=TOPIC)
    assert named(course) == set()


def test_another_year_another_district_and_another_language_name_nobody(cast: Cast, course: Offering) -> None:
    factories.need(cast.teacher, title=TOPIC)
    received_request(cast)
    later = factories.offering(
        cast, title=TOPIC, starts_on=dt.date(NEXT() + 1, 10, 5), ends_on=dt.date(NEXT() + 1, 10, 9)
    )
    elsewhere = factories.offering(cast, title=TOPIC, district=cast.other_district)
    russian = factories.offering(cast, title=TOPIC, language="ru")
    assert [named(one) for one in (later, elsewhere, russian)] == [set()] * 3


def test_a_course_of_a_subject_answers_the_needs_of_that_subject(cast: Cast) -> None:
    physics, biology = (Subject.objects.create(title_ky=title) for title in ("Физика", "Биология"))
    factories.need(cast.teacher, title=TOPIC, subject=physics)
    factories.need(cast.peer, title=TOPIC, subject=biology)
    factories.need(cast.colleague, title=TOPIC)
    received_request(cast)
    assert named(factories.offering(cast, title=TOPIC, subject=physics)) == {cast.teacher.person_id}
    for_all = named(factories.offering(cast, title=TOPIC))
    assert for_all == {user.person_id for user in (cast.teacher, cast.peer, cast.colleague)}


def test_a_course_answers_by_its_topics_whatever_it_is_called(cast: Cast) -> None:
    factories.need(cast.teacher, title="КБ")
    received_request(cast)
    course = factories.offering(cast, title="Заманбап мугалим")
    assert named(course) == set()
    set_topics(offering=course, by=again(cast.officer), titles=["кб", "КБ", "Заманбап мугалим"])
    assert [topic.title for topic in OfferingTopic.objects.all()] == ["КБ"]
    assert named(course) == {cast.teacher.person_id}
    set_topics(offering=course, by=again(cast.officer), titles=[])
    assert named(course) == set()
    assert AuditEntry.objects.filter(event="reference_changed").count() == 2


def test_a_need_that_is_met_elsewhere_is_not_named_again(cast: Cast, course: Offering) -> None:
    factories.need(cast.teacher, title=TOPIC)
    received_request(cast)
    other = factories.offering(cast, title=TOPIC)
    place = factories.seat(other, cast.teacher, by=cast.officer)
    assert named(course) == set()
    place.attended, place.attended_by, place.attended_at = False, cast.officer.person, timezone.now()
    place.save()
    assert named(course) == {cast.teacher.person_id}, "who did not come still needs it"


def test_the_named_stand_first_and_the_district_reads_why_but_not_the_words(cast: Cast, course: Offering) -> None:
    factories.need(cast.peer, title=TOPIC, note="Мага кыйын.")
    received_request(cast)
    first, second, *_rest = queue(course, today())
    assert first.job.person == cast.peer.person
    assert {"code": Need.NAMED_NEED} in first.reasons
    assert {"code": Need.NAMED_NEED} not in second.reasons
    client = Client()
    client.force_login(cast.officer)
    text = client.get(reverse("offering_queue", args=[course.pk])).content.decode()
    assert cast.peer.person.short_name in text or str(cast.peer.person) in text
    assert "Мага кыйын." not in text


def test_why_somebody_was_given_a_place_is_read_by_who_named_them_and_who_gave_it(
    cast: Cast, course: Offering
) -> None:
    factories.need(cast.teacher, title=TOPIC)
    received_request(cast)
    [first, *_rest] = queue(course, today())
    [seat] = give_seats(
        offering=course, by=again(cast.officer), seen=course.revision, chosen={first.job.pk: first.mark}
    )
    assert {"code": Need.NAMED_NEED} in seat.reasons
    pages = [reverse("offering", args=[course.pk]), reverse("school_places", args=[cast.school.pk])]
    for name in ("officer", "director", "deputy", "clerk", "head", "teacher", "institute", "administrator"):
        client = Client()
        client.force_login(again(getattr(cast, name)))
        with translation.override("ky"):
            reads_why = [str(Need.NAMED_NEED.label) in client.get(page).content.decode() for page in pages]
        by_school = name not in ("head", "teacher")  # who reads the places of a whole school
        expected = [False, False] if name in ("institute", "administrator") else [True, by_school]
        assert reads_why == expected, name


def test_who_moved_within_the_district_is_named_still(cast: Cast, course: Offering) -> None:
    factories.need(cast.teacher, title=TOPIC)
    received_request(cast)
    job = job_of(cast.teacher)
    type(job).objects.filter(pk=job.pk).update(ends_on=today() - dt.timedelta(days=1))
    factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school, starts_on=today())
    first, *_rest = queue(course, today())
    assert (first.job.person, first.job.institution) == (cast.teacher.person, cast.other_school)


def test_topics_are_proposed_by_how_many_need_them(cast: Cast) -> None:
    for user in (cast.teacher, cast.peer):
        factories.need(user, title="КБ")
    factories.need(cast.colleague, title="Инклюзия")
    received_request(cast)
    assert [title for _key, title in topics_asked_for(cast.district, NEXT())] == ["КБ", "Инклюзия"]
    merge_topics(by=again(cast.officer), where=cast.district, texts=["КБ"], title=TOPIC)
    assert [title for _key, title in topics_asked_for(cast.district, NEXT())] == [TOPIC, "Инклюзия"]


def test_the_officer_says_on_one_page_what_a_course_answers(cast: Cast, course: Offering) -> None:
    factories.need(cast.teacher, title="КБ")
    received_request(cast)
    client = Client()
    client.force_login(cast.officer)
    address = reverse("offering_topics", args=[course.pk])
    form = client.get(address).context["form"]
    assert form.fields["topics"].choices == [("КБ", "КБ")]
    answer = client.post(address, {"once": uuid4(), "topics": ["КБ"], "other": "Баалоо"})
    assert answer.url == reverse("offering", args=[course.pk])
    assert {topic.title for topic in course.topics.all()} == {"КБ", "Баалоо"}
    refused = client.post(address, {"once": uuid4(), "topics": ["Ойлонуп табылган"]})
    assert set(refused.context["form"].errors) == {"topics"}
