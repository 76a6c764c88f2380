"""Rows in one line, and plans walked to a state through the same actions people use."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from hashlib import sha256
from importlib import import_module
from typing import Any, TypeVar
from uuid import uuid4

import factory
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import F, Q
from django.utils import timezone
from factory.django import DjangoModelFactory

from courses.choices import (
    AttachmentKind,
    Block,
    BookForm,
    BookState,
    DeliveryMode,
    DocumentType,
    HoursUnit,
    Precision,
    ProviderKind,
    RightBasis,
    SharingKind,
    StudyForm,
    TrainingKind,
    category_of,
)
from courses.choices import RecordStatus as Status
from courses.files import new_name
from courses.models import (
    Book,
    CertificateFile,
    ConfirmedPair,
    HoursPolicy,
    LegalAct,
    Offering,
    Programme,
    Provider,
    ProviderAlias,
    ProviderRight,
    RecordAttachment,
    Schedule,
    ScheduleEntry,
    Seat,
    SharingEvent,
    TrainingRecord,
)
from courses.reading import document_key
from courses.schedules import actions as schedule_actions
from courses.schedules import school_actions
from cpd.dates import Period, lasting, school_year, school_year_of, today
from cpd.storage import file_store
from plans import actions
from plans.choices import (
    Executor,
    Ground,
    LearningMethod,
    NeedOrigin,
)
from plans.content import Plan
from plans.mentoring.content import questions_of
from plans.models import (
    AnnualPlan,
    AssessmentAnswer,
    Competence,
    IndividualPlan,
    InductionPlan,
    LearningNeed,
    LessonSheet,
    NeedsRequest,
    ProfessionalStandard,
    SelfAssessment,
    SheetAnswer,
)
from plans.requests import actions as request_actions
from schools import approval
from schools.choices import Action, DocumentKind, Role, State
from schools.models import (
    ApprovalRoute,
    Category,
    Decision,
    District,
    Document,
    DocumentVersion,
    Employment,
    Institution,
    Meeting,
    Mentorship,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    Subject,
    User,
)

LONG_AGO = dt.date(2015, 9, 1)
PASSWORD = "Кызыл-алма-7"
Paper = TypeVar("Paper", bound=Document)


class OblastFactory(DjangoModelFactory[Oblast]):
    class Meta:
        model = Oblast

    title_ky = factory.Sequence(lambda n: f"Сыноо облусу {n}")


class DistrictFactory(DjangoModelFactory[District]):
    class Meta:
        model = District

    title_ky = factory.Sequence(lambda n: f"Сыноо району {n}")
    oblast = factory.SubFactory(OblastFactory)


class InstitutionFactory(DjangoModelFactory[Institution]):
    class Meta:
        model = Institution

    title_ky = factory.Sequence(lambda n: f"№{n} орто мектеп")
    district = factory.SubFactory(DistrictFactory)


class AssociationFactory(DjangoModelFactory[MethodicalAssociation]):
    class Meta:
        model = MethodicalAssociation

    title_ky = factory.Sequence(lambda n: f"Усулдук бирикме {n}")
    institution = factory.SubFactory(InstitutionFactory)


class SubjectFactory(DjangoModelFactory[Subject]):
    class Meta:
        model = Subject

    title_ky = factory.Sequence(lambda n: f"Сабак {n}")


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    family_name = factory.Sequence(lambda n: f"Сыноочу{n}")
    given_name = "Элмира"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    person = factory.SubFactory(PersonFactory)
    password = factory.django.Password(PASSWORD)
    must_change_password = False


class EmploymentFactory(DjangoModelFactory[Employment]):
    class Meta:
        model = Employment

    person = factory.SubFactory(PersonFactory)
    institution = factory.SubFactory(InstitutionFactory)
    position = "мугалим"
    starts_on = LONG_AGO


class RoleFactory(DjangoModelFactory[RoleAssignment]):
    class Meta:
        model = RoleAssignment

    person = factory.SubFactory(PersonFactory)
    role = Role.DEPUTY_DIRECTOR
    starts_on = LONG_AGO


def first_data() -> None:
    """What migrations bring, where a test with real transactions has emptied the tables."""
    if not Category.objects.exists():
        import_module("schools.migrations.0006_movement_accounts_and_journal").first_categories(apps, None)
    if not ApprovalRoute.objects.exists():
        import_module("schools.migrations.0002_first_routes").add_routes(apps, None)
        import_module("schools.migrations.0005_routes_of_schedules").add_routes(apps, None)
        import_module("schools.migrations.0008_route_of_requests").add_route(apps, None)
        import_module("schools.migrations.0010_route_of_induction_plans").add_route(apps, None)
        import_module("schools.migrations.0012_routes_of_lecturers").add_routes(apps, None)
    if not LegalAct.objects.exists():
        import_module("courses.migrations.0002_first_norms").add_norms(apps, None)
        import_module("courses.migrations.0004_first_rules_and_providers").add_rules(apps, None)
        import_module("courses.migrations.0009_first_rule_for_young_specialists").add_norm(apps, None)
        import_module("courses.migrations.0011_first_norms_of_lecturers").add_norms(apps, None)
    if not Provider.objects.exists():
        import_module("courses.migrations.0004_first_rules_and_providers").add_providers(apps, None)
    if not ProfessionalStandard.objects.exists():
        import_module("plans.migrations.0004_first_standard").add_standard(apps, None)


def again(user: User) -> User:
    """The same user as the next request sees them: roles and employments read anew."""
    return User.objects.select_related("person").get(pk=user.pk)


def fresh(paper: Paper) -> Paper:
    """The same plan or schedule as the next request sees it."""
    return type(paper)._default_manager.get(pk=paper.pk)


def five_years() -> Period:
    """The five school years that began last September."""
    return lasting(school_year(school_year_of(today())).starts_on, 5)


def job_of(user: User) -> Employment:
    return Employment.objects.on(today()).get(person=user.person_id, is_main=True)


def individual_plan(user: User, *, period: Period | None = None, **wanted: Any) -> IndividualPlan:
    """An empty draft of the user's five-year plan at the main job."""
    wanted = {"employment": job_of(user), "period": period or five_years()} | wanted
    return actions.start_plan(by=user, kind=DocumentKind.INDIVIDUAL_PLAN, **wanted)


def annual_plan(user: User, *, period: Period | None = None, **wanted: Any) -> AnnualPlan:
    """An empty draft of the user's plan for this school year at the main job."""
    wanted = {"employment": job_of(user), "period": period or school_year(school_year_of(today()))} | wanted
    return actions.start_plan(by=user, kind=DocumentKind.ANNUAL_PLAN, **wanted)


def plan_row(plan: IndividualPlan, **columns: Any) -> dict[str, Any]:
    """One complete row of an individual plan, as its form cleans it."""
    return {
        "uid": uuid4(),
        "direction": "Предметти окутуунун усулу",
        "rationale": "",
        "programme_title": "Критерийлик баалоо",
        "block": Block.COMPULSORY.value,
        "study_form": StudyForm.DISTANCE.value,
        "hours": Decimal(24),
        "provider_text": "",
        "school_year": plan.period.school_years[0],
        "month": 10,
        "note": "",
    } | columns


def annual_row(**columns: Any) -> dict[str, Any]:
    """One complete row of a yearly plan, as its form cleans it."""
    return {
        "uid": uuid4(),
        "need": "Сабакта окуучулардын сөзүн угуу",
        "learning_methods": [LearningMethod.PRACTICE.value],
        "methods_text": "",
        "month": 11,
        "term_text": "",
        "executor_kind": Executor.SELF.value,
        "executor_text": "",
    } | columns


def induction_row(**columns: Any) -> dict[str, Any]:
    """One complete row of a young specialist's plan, as its form cleans it."""
    return {
        "uid": uuid4(),
        "direction": "Сабакты пландоо",
        "activity": "Насаатчынын сабагына катышуу",
        "activity_form": "байкоо",
        "plan_year": 1,
        "month": 10,
        "expected_result": "Сабактын планын өз алдынча түзөт",
    } | columns


def complete(plan: Plan, *, rows: Iterable[dict[str, Any]] | None = None) -> Plan:
    """Fill a draft so that nothing keeps it from being submitted."""
    header: dict[str, Any] = {"change_note": plan.change_note}
    if isinstance(plan, IndividualPlan):
        header |= {"grounds": [Ground.STANDARD.value], "grounds_text": ""}
        rows = rows or [plan_row(plan), plan_row(plan, programme_title="Сынчыл ойлом", hours=Decimal(48))]
    elif isinstance(plan, InductionPlan):
        rows = rows or [induction_row(), induction_row(activity="Ачык сабак өткөрүү", plan_year=2)]
    else:
        rows = rows or [annual_row()]
    actions.save_plan(plan=plan, by=plan.author.user, seen=plan.revision, header=header, rows=list(rows))
    return fresh(plan)


def submitted(plan: Plan) -> Plan:
    """Handed in by its author, completed first where it is an empty draft."""
    if not plan.rows.exists():
        plan = complete(plan)
    actions.submit_plan(plan=plan, by=plan.author.user, seen=plan.revision)
    return fresh(plan)


def considered(plan: Plan, *, by: User | None = None) -> Plan:
    """Handed in, with the first step of its route taken."""
    return decided(_handed_in(plan), by=by)


def approved(plan: Plan, *, by: User | None = None) -> Plan:
    """Walked to the end of its route; ``by`` takes the last step."""
    plan = _handed_in(plan)
    while plan.state != State.APPROVED:
        is_last = len(plan.current_version.route) - 1 == plan.current_version.decisions.exclude(step=None).count()
        plan = decided(plan, by=by if is_last else None)
    return plan


def returned(plan: Plan, *, by: User | None = None, reason: str = "Сааттарды тактаңыз.") -> Plan:
    """Handed in and given back with a reason."""
    plan = _handed_in(plan)
    approval.perform(plan, Action.RETURN, by=by or in_line(plan), seen=plan.revision, reason=reason)
    return fresh(plan)


def amended(plan: Plan) -> Plan:
    """Approved and opened by its author for a change."""
    if plan.state != State.APPROVED:
        plan = approved(plan)
    approval.perform(plan, Action.AMEND, by=plan.author.user, seen=plan.revision)
    return fresh(plan)


def decided(plan: Plan, *, by: User | None = None) -> Plan:
    """One more step of the route, by the person in line or by ``by``."""
    by = by or in_line(plan)
    step = plan.current_version.route[plan.current_version.decisions.exclude(step=None).count()]
    minutes = meeting(plan.association, by=by) if step["needs_minutes"] else None
    order = approval.Order("14", today()) if step.get("needs_order") else None
    approval.perform(plan, Action(step["action"]), by=by, seen=plan.revision, meeting=minutes, order=order)
    return fresh(plan)


def in_line(plan: Plan) -> User:
    """The first account that may take the plan's next step."""
    takes_it = Q(person__roles__role=plan.awaiting_role) | Q(person__delegations__isnull=False)
    for user in User.objects.filter(takes_it).select_related("person").order_by("pk").distinct():
        if Document.objects.awaiting(user).filter(pk=plan.pk).exists():
            return user
    raise LookupError(f"nobody can take the next step of {plan}")


def meeting(association: MethodicalAssociation, *, by: User, number: str = "1") -> Meeting:
    return Meeting.objects.create(
        association=association, minutes_number=number, held_on=today(), recorded_by=by.person
    )


def decisions_of(plan: Plan) -> list[Decision]:
    return list(Decision.objects.filter(version__document=plan.pk).order_by("pk"))


def _handed_in(plan: Plan) -> Plan:
    return submitted(plan) if plan.is_editable else plan


class ProviderFactory(DjangoModelFactory[Provider]):
    """Known in the whole country, with no right to teach: see ``provider``."""

    class Meta:
        model = Provider

    title_ky = factory.Sequence(lambda n: f"Сыноо борбору {n}")
    kind = ProviderKind.LICENSED


class ProviderRightFactory(DjangoModelFactory[ProviderRight]):
    class Meta:
        model = ProviderRight

    provider = factory.SubFactory(ProviderFactory)
    basis = RightBasis.LICENCE
    number = factory.Sequence(lambda n: f"ЛС {n:04}")
    starts_on = LONG_AGO


class ProviderAliasFactory(DjangoModelFactory[ProviderAlias]):
    class Meta:
        model = ProviderAlias

    target = factory.SubFactory(ProviderFactory)
    text = factory.Sequence(lambda n: f"СБ-{n}")


class ProgrammeFactory(DjangoModelFactory[Programme]):
    class Meta:
        model = Programme

    title_ky = factory.Sequence(lambda n: f"Сыноо программасы {n}")
    block = Block.COMPULSORY
    hours = Decimal(72)


class CertificateFileFactory(DjangoModelFactory[CertificateFile]):
    """The row only: nothing lies in the store."""

    class Meta:
        model = CertificateFile

    stored_as = factory.Sequence(lambda n: f"certificates/{n}.jpg")
    content_type = "image/jpeg"
    size = 2_000
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    original_sha256 = factory.SelfAttribute("sha256")
    uploaded_by = factory.SubFactory(PersonFactory)


def provider(*, right: bool = True, **columns: Any) -> Provider:
    """A provider of the country's register, with a licence since long ago unless ``right`` says otherwise."""
    made = ProviderFactory.create(**columns)
    if right:
        ProviderRightFactory.create(provider=made)
    return made


def certificate(person: Person, **columns: Any) -> CertificateFile:
    return CertificateFileFactory.create(uploaded_by=person, **columns)


def training_record(whose: User | Person, **columns: Any) -> TrainingRecord:
    """A record of attendance from which nothing is missing, waiting for verification; ``columns`` say otherwise.

    A course of two weeks that ended two months ago, with a certificate of its own and its file, at the republican
    institute. Texts follow the values given: ``starts_on``, ``ends_on``, ``amount``, ``provider``.
    """
    person = whose.person if isinstance(whose, User) else whose
    number = f"ТС-{uuid4().hex[:12]}"
    wanted = {
        "title": "Критерийлик баалоо",
        "block": Block.COMPULSORY,
        "delivery_mode": DeliveryMode.OFFLINE,
        "ends_on": (ends_on := columns.get("ends_on", today() - dt.timedelta(days=60))),
        "starts_on": ends_on and ends_on - dt.timedelta(days=11),
        "precision": Precision.DAY,
        "amount": Decimal(24),
        "unit": HoursUnit.HOUR,
        "document_type": DocumentType.CERTIFICATE,
        "document_number": number,
        "document_on": ends_on,
        "status": Status.SUBMITTED,
    } | columns
    if "institution" not in columns:
        wanted["institution"] = Employment.objects.on(today()).filter(person=person)[0].institution
    if "provider" not in columns:
        wanted["provider"] = Provider.objects.get(kind=ProviderKind.REPUBLICAN_INSTITUTE)
    if "file" not in columns:
        wanted["file"] = certificate(person)
    taught_by, starts_on = wanted["provider"], wanted["starts_on"]
    texts = {
        "provider_text": taught_by.title_ky if taught_by else "Белгисиз уюм",
        "date_text": f"{starts_on:%d.%m.%Y}–{wanted['ends_on']:%d.%m.%Y}" if starts_on else "былтыр",
        "hours_text": f"{wanted['amount']} саат" if wanted["amount"] else "",
        "document_key": document_key(wanted["document_number"]),
    }
    return TrainingRecord.objects.create(person=person, **texts | wanted)


def beside(whose: User | Person, **columns: Any) -> TrainingRecord:
    """Learning beside courses as its owner noted it: self-study, ended two months ago; ``columns`` say otherwise."""
    kind = columns.get("kind", TrainingKind.SELF_STUDY)
    bare = {"document_type": "", "document_number": "", "document_on": None, "file": None, "provider": None}
    noted = {"title": "Китеп окуу", "kind": kind, "category": category_of(kind), "status": Status.NOTED, "block": ""}
    return training_record(whose, **bare | noted | {"provider_text": ""} | columns)


def result(record: TrainingRecord, **columns: Any) -> RecordAttachment:
    """What came of a course: an article without a scan; ``columns`` say otherwise."""
    wanted = {"kind": AttachmentKind.ARTICLE, "title": "Тоо өсүмдүктөрү"} | columns
    return RecordAttachment.objects.create(record=record, **wanted)


def confirmed_pair(one: TrainingRecord, other: TrainingRecord, *, by: User, **columns: Any) -> ConfirmedPair:
    """Both are right, though their days overlap."""
    first, second = sorted((one, other), key=lambda record: record.pk)
    wanted = {"reason": "Сырттан окуган.", "confirmed_by": by.person} | columns
    return ConfirmedPair.objects.create(first=first, second=second, **wanted)


def rule_of_least_length(institution: Institution, **columns: Any) -> HoursPolicy:
    """A rule of one institution that asks for courses of a least length, as that of universities does."""
    rule = HoursPolicy.objects.get(code="UNI_72_5Y")
    own = {"pk": None, "code": "LEAST", "institution_kind": institution.kind, "institution": institution}
    for column, value in (own | columns).items():
        setattr(rule, column, value)
    rule.full_clean()
    rule.save(force_insert=True)
    return rule


def next_school_year() -> int:
    """The first calendar year of the school year that schedules are made for."""
    return school_year_of(today()) + 1


def association_schedule(association: MethodicalAssociation, *, by: User, year: int | None = None) -> Schedule:
    """An empty draft of an association's schedule, for the next school year unless ``year`` is given."""
    return _schedule(
        DocumentKind.ASSOCIATION_SCHEDULE, association.institution, by=by, year=year, association=association
    )


def school_schedule(institution: Institution, *, by: User, year: int | None = None) -> Schedule:
    """An empty draft of a school's schedule, for the next school year unless ``year`` is given."""
    return _schedule(DocumentKind.SCHOOL_SCHEDULE, institution, by=by, year=year)


def _schedule(kind: str, institution: Institution, *, by: User, year: int | None, **columns: Any) -> Schedule:
    period = school_year(next_school_year() if year is None else year)
    return Schedule.objects.create(
        kind=kind,
        institution=institution,
        author=by.person,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        **columns,
    )


class ScheduleEntryFactory(DjangoModelFactory[ScheduleEntry]):
    """Needs ``schedule`` and ``employment``."""

    class Meta:
        model = ScheduleEntry

    title = factory.Sequence(lambda n: f"Критериалдуу баалоо {n}")
    hours = Decimal(72)
    provider_text = "Республикалык институт"
    study_form = StudyForm.FULL_TIME
    proposed_month = 10


class OfferingFactory(DjangoModelFactory[Offering]):
    """Needs ``district`` and ``entered_by``."""

    class Meta:
        model = Offering

    provider = factory.SubFactory(ProviderFactory)
    title = factory.Sequence(lambda n: f"Санариптик сабаттуулук {n}")
    hours = Decimal(72)
    starts_on = factory.LazyFunction(lambda: dt.date(next_school_year(), 10, 5))
    ends_on = factory.LazyFunction(lambda: dt.date(next_school_year(), 10, 16))
    places = 5


class SeatFactory(DjangoModelFactory[Seat]):
    """Needs ``offering``, ``employment`` and ``given_by``. The offering's count of places given is not kept here."""

    class Meta:
        model = Seat

    institution = factory.SelfAttribute("employment.institution")


def schedule_content(schedule: Schedule, rows: int = 2) -> dict[str, Any]:
    """What a version of the schedule freezes, with ``rows`` teachers who have no other row, 24 hours each."""
    year = schedule.school_year
    written = [
        {
            "uid": str(uuid4()),
            "employment": number,
            "teacher": f"Сыноочу{number} Элмира",
            "subjects": ["Биология"],
            "position": "мугалим",
            "category": "first",
            "experience_years": 12,
            "last_year": 2021,
            "last_hours": "36",
            "total": "36",
            "shortfall": "36",
            "title": f"Критериалдуу баалоо {number}",
            "block": Block.COMPULSORY,
            "hours": "24",
            "provider": "Республикалык институт",
            "study_form": StudyForm.FULL_TIME,
            "proposed_month": 10,
            "starts_on": f"{year}-10-05",
            "ends_on": f"{year}-10-09",
            "responsible": "Төлөгөнова Ж. К.",
            "note": "",
            "reasons": [],
        }
        for number in range(1, rows + 1)
    ]
    sums = {"teachers": rows, "hours": str(24 * rows)}
    return {
        "kind": schedule.kind,
        "school_year": year,
        "school": {"title": schedule.institution.title_ky, "district": schedule.institution.district.title_ky},
        "association": "",
        "change_note": schedule.change_note,
        "required_hours": None,
        "parts": {},
        "groups": [{"association": "Табигый илимдер", "association_key": None, "rows": written} | sums],
        "rows": rows,
    } | sums


def sent(schedule: Schedule, *, by: User, rows: int = 2) -> DocumentVersion:
    """A school's schedule closed and sent to the district with ``rows`` rows; the version that was sent."""
    moved = Document.objects.get(pk=schedule.pk)
    approval.perform(moved, Action.CLOSE, by=again(by), seen=moved.revision, content=schedule_content(schedule, rows))
    moved.refresh_from_db()
    decision = approval.perform(moved, Action.SEND, by=again(by), seen=moved.revision)
    return decision.version


def received(schedule: Schedule, *, by: User) -> DocumentVersion:
    """A schedule that was sent, accepted by the officer of the district; the version that was accepted."""
    moved = Document.objects.get(pk=schedule.pk)
    return approval.perform(moved, Action.APPROVE, by=again(by), seen=moved.revision).version


def schedule_row(schedule: Schedule, user: User, **columns: Any) -> ScheduleEntry:
    """A row of the user's main job, in the group of the schedule's association or else of the user's own."""
    job = job_of(user)
    wanted = {"employment": job, "association": schedule.association or job.association} | columns
    return ScheduleEntryFactory.create(schedule=schedule, **wanted)


def handed_over(part: Schedule, *, by: User) -> Schedule:
    """An association's schedule as its head hands it to the deputy director."""
    found = Schedule.objects.get(pk=part.pk)
    schedule_actions.submit_schedule(schedule=found, by=again(by), seen=found.revision)
    return Schedule.objects.get(pk=part.pk)


def taken(part: Schedule, *, by: User) -> Schedule:
    """The school's schedule into which an association's, handed over before, was taken."""
    return school_actions.take_part(part=part, by=again(by), seen=Document.objects.get(pk=part.pk).revision).schedule


def closed_and_sent(schedule: Schedule, *, by: User) -> DocumentVersion:
    """The school's schedule with the rows it has, closed and sent to the district."""
    found = Schedule.objects.get(pk=schedule.pk)
    schedule_actions.close_schedule(schedule=found, by=again(by), seen=found.revision)
    moved = Document.objects.get(pk=schedule.pk)
    return approval.perform(moved, Action.SEND, by=again(by), seen=moved.revision).version


def closed(schedule: Schedule, *, by: User, content: dict[str, Any] | None = None) -> DocumentVersion:
    """A school's schedule closed with ``content``, or else with two rows, and not sent; the version that was made."""
    moved = Document.objects.get(pk=schedule.pk)
    frozen = content or schedule_content(schedule)
    return approval.perform(moved, Action.CLOSE, by=again(by), seen=moved.revision, content=frozen).version


def sent_on(schedule: Schedule, *, by: User) -> DocumentVersion:
    """A closed schedule, sent to the district; the version that was sent."""
    moved = Document.objects.get(pk=schedule.pk)
    return approval.perform(moved, Action.SEND, by=again(by), seen=moved.revision).version


def offering(cast: Any, **columns: Any) -> Offering:
    """A course offered to the district of schools A and B, entered by its officer."""
    return OfferingFactory.create(**{"district": cast.district, "entered_by": cast.officer.person} | columns)


def seat(offering: Offering, whose: User | None = None, *, by: User, **columns: Any) -> Seat:
    """A place in an offered course, given to a teacher at the main job; counted as given."""
    wanted = {"employment": job_of(whose)} if whose else {}
    Offering.objects.filter(pk=offering.pk).update(given=F("given") + 1)
    return SeatFactory.create(offering=offering, given_by=by.person, **wanted | columns)


def book(district: District, *, by: User, state: str = BookState.DONE, **columns: Any) -> Book:
    """A district's book for the next school year, with a file that only looks like one where it is ready."""
    data = b"%PDF-1.7 sample"
    if state == BookState.DONE:
        stored = file_store().save(new_name("pdf"), ContentFile(data))
        ready = {"stored_as": stored, "size": len(data), "sha256": sha256(data).hexdigest(), "done": 2}
        columns = ready | {"finished_at": timezone.now()} | columns
    if state == BookState.RUNNING:
        columns = {"lease_until": timezone.now() + dt.timedelta(minutes=1), "attempts": 1} | columns
    wanted = {"form": BookForm.BOOK, "fingerprint": uuid4().hex, "versions": [1, 2]}
    columns = wanted | {"school_year": next_school_year(), "asked_by": by.person} | columns
    return Book.objects.create(district=district, state=state, **columns)


def assessment(user: User, *, year: int | None = None) -> SelfAssessment:
    """The user's self-assessment of this school year unless ``year`` is given, without an answer."""
    return SelfAssessment.objects.create(
        person=user.person,
        standard=ProfessionalStandard.objects.get(),
        school_year=school_year_of(today()) if year is None else year,
    )


def answer(sheet: SelfAssessment, code: str, **columns: Any) -> AssessmentAnswer:
    return AssessmentAnswer.objects.create(
        assessment=sheet, competence=Competence.objects.get(unit__standard=sheet.standard_id, code=code), **columns
    )


def need(whose: User, title: str = "Критерийлик баалоо", **columns: Any) -> LearningNeed:
    """A need of the user's main job, passed on for the next school year."""
    wanted = {"school_year": next_school_year(), "origin": NeedOrigin.OWN_WISH, "passed_on_at": timezone.now()}
    wanted |= {"employment": job_of(whose), "entered_by": whose.person, "title": title}
    return LearningNeed.objects.create(**wanted | columns)


def needs_request(institution: Institution, *, by: User, year: int | None = None) -> NeedsRequest:
    """A draft of a school's request for the next school year, with every need passed on so far."""
    return request_actions.start_request(by=again(by), institution=institution, year=year or next_school_year())


def submitted_request(request: NeedsRequest, *, by: User) -> NeedsRequest:
    """The request as its maker hands it in; where the maker directs the school it is signed by that."""
    found = NeedsRequest.objects.get(pk=request.pk)
    request_actions.submit_request(request=found, by=again(by), seen=found.revision)
    return NeedsRequest.objects.get(pk=request.pk)


def signed_request(request: NeedsRequest, *, by: User, director: User) -> NeedsRequest:
    """The request handed in and signed by the director: sent to the district."""
    found = submitted_request(request, by=by)
    approval.perform(found, Action.AGREE, by=again(director), seen=found.revision)
    return NeedsRequest.objects.get(pk=request.pk)


def received_request(request: NeedsRequest, *, by: User) -> NeedsRequest:
    """A request that was sent, received by the officer of the district."""
    found = NeedsRequest.objects.get(pk=request.pk)
    approval.perform(found, Action.APPROVE, by=again(by), seen=found.revision)
    return NeedsRequest.objects.get(pk=request.pk)


def mentorship(mentor: User, mentee: User, **wanted: Any) -> Mentorship:
    """A mentor fixed for a young specialist at the mentee's main job, as an order did it long ago."""
    wanted = {"institution": job_of(mentee).institution, "starts_on": LONG_AGO} | wanted
    return Mentorship.objects.create(mentor=mentor.person, mentee=mentee.person, **wanted)


def young_specialist(mentee: User, mentor: User | None = None, *, since: dt.date | None = None) -> Employment:
    """The main job of somebody who has just begun to teach there, with a mentor fixed by an order that day."""
    job = job_of(mentee)
    job.starts_on = since or today() - dt.timedelta(days=30)
    job.is_young_specialist = True
    job.save()
    if mentor is not None:
        mentorship(
            mentor,
            mentee,
            institution=job.institution,
            starts_on=job.starts_on,
            order_number="7",
            ordered_on=job.starts_on,
        )
    return job


def induction_plan(mentee: User, mentor: User | None = None, **wanted: Any) -> InductionPlan:
    """An empty draft of a young specialist's plan, who is one from now on and has a mentor where one is given."""
    job = young_specialist(mentee, mentor, **wanted)
    period = lasting(job.starts_on, 3)
    return actions.start_plan(by=mentee, kind=DocumentKind.INDUCTION_PLAN, employment=job, period=period)


class SharingEventFactory(DjangoModelFactory[SharingEvent]):
    """A presentation planned by the teacher of ``record`` at the school that verified it, for this school year."""

    class Meta:
        model = SharingEvent

    record: Any = None
    kind = SharingKind.PRESENTATION
    institution = factory.LazyAttribute(lambda event: event.record.institution)
    association = factory.LazyAttribute(lambda event: job_of(event.record.person.user).association)
    entered_by = factory.LazyAttribute(lambda event: event.record.person)


def lesson_sheet(pair: Mentorship, by: User, kind: str = "observation", **typed: Any) -> LessonSheet:
    """A sheet with the questions of today, all unanswered but those of ``texts``, by their place among them."""
    texts, shared = typed.pop("texts", {}), typed.pop("shared", ())
    columns = {"held_on": max(pair.starts_on, min(today(), pair.ends_on or today()))} | typed
    sheet = LessonSheet.objects.create(mentorship=pair, kind=kind, made_by=by.person, changed_by=by.person, **columns)
    asked = enumerate(questions_of(LessonSheet(mentorship=pair, kind=kind)), start=1)
    sheet.answers.bulk_create(
        SheetAnswer(
            sheet=sheet, position=place, question=question, text=texts.get(place, ""), is_shared=place in shared
        )
        for place, question in asked
    )
    return sheet
