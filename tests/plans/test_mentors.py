"""The page of a school's mentors, its forms, the order on paper (F11), and who is told."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import InductionNorm
from cpd.dates import add_months, short_date, today
from plans.mentors.notices import AHEAD, ended, fixed, lacking
from plans.mentors.paper import order_name, order_pdf, paper_of
from schools.choices import EndReason, Event, LeaveKind, NoticeKind
from schools.mentoring import annul_mentorship, end_mentorship, fix_mentor, standing
from schools.models import AuditEntry, Employment, Leave, Mentorship, Notice, Person
from schools.notice_words import lines, sentence
from schools.notices import Told
from schools.staffing import end_employment
from tests.conftest import Cast
from tests.factories import LONG_AGO, job_of, lesson_sheet
from tests.papers import read

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
HIRED = today() - 20 * DAY


@pytest.fixture(autouse=True)
def _young(cast: Cast) -> None:
    """The peer began to teach some days ago."""
    Employment.objects.filter(person=cast.peer.person).update(starts_on=HIRED)


def fix(cast: Cast, **said: Any) -> Mentorship:
    wanted: dict[str, Any] = {"mentor": cast.teacher.person, "mentee": cast.peer.person, "starts_on": HIRED}
    wanted |= {"order_number": "14-б", "ordered_on": HIRED + 3 * DAY}
    return fix_mentor(by=cast.director, institution=cast.school, **wanted | said)


def typed(cast: Cast, **said: Any) -> dict[str, Any]:
    pair = {"mentor": cast.teacher.person_id, "mentee": cast.peer.person_id}
    return pair | {"order_number": "14-б", "ordered_on": today(), "starts_on": today(), "once": uuid.uuid4()} | said


def page(client: Client, cast: Cast) -> Any:
    client.force_login(cast.deputy)
    return client.get(reverse("mentors", args=[cast.school.pk]))


# The page ---------------------------------------------------------------------------------------------------------


def test_a_young_specialist_without_a_mentor_comes_first_with_a_warning(client: Client, cast: Cast) -> None:
    Employment.objects.filter(person=cast.colleague.person).update(is_young_specialist=True)
    fix(cast, mentee=cast.colleague.person)
    answer = page(client, cast)
    told = [(line.person, line.is_young, line.lacks_mentor) for line in answer.context["lines"]]
    assert told == [(cast.peer.person, True, True), (cast.colleague.person, True, False)]
    assert answer.context["lacking"] == 1
    shown = answer.content.decode()
    assert f"{reverse('mentor_new', args=[cast.school.pk])}?mentee={cast.peer.person_id}" in shown


def test_the_page_tells_mentor_order_days_and_how_the_plan_stands(client: Client, cast: Cast) -> None:
    made = fix(cast)
    answer = page(client, cast)
    [line] = answer.context["lines"]
    assert (line.job, line.mentorships, line.lacks_mentor) == (job_of(cast.peer), [made], False)
    assert line.duty.due_on == add_months(HIRED, InductionNorm.objects.get().due_months)
    shown = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    for text in (cast.teacher.person.full_name, "№ 14-б", short_date(HIRED), short_date(HIRED + 3 * DAY)):
        assert text in shown


def test_who_has_a_mentor_stands_there_when_no_young_specialist_any_more(client: Client, cast: Cast) -> None:
    fix(cast)
    Person.objects.filter(pk=cast.peer.person_id).update(teaching_since=LONG_AGO)
    [line] = page(client, cast).context["lines"]
    assert (line.person, line.is_young, line.lacks_mentor) == (cast.peer.person, False, False)


def test_a_mentorship_left_open_by_who_is_gone_is_not_lost(client: Client, cast: Cast) -> None:
    made = fix(cast)
    Employment.objects.filter(person=cast.peer.person).update(ends_on=today() - DAY)
    [line] = page(client, cast).context["lines"]
    assert (line.person, line.job, line.mentorships) == (cast.peer.person, None, [made])


def test_what_ended_stands_apart(client: Client, cast: Cast) -> None:
    over = fix(cast, ends_on=today() - DAY)
    answer = page(client, cast)
    [line] = answer.context["lines"]
    assert (line.mentorships, line.lacks_mentor, answer.context["ended"]) == ([], True, [over])


def test_the_page_tells_until_when_a_mentor_is_there(client: Client, cast: Cast) -> None:
    fix(cast)
    last_day = today() + 9 * DAY
    Employment.objects.filter(person=cast.teacher.person).update(ends_on=last_day)
    answer = page(client, cast)
    [line] = answer.context["lines"]
    assert (line.alone_after, line.lacks_mentor) == (last_day, False)
    assert f"{reverse('mentor_new', args=[cast.school.pk])}?mentee={cast.peer.person_id}" in answer.content.decode()
    Mentorship.objects.update(ends_on=last_day - DAY)
    assert page(client, cast).context["lines"][0].alone_after == last_day - DAY
    fix(cast, mentor=cast.head.person, starts_on=last_day, ordered_on=today())
    assert page(client, cast).context["lines"][0].alone_after is None


def test_a_mentor_on_long_leave_is_marked_on_the_page_and_in_the_choices(client: Client, cast: Cast) -> None:
    fix(cast)
    Leave.objects.create(
        employment=job_of(cast.teacher), kind=LeaveKind.ILLNESS, starts_on=today(), ends_on=today() + 40 * DAY,
        entered_by=cast.clerk.person,
    )  # fmt: skip
    answer = page(client, cast)
    [line] = answer.context["lines"]
    assert line.lacks_mentor
    assert short_date(today() + 40 * DAY) in line.guides[0].away
    assert line.guides[0].away in answer.content.decode()
    form = client.get(reverse("mentor_new", args=[cast.school.pk])).context["form"]
    offered = dict(form.fields["mentor"].choices)
    assert offered[cast.teacher.person_id] == f"{cast.teacher.person.full_name} ({line.guides[0].away})"
    assert offered[cast.head.person_id] == cast.head.person.full_name


def test_other_schools_are_not_shown(client: Client, cast: Cast) -> None:
    Employment.objects.filter(person=cast.stranger.person).update(is_young_specialist=True)
    assert [line.person for line in page(client, cast).context["lines"]] == [cast.peer.person]


# Its forms --------------------------------------------------------------------------------------------------------


def test_a_clerk_enters_the_order(client: Client, cast: Cast) -> None:
    client.force_login(cast.clerk)
    answer = client.post(reverse("mentor_new", args=[cast.school.pk]), typed(cast))
    assert answer["Location"] == reverse("mentors", args=[cast.school.pk])
    [made] = Mentorship.objects.all()
    assert (made.mentor, made.mentee, made.institution) == (cast.teacher.person, cast.peer.person, cast.school)
    assert (made.starts_on, made.ends_on, made.order_number, made.ordered_on) == (today(), None, "14-б", today())


def test_the_same_form_sent_twice_fixes_one_mentor(client: Client, cast: Cast) -> None:
    client.force_login(cast.clerk)
    sent = typed(cast)
    for _ in range(2):
        assert client.post(reverse("mentor_new", args=[cast.school.pk]), sent).status_code == 302
    assert Mentorship.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"order_number": ""}, "order_number"),
        ({"order_number": "9" * 31}, "order_number"),
        ({"ordered_on": ""}, "ordered_on"),
        ({"ordered_on": "кечээ"}, "ordered_on"),
        ({"ordered_on": today() + DAY}, "ordered_on"),
        ({"ordered_on": "0026-09-01"}, "ordered_on"),
        ({"starts_on": HIRED - DAY}, "mentee"),
        ({"ends_on": today() - DAY}, "ends_on"),
        ({"mentor": ""}, "mentor"),
        ({"mentor": "peer"}, "mentor"),
        ({"mentor": "stranger"}, "mentor"),
        ({"mentee": "teacher"}, "mentee"),
        ({"mentee": 10**30}, "mentee"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(
    said: dict[str, Any], field: str, client: Client, cast: Cast
) -> None:
    people = {name: getattr(cast, name).person_id for name in ("peer", "stranger", "teacher")}
    client.force_login(cast.deputy)
    sent = typed(cast, **{name: people.get(value, value) for name, value in said.items()})
    answer = client.post(reverse("mentor_new", args=[cast.school.pk]), sent)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert [*form.errors] == [field]
    assert form["order_number"].value() == sent["order_number"]
    assert not Mentorship.objects.exists()


@pytest.mark.parametrize("number", ["№ 14-б", "Буйрук № 14-б", "14-б"])
def test_the_number_of_an_order_is_kept_without_what_papers_print_before_it(
    number: str, client: Client, cast: Cast
) -> None:
    client.force_login(cast.clerk)
    client.post(reverse("mentor_new", args=[cast.school.pk]), typed(cast, order_number=number))
    assert Mentorship.objects.get().order_number == "14-б"


def test_who_was_fixed_by_mistake_is_taken_back_and_the_day_is_free(client: Client, cast: Cast) -> None:
    made = fix(cast)
    client.force_login(cast.clerk)
    address = reverse("mentorship_change", args=[made.pk])
    assert 'name="annul"' in client.get(address).content.decode()
    answer = client.post(address, {"annul": "yes", "once": uuid.uuid4()})
    assert answer["Location"] == reverse("mentors", args=[cast.school.pk])
    assert not Mentorship.objects.exists()
    assert client.get(reverse("mentor_order_paper", args=[made.pk])).status_code == 404


def test_what_cannot_be_taken_back_offers_it_to_nobody(client: Client, cast: Cast) -> None:
    made = fix(cast)
    lesson_sheet(made, cast.teacher)
    client.force_login(cast.clerk)
    address = reverse("mentorship_change", args=[made.pk])
    assert 'name="annul"' not in client.get(address).content.decode()
    assert client.post(address, {"annul": "yes", "once": uuid.uuid4()}).status_code == 302
    assert Mentorship.objects.exists()


def test_of_two_who_change_at_once_the_second_one_loses_nothing(client: Client, cast: Cast) -> None:
    made = fix(cast)
    client.force_login(cast.clerk)
    address = reverse("mentorship_change", args=[made.pk])
    sent = {"order_number": "16", "ordered_on": HIRED, "starts_on": HIRED, "seen": standing(made)}
    Mentorship.objects.filter(pk=made.pk).update(order_number="15")
    answer = client.post(address, sent | {"once": uuid.uuid4()})
    form = answer.context["form"]
    assert (answer.status_code, form["order_number"].value()) == (409, "16")
    assert "№ 15" in answer.content.decode()
    sent |= {"seen": form["seen"].value(), "once": uuid.uuid4()}
    assert client.post(address, sent).status_code == 302
    assert Mentorship.objects.get().order_number == "16"


def test_only_young_specialists_get_a_mentor_and_none_of_them_is_one(client: Client, cast: Cast) -> None:
    Employment.objects.filter(person=cast.colleague.person).update(is_young_specialist=True)
    Employment.objects.filter(person=cast.clerk.person).update(is_teaching=False)
    client.force_login(cast.deputy)
    address = reverse("mentor_new", args=[cast.school.pk])
    form = client.get(address, {"mentee": cast.peer.person_id}).context["form"]
    young = {cast.peer.person_id, cast.colleague.person_id}
    offered = {name: {key for key, _label in form.fields[name].choices if key} for name in ("mentee", "mentor")}
    assert offered["mentee"] == young
    assert {cast.teacher.person_id, cast.director.person_id} <= offered["mentor"]
    assert not offered["mentor"] & (young | {cast.clerk.person_id, cast.stranger.person_id})
    assert f'value="{cast.peer.person_id}" selected' in str(form["mentee"])


def test_an_order_is_put_right(client: Client, cast: Cast) -> None:
    made = fix(cast)
    client.force_login(cast.clerk)
    address = reverse("mentorship_change", args=[made.pk])
    shown = client.get(address).context["form"]
    assert (shown["order_number"].value(), shown["seen"].value()) == ("14-б", standing(made))
    sent = {"order_number": "15", "ordered_on": HIRED, "starts_on": HIRED, "seen": standing(made)}
    assert client.post(address, sent | {"once": uuid.uuid4()}).status_code == 302
    made.refresh_from_db()
    assert (made.order_number, made.ordered_on, made.starts_on, made.ends_on) == ("15", HIRED, HIRED, None)
    client.post(address, sent | {"order_number": "16", "once": uuid.uuid4()})
    made.refresh_from_db()
    assert made.order_number == "15", "it was not what stood on the screen any more"


def test_a_mentorship_ends_on_the_day_that_is_typed(client: Client, cast: Cast) -> None:
    made = fix(cast)
    client.force_login(cast.director)
    address = reverse("mentorship_end", args=[made.pk])
    for day in ("", "кечээ", HIRED - DAY):
        answer = client.post(address, {"ends_on": day, "once": uuid.uuid4()})
        assert [*answer.context["form"].errors] == ["ends_on"]
    assert client.post(address, {"ends_on": today(), "once": uuid.uuid4()}).status_code == 302
    made.refresh_from_db()
    assert made.ends_on == today()


# F11 --------------------------------------------------------------------------------------------------------------


def test_the_order_on_paper(cast: Cast) -> None:
    Person.objects.filter(pk=cast.teacher.person_id).update(teaching_since=HIRED.replace(year=HIRED.year - 12))
    made = Mentorship.objects.get(pk=fix(cast).pk)
    text = read(order_pdf(made)).text
    due = add_months(HIRED, InductionNorm.objects.get().due_months)
    for told in (
        "БУЙРУК № 14-б",
        "Жаш адиске устат бекитүү жөнүндө",
        cast.peer.person.full_name,
        cast.teacher.person.full_name,
        cast.director.person.full_name,
        cast.school.title_ky,
        short_date(HIRED),
        short_date(due),
        "12",
    ):
        assert told in text
    assert order_name(made).startswith("F11_")


def test_no_order_names_a_day_that_had_passed_when_it_was_given(cast: Cast) -> None:
    hired = today() - 700 * DAY
    Employment.objects.filter(person=cast.peer.person).update(starts_on=hired, is_young_specialist=True)
    assert paper_of(fix(cast, starts_on=today(), ordered_on=today()))["plan_due_on"] is None
    Employment.objects.filter(person=cast.peer.person).update(starts_on=HIRED)
    assert paper_of(Mentorship.objects.get())["plan_due_on"] == add_months(
        HIRED, InductionNorm.objects.get().due_months
    )


def test_taking_the_order_stands_in_the_journal(client: Client, cast: Cast) -> None:
    made = fix(cast)
    client.force_login(cast.deputy)
    answer = client.get(reverse("mentor_order_paper", args=[made.pk]))
    assert answer.content.startswith(b"%PDF")
    entry = AuditEntry.objects.get(event=Event.TOOK_TABLE)
    assert (entry.institution, entry.by, entry.what) == (cast.school, cast.deputy.person, "F11 № 14-б")


def test_a_mentorship_from_before_orders_were_asked_for_has_a_paper_to_be_filled_in_by_hand(cast: Cast) -> None:
    made = Mentorship.objects.create(
        institution=cast.school, mentor=cast.teacher.person, mentee=cast.peer.person, starts_on=HIRED
    )
    assert "БУЙРУК № ____" in read(order_pdf(made)).text


# Who is told ------------------------------------------------------------------------------------------------------


def said(told: Told) -> str:
    return sentence(Notice(kind=told.kind, facts=dict(told.facts)))


def test_both_are_told_of_the_order_but_not_who_entered_it(cast: Cast) -> None:
    since = timezone.now()
    fix(cast)
    told = [*fixed(since)]
    assert {one.person for one in told} == {cast.teacher.person_id, cast.peer.person_id}
    assert {(one.kind, one.path) for one in told} == {(NoticeKind.MENTORING, reverse("my_mentoring"))}
    assert cast.teacher.person.family_name not in said(told[0])
    fix_mentor(
        by=cast.deputy, institution=cast.school, mentor=cast.deputy.person, mentee=cast.colleague.person,
        starts_on=today(), order_number="15", ordered_on=today(),
    )  # fmt: skip
    assert cast.deputy.person_id not in {one.person for one in fixed(since)}


def test_both_are_told_that_the_mentor_ends_or_was_taken_back(cast: Cast) -> None:
    since = timezone.now()
    end_mentorship(mentorship=fix(cast), by=cast.deputy, last_day=today())
    told = [*ended(since)]
    assert {one.person for one in told} == {cast.teacher.person_id, cast.peer.person_id}
    assert short_date(today()) in said(told[0])
    since = timezone.now()
    annul_mentorship(mentorship=Mentorship.objects.get(), by=cast.deputy)
    assert {(one.person, one.facts["what"]) for one in ended(since)} == {
        (cast.teacher.person_id, "mentor_annulled"),
        (cast.peer.person_id, "mentor_annulled"),
    }


def test_the_school_is_told_before_a_mentor_goes_and_again_when_nobody_came(cast: Cast) -> None:
    fix(cast)
    assert [*lacking(cast.district, today())] == []
    last_day = today() + AHEAD - DAY
    end_employment(employment=job_of(cast.teacher), by=cast.director, last_day=last_day, reason=EndReason.LEFT)
    soon, then = [*lacking(cast.district, today())], [*lacking(cast.district, last_day + DAY)]
    assert {one.facts["what"] for one in soon} == {"mentor_leaving"}
    assert {one.facts["what"] for one in then} == {"mentor_lacking"}
    assert not {one.key for one in soon} & {one.key for one in then}
    fix(cast, mentor=cast.head.person, starts_on=last_day + DAY, ordered_on=today())
    assert [*lacking(cast.district, today())] == []


def test_the_notice_names_the_young_specialist_to_who_may_fix_a_mentor_there(cast: Cast) -> None:
    told = next(one for one in lacking(cast.district, today()) if one.person == cast.clerk.person_id)
    assert told.path.endswith(f"#person-{cast.peer.person_id}")
    notice = Notice(kind=told.kind, key=told.key, facts=dict(told.facts))
    assert [line.detail for line in lines([notice], cast.clerk)] == [cast.peer.person.short_name]
    assert [line.detail for line in lines([notice], cast.other_director)] == [""]


def test_the_leaders_of_the_school_are_told_once_of_a_young_specialist_without_a_mentor(cast: Cast) -> None:
    first, again_told = [*lacking(cast.district, today())], [*lacking(cast.district, today() + DAY)]
    assert {one.person for one in first} == {
        user.person_id for user in (cast.director, cast.deputy, cast.second_deputy, cast.clerk)
    }
    assert {(one.kind, one.path) for one in first} == {
        (NoticeKind.MENTORING, f"{reverse('mentors', args=[cast.school.pk])}#person-{cast.peer.person_id}")
    }
    assert {one.key for one in first} == {one.key for one in again_told}
    assert cast.peer.person.family_name not in said(first[0])
    assert [*lacking(cast.other_district, today())] == []


def test_they_are_told_anew_when_the_mentor_leaves(cast: Cast) -> None:
    before = {one.key for one in lacking(cast.district, today())}
    fix(cast)
    assert [*lacking(cast.district, today())] == []
    end_employment(employment=job_of(cast.teacher), by=cast.director, last_day=today() - DAY, reason=EndReason.LEFT)
    after = {one.key for one in lacking(cast.district, today())}
    assert len(before) == len(after) == 1
    assert before != after
