"""What single addresses need to be asked for in ``test_permissions``: the numbers in them, and what their forms send.

A function prepares one or more addresses: it gets the cast and the state the row names, and answers with both.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from allauth.usersessions.models import UserSession

from courses import feeds
from courses.importing.applying import apply_import
from courses.models import CalendarPeriod, Offering, Seat
from courses.offerings.actions import cancel_offering
from cpd.dates import school_year_of, today
from cpd.models import PendingImport
from plans.choices import NeedOrigin, PaperKind
from plans.mentoring.question_sets import mark_of, new_set
from plans.models import ProfessionalStandard, QuestionSet, TopicAlias
from plans.needs.actions import pass_on, withdraw
from plans.needs.topics import merge_topics
from plans.orders.totals import totals
from plans.school_papers.actions import draw_up_order, extract_of
from schools import approval
from schools.choices import Action, DocumentKind, EndReason, Work
from schools.delegations import hand_over
from schools.invitations import make_invitations, token_of
from schools.kinds import WAYS
from schools.mail_addresses import link_for
from schools.mentoring import standing
from schools.merging import merge_people
from schools.models import (
    ConsentText,
    Document,
    Employment,
    Leave,
    Meeting,
    Mentorship,
    Notice,
    Person,
    RoleAssignment,
)
from schools.staffing import end_employment
from schools.transfers import propose_transfer
from tests import factories
from tests.conftest import Cast
from tests.courses.importing import rows as import_rows
from tests.plans import needs_told
from tests.plans.departments_told import department_plan, filled, moved, perspective_plan, planned, submitted
from tests.plans.internships_told import in_force, internship

Asked = tuple[dict[str, Any], dict[str, Any]]  # what stands in the address, and what is posted
Prepare = Callable[[Cast, str], Asked]
PREPARED: dict[str, Prepare] = {}


def asks(*names: str) -> Callable[[Prepare], Prepare]:
    """This function prepares the addresses of these names."""

    def known(prepare: Prepare) -> Prepare:
        PREPARED.update(dict.fromkeys(names, prepare))
        return prepare

    return known


@asks("paper_check")
def a_mark(cast: Cast, state: str) -> Asked:
    """What stands in the square on the approved plan of the teacher."""
    return {"mark": factories.approved(cast.plan).in_force.mark}, {}


@asks("referral")
def a_place(cast: Cast, state: str) -> Asked:
    """A place in a course, given to the teacher."""
    offering = factories.OfferingFactory(district=cast.district, entered_by=cast.officer.person)
    job = factories.job_of(cast.teacher)
    return {"pk": factories.SeatFactory(offering=offering, employment=job, given_by=cast.officer.person).pk}, {}


@asks("school_import", "district_import")
def a_place_to_import_for(cast: Cast, state: str) -> Asked:
    """School A, or the district of A and B."""
    return {"pk": cast.district.pk if state == "district's" else cast.school.pk}, {}


@asks("workbook_import", "import_apply", "import_undo", "import_report")
def an_import(cast: Cast, state: str) -> Asked:
    """Of school A, or of the district of A and B; with one new person, read or applied."""
    place, by = (cast.district, cast.officer) if state == "district's" else (cast.school, cast.deputy)
    workbook = import_rows.imported(place, by, import_rows.staff_row(2, import_rows.here(cast.school)))
    if state == "applied":
        apply_import(workbook, by=by)
    return {"pk": workbook.pk}, {}


@asks("calendar_file")
def a_calendar(cast: Cast, state: str) -> Asked:
    """The teacher's calendar, at its secret address."""
    return {"token": feeds.make_feed(by=cast.teacher)}, {}


@asks(
    "district_schedules",
    "district_schedules_xlsx",
    "district_schedules_paper",
    "schedule_deadline",
    "schedule_remind",
    "schedules_accept",
)
def a_desk(cast: Cast, state: str) -> Asked:
    """The desk of the first district, for the next school year; school A has sent its schedule in the state "sent"."""
    posted: dict[str, Any] = {"year": factories.next_school_year(), "due_on": today()}
    if state == "sent":
        schedule = factories.school_schedule(cast.school, by=cast.deputy)
        factories.sent(schedule, by=cast.deputy)
        schedule.refresh_from_db()
        posted["schedule"] = f"{schedule.pk}:{schedule.revision}"
    return {"pk": cast.district.pk}, posted


@asks("school_calendar", "period_new", "limit_new")
def a_school_s_calendar(cast: Cast, state: str) -> Asked:
    """The calendar of school A, with what each of its forms may send."""
    posted = {
        "period-kind": "exams",
        "period-starts_on": today(),
        "period-ends_on": today(),
        "limit-percent": 20,
        "limit-starts_on": today(),
    }
    return {"pk": cast.school.pk}, posted


@asks(
    "document_register",
    "document_register_xlsx",
    "document_register_paper",
    "document_register_enter",
)
def a_register(cast: Cast, state: str) -> Asked:
    """The register of A, which is of the kind the row names; a document of the teacher's is in it."""
    cast.school.kind = state or "university"
    cast.school.save()
    record = factories.training_record(cast.teacher)
    return {"pk": cast.school.pk}, {"record": f"{record.pk}:0", "day": f"{today():%d.%m.%Y}"}


@asks("internships")
def a_list_of_internships(cast: Cast, state: str) -> Asked:
    """Of A, which is of the kind the row names."""
    an_internship_that_is_over(cast, state)
    return {"pk": cast.school.pk}, {}


@asks("internship_record")
def an_internship_that_is_over(cast: Cast, state: str) -> Asked:
    """Of the teacher at A, which is of the kind the row names: its plan is in force, and nothing was told of it."""
    cast.school.kind = state or "university"
    cast.school.save()
    plan = in_force(internship(cast.teacher))
    typed = {"title": plan.direction, "date_text": "2021", "provider_text": plan.host_text, "kind": "internship"}
    return {"pk": plan.pk}, typed


@asks("result_new")
def a_course_with_results(cast: Cast, state: str) -> Asked:
    """A course of the teacher at A, which is of the kind the row names."""
    cast.school.kind = state or "university"
    cast.school.save()
    return {"pk": factories.training_record(cast.teacher).pk}, {"kind": "manual", "title": "Усулдук колдонмо"}


@asks("result_remove")
def a_result(cast: Cast, state: str) -> Asked:
    """Of such a course."""
    numbers, _posted = a_course_with_results(cast, state)
    return numbers | {"uid": factories.result(cast.teacher.person.records.get(**numbers)).uid}, {}


@asks("perspective_plans", "perspective_plans_xlsx")
def the_plans_of_all_departments(cast: Cast, state: str) -> Asked:
    """Of A, which is of the kind the row names; where its associations plan for their members, one is in force."""
    cast.school.kind = state or "university"
    cast.school.save()
    if WAYS[cast.school.kind].uses(DocumentKind.PERSPECTIVE_PLAN):
        in_force_at_a(filled(perspective_plan(cast.head, cast.association)), cast)
    return {"pk": cast.school.pk}, {}


@asks("item_replace")
def a_row_of_a_department_s_plan(cast: Cast, state: str) -> Asked:
    """Of the plan of the teacher's association at A, a university here; the row is the teacher's."""
    cast.school.kind = "university"
    cast.school.save()
    plan = planned(department_plan(cast.head, cast.association), cast.teacher)
    numbers = {"pk": plan.pk, "uid": plan.rows.get().uid}
    if state == "approved":
        in_force_at_a(plan, cast)
    return numbers, {"seen": 0, "person": cast.peer.person_id, "reason": "Ооруп калды"}


def in_force_at_a(plan: Any, cast: Cast) -> None:
    """Handed in by the head; A has neither dean nor quality department, so that its deputy directors decide."""
    plan = submitted(plan, cast.head)
    for step, by in zip(plan.current_version.route, (cast.deputy, cast.second_deputy), strict=False):
        plan = moved(plan, Action(step["action"]), by)


@asks("district_calendar", "district_period_new")
def a_district_s_calendar(cast: Cast, state: str) -> Asked:
    """The calendar of the district of A and B."""
    return {"pk": cast.district.pk}, a_school_s_calendar(cast, state)[1]


@asks("period_remove")
def a_period(cast: Cast, state: str) -> Asked:
    """Exam days of school A, or, in the state "country", of everybody."""
    place = {"institution": cast.school} if state == "own" else {}
    day = {"starts_on": today(), "ends_on": today()}
    return {"pk": CalendarPeriod.objects.create(kind="exams", **day, **place).pk}, {}


@asks("mentors", "mentor_new")
def a_young_specialist(cast: Cast, state: str) -> Asked:
    """The peer at school A, whose mentor is to be the teacher."""
    Employment.objects.filter(person=cast.peer.person).update(is_young_specialist=True)
    pair = {"mentor": cast.teacher.person_id, "mentee": cast.peer.person_id}
    order = {"order_number": "14-б", "ordered_on": today(), "starts_on": today()}
    return {"pk": cast.school.pk}, pair | order


@asks("mentorship_change", "mentorship_end", "mentor_order_paper")
def a_mentorship(cast: Cast, state: str) -> Asked:
    """The teacher guides the head of the association."""
    pair = {"mentor": cast.teacher.person, "mentee": cast.head.person}
    order = {"order_number": "14-б", "ordered_on": today(), "starts_on": today()}
    made = Mentorship.objects.create(institution=cast.school, **pair, **order)
    return {"pk": made.pk}, order | {"ends_on": today(), "seen": standing(made)}


@asks("schedule_start")
def an_office(cast: Cast, state: str) -> Asked:
    """School A, or the teacher's association, without a schedule for the next school year."""
    office = {"institution": cast.school.pk} if state == "school's" else {"association": cast.association.pk}
    return {}, office | {"year": factories.next_school_year()}


@asks("schedule", "schedule_edit", "schedule_missing", "schedule_row_new", "schedule_move")
def a_schedule(cast: Cast, state: str) -> Asked:
    """See ``a_row_of_a_schedule``; what is typed is a course for the teacher."""
    numbers, posted = a_row_of_a_schedule(cast, state)
    return {"pk": numbers["pk"]}, posted | {"seen": Document.objects.get(pk=numbers["pk"]).revision}


@asks("schedule_version")
def a_version(cast: Cast, state: str) -> Asked:
    return a_schedule(cast, state)


@asks("schedule_row", "schedule_row_remove")
def a_row_of_a_schedule(cast: Cast, state: str) -> Asked:
    """The teacher's row in a schedule in the state named.

    Handed over and taken: the association's, as is one without a state. Draft, closed, sent, received and changed
    (received, and opened again): school A's.
    """
    typed = {"employment": factories.job_of(cast.teacher).pk, "title": "Жаңы курс"}
    if state in ("", "association's", "handed over", "taken"):
        part = factories.association_schedule(cast.association, by=cast.head)
        row = factories.schedule_row(part, cast.teacher)
        if state in ("handed over", "taken"):
            part = factories.handed_over(part, by=cast.head)
        if state == "taken":
            factories.taken(part, by=cast.deputy)
        return {"pk": part.pk, "uid": row.uid}, typed | {"seen": row.revision}
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    days = {"starts_on": schedule.starts_on, "ends_on": schedule.starts_on}
    row = factories.schedule_row(schedule, cast.teacher, **days)
    if state == "closed":
        factories.closed(schedule, by=cast.deputy)
    if state in ("sent", "received", "changed"):
        factories.closed_and_sent(schedule, by=cast.deputy)
    if state in ("received", "changed"):
        factories.received(schedule, by=cast.officer)
    if state == "changed":
        opened = Document.objects.get(pk=schedule.pk)
        approval.perform(opened, Action.AMEND, by=cast.deputy, seen=opened.revision)
    return {"pk": schedule.pk, "uid": row.uid}, typed | {"seen": row.revision}


@asks("schedule_part")
def a_part(cast: Cast, state: str) -> Asked:
    """The association's schedule, handed over by its head, asked for at its own page."""
    part = factories.association_schedule(cast.association, by=cast.head)
    factories.schedule_row(part, cast.teacher)
    part = factories.handed_over(part, by=cast.head)
    return {"pk": part.pk, "part": part.pk}, {"seen": part.revision}


@asks("schedule_weeks")
def a_school_s_weeks(cast: Cast, state: str) -> Asked:
    numbers, _posted = a_school_s_row(cast, state)
    return {"pk": numbers["pk"]}, {}


@asks("schedule_term", "schedule_check")
def a_school_s_row(cast: Cast, state: str) -> Asked:
    """The schedule of school A, in the state "sent" with the district; the teacher's row in it, and days for it."""
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    days = {"starts_on": schedule.starts_on, "ends_on": schedule.starts_on}
    row = factories.schedule_row(schedule, cast.teacher, **days)
    if state == "sent":
        factories.closed_and_sent(schedule, by=cast.deputy)
    numbers = {"pk": schedule.pk, "uid": row.uid}
    return numbers, days | {"seen": schedule.revision, "revision": row.revision}


@asks("schedule_paper", "schedule_xlsx")
def a_schedule_s_paper(cast: Cast, state: str) -> Asked:
    """School A's schedule in the state named, or, for "association's", the draft of the teacher's association."""
    if state == "association's":
        return {"pk": factories.association_schedule(cast.association, by=cast.head).pk}, {}
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    if state == "closed":
        factories.closed(schedule, by=cast.deputy)
    if state in ("sent", "received"):
        factories.sent(schedule, by=cast.deputy)
    if state == "received":
        factories.received(schedule, by=cast.officer)
    return {"pk": schedule.pk}, {}


@asks("schedule_version_paper", "schedule_version_xlsx")
def a_version_s_paper(cast: Cast, state: str) -> Asked:
    """The first version of the same."""
    return a_schedule_s_paper(cast, state)[0] | {"number": 1}, {}


@asks("book_ask")
def a_district_s_schedules(cast: Cast, state: str) -> Asked:
    """The schedules of the district of A and B as a book; A has sent its own."""
    factories.sent(factories.school_schedule(cast.school, by=cast.deputy), by=cast.deputy)
    return {"pk": cast.district.pk}, {"year": factories.next_school_year(), "form": "book"}


@asks("book", "book_state", "book_file")
def a_book(cast: Cast, state: str) -> Asked:
    """The book of the district of A and B, in the state named; one of accepted schedules only is done."""
    columns = {"state": "done", "is_accepted_only": True} if state == "accepted" else {"state": state or "done"}
    return {"token": factories.book(cast.district, by=cast.officer, **columns).token}, {}


def a_course_with_places(cast: Cast, state: str) -> tuple[Offering, Seat, Seat]:
    """A course of the district of A and B, a place for school A and one for the teacher; "over" since yesterday."""
    ended = today() - dt.timedelta(days=1)
    days = {"starts_on": ended, "ends_on": ended} if state == "over" else {}
    offering = factories.offering(cast, **days)
    to_name = factories.seat(offering, by=cast.officer, institution=cast.school, employment=None)
    return offering, to_name, factories.seat(offering, cast.teacher, by=cast.officer)


@asks("offering_queue")
def a_queue(cast: Cast, state: str) -> Asked:
    """Two places for school A, whoever stands first."""
    offering, *_seats = a_course_with_places(cast, state)
    return {"pk": offering.pk}, {"seen": 1, "school": cast.school.pk, "places": 2, "reason": "Макулдашылды."}


@asks("seat_take_back")
def a_place_to_take_back(cast: Cast, state: str) -> Asked:
    """The teacher's."""
    return {"pk": a_course_with_places(cast, state)[2].pk}, {"reason": "Оорулуу."}


@asks("seat_name")
def a_place_to_name(cast: Cast, state: str) -> Asked:
    """School A's, for another teacher of the association."""
    return {"pk": a_course_with_places(cast, state)[1].pk}, {"employment": factories.job_of(cast.peer).pk, "seen": ""}


@asks("school_places")
def a_school_s_places(cast: Cast, state: str) -> Asked:
    a_course_with_places(cast, state)
    return {"pk": cast.school.pk}, {}


@asks("attendance", "attendance_import")
def an_attendance_list(cast: Cast, state: str) -> Asked:
    """The teacher was there."""
    offering, _to_name, seat = a_course_with_places(cast, state)
    return {"pk": offering.pk}, {f"seat{seat.pk}-attended": "yes", f"seat{seat.pk}-seen": ""}


@asks("attendance_import_check")
def an_attendance_list_read(cast: Cast, state: str) -> Asked:
    """The officer has uploaded it."""
    offering, _to_name, seat = a_course_with_places(cast, state)
    row = {"row": 2, "seat": seat.pk, "attended": True, "seen": None, "number": "", "on": None}
    kept = PendingImport.objects.create(user=cast.officer, purpose="attendance", target=offering.pk, rows=[row])
    return {"pk": offering.pk, "pending": kept.pk}, {}


@asks(
    "offerings",
    "offerings_xlsx",
    "offerings_paper",
    "offering_new",
    "offering_blank",
    "offering_import",
)
def an_offer(cast: Cast, state: str) -> Asked:
    """What is offered to the district of A and B; one course more, as its form sends it."""
    offering = factories.offering(cast)
    posted = {"title": "Сынчыл ойлом", "provider": offering.provider_id, "language": "ky", "hours": "36", "places": 5}
    return {"pk": cast.district.pk}, posted | {"starts_on": today(), "ends_on": today()}


@asks("offering", "offering_edit", "offering_cancel")
def an_offered_course(cast: Cast, state: str) -> Asked:
    """A course offered to the district of A and B; in the state "cancelled" it does not take place."""
    offering = factories.offering(cast)
    if state == "cancelled":
        cancel_offering(offering=offering, by=cast.officer, seen=offering.revision, reason="Акча бөлүнгөн жок.")
        offering.refresh_from_db()
    posted = {"seen": offering.revision, "reason": "Акча бөлүнгөн жок."}
    return {"pk": offering.pk}, an_offer(cast, state)[1] | posted


@asks("offering_import_check")
def an_offer_read(cast: Cast, state: str) -> Asked:
    """The officer has uploaded a file without rows; others do not find it."""
    read = {"sheet": "1", "others": [], "unread": [], "letters": {}, "rows": []}
    kept = PendingImport.objects.create(user=cast.officer, purpose="offerings", target=cast.district.pk, rows=read)
    return {"pk": cast.district.pk, "pending": kept.pk}, {}


@asks("consent")
def a_text_on_personal_data(cast: Cast, state: str) -> Asked:
    """The text in force."""
    text, _new = ConsentText.objects.get_or_create(
        valid_from=today(), defaults={"text_ky": "Текст", "source": "Мыйзам"}
    )
    return {"pk": text.pk}, {}


@asks("school_staff", "staff_hire")
def the_staff_of_a_school(cast: Cast, state: str) -> Asked:
    """The people of school A, and one more."""
    who = {"personal_number": "11203198500123", "family_name": "Жаңыбаева", "given_name": "Асел"}
    return {"pk": cast.school.pk}, who | {"position": "мугалим", "starts_on": today(), "is_teaching": "on"}


@asks("employment", "employment_edit", "employment_end", "employment_take_back", "leave_new", "transfer_new")
def an_employment(cast: Cast, state: str) -> Asked:
    """The teacher's, with what each of its forms sends; in the state "ended" it ended yesterday."""
    job = factories.job_of(cast.teacher)
    yesterday = today() - dt.timedelta(days=1)
    if state == "ended":
        end_employment(employment=job, by=cast.deputy, last_day=yesterday, reason=EndReason.LEFT)
    posted = {"position": "мугалим", "starts_on": yesterday, "ends_on": today(), "reason": EndReason.LEFT}
    return {"pk": job.pk}, posted | {"kind": "study", "institution": cast.other_school.pk, "moves_on": today()}


@asks("employment_main")
def a_second_job(cast: Cast, state: str) -> Asked:
    """The teacher works at school B, too."""
    job = factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school, is_main=False)
    return {"pk": job.pk}, {}


@asks("leave_edit", "leave_remove")
def a_leave(cast: Cast, state: str) -> Asked:
    """The teacher is on leave from today."""
    job = factories.job_of(cast.teacher)
    leave = Leave.objects.create(employment=job, kind="study", starts_on=today(), entered_by=cast.clerk.person)
    return {"pk": leave.pk}, {"kind": "study", "starts_on": today(), "ends_on": today()}


@asks("person_edit", "name_change")
def a_person(cast: Cast, state: str) -> Asked:
    posted = {"category": "none", "family_name": "Маматова", "given_name": "Айнагүл"}
    return {"pk": cast.teacher.person_id}, posted | {"why": "changed", "since": today()}


@asks("transfer_answer", "transfer_withdraw")
def a_move(cast: Cast, state: str) -> Asked:
    """School A proposes that the teacher moves to B."""
    transfer = propose_transfer(
        employment=factories.job_of(cast.teacher),
        institution=cast.other_school,
        by=cast.deputy,
        position="мугалим",
        moves_on=today(),
    )
    return {"pk": transfer.pk}, {"confirm": "yes", "position": "мугалим"}


@asks("transfers")
def moves(cast: Cast, state: str) -> Asked:
    """All that one may see, with one among them."""
    a_move(cast, state)
    return {}, {}


@asks("school_roles", "role_new", "delegation_new")
def the_roles_of_a_school(cast: Cast, state: str) -> Asked:
    """School A, and what gives the peer a clerk's role or hands the clerk a part of the work."""
    posted = {"post": "clerk", "person": cast.peer.person_id, "taker": cast.clerk.person_id, "works": ["plans"]}
    return {"pk": cast.school.pk}, posted | {"starts_on": today(), "ends_on": today()}


@asks("school_units", "unit_new")
def the_units_of_a_school(cast: Cast, state: str) -> Asked:
    """School A, and what adds an association to it."""
    return {"pk": cast.school.pk}, {"title_ky": "Көркөм өнөр"}


@asks("unit_edit")
def a_unit(cast: Cast, state: str) -> Asked:
    return {"pk": cast.association.pk}, {"title_ky": "Табият таануу"}


@asks("role_end")
def a_role(cast: Cast, state: str) -> Asked:
    """The clerk's at school A; in the state "deputy's" that of the deputy."""
    held = RoleAssignment.objects.get(person=(cast.deputy if state else cast.clerk).person)
    return {"pk": held.pk}, {"last_day": today()}


@asks("delegation_end")
def a_delegation(cast: Cast, state: str) -> Asked:
    """The deputy has handed the clerk a part of the work."""
    [handed] = hand_over(
        institution=cast.school,
        taker=cast.clerk.person,
        works=[Work.PLANS],
        starts_on=today(),
        ends_on=today(),
        by=cast.deputy,
    )
    return {"pk": handed.pk}, {}


def entered_twice(cast: Cast) -> tuple[Person, Person]:
    """The teacher of school A, and a second record of theirs."""
    born_on = dt.date(1980, 5, 17)
    Person.objects.filter(pk=cast.teacher.person_id).update(born_on=born_on)
    teacher = Person.objects.get(pk=cast.teacher.person_id)
    names = {
        "family_name": teacher.family_name,
        "given_name": teacher.given_name,
        "fathers_name": teacher.fathers_name,
    }
    twin = factories.PersonFactory(**names, born_on=born_on)
    factories.EmploymentFactory(person=twin, institution=cast.school)
    return teacher, twin


@asks("merge_undo")
def a_merge(cast: Cast, state: str) -> Asked:
    teacher, twin = entered_twice(cast)
    return {"pk": merge_people(kept=teacher, gone=twin, reason="Эки жолу.", by=cast.deputy).pk}, {}


@asks("merge_check")
def a_second_record(cast: Cast, state: str) -> Asked:
    teacher, twin = entered_twice(cast)
    return {"pk": teacher.pk, "other": twin.pk}, {"reason": "Эки жолу."}


def told(cast: Cast) -> Notice:
    """The teacher was told of a password that was changed."""
    facts = {"what": "account", "event": "password_changed"}
    columns = {"kind": "account", "key": "journal-1", "path": "/account/", "facts": facts}
    return Notice.objects.create(person=cast.teacher.person, **columns)


@asks("notice_open")
def a_notice(cast: Cast, state: str) -> Asked:
    return {"pk": told(cast).pk}, {}


@asks("notices_read")
def notices_up_to_one(cast: Cast, state: str) -> Asked:
    return {}, {"newest": told(cast).pk}


@asks("notices", "notice_settings")
def own_notices(cast: Cast, state: str) -> Asked:
    return {}, {"kinds": ["waiting"]}


@asks("school_account", "invitation_revoke", "account_close", "account_open", "account_factor_remove")
def an_account(cast: Cast, state: str) -> Asked:
    """The teacher's account at school A, with a slip for a new password."""
    make_invitations([cast.teacher.person], by=cast.deputy, institution=cast.school)
    return {"pk": cast.school.pk, "person": cast.teacher.person_id}, {}


@asks("school_accounts", "invitation_slips", "invitations_make")
def accounts_of_a_school(cast: Cast, state: str) -> Asked:
    make_invitations([cast.teacher.person], by=cast.deputy, institution=cast.school)
    return {"pk": cast.school.pk}, {"person": cast.teacher.person_id}


@asks("district_accounts", "district_slips", "district_invitations_make")
def a_leader(cast: Cast, state: str) -> Asked:
    """The district of A and B; the director of A has a slip."""
    make_invitations([cast.director.person], by=cast.officer, institution=None)
    return {"pk": cast.district.pk}, {"person": cast.director.person_id}


@asks("invitation")
def a_slip(cast: Cast, state: str) -> Asked:
    [slip] = make_invitations([cast.teacher.person], by=cast.deputy, institution=cast.school)
    return {"token": token_of(slip)}, {"password": "Көк-Жайык-2027", "again": "Көк-Жайык-2027"}


@asks("invitation_code")
def a_code(cast: Cast, state: str) -> Asked:
    return {}, {"code": "abcde-fghjk-mnpqr-stvwx-yz0123"}


@asks("mail_confirm")
def a_letter(cast: Cast, state: str) -> Asked:
    return {"token": link_for(cast.teacher, "teacher@example.kg")}, {}


@asks("session_end")
def another_phone(cast: Cast, state: str) -> Asked:
    key = f"elsewhere-{cast.teacher.pk}"
    return {"pk": UserSession.objects.create(user=cast.teacher, ip="127.0.0.1", session_key=key).pk}, {}


@asks("mfa_remove_webauthn", "mfa_edit_webauthn")
def a_passkey(cast: Cast, state: str) -> Asked:
    return {"pk": 1}, {}


@asks("district_roles")
def a_district_s_roles(cast: Cast, state: str) -> Asked:
    """The district of schools A and B."""
    return {"pk": cast.district.pk}, {}


@asks(
    "assessment",
    "assessment_step",
    "assessment_answer",
    "assessment_result",
    "assessment_pass_on",
    "assessment_paper",
)
def a_self_assessment(cast: Cast, state: str) -> Asked:
    """The teacher's, with one need; the school knows of it in the state "passed on"."""
    sheet = factories.assessment(cast.teacher, year=school_year_of(today()) - (state == "last year's"))
    answered = factories.answer(sheet, "A1.1", level=2, has_need=True)
    if state == "passed on":
        pass_on(
            by=cast.teacher,
            employment=factories.job_of(cast.teacher),
            school_year=sheet.school_year,
            origin=NeedOrigin.SELF_ASSESSMENT,
            title=answered.competence.title_ky,
            competence=answered.competence,
        )
    return {"pk": sheet.pk}, {"level": 3, "has_need": "yes", "needs": ["A1.1"]}


@asks(
    "standard",
    "standard_edit",
    "standard_new_version",
    "standard_version",
    "standard_delete",
    "scale_level_add",
    "scale_level_remove",
)
def the_standard(cast: Cast, state: str) -> Asked:
    """The first version; nothing of its text is posted, and another one may begin today."""
    posted = {"number": "2", "source": "Буйрук", "starts_on": today(), "level-title_ky": "Жаңы деңгээл"}
    return {"pk": ProfessionalStandard.objects.get().pk}, posted


@asks("school_papers", "school_paper_new", "meetings")
def a_school_s_papers(cast: Cast, state: str) -> Asked:
    return {"pk": cast.school.pk}, {"kind": PaperKind.MEASURES_ORDER, "school_year": school_year_of(today())}


@asks("school_paper", "school_paper_edit", "school_paper_paper")
def a_school_s_paper(cast: Cast, state: str) -> Asked:
    """An order of school A, or the extract of the minutes of the association's meeting."""
    if state == "extract":
        paper = extract_of(by=cast.head, meeting=_meeting(cast))
    else:
        paper = draw_up_order(by=cast.deputy, institution=cast.school, school_year=school_year_of(today()))
    return {"pk": paper.pk}, {"seen": 1, "measure-TOTAL_FORMS": 0, "measure-INITIAL_FORMS": 0}


@asks("school_paper_delete")
def a_draft_of_the_director(cast: Cast, state: str) -> Asked:
    drawn_up = draw_up_order(by=cast.director, institution=cast.school, school_year=school_year_of(today()))
    return {"pk": drawn_up.pk}, {}


@asks("minutes_extract")
def a_meeting(cast: Cast, state: str) -> Asked:
    return {"pk": _meeting(cast).pk}, {}


def _meeting(cast: Cast) -> Meeting:
    """The one that considered the teacher's plan, which may have gone on since."""
    of_the_association = Meeting.objects.filter(association=cast.association)
    if not of_the_association.exists():
        factories.considered(cast.plan)
    return of_the_association.get()


@asks("district_needs", "training_orders", "training_order_new", "district_topics_merge")
def needs_of_a_district(cast: Cast, state: str) -> Asked:
    """Of the district of A and B, where two topics can be chosen."""
    needs_told.told(cast, needs_told.line("Баалоо", 5), needs_told.line("Критерийлер", 4), school=cast.school)
    groups = [group.text for group in totals(cast.district, needs_told.YEAR)]
    return {"pk": cast.district.pk}, {"year": needs_told.YEAR, "group": groups, "title": "Баалоо"}


@asks("district_topic_unmerge")
def a_topic_merged(cast: Cast, state: str) -> Asked:
    needs_told.told(cast, needs_told.line("Критерийлер", 4), school=cast.school)
    merge_topics(by=cast.officer, where=cast.district, texts=["Критерийлер"], title="Баалоо")
    alias = TopicAlias.objects.get(district=cast.district, text="Критерийлер")
    return {"pk": cast.district.pk, "alias": alias.pk}, {"year": needs_told.YEAR}


@asks(
    "training_order",
    "training_order_edit",
    "training_order_recount",
    "training_order_issue",
    "training_order_replace",
    "training_order_delete",
    "training_order_paper",
    "training_order_xlsx",
)
def an_order_for_training(cast: Cast, state: str) -> Asked:
    """Of the district of A and B."""
    order = needs_told.order(cast, is_issued=state == "issued")
    return {"pk": order.pk}, {"seen": order.revision, "addressee": "Борбор"}


@asks("need", "need_edit", "need_pass_on", "need_withdraw", "need_plan")
def a_need(cast: Cast, state: str) -> Asked:
    """The teacher's for the next school year, as the state says."""
    own: dict[str, Any] = {"passed_on_at": None} if state == "private" else {}
    entered = {"entered_by": cast.deputy.person} if state == "school's" else {}
    need = factories.need(cast.teacher, **own | entered)
    if state == "taken back":
        withdraw(need=need, by=factories.again(cast.teacher))
    if state == "counted":
        request = factories.needs_request(cast.school, by=cast.deputy)
        factories.signed_request(request, by=cast.deputy, director=cast.director)
    posted = {"employment": need.employment_id, "school_year": need.school_year, "origin": "own_wish"}
    return {"pk": need.pk}, posted | {"title": "Инклюзивдик билим берүү", "language": "ky"}


@asks("needs", "need_new")
def needs_of_ones_own(cast: Cast, state: str) -> Asked:
    """What is typed is for the teacher's place of work."""
    return {}, a_need(cast, state)[1]


@asks("school_needs", "school_need_new")
def needs_of_a_school(cast: Cast, state: str) -> Asked:
    """Of school A, whose programme asks something of the teacher."""
    posted = {"school_year": factories.next_school_year(), "origin": "school_programme", "title": "Инклюзия"}
    return {"pk": cast.school.pk}, posted | {"teachers": [factories.job_of(cast.teacher).pk]}


@asks("offering_topics")
def a_course_to_answer(cast: Cast, state: str) -> Asked:
    """A course offered to the district of A and B."""
    return {"pk": factories.offering(cast).pk}, {"other": "Инклюзия"}


REQUEST = ("", "_edit", "_move", "_paper", "_xlsx", "_annex")
OF_VERSION = ("", "_paper", "_xlsx", "_annex")


@asks(*(f"needs_request{page}" for page in REQUEST), *(f"needs_request_version{page}" for page in OF_VERSION))
def a_request_on_needs(cast: Cast, state: str) -> Asked:
    """That of school A with a need of the teacher, in the state named."""
    factories.need(cast.teacher)
    request = factories.needs_request(cast.school, by=cast.deputy)
    if state == "submitted":
        factories.submitted_request(request, by=cast.deputy)
    if state in ("signed", "received", "changed"):
        factories.signed_request(request, by=cast.deputy, director=cast.director)
    if state in ("received", "changed"):
        request = factories.received_request(request, by=cast.officer)
    if state == "changed":
        approval.perform(request, Action.AMEND, by=cast.deputy, seen=request.revision)
    return {"pk": request.pk}, {"seen": Document.objects.get(pk=request.pk).revision, "reason": "Тактаңыз."}


@asks("needs_request_start")
def a_school_without_a_request(cast: Cast, state: str) -> Asked:
    return {}, {"institution": cast.school.pk, "year": factories.next_school_year()}


@asks("district_requests", "requests_receive")
def a_list_of_requests(cast: Cast, state: str) -> Asked:
    """That of the first district; school A has sent its request in the state "signed"."""
    posted: dict[str, Any] = {"year": factories.next_school_year()}
    if state == "signed":
        numbers, sent = a_request_on_needs(cast, state)
        posted["needs_request"] = f"{numbers['pk']}:{sent['seen']}"
    return {"pk": cast.district.pk}, posted


@asks("lesson_sheet_new")
def a_pair(cast: Cast, state: str) -> Asked:
    """The head guides the teacher, until yesterday in the state "ended"."""
    ended = {"ends_on": today() - dt.timedelta(days=1)} if state == "ended" else {}
    return {"pk": factories.mentorship(cast.head, cast.teacher, **ended).pk}, {}


@asks("lesson_sheet", "lesson_sheet_edit", "lesson_sheet_paper", "lesson_sheet_delete")
def a_lesson_sheet(cast: Cast, state: str) -> Asked:
    """The head guides the teacher; a sheet of theirs, of the kind the state names.

    Of a "shared" reflection the mentor reads one answer; one "of both" was begun by the teacher and then changed by
    the head; a "new" one is not saved yet.
    """
    pair = factories.mentorship(cast.head, cast.teacher)
    kind = "reflection" if state in ("reflection", "shared") else "visit" if state == "visit" else "observation"
    by = cast.teacher if kind == "reflection" or state == "of both" else cast.head
    posted = {"mentorship": pair.pk, "kind": kind, "held_on": today(), "seen": 0 if state == "new" else 1}
    if state == "new":
        return {"uid": uuid4()}, posted | {"topic": "Этиш"}
    shared = (1,) if state == "shared" else ()
    sheet = factories.lesson_sheet(pair, by, kind, shared=shared, is_of_both=state == "of both")
    return {"uid": sheet.uid}, posted


@asks("question_set", "question_set_new", "question_set_edit", "question_set_delete")
def a_set_of_questions(cast: Cast, state: str) -> Asked:
    """The first questions after a lesson; in the state "coming" a version of them that begins tomorrow."""
    found = QuestionSet.objects.get(purpose="after")
    posted: dict[str, Any] = {"source": "001", "starts_on": today() + dt.timedelta(days=2)}
    if state == "coming":
        tomorrow = today() + dt.timedelta(days=1)
        found = new_set(by=cast.institute, earlier=found, source="001", starts_on=tomorrow)
        posted |= {"seen": mark_of(found), "questions-TOTAL_FORMS": 1, "questions-INITIAL_FORMS": 0}
        posted |= {"questions-0-title_ky": "Сабак кандай өттү?"}
    return {"pk": found.pk}, posted


@asks("beside_new", "beside_edit")
def a_note_beside_courses(cast: Cast, state: str) -> Asked:
    """The teacher's, in the status the state names."""
    posted = {"title": "Китеп окуу", "date_text": "2025", "kind": "self_study", "seen": 1}
    return ({"pk": factories.beside(cast.teacher, status=state).pk} if state else {}), posted


SHARED = {"kind": "seminar", "month": 2, "seen": 1}


@asks("sharing_new")
def a_course_to_share(cast: Cast, state: str) -> Asked:
    """The teacher's, in the status the state names."""
    record = factories.training_record(cast.teacher, status=state)
    return {"pk": record.pk}, SHARED | {"school_year": school_year_of(today())}


@asks("sharing", "sharing_edit", "sharing_delete")
def what_is_shared(cast: Cast, state: str) -> Asked:
    """Of a verified course of the teacher: planned by the head, or held today."""
    record = factories.training_record(cast.teacher, status="verified")
    held_on = {"held_on": today()} if state == "held" else {}
    event = factories.SharingEventFactory(record=record, entered_by=cast.head.person, **held_on)
    return {"pk": event.pk}, SHARED | {"school_year": event.school_year}


@asks("sharing_paper")
def what_one_teacher_shared(cast: Cast, state: str) -> Asked:
    what_is_shared(cast, state)
    return {"pk": cast.teacher.person_id}, {}


@asks("association_sharing", "association_sharing_paper")
def a_year_of_an_association(cast: Cast, state: str) -> Asked:
    """That of the teacher, with a verified course of theirs to plan."""
    record = factories.training_record(cast.teacher, status="verified")
    posted = SHARED | {"record": record.pk, "school_year": school_year_of(today())}
    return {"pk": cast.association.pk}, posted


@asks("school_sharing", "school_sharing_paper")
def a_year_of_a_school(cast: Cast, state: str) -> Asked:
    """School A, where a teacher of no association has a verified course to plan."""
    record = factories.training_record(cast.clerk, status="verified")
    return {"pk": cast.school.pk}, SHARED | {"record": record.pk, "school_year": school_year_of(today())}


@asks("induction_mark", "induction_unmark")
def a_row_of_the_first_years(cast: Cast, state: str) -> Asked:
    """Of the teacher's plan, whose mentor the head is: a draft, or approved."""
    plan = factories.complete(factories.induction_plan(cast.teacher, cast.head))
    if state == "approved":
        plan = factories.approved(plan, by=cast.director)
    return {"pk": plan.pk, "uid": plan.rows.get(position=0).uid}, {"done_on": today()}
