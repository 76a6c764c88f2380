"""The page «why my number is what it is»: every figure, every reason, and who may read what."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.choices import (
    Block,
    DeliveryMode,
    Driver,
    HoursStatus,
    HoursUnit,
    NormStatus,
    Reason,
    RecordStatus,
    Unfit,
)
from courses.models import HoursPolicy, TrainingRecord
from courses.reasons import ADVICE, ADVICE_UNVERIFIED, advice, source
from cpd.dates import add_years, short_date, today
from schools.choices import InstitutionKind, LeaveKind
from schools.models import User
from tests import factories
from tests.conftest import Cast

YESTERDAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _in_kyrgyz() -> Iterator[None]:
    """The words a test compares with are those of the page."""
    with translation.override("ky"):
        yield


@pytest.fixture
def rule(cast: Cast) -> HoursPolicy:
    """The hours rule of schools."""
    return HoursPolicy.objects.get(institution_kind=InstitutionKind.SCHOOL, status=NormStatus.IN_FORCE)


def verified(user: User, **columns: Any) -> TrainingRecord:
    """A verified course; online, so that no other one overlaps it."""
    return factories.training_record(
        user, **({"status": RecordStatus.VERIFIED, "delivery_mode": DeliveryMode.ONLINE} | columns)
    )


def page_of(user: User, person: int | None = None, **query: Any) -> str:
    """The page of one's own hours, or of somebody's, as markup."""
    client = Client()
    client.force_login(user)
    address = reverse("person_hours", args=[person]) if person else reverse("my_hours")
    answer = client.get(address, query)
    assert answer.status_code == 200
    return answer.content.decode()


def words(markup: str) -> str:
    """What is read, with single spaces and no space before a comma or colon."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", markup))
    return re.sub(r" ([,.:;)])", r"\1", " ".join(plain.split()))


def read(user: User, person: int | None = None, **query: Any) -> str:
    return words(page_of(user, person, **query).split("<main", 1)[1])


def told_of(record: TrainingRecord, page: str) -> str:
    """What the page says about one record."""
    article = re.search(rf'<article class="card" id="record-{record.pk}">(.*?)</article>', page, re.DOTALL)
    assert article, record
    return words(article[1])


def counted(hours: str) -> str:
    return _("counted %(hours)s h") % {"hours": hours}


def of_required(total: str, required: str) -> str:
    return _("%(counted)s of %(required)s hours") % {"counted": total, "required": required}


# --- the number ---------------------------------------------------------------------------------------------------


def test_the_bar_shows_counted_of_required_and_its_percents_are_rounded_down(cast: Cast, rule: HoursPolicy) -> None:
    verified(cast.teacher, amount=Decimal("23.5"), block=Block.COMPULSORY)
    verified(cast.teacher, amount=Decimal(24), block=Block.VARIATIVE)
    page = page_of(cast.teacher)
    assert of_required("47,5", "72") in words(page)
    assert "(65 %)" in words(page)  # 65.97 %
    assert '<rect class="part" width="65"' in page
    assert f"{_('Missing hours')}: 24,5" in words(page)
    assert f"{_('Compulsory block')} 23,5 {_('Variative block')} 24 {_('Planned hours')} 0" in words(page)
    assert str(HoursStatus.OVERDUE.label) in words(page)


def test_more_than_the_demand_fills_the_bar_and_lacks_nothing(cast: Cast) -> None:
    verified(cast.teacher, amount=Decimal(100))
    page = page_of(cast.teacher)
    assert of_required("100", "72") in words(page)
    assert "(100 %)" in words(page)
    assert str(HoursStatus.MET.label) in words(page)
    assert _("Missing hours") not in words(page)
    assert _("Met until") in words(page)


def test_the_rule_is_named_with_act_clause_and_numbers_from_its_row(cast: Cast, rule: HoursPolicy) -> None:
    text = read(cast.teacher)
    numbers = {"hours": "72", "years": rule.years}
    assert f"{_('Rule applied')}: {_('At least %(hours)s hours in %(years)s years') % numbers}; {rule}" in text
    assert str(rule.legal_act) in text
    assert rule.frequency_source in text
    rule.required_hours, rule.years, rule.source_clause = Decimal("13.5"), 7, "9.9"
    rule.save()
    text = read(cast.teacher)
    assert of_required("0", "13,5") in text
    assert _("At least %(hours)s hours in %(years)s years") % {"hours": "13,5", "years": 7} in text


def test_both_periods_stand_side_by_side_and_a_new_plan_begins_with_nothing(cast: Cast) -> None:
    factories.approved(cast.plan)
    old = verified(cast.teacher, amount=Decimal(100), ends_on=cast.plan.starts_on - YESTERDAY)
    page = page_of(cast.teacher)
    text = words(page)
    plan = f"{short_date(cast.plan.starts_on)} – {short_date(cast.plan.ends_on)}"
    assert f"{_('Hours in the plan period')} {plan} 0 {_('Hours in the last %(years)s years') % {'years': 5}}" in text
    still = _("A new plan begins with 0 hours; at attestation the hours of the last years still count.")
    assert f"{short_date(today())} 100 {still}" in text
    assert of_required("0", "72") in text
    told = told_of(old, page)
    assert f"{_('in the plan period')}: {_('not counted')} {Reason.OUTSIDE_WINDOW.label}" in told
    assert f"{_('in the last %(years)s years') % {'years': 5}}: {counted('100')}" in told


def test_without_a_plan_the_last_years_are_looked_at_and_the_page_says_so(cast: Cast) -> None:
    verified(cast.teacher, amount=Decimal(24))
    last_years = _("Hours in the last %(years)s years") % {"years": 5}
    said = f"{_('There is no plan in force, so the last years are looked at.')} {last_years}: 24 ("
    assert said in read(cast.teacher)
    factories.approved(cast.plan)
    assert said not in read(cast.teacher)


def test_the_frequency_is_a_line_of_its_own(cast: Cast, rule: HoursPolicy) -> None:
    text = read(cast.teacher)
    assert _("At least once in %(years)s years") % {"years": rule.frequency_years} in text
    assert f"{_('Last course')} {_('none is counted yet')}" in text
    last = verified(cast.teacher, title="Акыркы окуу")
    text = read(cast.teacher)
    due = add_years(last.ends_on, rule.frequency_years or 0)
    assert f"{_('Last course')} Акыркы окуу, {last.date_text} {_('Next course due by')} {short_date(due)}" in text


def test_planned_hours_stand_beside_and_leave_when_a_course_is_handed_in(cast: Cast) -> None:
    plan = factories.approved(cast.plan)
    item = plan.in_force.content["rows"][0]
    assert f"{_('Planned hours')} 72" in read(cast.teacher)
    record = factories.training_record(cast.teacher, status=RecordStatus.DRAFT)
    plan.fulfilments.create(uid=item["uid"], record=record, by=cast.teacher.person)
    assert f"{_('Planned hours')} 72" in read(cast.teacher)
    TrainingRecord.objects.filter(pk=record.pk).update(status=RecordStatus.SUBMITTED)
    assert f"{_('Planned hours')} 48" in read(cast.teacher)


# --- without a demand ---------------------------------------------------------------------------------------------


def test_without_a_rule_hours_are_shown_and_nothing_is_owed(cast: Cast, rule: HoursPolicy) -> None:
    record = verified(cast.teacher, amount=Decimal(40))
    HoursPolicy.objects.filter(pk=rule.pk).update(valid_to=today() - YESTERDAY)
    page = page_of(cast.teacher)
    text = words(page)
    assert str(HoursStatus.NO_RULE.label) in text
    assert f"{_('Counted hours')}: 40" in text
    assert _("No hours rule is in force on this day: the hours are shown, and nothing is owed.") in text
    assert f"{_('Counted as by the last rule')}:" in text
    assert short_date(today() - YESTERDAY) in text
    assert "hours-bar" not in page
    assert _("Due date") not in text
    assert counted("40") in told_of(record, page)


def test_where_no_rule_ever_was_everything_finished_counts(cast: Cast) -> None:
    HoursPolicy.objects.all().delete()
    verified(cast.teacher, amount=Decimal(40), ends_on=dt.date(2018, 5, 5))
    text = read(cast.teacher)
    assert str(HoursStatus.NO_RULE.label) in text
    assert f"{_('Counted hours')}: 40" in text


def test_undecided_hours_make_no_debt(cast: Cast, rule: HoursPolicy) -> None:
    verified(cast.teacher, amount=Decimal(40))
    HoursPolicy.objects.filter(pk=rule.pk).update(required_hours=None)
    text = read(cast.teacher)
    assert str(HoursStatus.HOURS_NOT_SET.label) in text
    assert f"{_('Counted hours')}: 40" in text
    assert _("The rule does not say yet how many hours: the hours are shown, and nothing is owed.") in text
    assert _("Missing hours") not in text


def test_who_holds_no_teaching_post_is_told_so(cast: Cast) -> None:
    assert _("No teaching post is known on this day, so no rule applies.") in read(cast.officer)
    cast.clerk.person.employments.update(is_teaching=False)
    assert _("No teaching post is known on this day, so no rule applies.") in read(cast.clerk)


# --- every record -------------------------------------------------------------------------------------------------

CASES: dict[str, tuple[Reason, dict[str, Any]]] = {
    "draft": (Reason.NOT_VERIFIED, {"status": RecordStatus.DRAFT}),
    "submitted": (Reason.NOT_VERIFIED, {"status": RecordStatus.SUBMITTED}),
    "returned": (Reason.NOT_VERIFIED, {"status": RecordStatus.RETURNED}),
    "rejected": (Reason.NOT_VERIFIED, {"status": RecordStatus.REJECTED}),
    "no file": (Reason.NO_DOCUMENT, {"file": None}),
    "trainer": (Reason.NOT_PARTICIPANT, {"role": "trainer"}),
    "informal": (Reason.INFORMAL, {"category": "informal"}),
    "non-formal": (Reason.NONFORMAL, {"category": "nonformal"}),
    "unknown provider": (Reason.PROVIDER_NOT_ELIGIBLE, {"provider": None}),
    "to come": (Reason.NOT_FINISHED, {"ends_on": today() + dt.timedelta(days=30)}),
    "days and nights": (
        Reason.HOURS_UNKNOWN,
        {"amount": Decimal(4), "unit": HoursUnit.DAY_NIGHT, "hours_text": "4 сутка"},
    ),
    "long ago": (Reason.OUTSIDE_WINDOW, {"ends_on": dt.date(2018, 5, 5)}),
    "no date": (Reason.DATE_UNCERTAIN, {"starts_on": None, "ends_on": None, "precision": "", "document_on": today()}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_record_that_counts_nothing_says_why_by_what_and_what_to_do(case: str, cast: Cast) -> None:
    reason, columns = CASES[case]
    record = verified(cast.teacher, title="Бул жазуу", **columns)
    told = told_of(record, page_of(cast.teacher))
    what_to_do = advice(reason, record.status)
    written = source(reason, InstitutionKind.SCHOOL)
    assert what_to_do
    assert written
    assert told.startswith(f"Бул жазуу {record.date_text}")
    assert record.hours_text in told
    assert told.endswith(f"{_('not counted')} {reason.label} ({written}) {what_to_do}")
    assert reverse("record", args=[record.pk]) in page_of(cast.teacher)


@pytest.mark.parametrize("leader", ["director", "deputy"])
def test_who_keeps_the_registers_is_not_sent_to_the_deputy_for_a_right_to_teach(leader: str, cast: Cast) -> None:
    user = getattr(cast, leader)
    record = verified(cast.teacher, provider=None)
    told = told_of(record, page_of(user, cast.teacher.person_id))
    assert told.endswith(_("Enter the organisation's right to teach into the register of organisations."))
    assert advice(Reason.PROVIDER_NOT_ELIGIBLE, record.status) not in told


def test_every_reason_but_counted_has_its_advice() -> None:
    assert set(ADVICE) | {Reason.NOT_VERIFIED, Reason.COUNTED} == {*Reason, *Unfit}
    assert set(ADVICE_UNVERIFIED) | {RecordStatus.VERIFIED} == set(RecordStatus)


def test_the_clause_is_that_of_the_kind_of_institution() -> None:
    assert "4.5.5" in source(Reason.NO_DOCUMENT, InstitutionKind.SCHOOL)
    assert "4.6" in source(Reason.NO_DOCUMENT, InstitutionKind.COLLEGE)
    assert "5.2" in source(Reason.NO_DOCUMENT, InstitutionKind.UNIVERSITY)
    own_reading = _("no regulation says so: this is how the programme counts")
    assert source(Reason.OVERLAP_UNRESOLVED, InstitutionKind.SCHOOL) == own_reading


def test_overlapping_courses_are_named_together_and_one_of_them_counts(cast: Cast) -> None:
    long = verified(cast.teacher, title="Узун курс", amount=Decimal(50), delivery_mode=DeliveryMode.OFFLINE)
    short = verified(cast.teacher, title="Кыска курс", amount=Decimal(40), delivery_mode=DeliveryMode.OFFLINE)
    page = page_of(cast.teacher)
    assert of_required("50", "72") in words(page)
    assert f"Узун курс ({long.date_text}) — Кыска курс ({short.date_text})" in words(page)
    assert told_of(long, page).endswith(f"{counted('50')} {_('Overlaps with')}: Кыска курс ({short.date_text})")
    assert f"{Reason.OVERLAP_UNRESOLVED.label}: Узун курс" in told_of(short, page)
    factories.confirmed_pair(long, short, by=cast.deputy)
    page = page_of(cast.teacher)
    assert of_required("90", "72") in words(page)
    assert _("Overlapping dates") not in words(page)
    assert counted("40") in told_of(short, page)


def test_the_same_document_counts_once_and_names_the_other_record(cast: Cast) -> None:
    first = verified(cast.teacher, title="Биринчи", document_number="ТС-7", amount=Decimal(30))
    again = verified(cast.teacher, title="Экинчи", document_number="ТС-7", amount=Decimal(20))
    page = page_of(cast.teacher)
    assert counted("30") in told_of(first, page)
    assert f"{Reason.DUPLICATE_DOCUMENT.label}: Биринчи" in told_of(again, page)


def test_hours_entered_by_the_verifier_count_beside_what_is_written(cast: Cast) -> None:
    record = verified(
        cast.teacher,
        amount=Decimal(4),
        unit=HoursUnit.DAY_NIGHT,
        hours_text="4 сутка",
        approved_hours=Decimal(32),
        approved_hours_reason="Сертификатта жазылган.",
    )
    assert told_of(record, page_of(cast.teacher)).endswith(f"4 сутка {counted('32')}")


# --- another employer ---------------------------------------------------------------------------------------------


@pytest.fixture
def college(cast: Cast) -> str:
    """The teacher teaches at a college too, under the rule of colleges."""
    place = factories.InstitutionFactory.create(
        title_ky="Сыноо колледжи", kind=InstitutionKind.COLLEGE, district=cast.district
    )
    factories.EmploymentFactory.create(person=cast.teacher.person, institution=place, is_main=False)
    return place.title_ky


def test_each_employer_judges_the_same_records_by_its_own_rule(cast: Cast, college: str) -> None:
    recent = verified(cast.teacher, amount=Decimal(36))
    older = verified(cast.teacher, amount=Decimal(40), ends_on=add_years(today(), -4))
    page = page_of(cast.teacher)
    text = words(page)
    assert text.index(cast.school.title_ky) < text.index(college)
    assert of_required("76", "72") in text
    assert f"{_('Counted hours')}: 36" in text
    assert _("Course of at least %(hours)s hours") % {"hours": "36"} in text
    in_years = _("in the last %(years)s years")
    told = told_of(recent, page)
    assert f"{cast.school.title_ky}, {in_years % {'years': 5}}: {counted('36')}" in told
    assert f"{college}: {_('qualifies: at least once in %(years)s years') % {'years': 3}}" in told
    told = told_of(older, page)
    assert f"{cast.school.title_ky}, {in_years % {'years': 5}}: {counted('40')}" in told
    assert f"{college}: {_('does not qualify')} {Reason.OUTSIDE_WINDOW.label}" in told


# --- long leave ---------------------------------------------------------------------------------------------------


def test_a_due_date_moved_by_long_leave_tells_by_how_much_and_which_leave(cast: Cast, rule: HoursPolicy) -> None:
    job = cast.teacher.person.employments.get()
    first, last = today() - dt.timedelta(days=100), today() - dt.timedelta(days=1)
    job.leaves.create(kind=LeaveKind.CHILDCARE, starts_on=first, entered_by=cast.clerk.person)
    verified(cast.teacher, amount=Decimal(72), ends_on=(ended_on := today() - dt.timedelta(days=200)))
    due = add_years(ended_on, rule.years)
    sentence = ngettext(
        "Long leave moved this date by %(days)s day. Without it: %(date)s",
        "Long leave moved this date by %(days)s days. Without it: %(date)s",
        100,
    ) % {"days": 100, "date": short_date(due)}
    assert sentence not in read(cast.teacher)
    HoursPolicy.objects.filter(pk=rule.pk).update(leave_extends=True)
    text = read(cast.teacher)
    moved = due + dt.timedelta(days=100)
    assert f"{_('Met until')}: {short_date(moved)} {sentence} {short_date(first)} – {short_date(last)}" in text
    assert f"{_('Next course due by')} {short_date(moved)}" in text


# --- other days, other readers ------------------------------------------------------------------------------------


def test_any_day_can_be_asked_for(cast: Cast) -> None:
    verified(cast.teacher, amount=Decimal(40), ends_on=dt.date(2021, 4, 16))
    assert of_required("40", "72") in read(cast.teacher, on="2024-01-10")
    text = read(cast.teacher, on="2021-04-15")
    assert of_required("0", "72") in text
    assert _("from the records as they stand today") in text
    assert _("Calculated as of %(date)s") % {"date": short_date(dt.date(2021, 4, 15))} in text
    assert _("from the records as they stand today") not in read(cast.teacher)


@pytest.mark.parametrize("day", ["2026-02-30", "кечээ", "0001-01-01", "9999-12-31", "1949-12-31"])
def test_a_day_that_cannot_be_gets_a_sentence_and_today_is_shown(day: str, cast: Cast) -> None:
    page = page_of(cast.teacher, on=day)
    assert 'id="on-error"' in page
    assert f"«{day}»: " in words(page)
    assert _("Calculated as of %(date)s") % {"date": short_date(today())} in words(page)


def test_a_day_before_any_work_has_no_rule_and_still_shows_the_records(cast: Cast) -> None:
    record = verified(cast.teacher, title="Эрте окуу")
    page = page_of(cast.teacher, on="2001-01-01")
    assert _("No teaching post is known on this day, so no rule applies.") in words(page)
    assert told_of(record, page).startswith("Эрте окуу")


def test_the_deputy_sees_the_hours_but_no_draft(cast: Cast) -> None:
    record = verified(cast.teacher, title="Тастыкталган")
    verified(cast.teacher, title="Купуя долбоор", status=RecordStatus.DRAFT)
    page = page_of(cast.deputy, cast.teacher.person_id)
    assert cast.teacher.person.full_name in words(page)
    assert counted("24") in told_of(record, page)
    assert "Купуя долбоор" not in page
    assert "Купуя долбоор" in page_of(cast.teacher)


def test_what_people_type_stays_text(cast: Cast) -> None:
    verified(cast.teacher, title="<script>alert(1)</script>", date_text="<b>12</b>", hours_text="<i>24</i>")
    page = page_of(cast.teacher)
    assert "<script>alert" not in page
    assert "<b>12</b>" not in page
    assert "<i>24</i>" not in page


def test_a_yearly_rule_shows_its_year_beside_the_last_years(cast: Cast, rule: HoursPolicy) -> None:
    HoursPolicy.objects.filter(pk=rule.pk).update(driver=Driver.YEAR, years=1, required_hours=Decimal(16))
    verified(cast.teacher, amount=Decimal(20), ends_on=today())
    text = read(cast.teacher)
    assert of_required("20", "16") in text
    assert _("Hours in this year") in text


def test_papers_are_linked_for_each_job(cast: Cast, college: str) -> None:
    page = page_of(cast.teacher)
    assert reverse("record_paper", args=[cast.teacher.person_id]) in page
    assert page.count(reverse("attestation_paper", args=[cast.teacher.person_id])) == 2
    for job in cast.teacher.person.employments.all():
        assert f'name="job" value="{job.pk}"' in page


# --- the first page ------------------------------------------------------------------------------------------------


def home(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("home")).content.decode()


def test_home_shows_where_one_stands_and_what_came_back(cast: Cast) -> None:
    verified(cast.teacher, amount=Decimal(40))
    back = verified(cast.teacher, title="Кайтып келген курс", status=RecordStatus.RETURNED)
    page = home(cast.teacher)
    assert of_required("40", "72") in words(page)
    assert f"{_('Missing hours')}: 32" in words(page)
    assert f"{_('Returned')}: Кайтып келген курс" in words(page)
    assert back.get_absolute_url() in page
    for name in ("my_hours", "records", "record_new"):
        assert f'href="{reverse(name)}"' in page
    assert reverse("verification") not in page


def test_home_counts_what_waits_for_verification(cast: Cast) -> None:
    assert _("Waiting for verification") not in home(cast.deputy)
    factories.training_record(cast.teacher)
    factories.training_record(cast.peer)
    factories.training_record(cast.stranger)
    page = words(home(cast.deputy))
    assert f"{_('Waiting for verification')} 2 " in page
    assert _("Verification") in page
    assert _("Waiting for verification") not in home(cast.head)


def test_home_of_the_officer_has_no_hours_of_its_own(cast: Cast) -> None:
    page = home(cast.officer)
    assert 'id="hours"' not in page
    assert f'"{reverse("my_hours")}"' not in page


def test_home_leads_each_overseer_to_the_hours_of_their_people(cast: Cast) -> None:
    school, district = (
        reverse("staff_hours", args=[cast.school.pk]),
        reverse("district_hours", args=[cast.district.pk]),
    )
    expected = {
        school: {"deputy", "second_deputy", "director", "clerk", "head", "other_head"},
        district: {"officer"},
        reverse("country_hours"): {"institute", "administrator"},
    }
    pages = {name: home(user) for name, user in cast.people.items() if user}
    for address, people in expected.items():
        button = re.compile(rf'<a class="btn [^"]*"\s+href="{address}"')
        assert {name for name, page in pages.items() if button.search(page)} == people
