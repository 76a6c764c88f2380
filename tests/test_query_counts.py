"""No page needs more than fifteen queries, and none needs more for thirty rows than for one."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.choices import RecordStatus
from courses.importing.applying import apply_import
from courses.models import AwayLimit, CalendarPeriod, Offering, Provider, Schedule, Seat, SharingEvent, WorkbookImport
from courses.offerings import attendance
from courses.offerings.attendance import Mark
from courses.schedules.desk_actions import set_deadline
from cpd.dates import school_year_of, today
from plans import actions
from plans.choices import NeedOrigin
from plans.content import Plan
from plans.models import (
    Competence,
    CompetenceGroup,
    InternshipInformation,
    InternshipPlan,
    LearningNeed,
    LessonSheet,
    NeedsRequest,
    OfferingTopic,
    OrderRow,
    PortfolioEntry,
    ProfessionalStandard,
    Question,
    QuestionSet,
    SchoolPaper,
    SelfAssessment,
    SheetAnswer,
    StandardUnit,
    TrainingOrder,
)
from plans.needs import planning
from plans.needs.actions import pass_on
from plans.needs.topics import merge_topics
from plans.orders.actions import draw_up, issue, replace
from plans.orders.totals import totals
from plans.requests.actions import collect_needs
from plans.school_papers.actions import draw_up_order, extract_of
from schools import approval, audit
from schools.choices import Action, Event
from schools.invitations import make_invitations
from schools.models import (
    Delegation,
    Document,
    DocumentVersion,
    Employment,
    Leave,
    Meeting,
    Mentorship,
    Merge,
    NameChange,
    Notice,
    Person,
    Transfer,
    User,
)
from schools.notices import LOOKS_BACK, collect_events
from tests import factories
from tests.courses.importing import rows as import_rows
from tests.factories import LONG_AGO
from tests.plans import needs_told

LIMIT = 15  # of any list or first page (trust, load targets)
MANY = 30


def colleagues(cast: Any, count: int) -> list[User]:
    """More teachers in the teacher's association."""
    people = Person.objects.bulk_create(Person(family_name=f"Көпчүлүк{n}", given_name="Ак") for n in range(count))
    Employment.objects.bulk_create(
        Employment(
            person=person,
            institution=cast.school,
            association=cast.association,
            position="мугалим",
            starts_on=LONG_AGO,
        )
        for person in people
    )
    User.objects.bulk_create(
        User(username=f"many{n}", person=person, password="!", must_change_password=False)
        for n, person in enumerate(people)
    )
    return list(User.objects.filter(username__startswith="many").select_related("person"))


def submitted_by(users: list[User]) -> list[Plan]:
    return [factories.submitted(factories.individual_plan(user)) for user in users]


def considered_by(users: list[User]) -> list[Plan]:
    return [factories.considered(factories.individual_plan(user)) for user in users]


def with_rows(cast: Any, count: int) -> Plan:
    rows = [factories.plan_row(cast.plan, programme_title=f"Модуль {n}") for n in range(count)]
    return factories.complete(cast.plan, rows=rows)


def queries(user: User, url: str) -> int:
    client = Client()
    client.force_login(user)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return len(captured)


def people_only(cast: Any, count: int) -> None:
    colleagues(cast, count)


def associations_only(cast: Any, count: int) -> None:
    factories.AssociationFactory.create_batch(count, institution=cast.school)


def papers_to_consider(cast: Any, count: int) -> None:
    submitted_by(colleagues(cast, count))


def papers_to_approve(cast: Any, count: int) -> None:
    considered_by(colleagues(cast, count))


def rows_of_one_plan(cast: Any, count: int) -> None:
    with_rows(cast, count)


def rows_of_a_submitted_plan(cast: Any, count: int) -> None:
    factories.submitted(with_rows(cast, count))


def changes_of_an_approved_plan(cast: Any, count: int) -> None:
    cast.plan = factories.amended(factories.approved(cast.plan))
    with_rows(cast, count)


def records_to_verify(cast: Any, count: int) -> None:
    """One clean and all others with something to look at, by as many people; each with earlier records."""
    for user in colleagues(cast, count):
        number = f"БЖ {count}"
        factories.training_record(user, document_number=number)
        factories.training_record(user, document_number=number, status="verified")


def records_beside_one(cast: Any, count: int) -> None:
    """A record on whose days the same person attended many others, with twins under other names."""
    record = factories.training_record(cast.teacher)
    twins = colleagues(cast, count)
    for user in [cast.teacher] * count + twins:
        factories.training_record(user, document_number=record.document_number, amount=Decimal(20))
    other = record.person.records.exclude(pk=record.pk).first()
    factories.confirmed_pair(record, other, by=cast.deputy)


def records_of_ones_own(cast: Any, count: int) -> None:
    for _ in range(count):
        factories.training_record(cast.teacher)


def learnt_beside_courses(cast: Any, count: int) -> None:
    for _ in range(count):
        factories.beside(cast.teacher)


def documents_of_a_register(cast: Any, count: int) -> None:
    """Of a college: of as many people, handed in and not."""
    cast.school.kind = "college"
    cast.school.save()
    for number, user in enumerate(colleagues(cast, count)):
        factories.training_record(user, handed_in_on=today() if number % 2 else None)


def internships_that_are_over(cast: Any, count: int) -> None:
    """At a university: of as many people, with information on every other one."""
    cast.school.kind = "university"
    cast.school.save()
    last = today() - dt.timedelta(days=1)
    for number, user in enumerate(colleagues(cast, count)):
        where = {"author": user.person, "institution": cast.school, "association": cast.association}
        where |= {"starts_on": last, "ends_on": last}
        plan = InternshipPlan.objects.create(kind="internship_plan", state="approved", **where)
        version = DocumentVersion.objects.create(
            document=plan, number=1, content={"host_text": "Лаборатория"}, route=[]
        )
        InternshipPlan.objects.filter(pk=plan.pk).update(in_force=version, current_version=version)
        if number % 2 == 0:
            InternshipInformation.objects.create(kind="internship_information", internship=plan, **where)


def shared_by_members(cast: Any, count: int) -> None:
    """As many occasions, each by somebody else of the association, and as many courses that could be shared."""
    for number in range(count):
        job = factories.EmploymentFactory.create(institution=cast.school, association=cast.association)
        lone = factories.EmploymentFactory.create(institution=cast.school, association=None)
        for person in (job.person, lone.person):
            factories.training_record(person, status=RecordStatus.VERIFIED)
        whose = job.person if number % 2 else cast.teacher.person
        record = factories.training_record(whose, status=RecordStatus.VERIFIED)
        places = {"institution": cast.school, "association": cast.association, "entered_by": cast.head.person}
        SharingEvent.objects.create(record=record, kind="seminar", month=number % 12 + 1, **places)


def a_draft_among_records(cast: Any, count: int) -> None:
    """A draft with its file and its programme, beside others on the same days; it fulfils a planned item."""
    cast.plan = factories.approved(cast.plan)
    programme = factories.ProgrammeFactory.create()
    draft = factories.training_record(cast.teacher, status="draft", programme=programme)
    records_of_ones_own(cast, count)
    uid = cast.plan.rows.get(position=0).uid
    actions.fulfil_item(plan=cast.plan, uid=uid, record=draft, by=cast.teacher)


def items_attended(cast: Any, count: int) -> None:
    cast.plan = factories.approved(with_rows(cast, count))
    for row in cast.plan.rows.all():
        record = factories.training_record(cast.teacher)
        actions.fulfil_item(plan=cast.plan, uid=row.uid, record=record, by=cast.teacher)


def an_item_to_attend(cast: Any, count: int) -> None:
    cast.plan = factories.approved(with_rows(cast, count))
    records_of_ones_own(cast, count)


def typed_texts(cast: Any, count: int) -> None:
    for n in range(count):
        factories.training_record(cast.teacher, provider=None, provider_text=f"Белгисиз борбор {n}")


def entries_of_registers(cast: Any, count: int) -> None:
    for _n in range(count):
        own = {"institution": cast.school, "entered_by": cast.deputy.person}
        provider = factories.provider(**own)
        factories.training_record(cast.teacher, provider=provider)
        factories.ProgrammeFactory(provider=provider, **own)


def names_and_rights(cast: Any, count: int) -> None:
    provider = Provider.objects.order_by("pk").first()
    for _n in range(count):
        own = {"institution": cast.school, "entered_by": cast.deputy.person}
        now, clerk = timezone.now(), cast.clerk.person
        factories.ProviderAliasFactory(target=provider, **own)
        factories.ProviderAliasFactory(target=provider, **own, removed_at=now, removed_by=clerk)
        factories.ProviderRightFactory(provider=provider, **own, ended_at=now, ended_by=clerk)


def courses_attended(cast: Any, count: int) -> None:
    """Verified, returned, and some on the same days, beside a plan in force."""
    factories.approved(cast.plan)
    for number in range(count):
        factories.training_record(cast.teacher, status=RecordStatus.VERIFIED, title=f"Курс {number}")
    factories.training_record(cast.teacher, status=RecordStatus.RETURNED)


def courses_on_the_same_days(cast: Any, count: int) -> None:
    """Verified courses of many, of whom only the engine knows until when they have enough."""
    for user in colleagues(cast, count):
        factories.training_record(user, status=RecordStatus.VERIFIED, amount=Decimal(72))
        factories.training_record(user, status=RecordStatus.VERIFIED, amount=Decimal(60))
        factories.training_record(user)


def schools_of_the_district(cast: Any, count: int) -> None:
    for _n in range(count):
        factories.EmploymentFactory(institution__district=cast.district)


def districts_of_the_country(cast: Any, count: int) -> None:
    for _n in range(count):
        factories.EmploymentFactory()


def schedules_of_schools(cast: Any, count: int) -> None:
    """Schedules that wait, are accepted or returned, and schools of the district that sent none."""
    schools_of_the_district(cast, count)
    set_deadline(district=cast.district, year=factories.next_school_year(), due_on=today(), by=cast.officer)
    for number in range(count):
        school = factories.InstitutionFactory(district=cast.district)
        factories.RoleFactory(person=cast.deputy.person, institution=school)
        schedule = factories.school_schedule(school, by=cast.deputy)
        factories.sent(schedule, by=cast.deputy)
        if number % 2:
            factories.received(schedule, by=cast.officer)


def days_of_a_calendar(cast: Any, count: int) -> None:
    """Leave in the district and of many, limits one after another."""
    for number, user in enumerate(colleagues(cast, count)):
        job = factories.job_of(user)
        for place in ({"district": cast.district}, {"institution": cast.school, "employment": job}):
            CalendarPeriod.objects.create(kind="leave", starts_on=today(), ends_on=today(), **place)
        day = LONG_AGO + dt.timedelta(days=number)
        AwayLimit.objects.create(percent=10, institution=cast.school, starts_on=day, ends_on=day)


def young_specialists(cast: Any, count: int) -> None:
    """As many with a mentor, and one that ended before; and as many without."""
    for number, user in enumerate(colleagues(cast, 2 * count)):
        Employment.objects.filter(person=user.person).update(is_young_specialist=True)
        for mentor, ends_on in ((cast.teacher, None), (cast.head, LONG_AGO)):
            if ends_on or number % 2:
                Mentorship.objects.create(
                    institution=cast.school,
                    mentor=mentor.person,
                    mentee=user.person,
                    starts_on=LONG_AGO,
                    ends_on=ends_on,
                )


def places_of_a_course(cast: Any, count: int) -> None:
    """In a course that ended today: of as many teachers, marked and not, and some that were taken back."""
    officer, deputy, now = cast.officer.person, cast.deputy.person, timezone.now()
    course = factories.offering(cast, starts_on=today(), ends_on=today(), places=2 * count)
    for user in colleagues(cast, count):
        seat = factories.seat(course, user, by=cast.officer, named_by=deputy, named_at=now)
        marks = {seat.pk: Mark(True, None)}
        attendance.mark_attendance(offering=course, by=cast.officer, marks=marks)
        back = {"taken_back_by": officer, "taken_back_at": now, "taken_back_reason": "Оорулуу."}
        factories.SeatFactory(offering=course, employment=seat.employment, given_by=officer, **back)


def people_in_line(cast: Any, count: int) -> None:
    """With places in other courses of the same days."""
    course = factories.offering(cast, title="Биринчи")
    factories.seat(course, by=cast.officer, institution=cast.school, employment=None)
    other = factories.offering(cast, places=count)
    for user in colleagues(cast, count):
        factories.seat(other, user, by=cast.officer)


def courses_offered(cast: Any, count: int) -> None:
    """Each of an organisation and for a subject of its own, with a place given."""
    for _n in range(count):
        offering = factories.offering(cast, subject=factories.SubjectFactory())
        factories.seat(offering, cast.teacher, by=cast.officer)


def rows_of_a_part(cast: Any, count: int) -> None:
    """The association's schedule with a row for each of many; others are due and not in it."""
    part = factories.association_schedule(cast.association, by=cast.head)
    for user in [cast.teacher, *colleagues(cast, count)]:
        factories.schedule_row(part, user)
    factories.offering(cast)


def people_missing_from_a_part(cast: Any, count: int) -> None:
    """Many are due, and the association's schedule holds the teacher alone."""
    colleagues(cast, count)
    factories.schedule_row(factories.association_schedule(cast.association, by=cast.head), cast.teacher)


def rows_of_a_part_handed_over(cast: Any, count: int) -> None:
    rows_of_a_part(cast, count)
    factories.handed_over(Schedule.objects.get(), by=cast.head)


def rows_of_a_schedule_changed_and_sent(cast: Any, count: int) -> None:
    """Accepted once, changed in every row, and sent again."""
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    days = {"starts_on": schedule.starts_on, "ends_on": schedule.starts_on}
    for user in colleagues(cast, count):
        factories.schedule_row(schedule, user, **days)
    factories.closed_and_sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    opened = Document.objects.get(kind=schedule.kind)
    approval.perform(opened, Action.AMEND, by=cast.deputy, seen=opened.revision)
    schedule.rows.update(note="Такталды")
    factories.closed_and_sent(schedule, by=cast.deputy)


def entries_of_the_journal(cast: Any, count: int) -> None:
    """Of many people in many schools of the district, each with columns that changed."""
    columns = {"before": {"position": "мугалим", "born_on": today()}, "after": {"position": "химия мугалими"}}
    for user in colleagues(cast, count):
        school = factories.InstitutionFactory(district=cast.district)
        for place in (cast.school, school):
            audit.note(Event.PERSON_CHANGED, by=user, subject=user.person, institution=place, **columns)


def many_offices(cast: Any, count: int) -> None:
    """Many associations of school A, each with its schedule handed over."""
    for _n in range(count):
        association = factories.AssociationFactory.create(institution=cast.school)
        part = factories.association_schedule(association, by=cast.head)
        Document.objects.filter(pk=part.pk).update(state="returned")


def rows_of_an_import(cast: Any, count: int) -> None:
    """Of every verdict, with reasons; applied, so that it could be undone."""
    rows = []
    for number in range(count):
        refused = import_rows.staff_row(2 * number, import_rows.here(cast.school), "refused")
        refused.reasons = [{"code": "needs_number", "column": "personal_number"}]
        rows += [refused, import_rows.staff_row(2 * number + 1, import_rows.here(cast.school))]
    apply_import(import_rows.imported(cast.district, cast.officer, *rows), by=cast.officer)


def former_imports(cast: Any, count: int) -> None:
    for _n in range(count):
        for place, by in ((cast.district, cast.officer), (cast.school, cast.deputy)):
            row = import_rows.association_row(2, import_rows.here(cast.school), title_ky=f"Бирикме {uuid4()}")
            apply_import(import_rows.imported(place, by, row), by=by)


Rows = Callable[[Any, int], None]


def things_of_a_portfolio(cast: Any, count: int) -> None:
    """Everything a teacher has, as many of each as there are rows, half of it with something said of it."""
    a_sheet_with_answers(cast, count)
    factories.approved(cast.plan)
    unit, person = StandardUnit.objects.first(), cast.teacher.person
    for number in range(count):
        record = factories.training_record(cast.teacher, status=RecordStatus.VERIFIED)
        SharingEvent.objects.create(
            record=record, institution=cast.school, kind="seminar", held_on=today(), entered_by=person
        )
        PortfolioEntry.objects.create(person=person, record=record, unit=unit)
        Mentorship.objects.create(
            institution=cast.school,
            mentor=person,
            mentee=factories.PersonFactory.create(),
            starts_on=LONG_AGO + dt.timedelta(days=number),
        )


def a_sheet_with_answers(cast: Any, count: int) -> None:
    """A sheet of this year and the one before, as many answers as there are rows, with evidence and needs."""
    year = school_year_of(today())
    for number in range(count):
        factories.training_record(cast.teacher, title=f"Курс {number}")
    record = cast.teacher.person.records.first()
    for sheet in (factories.assessment(cast.teacher, year=year - 1), factories.assessment(cast.teacher)):
        for competence in Competence.objects.all()[:count]:
            factories.answer(sheet, competence.code, level=2, has_need=True, evidence=record)
            if sheet.school_year == year:
                pass_on(
                    by=cast.teacher,
                    employment=factories.job_of(cast.teacher),
                    school_year=year,
                    origin=NeedOrigin.SELF_ASSESSMENT,
                    title=competence.title_ky,
                    competence=competence,
                )


def people_who_come_and_go(cast: Any, count: int) -> None:
    """Some work, some are away, some have left, some were called otherwise."""
    for user in colleagues(cast, count):
        NameChange.objects.create(
            person=user.person, family_name="Мурунку", given_name="А", until=today(), entered_by=cast.clerk.person
        )
    for user in User.objects.filter(username__startswith="many")[: count // 3]:
        Leave.objects.create(employment=factories.job_of(user), kind="study", entered_by=cast.clerk.person)


def leaves_and_names_of_one(cast: Any, count: int) -> None:
    job, by = factories.job_of(cast.teacher), cast.clerk.person
    for n in range(count):
        day = LONG_AGO + dt.timedelta(days=n)
        Leave.objects.create(employment=job, kind="study", starts_on=day, ends_on=day, entered_by=by)
        NameChange.objects.create(person=job.person, family_name=f"М{n}", given_name="А", until=day, entered_by=by)


def moves_that_wait(cast: Any, count: int) -> None:
    for user in colleagues(cast, count):
        Transfer.objects.create(
            employment=factories.job_of(user),
            institution=cast.other_school,
            is_proposed_by_new=True,
            position="мугалим",
            moves_on=today(),
            proposed_by=cast.other_director.person,
        )


def notices_of_what_waits(cast: Any, count: int) -> None:
    """Plans, and then a move and records."""
    papers_to_approve(cast, count)
    collect_events(timezone.now() - LOOKS_BACK)
    for key in ("transfer-1", f"records-{cast.school.pk}-2026-01-01"):
        facts = {"what": "records_wait"}
        Notice.objects.create(person=cast.deputy.person, kind="waiting", key=key, path="/", facts=facts)


def roles_and_work_handed_over(cast: Any, count: int) -> None:
    """Associations with a head and without, clerks, and the plans handed over to each of many."""
    for user in colleagues(cast, count):
        place = {"institution": cast.school}
        factories.RoleFactory(person=user.person, role="clerk", **place)
        association = factories.AssociationFactory.create(**place)
        Employment.objects.filter(person=user.person).update(association=association)
        days = {"starts_on": today(), "ends_on": today()}
        Delegation.objects.create(giver=cast.deputy.person, taker=user.person, work="plans", **place, **days)


def people_entered_twice(cast: Any, count: int) -> None:
    """Pairs of one name and birthday, and as many that were merged already."""
    for number, user in enumerate(colleagues(cast, count)):
        day = LONG_AGO - dt.timedelta(days=10_000 + number)
        Person.objects.filter(pk=user.person_id).update(born_on=day)
        for into in (None, user.person):
            twin = factories.PersonFactory(family_name=user.person.family_name, given_name="Ак", born_on=day)
            factories.EmploymentFactory(person=twin, institution=cast.school)
            if into:
                Person.objects.filter(pk=twin.pk).update(merged_into=into)
                Merge.objects.create(kept=into, gone=twin, reason="Эки жолу.", by=cast.deputy.person)


def accounts_and_slips(cast: Any, count: int) -> None:
    """People with and without an account, invited and not; schools with a leader each."""
    colleagues(cast, count)
    people = [factories.EmploymentFactory(institution=cast.school).person for _ in range(count)]
    make_invitations(people, by=cast.deputy, institution=cast.school)
    for _ in range(count):
        factories.EmploymentFactory(institution=cast.school)
        school = factories.InstitutionFactory(district=cast.district)
        factories.RoleFactory(institution=school)


def competences_more(cast: Any, count: int) -> None:
    """The unit A1 has so many competences more, each with a tag."""
    unit, group = StandardUnit.objects.get(code="A1"), CompetenceGroup.objects.get(code="B1")
    for number in range(count):
        unit.competences.create(code=f"A1.{number + 6}", position=number + 6, title_ky="Дагы").groups.add(group)


def versions_of_the_standard(cast: Any, count: int) -> None:
    ProfessionalStandard.objects.bulk_create(
        ProfessionalStandard(number=f"{number}", title_ky="Стандарт", starts_on=dt.date(2000, 1, number))
        for number in range(2, count + 2)
    )


def orders_on_measures(cast: Any, count: int) -> None:
    """Each with the staff that is to know it."""
    people = colleagues(cast, count)
    for user in people:
        draw_up_order(by=cast.deputy, institution=cast.school, school_year=school_year_of(today()))
        SchoolPaper.objects.order_by("pk").filter(changed_by=cast.deputy.person).update(changed_by=user.person)


def meetings_held(cast: Any, count: int) -> None:
    """Each with its extract."""
    for number in range(1, count + 1):
        held = Meeting.objects.create(
            association=cast.association, minutes_number=str(number), held_on=today(), recorded_by=cast.head.person
        )
        extract_of(by=cast.head, meeting=held)


def topics_of_a_request(cast: Any, count: int) -> None:
    """So many topics of as many teachers in the working copy, as many not in it yet, and as many merged away."""
    people = colleagues(cast, count)
    request = factories.needs_request(cast.school, by=cast.deputy)
    merge_topics(
        by=cast.deputy, where=cast.school, texts=[f"Аталыш {number}" for number in range(count)], title="Тема"
    )
    for number, user in enumerate(people):
        factories.need(user, f"Тема {number}", subject=factories.SubjectFactory())
    collect_needs(request=request, by=cast.deputy, seen=request.revision)
    for number, user in enumerate(people):
        factories.need(user, f"Дагы {number}", subject=factories.SubjectFactory())


def topics_of_a_request_handed_in(cast: Any, count: int) -> None:
    topics_of_a_request(cast, count)
    request = NeedsRequest.objects.get()
    factories.submitted_request(request, by=cast.deputy)


def schools_with_requests(cast: Any, count: int) -> None:
    """Schools of the district that the deputy leads too; each sent its request, and every other one was received."""
    for number in range(count):
        school = factories.InstitutionFactory(district=cast.district)
        factories.RoleFactory(person=cast.deputy.person, institution=school)
        factories.RoleFactory(person=cast.director.person, institution=school, role="director")
        teacher = factories.EmploymentFactory(institution=school)
        columns = {"employment": teacher, "entered_by": teacher.person}
        factories.need(cast.teacher, **columns)
        request = factories.needs_request(school, by=cast.deputy)
        request = factories.signed_request(request, by=cast.deputy, director=cast.director)
        if number % 2:
            factories.received_request(request, by=cast.officer)


def needs_of_schools(cast: Any, count: int) -> None:
    """Of many schools, each with a topic and a subject of its own, merged and offered; and as many orders."""
    days = {"starts_on": dt.date(needs_told.YEAR, 10, 5), "ends_on": dt.date(needs_told.YEAR, 10, 9)}
    lines = [
        needs_told.line(f"Тема {number}", 5, subject=factories.SubjectFactory(), quarter=number % 4 + 1)
        for number in range(count)
    ]
    needs_told.told(cast, *lines)
    for number in range(count):
        needs_told.told(cast, needs_told.line(f"Башка {number}", 5))
        factories.offering(cast, title=f"Тема {number}", **days)
        merge_topics(by=cast.officer, where=cast.district, texts=[f"Башка {number}"], title=f"Тема {number}")
        orders_of_a_district(cast)


def orders_of_a_district(cast: Any) -> None:
    """One more that was issued, and a draft instead of it."""
    texts = [group.text for group in totals(cast.district, needs_told.YEAR)]
    made = draw_up(by=cast.officer, district=cast.district, year=needs_told.YEAR, chosen=texts)
    TrainingOrder.objects.filter(pk=made.pk).update(provider=factories.provider())
    issue(by=cast.officer, order=made, seen=made.revision)
    replace(by=cast.officer, order=TrainingOrder.objects.get(pk=made.pk))


def needs_followed(cast: Any, count: int) -> None:
    """Of the teacher and of many colleagues: in the plan, received, ordered, offered by another name, with a place."""
    year = school_year_of(today())
    days = {"starts_on": dt.date(year + 1, 3, 1), "ends_on": dt.date(year + 1, 3, 5)}
    order = TrainingOrder.objects.create(
        district=cast.district,
        school_year=year,
        number=1,
        made_by=cast.officer.person,
        issued_by=cast.officer.person,
        issued_at=timezone.now(),
        content={"smallest_group": 1},
        content_hash="0" * 64,
    )
    plan = factories.fresh(cast.plan)
    for number, user in enumerate(colleagues(cast, count)):
        title = f"Тема {number}"
        own = factories.need(cast.teacher, title=title, school_year=year)
        planning.plan_need(need=own, plan=plan, by=cast.teacher)
        factories.need(user, title=title, school_year=year, subject=factories.SubjectFactory())
        OrderRow.objects.create(order=order, title=title, language="ky", schools=1, teachers=1, group=title)
        offering = factories.offering(cast, title=f"Курс {number}", **days)
        OfferingTopic.objects.create(offering=offering, title=title, by=cast.officer.person)
        factories.seat(offering, cast.teacher, by=cast.officer, record=factories.training_record(cast.teacher))
        factories.seat(offering, user, by=cast.officer)
    request = factories.needs_request(cast.school, by=cast.deputy, year=year)
    request = factories.signed_request(request, by=cast.deputy, director=cast.director)
    factories.received_request(request, by=cast.officer)


def sheets_of_lessons(cast: Any, count: int) -> None:
    """The head's sheets with the teacher, and the first of them with more own questions."""
    pair = Mentorship.objects.filter(mentee=cast.teacher.person).first()
    pair = pair or factories.mentorship(cast.head, cast.teacher)
    sheets = [factories.lesson_sheet(pair, cast.head) for _number in range(count)]
    SheetAnswer.objects.bulk_create(
        SheetAnswer(sheet=sheets[0], position=100 + number, own_question="Дагы эмне?") for number in range(count)
    )


def versions_of_questions(cast: Any, count: int) -> None:
    """More versions of what is asked after a lesson."""
    days = (today() + dt.timedelta(days=number + 1) for number in range(count))
    QuestionSet.objects.bulk_create(QuestionSet(purpose="after", source="001", starts_on=day) for day in days)


def questions_of_a_set(cast: Any, count: int) -> None:
    """More questions in the first set."""
    first = QuestionSet.objects.order_by("pk")[0]
    Question.objects.bulk_create(
        Question(question_set=first, position=100 + number, title_ky="Дагы эмне?") for number in range(count)
    )


def those_i_guide(cast: Any, count: int) -> None:
    """The head guides more people, each with one sheet."""
    for mentee in colleagues(cast, count):
        factories.lesson_sheet(factories.mentorship(cast.head, mentee), cast.head, "visit")


PAGES: list[tuple[str, str, Rows, int]] = [
    ("teacher", "needs", needs_followed, 14),
    ("teacher", "need_new", needs_followed, 9),
    ("teacher", "need", needs_followed, 13),
    ("deputy", "need", needs_followed, 13),
    ("head", "school_needs", needs_followed, 15),
    ("deputy", "school_needs", needs_followed, 14),
    ("deputy", "school_need_new", needs_followed, 10),
    ("officer", "offering_topics", needs_followed, 9),
    ("officer", "offering_queue", needs_followed, 15),
    ("deputy", "school_accounts", accounts_and_slips, 11),
    ("officer", "district_accounts", accounts_and_slips, 12),
    ("deputy", "needs_requests", schools_with_requests, 6),
    ("deputy", "needs_request_edit", topics_of_a_request, 11),
    ("director", "needs_request", topics_of_a_request_handed_in, 14),
    ("officer", "district_requests", schools_with_requests, 10),
    ("teacher", "home", rows_of_one_plan, 11),
    ("head", "home", papers_to_consider, 14),
    ("deputy", "home", papers_to_approve, 15),
    ("officer", "home", papers_to_approve, 10),
    ("teacher", "home", courses_attended, 11),
    ("teacher", "my_hours", courses_attended, 12),
    ("teacher", "standards", versions_of_the_standard, 6),
    ("teacher", "standard", competences_more, 10),
    ("institute", "standard_edit", competences_more, 11),
    ("head", "meetings", meetings_held, 8),
    ("deputy", "school_papers", orders_on_measures, 7),
    ("deputy", "school_paper", orders_on_measures, 5),
    ("deputy", "school_paper_edit", orders_on_measures, 5),
    ("teacher", "portfolio", things_of_a_portfolio, 11),
    ("teacher", "portfolio_paper", things_of_a_portfolio, 12),
    ("teacher", "my_mentoring", sheets_of_lessons, 7),
    ("head", "my_mentoring", those_i_guide, 7),
    ("teacher", "lesson_sheet", sheets_of_lessons, 8),
    ("teacher", "lesson_sheet_edit", sheets_of_lessons, 8),
    ("teacher", "lesson_sheet_paper", sheets_of_lessons, 8),
    ("teacher", "question_sets", versions_of_questions, 5),
    ("teacher", "question_set", questions_of_a_set, 6),
    ("teacher", "assessments", a_sheet_with_answers, 12),
    ("teacher", "assessment", a_sheet_with_answers, 12),
    ("teacher", "assessment_step", a_sheet_with_answers, 12),
    ("teacher", "assessment_result", a_sheet_with_answers, 14),
    ("teacher", "assessment_paper", a_sheet_with_answers, 13),
    ("teacher", "journal", entries_of_the_journal, 6),
    ("deputy", "journal", entries_of_the_journal, 8),
    ("officer", "journal", entries_of_the_journal, 9),
    ("administrator", "journal", entries_of_the_journal, 6),
    ("deputy", "person_hours", courses_attended, 13),
    ("deputy", "staff_hours", courses_on_the_same_days, 12),
    ("deputy", "staff_hours", people_only, 8),
    ("officer", "staff_hours", people_only, 9),
    ("officer", "district_hours", schools_of_the_district, 8),
    ("clerk", "document_register", documents_of_a_register, 9),
    ("clerk", "internships", internships_that_are_over, 8),
    ("clerk", "document_register_paper", documents_of_a_register, 10),
    ("deputy", "school_calendar", days_of_a_calendar, 8),
    ("officer", "district_calendar", days_of_a_calendar, 6),
    ("deputy", "mentors", young_specialists, 15),
    ("deputy", "mentor_new", young_specialists, 9),
    ("institute", "country_hours", districts_of_the_country, 7),
    ("officer", "offering", places_of_a_course, 6),
    ("officer", "offering_queue", people_in_line, 12),
    ("deputy", "seat_name", people_in_line, 12),
    ("deputy", "school_places", places_of_a_course, 7),
    ("officer", "attendance", places_of_a_course, 6),
    ("clerk", "attendance", places_of_a_course, 7),
    ("officer", "workbook_import", rows_of_an_import, 11),
    ("officer", "district_import", former_imports, 6),
    ("deputy", "school_import", former_imports, 6),
    ("officer", "district_needs", needs_of_schools, 15),
    ("officer", "training_orders", needs_of_schools, 7),
    ("institute", "training_orders", needs_of_schools, 7),
    ("officer", "training_order", needs_of_schools, 6),
    ("institute", "training_order", needs_of_schools, 5),
    ("officer", "training_order_edit", needs_of_schools, 9),
    ("institute", "country_needs", needs_of_schools, 11),
    ("institute", "country_orders", needs_of_schools, 6),
    ("officer", "district_schedules", schedules_of_schools, 11),
    ("institute", "district_schedules", schedules_of_schools, 11),
    ("officer", "offerings", courses_offered, 10),
    ("teacher", "offerings", courses_offered, 10),
    ("officer", "offerings_xlsx", courses_offered, 8),
    ("deputy", "offering", places_of_a_course, 6),
    ("officer", "offering_new", courses_offered, 8),
    ("institute", "country_schedules", schedules_of_schools, 7),
    ("deputy", "schedules", many_offices, 7),
    ("head", "schedule_edit", rows_of_a_part, 9),
    ("head", "schedule_row_new", rows_of_a_part, 10),
    ("head", "schedule_missing", people_missing_from_a_part, 10),
    ("deputy", "schedule", rows_of_a_part_handed_over, 12),
    ("head", "schedule", rows_of_a_schedule_changed_and_sent, 11),
    ("officer", "schedule", rows_of_a_schedule_changed_and_sent, 12),
    ("deputy", "school_staff", people_who_come_and_go, 9),
    ("officer", "school_staff", people_who_come_and_go, 11),
    ("deputy", "employment", leaves_and_names_of_one, 10),
    ("deputy", "transfers", moves_that_wait, 6),
    ("deputy", "notices", notices_of_what_waits, 9),
    ("deputy", "notice_settings", notices_of_what_waits, 4),
    ("deputy", "school_roles", roles_and_work_handed_over, 10),
    ("deputy", "school_units", associations_only, 6),
    ("officer", "district_roles", schools_of_the_district, 7),
    ("deputy", "twins", people_entered_twice, 7),
    ("deputy", "merges", people_entered_twice, 6),
    ("deputy", "plans", papers_to_approve, 7),
    ("head", "plans", papers_to_consider, 7),
    ("deputy", "institutions", people_only, 6),
    ("deputy", "institution", papers_to_approve, 9),
    ("officer", "institution", people_only, 10),
    ("teacher", "plan", rows_of_one_plan, 12),
    ("teacher", "plan", changes_of_an_approved_plan, 14),
    ("head", "plan", rows_of_a_submitted_plan, 13),
    ("teacher", "plan_edit", rows_of_one_plan, 9),
    ("head", "meeting_new", papers_to_consider, 9),
    ("teacher", "plan_start", rows_of_one_plan, 7),
    ("deputy", "unlinked", typed_texts, 9),
    ("officer", "unlinked", typed_texts, 9),
    ("deputy", "link_provider", typed_texts, 8),
    ("teacher", "providers", entries_of_registers, 7),
    ("deputy", "programmes", entries_of_registers, 8),
    ("deputy", "programme_new", entries_of_registers, 7),
    ("deputy", "provider", names_and_rights, 10),
    ("administrator", "provider", names_and_rights, 9),
    ("teacher", "records", records_of_ones_own, 7),
    ("teacher", "records", learnt_beside_courses, 9),
    ("teacher", "beside", learnt_beside_courses, 9),
    ("teacher", "my_sharing", shared_by_members, 7),
    ("head", "association_sharing", shared_by_members, 9),
    ("deputy", "school_sharing", shared_by_members, 9),
    ("teacher", "record", a_draft_among_records, 11),
    ("deputy", "record", records_of_ones_own, 12),
    ("teacher", "record_new", records_of_ones_own, 10),
    ("teacher", "record_edit", a_draft_among_records, 11),
    ("teacher", "plan", items_attended, 9),
    ("deputy", "plan", items_attended, 10),
    ("teacher", "item_attended", an_item_to_attend, 14),
    ("deputy", "verification", records_to_verify, 11),
    ("deputy", "verify", records_beside_one, 13),
]


def address(cast: Any, name: str) -> str:
    offering, seat = Offering.objects.order_by("pk").first(), Seat.objects.order_by("pk").first()
    record = cast.teacher.person.records.order_by("pk").first()
    schedule = Schedule.objects.order_by("pk").first()
    workbook = WorkbookImport.objects.order_by("pk").first()
    sheet = SelfAssessment.objects.first()
    lesson = LessonSheet.objects.order_by("pk").first()
    paper = SchoolPaper.objects.order_by("pk").first()
    orders = TrainingOrder.objects.order_by("pk")
    order, draft = orders.issued().first(), orders.filter(issued_at=None).first()
    request = NeedsRequest.objects.order_by("pk").first()
    need = LearningNeed.objects.filter(employment__person=cast.teacher.person).order_by("pk").first()
    numbers = {
        "need": [need and need.pk],
        "school_needs": [cast.school.pk],
        "school_need_new": [cast.school.pk],
        "offering_topics": [offering and offering.pk],
        "assessment": [sheet and sheet.pk],
        "assessment_step": [sheet and sheet.pk, "A1.2"],
        "assessment_result": [sheet and sheet.pk],
        "assessment_paper": [sheet and sheet.pk],
        "attendance": [offering and offering.pk],
        "district_calendar": [cast.district.pk],
        "district_accounts": [cast.district.pk],
        "district_hours": [cast.district.pk],
        "district_roles": [cast.district.pk],
        "district_import": [cast.district.pk],
        "school_accounts": [cast.school.pk],
        "school_paper": [paper and paper.pk],
        "school_paper_edit": [paper and paper.pk],
        "school_papers": [cast.school.pk],
        "meetings": [cast.school.pk],
        "school_import": [cast.school.pk],
        "workbook_import": [workbook and workbook.pk],
        "district_needs": [cast.district.pk],
        "district_requests": [cast.district.pk],
        "needs_request": [request and request.pk],
        "needs_request_edit": [request and request.pk],
        "training_orders": [cast.district.pk],
        "training_order": [order and order.pk],
        "training_order_edit": [draft and draft.pk],
        "district_schedules": [cast.district.pk],
        "offering_new": [cast.district.pk],
        "offerings": [cast.district.pk],
        "offerings_xlsx": [cast.district.pk],
        "association_sharing": [cast.association.pk],
        "school_sharing": [cast.school.pk],
        "institution": [cast.school.pk],
        "item_attended": [cast.plan.pk, cast.plan.rows.values_list("uid", flat=True)[0]],
        "meeting_new": [cast.association.pk],
        "offering": [offering and offering.pk],
        "offering_queue": [offering and offering.pk],
        "person_hours": [cast.teacher.person_id],
        "plan": [cast.plan.pk],
        "plan_edit": [cast.plan.pk],
        "plan_start": ["annual_plan"],
        "provider": [Provider.objects.order_by("pk").values_list("pk", flat=True)[0]],
        "schedule": [schedule and schedule.pk],
        "schedule_edit": [schedule and schedule.pk],
        "schedule_missing": [schedule and schedule.pk],
        "schedule_row_new": [schedule and schedule.pk],
        "lesson_sheet": [lesson and lesson.uid],
        "lesson_sheet_edit": [lesson and lesson.uid],
        "lesson_sheet_paper": [lesson and lesson.uid],
        "question_set": [QuestionSet.objects.order_by("pk").values_list("pk", flat=True)[0]],
        "mentors": [cast.school.pk],
        "mentor_new": [cast.school.pk],
        "school_calendar": [cast.school.pk],
        "school_places": [cast.school.pk],
        "school_roles": [cast.school.pk],
        "school_units": [cast.school.pk],
        "seat_name": [seat and seat.pk],
        "staff_hours": [cast.school.pk],
        "standard": [ProfessionalStandard.objects.order_by("pk").values_list("pk", flat=True)[0]],
        "standard_edit": [ProfessionalStandard.objects.order_by("pk").values_list("pk", flat=True)[0]],
        "school_staff": [cast.school.pk],
        "document_register": [cast.school.pk],
        "internships": [cast.school.pk],
        "document_register_paper": [cast.school.pk],
        "employment": [factories.job_of(cast.teacher).pk],
        "record": [record and record.pk],
        "record_edit": [record and record.pk],
        "verify": [record and record.pk],
    }
    text = "?text=Борбор" if name == "link_provider" else ""
    return reverse(name, args=numbers.get(name)) + text


def measured(cast: Any, rows: Rows, count: int, pages: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The queries of each page with ``count`` rows; whatever was written is taken back."""
    found = {}
    with transaction.atomic():
        rows(cast, count)
        for who, name in pages:
            url = address(cast, name)
            with transaction.atomic():
                found[who, name] = queries(getattr(cast, who), url)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    cast.__dict__.pop("plan", None)
    return found


# Thirty rows are made once for all pages that show them.
ROWS = list(dict.fromkeys(rows for _who, _name, rows, _expected in PAGES))


@pytest.mark.parametrize("rows", ROWS, ids=lambda rows: rows.__name__)
def test_a_page_needs_the_same_few_queries_for_one_row_and_for_thirty(rows: Rows, cast: Any) -> None:
    expected = {(who, name): number for who, name, those, number in PAGES if those is rows}
    pages = list(expected)
    assert measured(cast, rows, 1, pages) == expected
    assert measured(cast, rows, MANY, pages) == expected
    assert max(expected.values()) <= LIMIT


def test_saving_thirty_rows_needs_no_more_queries_than_saving_three(cast: Any) -> None:
    def saving(count: int) -> int:
        plan = factories.fresh(cast.plan)
        rows = [factories.plan_row(plan, programme_title=f"Модуль {n}") for n in range(count)]
        header = {"grounds": ["standard"], "grounds_text": ""}
        with CaptureQueriesContext(connection) as captured:
            actions.save_plan(plan=plan, by=cast.teacher, seen=plan.revision, header=header, rows=rows)
        return len(captured)

    assert saving(MANY) == saving(3)
