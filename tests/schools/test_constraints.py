"""Every fact the database guards, broken once: it must refuse, whatever the program above it does."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from courses.models import Offering, SharingEvent
from cpd.dates import today
from cpd.models import PendingImport, ReceivedForm
from cpd.text import fold
from plans.models import (
    AnnualPlanItem,
    Application,
    AssessmentAnswer,
    Competence,
    CompetenceGroup,
    CountedNeed,
    DepartmentItem,
    DepartmentPlan,
    Fulfilment,
    InductionItem,
    InductionMark,
    InternshipInformation,
    InternshipItem,
    InternshipPlan,
    LearningNeed,
    LessonSheet,
    NeedsRequest,
    OfferingTopic,
    OrderRow,
    PerspectiveItem,
    PerspectivePlan,
    PlanItem,
    PortfolioEntry,
    ProfessionalStandard,
    Question,
    QuestionSet,
    Replacement,
    RequestLine,
    RequestRow,
    ScaleLevel,
    SchoolPaper,
    SelfAssessment,
    SheetAnswer,
    StandardUnit,
    Topic,
    TopicAlias,
    TrainingOrder,
)
from schools.models import (
    ApprovalRoute,
    AuditEntry,
    Consent,
    ConsentText,
    Decision,
    Delegation,
    District,
    Document,
    DocumentVersion,
    Employment,
    Institution,
    Invitation,
    Leave,
    Mentorship,
    Merge,
    MethodicalAssociation,
    Notice,
    Oblast,
    Person,
    Position,
    PrintedForm,
    RetentionPeriod,
    RoleAssignment,
    RouteStep,
    Subject,
    Transfer,
    User,
)
from tests import factories
from tests.conftest import Cast
from tests.constraints import constraints, is_told, second, told_in_our_words

OURS = ("cpd", "schools", "plans")
TODAY, YESTERDAY = dt.date(2026, 2, 2), dt.date(2026, 2, 1)
ROW = uuid.UUID(int=1)


def document(cast: Cast, **columns) -> Document:
    wanted = {
        "kind": "annual_plan",
        "author": cast.teacher.person,
        "institution": cast.school,
        "starts_on": TODAY,
        "ends_on": TODAY,
    }
    return Document(**wanted | columns)


def unit_plan(cast: Cast, **columns) -> Document:
    """A plan of the teacher's unit, which the head handed in last."""
    wanted = {"kind": "department_plan", "author": cast.head.person, "association": cast.association}
    return document(cast, **wanted | columns)


def of_lecturers(model: type[Document], cast: Cast, **columns) -> Document:
    """A paper of a college or university, at A."""
    days = {"starts_on": TODAY, "ends_on": TODAY}
    return model(author=cast.teacher.person, institution=cast.school, **days | columns)


def saved_plan(model: type[Document], cast: Cast) -> Document:
    kinds = {PerspectivePlan: "perspective_plan", DepartmentPlan: "department_plan", InternshipPlan: "internship_plan"}
    found = model.objects.first()
    if found is None:
        found = of_lecturers(model, cast, kind=kinds[model])
        found.save()
    return found


def perspective_row(cast: Cast, **columns) -> PerspectiveItem:
    return PerspectiveItem(plan=saved_plan(PerspectivePlan, cast), person=cast.teacher.person, **columns)


def department_row(cast: Cast, **columns) -> DepartmentItem:
    return DepartmentItem(plan=saved_plan(DepartmentPlan, cast), person=cast.teacher.person, **columns)


def internship_row(cast: Cast, **columns) -> InternshipItem:
    return InternshipItem(plan=saved_plan(InternshipPlan, cast), **columns)


def replacement(cast: Cast, **columns) -> Replacement:
    wanted = {"plan": saved_plan(DepartmentPlan, cast), "uid": ROW, "by": cast.head.person, "reason": "Ооруп калды."}
    wanted |= {"person": cast.peer.person, "instead_of": cast.teacher.person}
    return Replacement(**wanted | columns)


def printed(cast: Cast, **columns) -> PrintedForm:
    return PrintedForm(**{"code": "F99", "institution_kind": "college", "source": "003"} | columns)


def part_of_itself(cast: Cast) -> MethodicalAssociation:
    cast.association.part_of = cast.association
    return cast.association


def fulfilment(cast: Cast) -> Fulfilment:
    """The first item of the teacher's plan, by a record of its own."""
    record = factories.training_record(cast.teacher)
    return Fulfilment(plan=cast.plan, uid=cast.plan.rows.get(position=0).uid, record=record, by=cast.teacher.person)


def learning_need(cast: Cast, **columns) -> LearningNeed:
    """A wish of the teacher's; folded as saving folds it, for a form that asks before."""
    wanted = {"employment": factories.job_of(cast.teacher), "school_year": 2026, "origin": "own_wish"}
    wanted |= {"title": "Критериалдуу баалоо", "entered_by": cast.teacher.person} | columns
    return LearningNeed(title_key=fold(str(wanted["title"])), **wanted)


def offering_topic(cast: Cast, offering: Offering) -> OfferingTopic:
    return OfferingTopic(offering=offering, title="КБ", title_key=fold("КБ"), by=cast.officer.person)


def decision(cast: Cast, **columns) -> Decision:
    """The next decision on the teacher's plan, which was handed in."""
    [first] = Decision.objects.all() or [factories.decisions_of(factories.submitted(cast.plan))[0]]
    wanted = {
        "version": first.version,
        "action": "consider",
        "step": 0,
        "by": cast.head.person,
        "by_name": "…",
        "by_role": "association_head",
        "at": first.at,
        "previous_hash": first.chain_hash,
        "chain_hash": uuid.uuid4().hex,
    }
    return Decision(**wanted | columns)


def questions(**columns) -> QuestionSet:
    return QuestionSet(**{"purpose": "after", "starts_on": TODAY, "source": "001"} | columns)


def sheet_pair(cast: Cast) -> Mentorship:
    return factories.mentorship(cast.head, cast.teacher)


def a_sheet(cast: Cast) -> LessonSheet:
    return factories.lesson_sheet(sheet_pair(cast), cast.head, "visit")


def induction_row(cast: Cast, **columns) -> InductionItem:
    return InductionItem(plan=factories.induction_plan(cast.teacher), **columns)


def mentorship(cast: Cast, **columns) -> Mentorship:
    wanted = {"institution": cast.school, "mentor": cast.teacher.person, "mentee": cast.peer.person}
    return Mentorship(**wanted | {"starts_on": TODAY} | columns)


def job(cast: Cast, **columns) -> Employment:
    wanted = {"person": cast.officer.person, "institution": cast.school, "position": "мугалим", "starts_on": TODAY}
    return Employment(**wanted | columns)


def transfer(cast: Cast, **columns) -> Transfer:
    """The teacher is to move to school B."""
    wanted = {"employment": factories.job_of(cast.teacher), "institution": cast.other_school, "moves_on": TODAY}
    wanted |= {"is_proposed_by_new": True, "position": "мугалим", "proposed_by": cast.other_director.person}
    return Transfer(**wanted | columns)


def answered(cast: Cast, **columns) -> Transfer:
    return transfer(cast, **{"answered_by": cast.deputy.person, "answered_at": timezone.now()} | columns)


def merged_into_itself(cast: Cast) -> Person:
    person = cast.peer.person
    person.merged_into = person
    return person


def leave(cast: Cast, **columns) -> Leave:
    wanted = {"employment": factories.job_of(cast.teacher), "kind": "study", "entered_by": cast.clerk.person}
    return Leave(**wanted | {"starts_on": TODAY} | columns)


def delegation(cast: Cast, **columns) -> Delegation:
    """The deputy hands the clerk the plans for a day."""
    wanted = {"institution": cast.school, "giver": cast.deputy.person, "taker": cast.clerk.person, "work": "plans"}
    return Delegation(**wanted | {"starts_on": TODAY, "ends_on": TODAY} | columns)


def merge(cast: Cast, **columns) -> Merge:
    wanted = {"kept": cast.teacher.person, "gone": cast.peer.person, "reason": "Эки жолу.", "by": cast.deputy.person}
    return Merge(**wanted | columns)


def self_assessment(cast: Cast, **columns) -> SelfAssessment:
    standard = ProfessionalStandard.objects.get()
    return SelfAssessment(person=cast.teacher.person, standard=standard, **{"school_year": TODAY.year} | columns)


def order(cast: Cast, **columns) -> TrainingOrder:
    """A draft of the teacher's district."""
    wanted = {"district": cast.district, "school_year": 2026, "number": 1, "made_by": cast.officer.person}
    return TrainingOrder(**wanted | columns)


def order_row(cast: Cast, **columns) -> OrderRow:
    found = TrainingOrder.objects.first()
    if found is None:
        found = order(cast)
        found.save()
    wanted = {"order": found, "group": "|ky|||баалоо", "title": "Баалоо", "language": "ky"}
    return OrderRow(**wanted | {"schools": 1, "teachers": 5} | columns)


def answer(cast: Cast, **columns) -> AssessmentAnswer:
    """To the first question of the teacher's sheet."""
    sheet = SelfAssessment.objects.first() or factories.assessment(cast.teacher)
    return AssessmentAnswer(assessment=sheet, competence=Competence.objects.first(), **columns)


# For every constraint a row that breaks it and nothing else.
def standard(**columns) -> ProfessionalStandard:
    return ProfessionalStandard(**{"number": "2", "title_ky": "Стандарт", "starts_on": TODAY} | columns)


def entry_of_portfolio(cast: Cast, **things) -> PortfolioEntry:
    return PortfolioEntry(person=cast.teacher.person, **things or {"document": cast.plan})


def entry_on(cast: Cast, column: str) -> models.Model:
    """A second entry on one thing."""
    record = factories.training_record(cast.teacher, file=None)
    sharing = {"record": record, "institution": cast.school, "kind": "seminar", "entered_by": cast.teacher.person}
    pair = {"institution": cast.school, "mentor": cast.head.person, "mentee": cast.teacher.person}
    make = {
        "record": lambda: record,
        "sharing": lambda: SharingEvent.objects.create(**sharing),
        "document": lambda: cast.plan,
        "mentorship": lambda: Mentorship.objects.create(**pair),
        "assessment": lambda: factories.assessment(cast.teacher),
    }
    thing = {column: make[column]()}
    return second(entry_of_portfolio(cast, **thing), lambda: entry_of_portfolio(cast, **thing))


def once_more(row: models.Model) -> models.Model:
    """The row saved, and the same one as another."""
    row.save()
    return again(row)


def again(row: models.Model) -> models.Model:
    """The same row, as another one."""
    row.pk = None
    row._state.adding = True
    return row


def school_paper(cast: Cast, **columns) -> SchoolPaper:
    wanted = {"institution": cast.school, "school_year": TODAY.year, "made_by": cast.deputy.person}
    return SchoolPaper(**wanted | {"changed_by": cast.deputy.person} | columns)


def request_row(cast: Cast, **columns) -> RequestRow:
    """A row of a request of school A that counts nobody yet."""
    request = NeedsRequest.objects.first() or factories.needs_request(cast.school, by=cast.deputy)
    return RequestRow(**{"request": request, "title": "Инклюзия", "title_key": "инклюзия", "language": "ky"} | columns)


def request_line(cast: Cast, **columns) -> RequestLine:
    """A line of the version that school A handed in, besides the one it has."""
    if not RequestLine.objects.exists():
        factories.need(cast.teacher, "Баалоо")
        factories.submitted_request(factories.needs_request(cast.school, by=cast.deputy), by=cast.deputy)
    wanted = {"version": DocumentVersion.objects.get(), "institution": cast.school, "school_year": 2026}
    wanted |= {"uid": uuid.uuid4(), "title": "Инклюзия", "language": "ky", "teachers": 1}
    return RequestLine(**wanted | columns)


def counted_again(cast: Cast) -> CountedNeed:
    """The need that a line counts, a second time in it."""
    request_line(cast)
    return again(CountedNeed.objects.get())


def topic_name(cast: Cast, **columns) -> TopicAlias:
    """Another name of a topic of the whole country."""
    topic = Topic.objects.first() or Topic.objects.create(title_ky="Инклюзивдик билим берүү")
    return TopicAlias(**{"target": topic, "text": "Инклюзия", "key": "инклюзия"} | columns)


BREAKING: dict[str, Callable[[Cast], models.Model]] = {
    "cpd_pendingimport_one_waits": lambda cast: second(
        PendingImport(user=cast.officer, purpose="offerings", target=1, rows=[]),
        lambda: PendingImport(user=cast.officer, purpose="offerings", target=1, rows=[]),
    ),
    "cpd_receivedform_once_per_token": lambda cast: second(
        ReceivedForm(token=(token := uuid.uuid4()), user=cast.teacher),
        lambda: ReceivedForm(token=token, user=cast.teacher),
    ),
    "schools_user_language_known": lambda cast: User(
        username="кимдир", person=factories.PersonFactory(), password="!", language="en"
    ),
    "schools_institution_kind_known": lambda cast: Institution(
        title_ky="Ак-Бата бакчасы", kind="nursery", district=cast.district
    ),
    "schools_methodicalassociation_once_per_institution": lambda cast: MethodicalAssociation(
        institution=cast.school, title_ky=cast.association.title_ky
    ),
    "schools_employment_ends_after_start": lambda cast: job(cast, ends_on=YESTERDAY),
    "schools_employment_one_main_job": lambda cast: job(cast, person=cast.teacher.person, institution=cast.far_school),
    "schools_employment_one_per_institution": lambda cast: job(cast, person=cast.teacher.person, is_main=False),
    "schools_employment_language_known": lambda cast: job(cast, is_main=False, teaching_language="en"),
    "schools_employment_end_reason_fits": lambda cast: job(cast, end_reason="left"),
    "schools_person_personal_number_whole": lambda cast: Person(
        family_name="Сыноочу", given_name="А", personal_number="1" * 13
    ),
    "schools_person_one_per_personal_number": lambda cast: second(
        Person(family_name="Сыноочу", given_name="А", personal_number="1" * 14),
        lambda: Person(family_name="Сыноочу", given_name="Б", personal_number="1" * 14),
    ),
    "schools_person_goes_on_as_another": lambda cast: merged_into_itself(cast),
    "schools_transfer_state_known": lambda cast: answered(cast, state="lost"),
    "schools_transfer_answered_once": lambda cast: answered(cast),
    "schools_transfer_confirmed_has_employment": lambda cast: answered(cast, state="confirmed"),
    "schools_transfer_one_waits": lambda cast: second(
        transfer(cast), lambda: transfer(cast, institution=cast.far_school)
    ),
    "schools_leave_ends_after_start": lambda cast: leave(cast, ends_on=YESTERDAY),
    "schools_leave_kind_known": lambda cast: leave(cast, kind="holiday"),
    "schools_leave_one_open": lambda cast: second(leave(cast), lambda: leave(cast)),
    "schools_notice_kind_known": lambda cast: Notice(person=cast.teacher.person, kind="rumour", key="1", path="/"),
    "schools_notice_told_once": lambda cast: second(
        Notice(person=cast.teacher.person, kind="account", key="1", path="/"),
        lambda: Notice(person=cast.teacher.person, kind="account", key="1", path="/"),
    ),
    "schools_delegation_ends_after_start": lambda cast: delegation(cast, ends_on=YESTERDAY),
    "schools_delegation_work_known": lambda cast: delegation(cast, work="coffee"),
    "schools_delegation_is_for_a_time": lambda cast: delegation(cast, ends_on=None),
    "schools_delegation_to_another": lambda cast: delegation(cast, taker=cast.deputy.person),
    "schools_delegation_ended_by_somebody": lambda cast: delegation(cast, ended_at=timezone.now()),
    "schools_merge_of_two": lambda cast: merge(cast, gone=cast.teacher.person),
    "schools_merge_undone_by_somebody": lambda cast: merge(cast, undone_at=timezone.now()),
    "schools_merge_gone_once": lambda cast: second(merge(cast), lambda: merge(cast, kept=cast.head.person)),
    "schools_decision_in_place_of_another": lambda cast: decision(cast, in_place_of=cast.deputy.person),
    "schools_mentorship_ends_after_start": lambda cast: mentorship(cast, ends_on=YESTERDAY),
    "schools_mentorship_of_two_people": lambda cast: mentorship(cast, mentee=cast.teacher.person),
    "schools_mentorship_one_mentor": lambda cast: second(
        mentorship(cast), lambda: mentorship(cast, mentor=cast.head.person)
    ),
    "schools_roleassignment_ends_after_start": lambda cast: RoleAssignment(
        person=cast.clerk.person, role="director", institution=cast.school, starts_on=TODAY, ends_on=YESTERDAY
    ),
    "schools_roleassignment_role_known": lambda cast: RoleAssignment(person=cast.clerk.person, role="king"),
    "schools_roleassignment_place_fits_role": lambda cast: RoleAssignment(
        person=cast.clerk.person, role="director", district=cast.district
    ),
    "schools_approvalroute_kinds_known": lambda cast: ApprovalRoute(document_kind="letter", source="1"),
    "schools_approvalroute_one_per_institution": lambda cast: second(
        ApprovalRoute(document_kind="annual_plan", institution=cast.school, source="1"),
        lambda: ApprovalRoute(document_kind="annual_plan", institution=cast.school, source="1"),
    ),
    "schools_approvalroute_one_per_kind": lambda cast: ApprovalRoute(document_kind="annual_plan", source="1"),
    "schools_routestep_one_per_position": lambda cast: RouteStep(
        route=ApprovalRoute.objects.first(), position=1, action="agree", role="director"
    ),
    "schools_routestep_known": lambda cast: RouteStep(
        route=ApprovalRoute.objects.first(), position=9, action="submit", role="director"
    ),
    "schools_document_choices_known": lambda cast: document(cast, kind="letter"),
    "schools_document_ends_after_start": lambda cast: document(cast, ends_on=YESTERDAY),
    "schools_document_awaits_someone_while_undecided": lambda cast: document(cast, state="submitted"),
    "schools_document_one_per_period": lambda cast: second(document(cast), lambda: document(cast)),
    "schools_document_one_of_an_association": lambda cast: second(
        document(cast, kind="association_schedule", association=cast.association),
        lambda: document(cast, kind="association_schedule", association=cast.association, author=cast.head.person),
    ),
    "schools_document_one_of_a_school": lambda cast: second(
        document(cast, kind="school_schedule"),
        lambda: document(cast, kind="school_schedule", author=cast.deputy.person),
    ),
    "schools_document_schedule_names_its_association": lambda cast: document(cast, kind="association_schedule"),
    "schools_documentversion_one_per_number": lambda cast: DocumentVersion(
        document=factories.submitted(cast.plan), number=1, content={}, content_hash="", route=[]
    ),
    "schools_decision_choices_known": lambda cast: decision(cast, by_role="king"),
    "schools_decision_step_fits_action": lambda cast: decision(cast, step=None),
    "schools_decision_return_has_a_reason": lambda cast: decision(cast, action="return"),
    "schools_decision_sent_once": lambda cast: second(
        decision(cast, action="send", step=None), lambda: decision_after(cast, action="send")
    ),
    "schools_decision_order_whole": lambda cast: decision(cast, order_number="14"),
    "schools_decision_one_per_step": lambda cast: second(
        decision(cast), lambda: decision_after(cast, action="approve", step=0)
    ),
    "schools_decision_one_successor": lambda cast: decision(cast, step=1, previous_hash=""),
    "plans_competence_one_per_code": lambda cast: again(Competence.objects.get(code="A1.1")),
    "plans_competencegroup_one_per_code": lambda cast: again(CompetenceGroup.objects.get(code="B1")),
    "plans_portfolioentry_of_one_thing": lambda cast: entry_of_portfolio(
        cast, document=cast.plan, record=factories.training_record(cast.teacher, file=None)
    ),
    "plans_portfolioentry_one_per_assessment": lambda cast: entry_on(cast, "assessment"),
    "plans_portfolioentry_one_per_mentorship": lambda cast: entry_on(cast, "mentorship"),
    "plans_portfolioentry_one_per_plan": lambda cast: entry_on(cast, "document"),
    "plans_portfolioentry_one_per_record": lambda cast: entry_on(cast, "record"),
    "plans_portfolioentry_one_per_sharing": lambda cast: entry_on(cast, "sharing"),
    "plans_question_one_per_position": lambda cast: again(
        Question.objects.get(question_set__purpose="before", position=1)
    ),
    "plans_questionset_ends_after_start": lambda cast: questions(ends_on=YESTERDAY),
    "plans_questionset_one_begins_on_a_day": lambda cast: second(questions(), questions),
    "plans_questionset_purpose_known": lambda cast: questions(purpose="exam"),
    "plans_lessonsheet_kind_known": lambda cast: LessonSheet(
        mentorship=sheet_pair(cast), kind="exam", made_by=cast.head.person, changed_by=cast.head.person
    ),
    "plans_sheetanswer_answers_something": lambda cast: SheetAnswer(sheet=a_sheet(cast), text="Ооба"),
    "plans_sheetanswer_one_per_question": lambda cast: again(a_sheet(cast).answers.first()),
    "plans_professionalstandard_ends_after_start": lambda cast: standard(ends_on=YESTERDAY),
    "plans_professionalstandard_one_begins_on_a_day": lambda cast: second(
        standard(number="2"), lambda: standard(number="3")
    ),
    "plans_scalelevel_from_one": lambda cast: ScaleLevel(
        standard=ProfessionalStandard.objects.get(), value=0, title_ky="Эч"
    ),
    "plans_scalelevel_one_per_value": lambda cast: again(ScaleLevel.objects.get(value=1)),
    "plans_schoolpaper_extract_of_a_meeting": lambda cast: school_paper(cast, kind="minutes_extract"),
    "plans_schoolpaper_kind_known": lambda cast: school_paper(cast, kind="?"),
    "plans_standardunit_one_per_code": lambda cast: again(StandardUnit.objects.get(code="A1")),
    "plans_planitem_once_per_plan": lambda cast: PlanItem(plan=cast.plan, uid=cast.plan.rows.first().uid),
    "plans_planitem_month_known": lambda cast: PlanItem(plan=cast.plan, month=13),
    "plans_planitem_hours_positive": lambda cast: PlanItem(plan=cast.plan, hours=0),
    "plans_planitem_choices_known": lambda cast: PlanItem(plan=cast.plan, block="third"),
    "plans_annualplanitem_once_per_plan": lambda cast: AnnualPlanItem(
        plan=cast.annual_plan, uid=cast.annual_plan.rows.first().uid
    ),
    "plans_annualplanitem_month_known": lambda cast: AnnualPlanItem(plan=cast.annual_plan, month=0),
    "plans_inductionitem_once_per_plan": lambda cast: once_more(induction_row(cast)),
    "plans_inductionitem_month_known": lambda cast: induction_row(cast, month=0),
    "plans_inductionitem_year_known": lambda cast: induction_row(cast, plan_year=0),
    "plans_inductionmark_one_per_row": lambda cast: once_more(
        InductionMark(plan=induction_row(cast).plan, uid=uuid.uuid4(), done_on=TODAY, by=cast.head.person)
    ),
    "plans_annualplanitem_executor_known": lambda cast: AnnualPlanItem(plan=cast.annual_plan, executor_kind="nobody"),
    "schools_auditentry_event_known": lambda cast: AuditEntry(event="slept"),
    "schools_oblast_one_per_code": lambda cast: second(
        Oblast(title_ky="Бир", code="41"), lambda: Oblast(title_ky="Эки", code="41")
    ),
    "schools_district_one_per_code": lambda cast: second(
        District(title_ky="Бир", code="41", oblast=cast.district.oblast),
        lambda: District(title_ky="Эки", code="41", oblast=cast.district.oblast),
    ),
    "schools_institution_one_per_code": lambda cast: second(
        Institution(title_ky="Бир", code="41", district=cast.district),
        lambda: Institution(title_ky="Эки", code="41", district=cast.district),
    ),
    "schools_subject_one_per_code": lambda cast: second(
        Subject(title_ky="Бир", code="41"), lambda: Subject(title_ky="Эки", code="41")
    ),
    "schools_position_one_per_code": lambda cast: second(
        Position(title_ky="Бир", code="41"), lambda: Position(title_ky="Эки", code="41")
    ),
    "schools_invitation_one_open": lambda cast: second(invitation(cast, "а"), lambda: invitation(cast, "б")),
    "schools_invitation_used_or_revoked": lambda cast: invitation(
        cast, "а", used_at=timezone.now(), revoked_at=timezone.now()
    ),
    "schools_consent_once": lambda cast: second(consent(cast), lambda: consent(cast)),
    "schools_retentionperiod_known": lambda cast: RetentionPeriod(kept="secrets", source="1"),
    "schools_retentionperiod_years_positive": lambda cast: RetentionPeriod(kept="people", years=0, source="1"),
    "plans_selfassessment_year_known": lambda cast: self_assessment(cast, school_year=1999),
    "plans_selfassessment_one_per_year": lambda cast: second(self_assessment(cast), lambda: self_assessment(cast)),
    "plans_assessmentanswer_one_each": lambda cast: second(answer(cast), lambda: answer(cast)),
    "plans_assessmentanswer_level_from_one": lambda cast: answer(cast, level=0),
    "plans_trainingorder_year_known": lambda cast: order(cast, school_year=1999),
    "plans_trainingorder_one_per_number": lambda cast: second(order(cast), lambda: order(cast)),
    "plans_trainingorder_issued_whole": lambda cast: order(cast, issued_at=timezone.now()),
    "plans_orderrow_choices_known": lambda cast: order_row(cast, quarter=5),
    "plans_orderrow_hours_positive": lambda cast: order_row(cast, hours=0),
    "plans_orderrow_once_per_order": lambda cast: second(order_row(cast), lambda: order_row(cast)),
    "plans_learningneed_choices_known": lambda cast: learning_need(cast, language="en"),
    "plans_learningneed_has_a_topic": lambda cast: learning_need(cast, title=""),
    "plans_learningneed_passed_on_once": lambda cast: second(
        learning_need(cast, passed_on_at=timezone.now()),
        lambda: learning_need(cast, title="критериалдуу БААЛОО", passed_on_at=timezone.now()),
    ),
    "plans_learningneed_private_once": lambda cast: second(
        learning_need(cast), lambda: learning_need(cast, title="критериалдуу БААЛОО")
    ),
    "plans_learningneed_year_known": lambda cast: learning_need(cast, school_year=1999),
    "plans_offeringtopic_once": lambda cast: second(
        offering_topic(cast, offering := factories.offering(cast)), lambda: offering_topic(cast, offering)
    ),
    "plans_fulfilment_one_per_item": lambda cast: second(fulfilment(cast), lambda: fulfilment(cast)),
    "schools_document_one_request_of_a_school": lambda cast: second(
        document(cast, kind="needs_request"),
        lambda: document(cast, kind="needs_request", author=cast.deputy.person),
    ),
    "plans_requestrow_choices_known": lambda cast: request_row(cast, language="en"),
    "plans_requestrow_hours_positive": lambda cast: request_row(cast, hours=0),
    "plans_requestrow_once_per_request": lambda cast: second(
        request_row(cast, uid=(uid := uuid.uuid4())), lambda: request_row(cast, uid=uid, title="Баалоо")
    ),
    "plans_requestrow_one_per_topic": lambda cast: second(request_row(cast), lambda: request_row(cast)),
    "plans_requestline_choices_known": lambda cast: request_line(cast, quarter=5),
    "plans_requestline_hours_positive": lambda cast: request_line(cast, hours=0),
    "plans_requestline_year_known": lambda cast: request_line(cast, school_year=1999),
    "plans_requestline_somebody": lambda cast: request_line(cast, teachers=0),
    "plans_requestline_once_per_version": lambda cast: second(
        request_line(cast, uid=(uid := uuid.uuid4())), lambda: request_line(cast, uid=uid)
    ),
    "plans_countedneed_once_per_line": lambda cast: counted_again(cast),
    "plans_topic_kept_in_one_place": lambda cast: Topic(
        title_ky="Инклюзия", institution=cast.school, district=cast.district
    ),
    "plans_topicalias_kept_in_one_place": lambda cast: topic_name(
        cast, institution=cast.school, district=cast.district
    ),
    "plans_topicalias_removed_whole": lambda cast: topic_name(cast, removed_at=timezone.now()),
    "plans_topicalias_one_in_country": lambda cast: second(topic_name(cast), lambda: topic_name(cast)),
    "plans_topicalias_one_in_district": lambda cast: second(
        topic_name(cast, district=cast.district), lambda: topic_name(cast, district=cast.district)
    ),
    "plans_topicalias_one_in_institution": lambda cast: second(
        topic_name(cast, institution=cast.school), lambda: topic_name(cast, institution=cast.school)
    ),
    "schools_methodicalassociation_part_of_another": part_of_itself,
    "schools_document_one_of_a_department": lambda cast: second(unit_plan(cast), lambda: unit_plan(cast)),
    "schools_document_one_of_an_institution": lambda cast: second(
        unit_plan(cast, association=None), lambda: unit_plan(cast, association=None)
    ),
    "schools_printedform_kinds_known": lambda cast: printed(cast, institution_kind="academy"),
    "schools_printedform_one_per_institution": lambda cast: second(
        printed(cast, institution=cast.school), lambda: printed(cast, institution=cast.school)
    ),
    "schools_printedform_one_per_kind": lambda cast: second(printed(cast), lambda: printed(cast)),
    "plans_perspectiveitem_once_per_plan": lambda cast: second(
        perspective_row(cast, uid=ROW), lambda: perspective_row(cast, uid=ROW)
    ),
    "plans_perspectiveitem_funding_known": lambda cast: perspective_row(cast, funding="lottery"),
    "plans_departmentitem_once_per_plan": lambda cast: second(
        department_row(cast, uid=ROW), lambda: department_row(cast, uid=ROW)
    ),
    "plans_departmentitem_month_known": lambda cast: department_row(cast, month=13),
    "plans_departmentitem_kind_known": lambda cast: department_row(cast, training_kind="walk"),
    "plans_replacement_has_a_reason": lambda cast: replacement(cast, reason=""),
    "plans_replacement_of_another": lambda cast: replacement(cast, person=cast.teacher.person),
    "plans_application_choices_known": lambda cast: of_lecturers(Application, cast, kind="application", funding="?"),
    "plans_internshipitem_once_per_plan": lambda cast: second(
        internship_row(cast, uid=ROW), lambda: internship_row(cast, uid=ROW)
    ),
    "plans_internshipitem_known_and_positive": lambda cast: internship_row(cast, hours=0),
    "plans_internshipinformation_hours_positive": lambda cast: of_lecturers(
        InternshipInformation,
        cast,
        kind="internship_information",
        internship=saved_plan(InternshipPlan, cast),
        hours_done=0,
    ),
}
# An unknown role has no place either: whichever of the two the database looks at first may answer.
TOLD_AS = {"schools_roleassignment_role_known": "schools_roleassignment_place_fits_role"}


def invitation(cast: Cast, secret: str, **columns) -> Invitation:
    wanted = {"person": cast.teacher.person, "institution": cast.school, "made_by": cast.deputy.person}
    wanted |= {"salt": secret, "token_hash": secret, "expires_at": timezone.now()}
    return Invitation(**wanted | columns)


def consent(cast: Cast) -> Consent:
    text, _new = ConsentText.objects.get_or_create(valid_from=TODAY, defaults={"text_ky": "Текст", "source": "1"})
    return Consent(person=cast.teacher.person, text=text)


def decision_after(cast: Cast, **columns) -> Decision:
    last = Decision.objects.order_by("pk").last()
    return Decision(
        version=last.version, by=cast.deputy.person, by_name="…", at=last.at, previous_hash=last.chain_hash, **columns
    )


def test_every_constraint_is_broken_once_here():
    assert set(constraints(*OURS)) == set(BREAKING)


@pytest.mark.django_db
@pytest.mark.parametrize("name", BREAKING)
def test_the_database_refuses(name, cast):
    row = BREAKING[name](cast)
    with pytest.raises(IntegrityError) as mistake, transaction.atomic():
        row.save()
    assert is_told(mistake.value, constraints(*OURS)[name], also_as=TOLD_AS.get(name, "?"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", told_in_our_words(*OURS))
def test_a_form_tells_it_in_a_sentence_of_ours(name, cast):
    """Where a person can cause it, the constraint brings its own sentence and no column name."""
    constraint = constraints(*OURS)[name]
    with pytest.raises(ValidationError) as told:
        BREAKING[name](cast).validate_constraints()
    assert str(constraint.violation_error_message) in told.value.messages


@pytest.mark.django_db
def test_an_association_of_another_school_is_refused_by_the_form(cast):
    with pytest.raises(ValidationError) as refusal:
        job(cast, association=cast.strange_association).clean()
    assert set(refusal.value.message_dict) == {"association"}
    job(cast, association=cast.association).clean()
    job(cast).clean()


@pytest.mark.django_db
def test_login_names_are_unique(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        User(username=cast.teacher.username, person=factories.PersonFactory()).save()


@pytest.mark.django_db
def test_a_person_has_one_account(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        User(username="экинчи", person=cast.teacher.person).save()


@pytest.mark.django_db
def test_what_papers_rest_on_is_not_deleted(cast):
    factories.submitted(cast.plan)
    for row in (cast.teacher.person, cast.school, cast.association, cast.district, cast.head.person):
        with pytest.raises(models.ProtectedError):
            row.delete()


@pytest.mark.django_db(transaction=True)
def test_a_link_to_nothing_is_refused(cast):
    with pytest.raises(IntegrityError):
        Employment.objects.filter(person=cast.teacher.person).update(institution=10**6)
    assert factories.job_of(cast.teacher).institution == cast.school


@pytest.mark.django_db
def test_a_job_that_ended_leaves_room_for_the_next(cast):
    Employment.objects.filter(person=cast.teacher.person).update(ends_on=today())
    job(cast, person=cast.teacher.person).save()
