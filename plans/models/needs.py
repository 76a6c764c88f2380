"""What somebody needs to learn: the self-assessment (F17), which is private, and the needs passed on to the school."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.choices import Block, StudyForm
from courses.models import Alias, Kept, Offering, TrainingRecord
from courses.models.registers import KeptQuerySet
from cpd.dates import today
from cpd.fields import FoldedField
from plans.choices import NeedOrigin, Quarter
from plans.models.standard import Competence, ProfessionalStandard
from schools.choices import TeachingLanguage, Work
from schools.models import Bilingual, Employment, Person, Subject, User

FIRST_YEAR, LAST_YEAR = 2000, 2100
YEAR = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]


def known_year() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(school_year__range=(FIRST_YEAR, LAST_YEAR)), name="%(app_label)s_%(class)s_year_known"
    )


class SelfAssessmentQuerySet(models.QuerySet["SelfAssessment"]):
    def visible_to(self, user: User) -> Self:
        """One's own; nobody else ever reads one."""
        return self.filter(person=user.person_id)


class SelfAssessment(models.Model):
    """How a teacher sees their own work in one school year, by the standard. Nobody but the teacher reads it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="assessments", verbose_name=_("teacher"))
    standard = models.ForeignKey(
        ProfessionalStandard, models.PROTECT, related_name="assessments", verbose_name=_("professional standard")
    )
    school_year = models.PositiveSmallIntegerField(_("School year"), validators=YEAR)  # its first calendar year
    started_at = models.DateTimeField(_("started at"), auto_now_add=True)

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        ordering = ["-school_year"]
        constraints = [
            known_year(),
            models.UniqueConstraint(
                fields=["person", "school_year"],
                name="%(app_label)s_%(class)s_one_per_year",
                violation_error_message=_("The self-assessment of this school year was started already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.school_year}"


class AssessmentAnswer(models.Model):
    """What the teacher says of one competence. Every part of it may stay open."""

    assessment = models.ForeignKey(
        SelfAssessment, models.CASCADE, related_name="answers", verbose_name=_("self-assessment")
    )
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="+", verbose_name=_("competence"))
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)  # a value of the standard's scale
    has_need = models.BooleanField(_("Is there a need?"), null=True, blank=True)
    note = models.CharField(_("in one sentence"), max_length=300, blank=True)
    evidence = models.ForeignKey(  # of the portfolio
        TrainingRecord, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("Evidence")
    )
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["competence__unit__position", "competence__position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "competence"], name="%(app_label)s_%(class)s_one_each"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__gte=1), name="%(app_label)s_%(class)s_level_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} · {self.competence_id}"


class Topic(Bilingual, Kept):
    """What several ways to write a need have in common. Made where somebody says that two of them mean the same."""

    search_key = FoldedField(sources=("title_ky",))  # needs written alike are counted with it

    objects = KeptQuerySet.as_manager()

    class Meta(Bilingual.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("Topics")
        constraints = [*Kept.Meta.constraints]


class TopicAlias(Alias):
    """One way to write a topic; see :class:`courses.models.Alias`."""

    target = models.ForeignKey(Topic, models.CASCADE, related_name="aliases", verbose_name=_("topic"))

    class Meta(Alias.Meta):
        verbose_name = _("other name of a topic")
        verbose_name_plural = _("other names of topics")
        constraints = [*Alias.Meta.constraints, *Alias.one_meaning()]


class LearningNeedQuerySet(models.QuerySet["LearningNeed"]):
    def live(self) -> Self:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def passed_on(self) -> Self:
        return self.live().exclude(passed_on_at=None)

    def of_present_staff(self) -> Self:
        """Those of whoever works on at the school that the need was told to."""
        return self.filter(_works_there())

    def of_former_staff(self) -> Self:
        """Those of whoever no longer works there."""
        return self.filter(~_works_there())

    def visible_to(self, user: User) -> Self:
        """One's own; of those passed on, and not taken back, also the present members' of one's association, and those
        of the staff of whom one leads.

        Nobody outside the school reads a need with its name: its request tells how many have it.
        """
        scope = user.scope
        members = Employment.objects.on(today()).filter(association__in=scope.associations)
        inside = Q(employment__institution__in=scope.served | scope.entrusted(Work.NEEDS))
        inside |= Q(employment__in=members.values("pk"))
        told = Q(passed_on_at__isnull=False, withdrawn_at=None)
        return self.filter(Q(employment__person=user.person_id) | inside & told)


def _works_there() -> Exists:
    """Whether a need's teacher has a job at its school that goes on, this one or another."""
    jobs = Employment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today()))
    own = {"person": OuterRef("employment__person"), "institution": OuterRef("employment__institution")}
    return Exists(jobs.filter(**own))


def _once(name: str, among: Q) -> models.UniqueConstraint:
    """One need of a teacher for each topic and subject in a school year."""
    return models.UniqueConstraint(
        F("employment"),
        F("school_year"),
        F("title_key"),
        Coalesce(F("subject"), 0),
        condition=among,
        name=f"%(app_label)s_%(class)s_{name}",
        violation_error_message=_("This need is already in the list."),
    )


class LearningNeed(models.Model):
    """One thing a teacher needs to learn in a school year, and where that was found (national regulation 6.1).

    Private until it is passed on. ``title`` is the topic as it is counted; ``row`` is the row of the school's request
    that counts it.
    """

    employment = models.ForeignKey(Employment, models.PROTECT, related_name="needs", verbose_name=_("teacher"))
    school_year = models.PositiveSmallIntegerField(_("School year"), validators=YEAR)  # its first calendar year
    origin = models.CharField(_("Where the need was found"), max_length=20, choices=NeedOrigin)
    competence = models.ForeignKey(
        Competence, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("competence")
    )
    title = models.CharField(_("Topic"), max_length=200)
    title_key = FoldedField(sources=("title",))
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Subject")
    )
    language = models.CharField(
        _("language of the course"), max_length=2, choices=TeachingLanguage, default=TeachingLanguage.KYRGYZ
    )
    study_form = models.CharField(_("Wished study form"), max_length=20, choices=StudyForm, blank=True)
    quarter = models.PositiveSmallIntegerField(_("Wished term"), null=True, blank=True, choices=Quarter)
    note = models.CharField(_("in one sentence"), max_length=300, blank=True)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    passed_on_at = models.DateTimeField(_("passed on at"), null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True, editable=False)
    row = models.ForeignKey(
        "plans.RequestRow", models.SET_NULL, null=True, blank=True, editable=False, related_name="needs",
        verbose_name=_("row of the request"),
    )  # fmt: skip

    objects = LearningNeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning need")
        verbose_name_plural = _("learning needs")
        ordering = ["-school_year", "pk"]
        constraints = [
            known_year(),
            models.CheckConstraint(
                condition=Q(origin__in=NeedOrigin.values)
                & Q(language__in=TeachingLanguage.values)
                & Q(study_form__in=["", *StudyForm.values])
                & (Q(quarter__isnull=True) | Q(quarter__in=Quarter.values)),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="%(app_label)s_%(class)s_has_a_topic",
                violation_error_message=_("Name the topic."),
            ),
            _once("passed_on_once", Q(withdrawn_at=None, passed_on_at__isnull=False)),
            # Beside what the school entered by itself: it knows nothing of the teacher's own.
            _once("private_once", Q(withdrawn_at=None, passed_on_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("need", args=[self.pk])


class OfferingTopic(models.Model):
    """The district's word that an offered course answers the needs of a topic, whatever the course is called."""

    offering = models.ForeignKey(Offering, models.CASCADE, related_name="topics", verbose_name=_("offered course"))
    title = models.CharField(_("Topic"), max_length=200)
    title_key = FoldedField(sources=("title",))
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("topic of an offered course")
        verbose_name_plural = _("topics of offered courses")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["offering", "title_key"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("The course answers this topic already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Counted(models.Model):
    """What needs are counted by: topic, subject, language, block and quarter, with what is wished of the course."""

    title = models.CharField(_("Topic"), max_length=200)
    title_key = FoldedField(sources=("title",))
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Subject")
    )
    language = models.CharField(_("language of the course"), max_length=2, choices=TeachingLanguage)
    block = models.CharField(_("Block"), max_length=20, choices=Block, blank=True)
    quarter = models.PositiveSmallIntegerField(_("Wished term"), null=True, blank=True, choices=Quarter)
    study_form = models.CharField(_("Wished study form"), max_length=20, choices=StudyForm, blank=True)
    hours = models.DecimalField(_("Number of hours"), max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=TeachingLanguage.values)
                & Q(block__in=["", *Block.values], study_form__in=["", *StudyForm.values])
                & (Q(quarter__isnull=True) | Q(quarter__in=Quarter.values)),
                name="%(app_label)s_%(class)s_choices_known",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="%(app_label)s_%(class)s_hours_positive",
                violation_error_message=_("The number of hours must be greater than zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
