"""Papers of colleges and universities: what a department plans, and a lecturer's way to a course or an internship.

The college's regulation (003) and the university's with its six annexes (004). Which of them an institution uses is
data, see ``schools.kinds``.
"""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import StudyForm, TrainingKind
from courses.models import TrainingRecord
from plans.choices import Funding, InternshipActivity
from plans.models.plans import Row
from schools.models import Document, Person

PLANNED_KINDS = (  # how a lecturer's qualification is raised: 003 3.1–3.3, 004 III 2.1 and 2.4
    TrainingKind.COURSE,
    TrainingKind.INTERNSHIP,
    TrainingKind.RETRAINING,
    TrainingKind.CONFERENCE,
    TrainingKind.SECOND_DEGREE,
    TrainingKind.POSTGRADUATE,
    TrainingKind.DEGREE,
    TrainingKind.CREATIVE_LEAVE,
)
SENT_TO = (TrainingKind.COURSE, TrainingKind.INTERNSHIP)  # what an application asks for (annex 4)


def chosen(kinds: tuple[TrainingKind, ...]) -> list[tuple[str, Any]]:
    return [(kind.value, kind.label) for kind in kinds]


class PerspectivePlan(Document):
    """Who is to learn what in the coming school years: form F19 of a department, F26 of a college."""

    class Meta:
        verbose_name = _("Perspective plan of qualification upgrade")
        verbose_name_plural = _("Perspective plans")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class PerspectiveItem(Row):
    """One lecturer. ``cells`` holds what is planned, by «<number of the year>-<code of the column>», from 1 on."""

    month = None
    plan = models.ForeignKey(PerspectivePlan, models.CASCADE, related_name="rows", verbose_name=_("plan"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Lecturer"))
    cells = models.JSONField(_("What is planned"), default=dict, blank=True)
    provider_text = models.CharField(_("Name of the organisation"), max_length=200, blank=True)
    funding = models.CharField(_("Source of funding"), max_length=20, choices=Funding, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of a perspective plan")
        verbose_name_plural = _("rows of a perspective plan")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "uid"], name="%(app_label)s_%(class)s_once_per_plan"),
            models.CheckConstraint(
                condition=Q(funding__in=["", *Funding.values]), name="%(app_label)s_%(class)s_funding_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class DepartmentPlan(Document):
    """A department's plan of one school year, annex 2, form F20."""

    class Meta:
        verbose_name = _("Yearly plan of the department")
        verbose_name_plural = _("Yearly plans of departments")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class DepartmentItem(Row):
    """Who goes where and when."""

    plan = models.ForeignKey(DepartmentPlan, models.CASCADE, related_name="rows", verbose_name=_("plan"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Lecturer"))
    training_kind = models.CharField(_("Kind of upgrade"), max_length=30, choices=chosen(PLANNED_KINDS), blank=True)
    topic = models.CharField(_("Topic"), max_length=300, blank=True)
    term_text = models.CharField(_("term in words"), max_length=100, blank=True)
    provider_text = models.CharField(_("Name of the organisation"), max_length=200, blank=True)
    note = models.CharField(_("Note"), max_length=300, blank=True)

    class Meta(Row.Meta):
        verbose_name = _("row of a department's plan")
        verbose_name_plural = _("rows of a department's plan")
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=Q(training_kind__in=["", *PLANNED_KINDS]), name="%(app_label)s_%(class)s_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Replacement(models.Model):
    """Another lecturer goes in the place of one who cannot (004 4.2). ``uid`` is the row's of the plan in force.

    Several of one row follow each other: who goes at last is told by ``plans.lecturers.replacing``.
    """

    plan = models.ForeignKey(DepartmentPlan, models.PROTECT, related_name="replacements", verbose_name=_("plan"))
    uid = models.UUIDField(_("row of the plan"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("who goes instead"))
    instead_of = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("in whose place"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    at = models.DateTimeField(_("entered at"), default=timezone.now)

    class Meta:
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="%(app_label)s_%(class)s_has_a_reason",
                violation_error_message=_("Give the reason."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("instead_of")),
                name="%(app_label)s_%(class)s_of_another",
                violation_error_message=_("This lecturer goes already. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.reason}"


class Application(Document):
    """A lecturer asks to be sent to a course or an internship: annex 4, form F22; at a college by 003 4.3.

    The days of the document are the days of the course.
    """

    training_kind = models.CharField(_("Sent to"), max_length=30, choices=chosen(SENT_TO), default=TrainingKind.COURSE)
    direction = models.CharField(_("Direction"), max_length=300, blank=True)
    provider_text = models.CharField(_("Name of the organisation"), max_length=200, blank=True)
    study_form = models.CharField(
        _("Release from work"),
        max_length=20,
        choices=[
            (one.value, one.label) for one in (StudyForm.RELEASED, StudyForm.PARTLY_RELEASED, StudyForm.NOT_RELEASED)
        ],
        blank=True,
    )
    funding = models.CharField(_("Source of funding"), max_length=20, choices=Funding, blank=True)

    class Meta:
        verbose_name = _("Application for a course or internship")
        verbose_name_plural = _("Applications")
        constraints = [
            models.CheckConstraint(
                condition=Q(training_kind__in=SENT_TO)
                & Q(study_form__in=["", StudyForm.RELEASED, StudyForm.PARTLY_RELEASED, StudyForm.NOT_RELEASED])
                & Q(funding__in=["", *Funding.values]),
                name="%(app_label)s_%(class)s_choices_known",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class InternshipPlan(Document):
    """What a lecturer does in an internship, and where: forms F25 and F27. The days are the internship's."""

    direction = models.CharField(_("Direction"), max_length=300, blank=True)
    host_text = models.CharField(_("Host organisation"), max_length=200, blank=True)
    host_head = models.CharField(_("Head of the host organisation"), max_length=150, blank=True)
    host_agreed_on = models.DateField(_("The host agreed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("Internship plan")
        verbose_name_plural = _("Internship plans")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class InternshipItem(Row):
    """One thing to do in the internship, and after it what came of it."""

    month = None
    plan = models.ForeignKey(InternshipPlan, models.CASCADE, related_name="rows", verbose_name=_("plan"))
    activity_kind = models.CharField(_("Direction of the work"), max_length=20, choices=InternshipActivity, blank=True)
    work = models.CharField(_("What is done"), max_length=500, blank=True)
    term_text = models.CharField(_("Term"), max_length=100, blank=True)
    hours = models.DecimalField(
        _("Number of hours"), max_digits=5, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    result = models.CharField(_("Result"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("row of an internship plan")
        verbose_name_plural = _("rows of an internship plan")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "uid"], name="%(app_label)s_%(class)s_once_per_plan"),
            models.CheckConstraint(
                condition=Q(activity_kind__in=["", *InternshipActivity.values])
                & (Q(hours__isnull=True) | Q(hours__gt=0)),
                name="%(app_label)s_%(class)s_known_and_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.work


class InternshipProgramme(Document):
    """The programme of an internship, annex 5, form F23: made from the plan in force, so nothing is typed twice."""

    internship = models.OneToOneField(
        InternshipPlan, models.PROTECT, related_name="programme", verbose_name=_("Internship plan")
    )
    programme_title = models.CharField(_("Title of the programme"), max_length=300, blank=True)
    aim = models.CharField(_("Aim of the internship"), max_length=600, blank=True)
    supervision = models.CharField(_("How fulfilment is supervised"), max_length=600, blank=True)
    supervisor = models.CharField(_("Supervisor of the internship"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("Internship programme")
        verbose_name_plural = _("Internship programmes")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class InternshipInformation(Document):
    """That the internship took place, annex 6, form F24: due some days after its end (004 6.6)."""

    internship = models.OneToOneField(
        InternshipPlan, models.PROTECT, related_name="information", verbose_name=_("Internship plan")
    )
    hours_done = models.DecimalField(
        _("Hours carried out"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    supervisor = models.CharField(_("Supervisor of the internship"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("Information on the internship")
        verbose_name_plural = _("Information on internships")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours_done__isnull=True) | Q(hours_done__gt=0),
                name="%(app_label)s_%(class)s_hours_positive",
                violation_error_message=_("The number of hours must be greater than zero."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])


class CourseReport(Document):
    """A lecturer's report on a course or an internship, annex 3, form F21; the department hears it (004 5.2, 7.1).

    Place, days, title, document and what is attached come from the record of attendance.
    """

    record = models.OneToOneField(
        TrainingRecord, models.PROTECT, related_name="report", verbose_name=_("record of attendance")
    )
    aim = models.CharField(_("Aim of the study"), max_length=500, blank=True)
    topics = models.CharField(_("Topics of the programme and forms of study"), max_length=600, blank=True)
    opinion = models.CharField(_("Opinion on the course"), max_length=600, blank=True)
    effect = models.CharField(_("Effect of the upgrade"), max_length=600, blank=True)
    uses = models.JSONField(_("Where the knowledge is used"), default=list, blank=True)
    new_lectures = models.CharField(_("Names of the new lectures"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Report on the qualification upgrade")
        verbose_name_plural = _("Reports on qualification upgrades")

    def get_absolute_url(self) -> str:
        return reverse("plan", args=[self.pk])
