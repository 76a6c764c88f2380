"""Internships: the plan, its programme and the information on it, at a university and at a college."""

import datetime as dt
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import HoursPolicy
from cpd.dates import school_year_of, today
from plans.content import content_of
from plans.forms import header_form
from plans.lecturers.internships import due_of
from plans.lecturers.reminders import owed
from plans.lecturers.rules import Caution, cautions
from plans.models import InternshipPlan
from plans.pdf import plan_pdf
from schools import approval, notices
from schools.approval import Refused
from schools.choices import Action, DocumentKind, NoticeKind, Role
from schools.models import DocumentVersion, Meeting, User
from tests import factories
from tests.campus import Campus
from tests.factories import fresh
from tests.papers import read
from tests.plans.internships_told import (
    handed_in,
    in_force,
    information,
    internship,
    internship_row,
    programme,
    saved,
)

YESTERDAY = dt.timedelta(days=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(user: User, name: str, *args: Any, **typed: Any) -> Any:
    return signed_in(user).post(reverse(name, args=args), {"once": uuid4(), **typed})


def moved(user: User, paper: Any, action: Action) -> int:
    return sent(user, "plan_move", paper.pk, action, seen=paper.revision).status_code


def of(plan: InternshipPlan) -> list[str]:
    return cautions(content_of(plan), (plan.institution.title_ky, plan.institution.title_ru))


def paper_text(paper: Any) -> str:
    return read(plan_pdf(fresh(paper), fresh(paper).current_version)).text


# The plan ------------------------------------------------------------------------------------------------------------


def test_the_head_of_the_department_approves_the_plan_at_a_meeting_with_minutes(campus: Campus) -> None:
    plan = handed_in(internship(campus.lecturer))
    assert (plan.state, plan.awaiting_role) == ("submitted", Role.ASSOCIATION_HEAD)
    typed = {
        "minutes_number": "8",
        "held_on": today(),
        "present": [campus.head.person_id, campus.lecturer.person_id],
        f"plan{plan.pk}-seen": plan.revision,
        f"plan{plan.pk}-verdict": "consider",
    }
    assert sent(campus.head, "meeting_new", campus.department.pk, **typed).status_code == 302
    plan = fresh(plan)
    assert plan.state == "approved"
    [decision] = [one for one in factories.decisions_of(plan) if one.action == Action.APPROVE]
    assert decision.meeting == Meeting.objects.get(minutes_number="8")
    text = paper_text(plan)
    assert "Стажировканын планы" in text
    assert "№ 8" in text
    assert campus.head.person.short_name in text


def test_without_minutes_the_head_approves_nothing(campus: Campus) -> None:
    plan = handed_in(internship(campus.lecturer))
    moved(campus.head, plan, Action.APPROVE)
    assert fresh(plan).state == "submitted"


def test_the_director_of_a_college_approves_the_plan(campus: Campus) -> None:
    plan = handed_in(internship(campus.college_lecturer))
    assert plan.awaiting_role == Role.DIRECTOR
    assert moved(campus.college_director, plan, Action.APPROVE) == 302
    assert fresh(plan).state == "approved"


@pytest.mark.parametrize("lacking", ["direction", "host_text"])
def test_a_plan_without_direction_or_host_is_not_complete(campus: Campus, lacking: str) -> None:
    plan = internship(campus.lecturer, **{lacking: ""})
    with pytest.raises(Refused):
        handed_in(plan)


def test_a_plan_without_rows_is_not_complete(campus: Campus) -> None:
    with pytest.raises(Refused):
        handed_in(internship(campus.lecturer, rows=[]))


# Cautions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "hours", "found"),
    [
        (14, 60, []),  # E41: the days are enough by themselves
        (12, 72, []),  # E42: the hours are
        (13, 71, [Caution.TOO_SHORT]),
    ],
)
def test_hours_or_days_of_the_norm_are_enough(campus: Campus, days: int, hours: int, found: list[str]) -> None:
    plan = internship(campus.lecturer, days=days, rows=[internship_row(hours=Decimal(hours))])
    assert of(plan) == found


def test_a_college_has_no_least_days(campus: Campus) -> None:
    rows = [internship_row(hours=Decimal(71))]
    assert of(internship(campus.college_lecturer, days=60, rows=rows)) == [Caution.TOO_SHORT]


def test_where_no_rule_says_nothing_is_too_short(campus: Campus) -> None:
    HoursPolicy.objects.update(internship_min_hours=None, internship_min_days=None)
    assert of(internship(campus.lecturer, days=1, rows=[internship_row(hours=Decimal(1))])) == []


def test_one_s_own_institution_is_cautioned_about_and_keeps_nothing_back(campus: Campus) -> None:
    plan = internship(campus.lecturer, host_text="Ала-Тоо  мамлекеттик университети")
    assert of(plan) == [Caution.OWN_ORGANISATION]
    assert handed_in(plan).state == "submitted"


def test_a_college_s_plan_asks_for_no_agreement_of_the_host(campus: Campus) -> None:
    plan = internship(campus.college_lecturer, host_agreed_on=None)
    assert of(plan) == []
    assert "host_agreed_on" not in header_form(plan).fields


def test_an_empty_draft_is_not_scolded(campus: Campus) -> None:
    assert of(internship(campus.lecturer, days=1, rows=[])) == []


def test_a_host_that_did_not_agree_yet_is_cautioned_about(campus: Campus) -> None:
    plan = internship(campus.lecturer, host_agreed_on=None)
    assert of(plan) == [Caution.HOST_NOT_AGREED]
    assert in_force(plan).state == "approved"


@pytest.mark.parametrize("name", ["plan", "plan_edit"])
def test_cautions_stand_on_the_page_while_one_writes_and_reads(campus: Campus, name: str) -> None:
    plan = internship(campus.lecturer, days=3, rows=[internship_row(hours=Decimal(8))])
    answer = signed_in(campus.lecturer).get(reverse(name, args=[plan.pk]))
    assert len(answer.context["cautions"]) == 1


def test_what_is_too_short_is_told_with_its_numbers_and_those_of_the_norm(campus: Campus) -> None:
    HoursPolicy.objects.update(internship_min_hours=64, internship_min_days=9)
    plan = internship(campus.lecturer, days=3, rows=[internship_row(hours=Decimal("8.5"))])
    [told] = signed_in(campus.lecturer).get(plan.get_absolute_url()).context["cautions"]
    for number in ("8,5", "3", "64", "9"):
        assert number in told
    HoursPolicy.objects.update(internship_min_days=None)
    [told] = signed_in(campus.lecturer).get(plan.get_absolute_url()).context["cautions"]
    assert "64" in told
    assert "3" not in told


def test_one_s_own_institution_is_known_by_its_russian_title_too(campus: Campus) -> None:
    campus.university.title_ru = "Государственный университет Ала-Тоо"
    campus.university.save()
    plan = internship(campus.lecturer, host_text="государственный  университет ала-тоо, лаборатория")
    assert of(plan) == [Caution.OWN_ORGANISATION]


def test_a_meeting_has_the_blanks_and_the_cautions_of_a_plan_with_rows_before_it(campus: Campus) -> None:
    plan = handed_in(internship(campus.lecturer, host_text=campus.university.title_ky))
    page = signed_in(campus.head).get(reverse("meeting_new", args=[campus.department.pk])).content.decode()
    assert plan.direction in page
    assert plan.host_head in page
    assert "Үлгүлөрдү изилдөө" in page
    told = signed_in(campus.head).get(plan.get_absolute_url()).context["cautions"]
    assert len(told) == 1
    assert told[0] in unescape(page)


def test_the_page_tells_the_sum_of_the_hours(campus: Campus) -> None:
    plan = internship(campus.lecturer, rows=[internship_row(hours=Decimal("40.5")), internship_row(hours=Decimal(32))])
    answer = signed_in(campus.lecturer).get(reverse("plan", args=[plan.pk]))
    assert "72,5" in answer.content.decode()


def test_only_a_university_s_rows_say_of_which_kind_the_work_is(campus: Campus) -> None:
    plans = [internship(campus.lecturer), internship(campus.college_lecturer)]
    pages = [signed_in(plan.author.user).get(reverse("plan_edit", args=[plan.pk])).content.decode() for plan in plans]
    assert ["rows-0-activity_kind" in page for page in pages] == [True, False]


# Papers --------------------------------------------------------------------------------------------------------------


def test_the_plan_of_a_university_prints_as_f25(campus: Campus) -> None:
    text = paper_text(handed_in(internship(campus.lecturer)))
    for said in ("Улуттук лаборатория", "Жээнбаева А. К.", "Үлгүлөрдү изилдөө", "Кафедра башчысы", "72"):
        assert said in text


def test_the_least_hours_on_f27_are_those_of_the_rule_when_it_was_handed_in(campus: Campus) -> None:
    plan = handed_in(internship(campus.college_lecturer))
    HoursPolicy.objects.update(internship_min_hours=100)
    text = paper_text(plan)
    assert "72 саат (72" in text
    assert "100" not in text


def test_f27_says_nothing_of_least_hours_where_no_rule_does(campus: Campus) -> None:
    HoursPolicy.objects.update(internship_min_hours=None)
    assert "72 саат (" not in paper_text(handed_in(internship(campus.college_lecturer)))


def test_the_programme_prints_host_plan_and_days_of_the_plan_in_force(campus: Campus) -> None:
    paper = in_force(programme(in_force(internship(campus.lecturer))))
    text = paper_text(paper)
    for said in ("Стажировканын программасы", "5-тиркеме", "Улуттук лаборатория", "Үлгүлөрдү изилдөө"):
        assert said in text
    assert campus.head.person.short_name in text
    assert campus.vice_rector.person.short_name in text


def test_the_information_prints_hours_and_both_who_sign(campus: Campus) -> None:
    text = paper_text(handed_in(information(in_force(internship(campus.lecturer)))))
    for said in ("6-тиркеме", "72 саат", "Асанова Б. К.", "Жээнбаева А. К.", "Молекулярдык биология"):
        assert said in text


# The programme -------------------------------------------------------------------------------------------------------


def test_the_head_agrees_with_the_programme_and_the_vice_rector_approves_it(campus: Campus) -> None:
    paper = handed_in(programme(in_force(internship(campus.lecturer))))
    assert paper.awaiting_role == Role.ASSOCIATION_HEAD
    assert moved(campus.head, paper, Action.AGREE) == 302
    paper = fresh(paper)
    assert (paper.state, paper.awaiting_role) == ("agreed", Role.DEPUTY_DIRECTOR)
    assert moved(campus.vice_rector, paper, Action.APPROVE) == 302
    assert fresh(paper).state == "approved"


def test_the_programme_is_begun_from_the_plan_s_page_and_only_once(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer))
    kind = DocumentKind.INTERNSHIP_PROGRAMME
    client, address = signed_in(campus.lecturer), reverse("plan_start", args=[kind])
    page = client.get(plan.get_absolute_url()).content.decode()
    assert f"{address}?internship={plan.pk}" in page
    assert sent(campus.lecturer, "plan_start", kind, internship=plan.pk).status_code == 302
    paper = fresh(plan).programme
    assert (paper.starts_on, paper.ends_on, paper.association) == (plan.starts_on, plan.ends_on, campus.department)
    assert f"{address}?internship={plan.pk}" not in client.get(plan.get_absolute_url()).content.decode()
    assert sent(campus.lecturer, "plan_start", kind, internship=plan.pk).status_code == 200


def test_a_changed_plan_is_a_change_of_its_programme(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer))
    paper = in_force(programme(plan))
    approval.perform(paper, Action.AMEND, by=campus.lecturer, seen=paper.revision)
    with pytest.raises(Refused):
        handed_in(fresh(paper))
    approval.perform(plan, Action.AMEND, by=campus.lecturer, seen=plan.revision)
    rows = [internship_row(work="Талаа практикасы")]
    in_force(saved(fresh(plan), {"change_note": "Такталды"}, rows))
    assert "Талаа практикасы" in paper_text(handed_in(fresh(paper)))


def test_of_a_plan_that_is_not_in_force_or_somebody_else_s_nothing_is_begun(campus: Campus) -> None:
    draft, others = internship(campus.lecturer), in_force(internship(campus.other_lecturer))
    for plan in (draft, others):
        sent(campus.lecturer, "plan_start", DocumentKind.INTERNSHIP_PROGRAMME, internship=plan.pk)
        assert not hasattr(fresh(plan), "programme")


def test_what_follows_the_plan_is_not_offered_at_a_college(campus: Campus) -> None:
    plan = in_force(internship(campus.college_lecturer))
    page = signed_in(campus.college_lecturer).get(plan.get_absolute_url())
    assert page.context["following"] == []
    assert "?internship=" not in page.content.decode()


# The information -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        (dt.date(2024, 5, 10), dt.date(2024, 5, 25)),
        (dt.date(2024, 12, 20), dt.date(2025, 1, 4)),
    ],
)
def test_the_information_is_due_some_calendar_days_after_the_end(
    campus: Campus, ended: dt.date, due: dt.date
) -> None:  # E49
    assert due_of(internship(campus.lecturer, ends_on=ended)) == due


def test_where_no_rule_says_by_when_nothing_is_due(campus: Campus) -> None:
    HoursPolicy.objects.update(information_days=None)
    assert due_of(internship(campus.lecturer)) is None


def test_the_information_is_begun_on_the_last_day_and_not_before(campus: Campus) -> None:
    over, goes_on = (
        in_force(internship(campus.lecturer, ends_on=today())),
        in_force(internship(campus.lecturer, ends_on=today() + YESTERDAY)),
    )
    for plan in (over, goes_on):
        sent(campus.lecturer, "plan_start", DocumentKind.INTERNSHIP_INFORMATION, internship=plan.pk)
    assert hasattr(fresh(over), "information")
    assert not hasattr(fresh(goes_on), "information")


def test_the_quality_department_receives_the_information(campus: Campus) -> None:
    paper = handed_in(information(in_force(internship(campus.lecturer))))
    assert paper.awaiting_role == Role.QUALITY_OFFICER
    assert moved(campus.quality, paper, Action.APPROVE) == 302
    assert fresh(paper).state == "approved"


def test_hours_are_asked_for_before_it_is_handed_in(campus: Campus) -> None:
    with pytest.raises(Refused):
        handed_in(information(in_force(internship(campus.lecturer)), hours_done=None))


# What is owed --------------------------------------------------------------------------------------------------------


def told_of(campus: Campus, on: dt.date) -> list[tuple[int, str, str]]:
    return [(one.person, one.kind, one.key) for one in owed(campus.district, on)]


def test_the_lecturer_is_reminded_after_the_end_and_once_more_when_it_is_late(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer, ends_on=today()))
    due = due_of(plan)
    assert due
    person = campus.lecturer.person_id
    assert told_of(campus, today()) == []
    for day in (today() + YESTERDAY, due):
        assert told_of(campus, day) == [(person, NoticeKind.DUE, f"internship_due-{plan.pk}")]
    assert told_of(campus, due + YESTERDAY) == [(person, NoticeKind.DUE, f"internship_late-{plan.pk}")]
    assert told_of(campus, due + dt.timedelta(days=60)) == []  # long ago


def test_what_was_handed_in_reminds_of_nothing_and_what_was_returned_does(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer))
    paper = handed_in(information(plan))
    assert told_of(campus, today()) == []
    approval.perform(paper, Action.RETURN, by=campus.quality, seen=paper.revision, reason="Сааты туура эмес.")
    assert told_of(campus, today()) == [(campus.lecturer.person_id, NoticeKind.DUE, f"internship_due-{plan.pk}")]


def test_nobody_is_reminded_where_no_rule_says_by_when_or_of_a_college(campus: Campus) -> None:
    in_force(internship(campus.college_lecturer))
    assert told_of(campus, today()) == []
    in_force(internship(campus.lecturer))
    HoursPolicy.objects.update(information_days=None)
    assert told_of(campus, today()) == []


def test_the_reminder_is_a_sentence_with_the_day(campus: Campus) -> None:
    in_force(internship(campus.lecturer))
    notices.collect_days(today())
    page = signed_in(campus.lecturer).get(reverse("notices")).content.decode()
    assert "Стажировка өткөндүгү тууралуу маалыматты тапшыруунун акыркы күнү" in page


def list_of(user: User, campus: Campus, **asked: Any) -> Any:
    return signed_in(user).get(reverse("internships", args=[campus.university.pk]), asked)


def lines(answer: Any) -> list[tuple[int, str, bool]]:
    return [(plan.pk, one.told, is_late) for one, plan, is_late in answer.context["lines"]]


def ended_long_ago(user: User) -> InternshipPlan:
    return in_force(internship(user, ends_on=today() - dt.timedelta(days=40)))


def test_the_list_tells_what_is_owed_handed_in_received_and_late(campus: Campus) -> None:
    late, lacking = ended_long_ago(campus.lecturer), in_force(internship(campus.colleague))
    waits, received = in_force(internship(campus.other_lecturer)), in_force(internship(campus.strange_lecturer))
    handed_in(information(waits))
    in_force(information(received))
    in_force(internship(campus.college_lecturer))
    internship(campus.head)
    found = lines(list_of(campus.quality, campus))
    assert sorted(found) == [
        (late.pk, "owed", True),
        (lacking.pk, "owed", False),
        (waits.pk, "handed_in", False),
        (received.pk, "received", False),
    ]
    assert lines(list_of(campus.quality, campus, told="late")) == [(late.pk, "owed", True)]
    assert lines(list_of(campus.quality, campus, told="received")) == [(received.pk, "received", False)]
    year = school_year_of(today())
    assert lines(list_of(campus.quality, campus, school_year=year - 1)) == lines(list_of(campus.quality, campus))
    assert list_of(campus.quality, campus, told="?").status_code == 200


@pytest.mark.parametrize(("days", "is_late"), [(15, False), (16, True)])
def test_late_is_what_is_handed_in_from_the_next_day_on(campus: Campus, days: int, is_late: bool) -> None:
    plan = in_force(internship(campus.lecturer, ends_on=today() - dt.timedelta(days=days)))
    paper = handed_in(information(plan))
    assert lines(list_of(campus.quality, campus)) == [(plan.pk, "handed_in", is_late)]
    assert ("Кечикти" in paper_text(paper)) == is_late


def test_what_was_received_in_time_stays_so_when_it_is_changed_later(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer, ends_on=today() - dt.timedelta(days=20)))
    paper = in_force(information(plan))
    on_time = timezone.now() - dt.timedelta(days=10)
    QuerySet(DocumentVersion).filter(document=paper).update(made_at=on_time)
    approval.perform(paper, Action.AMEND, by=campus.lecturer, seen=paper.revision)
    in_force(saved(fresh(paper), {"hours_done": Decimal(80), "change_note": "Такталды"}))
    assert lines(list_of(campus.quality, campus)) == [(plan.pk, "received", False)]


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (("quality", "vice_rector", "rector", "hr"), 200),
        (("head", "dean", "officer"), 403),
        (("lecturer", "college_director", "school_deputy"), 404),
    ],
)
def test_who_reads_the_list(campus: Campus, names: tuple[str, ...], status: int) -> None:
    assert {name: list_of(campus.people[name], campus).status_code for name in names} == dict.fromkeys(names, status)


def test_a_college_has_no_such_list(campus: Campus) -> None:
    address = reverse("internships", args=[campus.college.pk])
    assert signed_in(campus.college_director).get(address).status_code == 404


# Who sees what, and the record ---------------------------------------------------------------------------------------


def test_a_draft_is_its_author_s_alone(campus: Campus) -> None:
    plan = internship(campus.lecturer)
    for name in ("head", "dean", "quality", "vice_rector", "colleague", "hr"):
        assert signed_in(campus.people[name]).get(plan.get_absolute_url()).status_code == 404, name
    handed_in(plan)
    seen = {
        name: signed_in(campus.people[name]).get(plan.get_absolute_url()).status_code
        for name in ("head", "dean", "quality", "vice_rector", "hr", "colleague", "other_head", "strange_dean")
    }
    assert [name for name, status in seen.items() if status == 200] == ["head", "dean", "quality", "vice_rector", "hr"]


def test_the_record_of_the_internship_begins_with_what_the_plan_says(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer))
    in_force(information(plan, hours_done=Decimal("70.5")))
    initial = signed_in(campus.lecturer).get(reverse("internship_record", args=[plan.pk])).context["form"].initial
    assert (initial["kind"], initial["hours_text"], initial["title"]) == ("internship", "70,5", plan.direction)
    typed = {**initial, "date_text": initial["date_text"], "then": "save"}
    sent(campus.lecturer, "internship_record", plan.pk, **typed)
    record = campus.lecturer.person.records.get()
    assert (record.starts_on, record.ends_on, record.kind) == (plan.starts_on, plan.ends_on, "internship")
    assert signed_in(campus.lecturer).get(reverse("internship_record", args=[plan.pk])).status_code == 302


def test_nobody_else_enters_it_and_nobody_before_the_end(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer, ends_on=today() + YESTERDAY))
    address = reverse("internship_record", args=[plan.pk])
    assert signed_in(campus.lecturer).get(address).status_code == 302
    assert signed_in(campus.head).get(address).status_code == 403
    assert signed_in(campus.colleague).get(address).status_code == 404


def test_the_days_are_mended_until_the_plan_is_in_force(campus: Campus) -> None:
    plan = internship(campus.lecturer)
    assert "starts_on" in header_form(plan).fields
    assert "starts_on" not in header_form(in_force(plan)).fields


def typed_days(plan: InternshipPlan, first: dt.date, last: dt.date, **typed: Any) -> dict[str, Any]:
    """The form of a plan with one row, as the page sends it."""
    return {
        "seen": plan.revision,
        "once": uuid4(),
        "direction": "Башка багыт",
        "host_text": plan.host_text,
        "starts_on": first.isoformat(),
        "ends_on": last.isoformat(),
        "rows-TOTAL_FORMS": 1,
        "rows-INITIAL_FORMS": 0,
        "rows-0-uid": uuid4(),
        "rows-0-work": "Жаңы иш",
        "then": "read",
    } | typed


def test_a_first_day_behind_the_last_is_told_and_nothing_typed_is_lost(campus: Campus) -> None:
    plan = internship(campus.lecturer)
    address, client = reverse("plan_edit", args=[plan.pk]), signed_in(campus.lecturer)
    typed = typed_days(plan, plan.ends_on + YESTERDAY, plan.ends_on)
    answer = client.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["header"].errors.keys() == {"ends_on"}
    for text in ("Башка багыт", "Жаңы иш", (plan.ends_on + YESTERDAY).isoformat()):
        assert text in page
    by_itself = client.post(address, typed | {"once": uuid4()}, headers={"accept": "application/json"})
    assert by_itself.status_code == 422
    assert by_itself.json()["errors"].keys() == {"id_ends_on"}
    assert fresh(plan).starts_on == plan.starts_on


def test_an_unreadable_first_day_with_an_earlier_last_one_is_told(campus: Campus) -> None:
    plan = internship(campus.lecturer)
    typed = typed_days(plan, plan.starts_on, plan.starts_on - YESTERDAY, starts_on="эртең")
    answer = signed_in(campus.lecturer).post(reverse("plan_edit", args=[plan.pk]), typed)
    assert answer.status_code == 422
    assert answer.context["header"].errors.keys() == {"starts_on"}


def test_a_header_too_long_is_told_by_the_server_and_not_cut_by_the_browser(campus: Campus) -> None:
    plan = internship(campus.lecturer)
    address, client = reverse("plan_edit", args=[plan.pk]), signed_in(campus.lecturer)
    assert "maxlength" not in client.get(address).content.decode()
    answer = client.post(address, typed_days(plan, plan.starts_on, plan.ends_on, host_text="м" * 201))
    assert answer.context["header"].errors.keys() == {"host_text"}
    assert "м" * 201 in answer.content.decode()


@pytest.mark.parametrize(("days_over", "is_late"), [(1, False), (60, True)])
def test_the_page_of_the_plan_says_that_the_information_is_late(campus: Campus, days_over: int, is_late: bool) -> None:
    plan = in_force(internship(campus.lecturer, ends_on=today() - dt.timedelta(days=days_over)))
    answer = signed_in(campus.lecturer).get(plan.get_absolute_url())
    assert [one.is_late for one in answer.context["following"]] == [False, is_late]
    assert ("text-bg-danger" in answer.content.decode()) is is_late


def test_the_days_stand_as_one_span_on_the_papers(campus: Campus) -> None:
    plan = in_force(internship(campus.lecturer, ends_on=dt.date(2026, 3, 16)))
    assert "3–16-март 2026-ж." in " ".join(paper_text(in_force(information(plan))).split())
    assert "3–16-март 2026-ж." in " ".join(paper_text(in_force(programme(plan))).split())
