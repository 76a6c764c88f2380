"""Self-assessments, needs, the schools' requests and the district's order of the demo.

This school year's requests are with the district: one received, one that waits, one returned.
"""

from collections import Counter
from collections.abc import Iterable

from courses.models import Offering
from plans.choices import NeedOrigin, Quarter
from plans.demo import texts
from plans.demo.people import Job, Town
from plans.models import (
    AssessmentAnswer,
    Competence,
    LearningNeed,
    NeedsRequest,
    ProfessionalStandard,
    RequestRow,
    SelfAssessment,
    TrainingOrder,
)
from plans.needs.actions import enter_for_teachers, pass_on, wished_of
from plans.needs.answering import set_topics
from plans.orders import actions as orders
from plans.orders.totals import totals
from plans.requests import actions as requests
from plans.school_papers.actions import draw_up_order, extract_of
from schools import approval
from schools.choices import Action, Role
from schools.models import Institution, Meeting

ASSESSED = 0.3  # of the teachers who filled in a sheet
MOST = 4  # needs that one of them passes on


def write(town: Town) -> Counter[str]:
    """Sheets, needs and requests of all schools; returns how many there are of each."""
    standard = ProfessionalStandard.objects.in_force(town.day) or ProfessionalStandard.objects.earliest("starts_on")
    competences = list(Competence.objects.filter(unit__standard=standard).select_related("unit"))
    for job in town.jobs:
        if job.subjects and (job.login == "teacher" or town.rng.random() < ASSESSED):
            for year in (town.year - 1, town.year):
                answers = _assess(town, job, standard, competences, year)
            _pass_on(town, job, answers)
    schools = list(dict.fromkeys(job.employment.institution for job in town.jobs))
    for school, fate in zip(schools, (Action.APPROVE, None, Action.RETURN), strict=True):
        _ask(town, school, fate)
    deputy = town.holders(Role.DEPUTY_DIRECTOR, schools[0].pk)[0]
    draw_up_order(by=deputy, institution=schools[0], school_year=town.year)
    extract_of(
        by=deputy, meeting=Meeting.objects.filter(association__institution=schools[0]).earliest("held_on", "pk")
    )
    return Counter(
        self_assessments=SelfAssessment.objects.count(),
        needs=LearningNeed.objects.count(),
        requests=NeedsRequest.objects.count(),
    )


def order(town: Town) -> Counter[str]:
    """What the district makes of the requests once courses are offered: topics they answer, and an order."""
    [officer, *_others] = town.holders(Role.DISTRICT_OFFICER, town.district.pk)
    for title, topics in texts.COURSE_ANSWERS.items():
        set_topics(offering=Offering.objects.get(title=title), by=officer, titles=topics)
    groups = [group.text for group in totals(town.district, town.year)]
    made = orders.draw_up(by=officer, district=town.district, year=town.year, chosen=groups)
    orders.save_order(
        by=officer,
        order=made,
        seen=made.revision,
        columns={"addressee": texts.ORDER_TO},
        rows={row.pk: texts.ORDERED for row in made.rows.all()},
        removed=(),
    )
    made.refresh_from_db()
    orders.issue(by=officer, order=made, seen=made.revision)
    return Counter(orders=TrainingOrder.objects.count())


def _assess(
    town: Town, job: Job, standard: ProfessionalStandard, competences: Iterable[Competence], year: int
) -> list[AssessmentAnswer]:
    """A whole sheet; needs are rare, and rarer where one feels at home."""
    sheet = SelfAssessment.objects.create(person=job.person, standard=standard, school_year=year)
    answers = []
    for competence in competences:
        level = town.rng.choices((1, 2, 3, 4), (1, 4, 8, 5))[0]
        answers.append(
            AssessmentAnswer(
                assessment=sheet, competence=competence, level=level, has_need=town.rng.random() < 0.5 / level
            )
        )
    return AssessmentAnswer.objects.bulk_create(answers)


def _pass_on(town: Town, job: Job, answers: Iterable[AssessmentAnswer]) -> None:
    """Some of the needs of the sheet, and now and then a wish in one's own words."""
    user, (subject, language) = town.user(job), wished_of(job.employment)
    for answer in [one for one in answers if one.has_need][:MOST]:
        pass_on(
            by=user,
            employment=job.employment,
            school_year=town.year,
            origin=NeedOrigin.SELF_ASSESSMENT,
            title=answer.competence.title_ky,
            competence=answer.competence,
            subject=subject,
            language=language,
        )
    if job.login == "teacher" or town.rng.random() < 0.5:
        pass_on(
            by=user,
            employment=job.employment,
            school_year=town.year,
            origin=town.rng.choice((NeedOrigin.OWN_WISH, NeedOrigin.ATTESTATION)),
            title=town.rng.choice(texts.WISHES),
            language=language,
        )


def _ask(town: Town, school: Institution, fate: Action | None) -> None:
    """The deputy enters what the programme asks, gathers and merges; the director signs; the district acts."""
    deputy = town.holders(Role.DEPUTY_DIRECTOR, school.pk)[0]
    [director, *_others] = town.holders(Role.DIRECTOR, school.pk)
    staff = [job.employment for job in town.jobs if job.employment.institution_id == school.pk and job.subjects]
    enter_for_teachers(
        by=deputy,
        employments=[job for job in staff if job.person_id != deputy.person_id][:6],
        school_year=town.year,
        origin=NeedOrigin.SCHOOL_PROGRAMME,
        title=texts.SCHOOL_PROGRAMME,
        is_for_all_subjects=True,
    )
    request = requests.start_request(by=deputy, institution=school, year=town.year)
    alike = RequestRow.objects.filter(request=request, title__in=texts.ALIKE)
    if alike.count() > 1:
        uids = list(alike.values_list("uid", flat=True))
        requests.merge_rows(request=request, by=deputy, seen=_revision(request), rows=uids, title=texts.ALIKE[0])
    wished = {"quarter": Quarter.SECOND, "study_form": texts.WISHED_FORM}
    columns = {row.uid: wished for row in request.rows.order_by("pk")[:5]}
    requests.save_rows(request=request, by=deputy, seen=_revision(request), rows=columns)
    requests.submit_request(request=request, by=deputy, seen=_revision(request))
    approval.perform(request, Action.AGREE, by=director, seen=_revision(request))
    if fate:
        [officer, *_others] = town.holders(Role.DISTRICT_OFFICER, town.district.pk)
        reason = texts.REQUEST_RETURNED if fate == Action.RETURN else ""
        approval.perform(request, fate, by=officer, seen=_revision(request), reason=reason)


def _revision(request: NeedsRequest) -> int:
    """As it stands: everything here is done one after the other."""
    revision: int = NeedsRequest.objects.values_list("revision", flat=True).get(pk=request.pk)
    return revision
