"""What mentor and mentee write for each other: sheets on lessons they saw, and reflections (forms F14–F16).

National regulation, mentoring part: seeing a lesson is help, never an inspection. So nobody but the two reads a sheet,
whatever their role, and of a reflection the mentor reads what the mentee shares.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cpd.dates import today
from plans.choices import QuestionPurpose, SheetKind
from schools.models import Bilingual, Dated, Mentorship, Person, User
from schools.models.people import DatedQuerySet

LONGEST_TEXT = 5000  # signs of one answer or note


class QuestionSetQuerySet(DatedQuerySet):
    def visible_to(self, _user: User) -> Self:
        """Everybody reads what is asked."""
        return self

    def in_force(self, purpose: str) -> "QuestionSet | None":
        """The version asked today: of several the one that began last."""
        found: QuestionSet | None = self.on(today()).filter(purpose=purpose).order_by("-starts_on").first()  # type: ignore[assignment]
        return found


class QuestionSet(Dated):
    """One version of the questions asked for one purpose, in our own words; a new version leaves old sheets alone."""

    purpose = models.CharField(_("asked for"), max_length=20, choices=QuestionPurpose)
    source = models.CharField(_("source"), max_length=300, help_text=_("Which clause asks for these questions."))
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )

    objects = QuestionSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("set of questions")
        verbose_name_plural = _("Sets of questions")
        ordering = ["purpose", "-starts_on"]
        constraints = [
            Dated.ordered_dates(),
            models.CheckConstraint(
                condition=Q(purpose__in=QuestionPurpose.values), name="%(app_label)s_%(class)s_purpose_known"
            ),
            models.UniqueConstraint(
                fields=["purpose", "starts_on"],
                name="%(app_label)s_%(class)s_one_begins_on_a_day",
                violation_error_message=_("Another version begins on this day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.starts_on:%d.%m.%Y}"


class Question(Bilingual):
    """One question, or the beginning of a sentence that the answer ends."""

    question_set = models.ForeignKey(
        QuestionSet, models.CASCADE, related_name="questions", verbose_name=_("set of questions")
    )
    position = models.PositiveSmallIntegerField(_("place in lists"))
    is_stem = models.BooleanField(_("the answer goes on with this sentence"), default=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["question_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["question_set", "position"], name="%(app_label)s_%(class)s_one_per_position"
            ),
        ]


class LessonSheetQuerySet(models.QuerySet["LessonSheet"]):
    def visible_to(self, user: User) -> Self:
        """Those of one's own mentorships; of the mentee's reflections the mentor sees those with a shared answer."""
        shared = SheetAnswer.objects.filter(sheet=OuterRef("pk"), is_shared=True)
        of_both = Q(mentorship__mentor=user.person_id) & (~Q(kind=SheetKind.REFLECTION) | Exists(shared))
        return self.filter(Q(mentorship__mentee=user.person_id) | of_both)

    def written_by(self, user: User) -> Self:
        """Both write the sheets of lessons; a reflection is the mentee's alone."""
        of_both = Q(mentorship__mentor=user.person_id) & ~Q(kind=SheetKind.REFLECTION)
        return self.filter(Q(mentorship__mentee=user.person_id) | of_both)


class LessonSheet(models.Model):
    """One lesson that one of the two saw, or one reflection of the mentee.

    The ``uid`` is given by the page on which it was begun, so that a sheet kept on a phone without a connection and
    sent twice is one sheet.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="sheets", verbose_name=_("mentorship"))
    kind = models.CharField(_("Kind"), max_length=20, choices=SheetKind)
    held_on = models.DateField(_("Date"), default=today)
    held_at = models.TimeField(_("Time"), null=True, blank=True)
    grade = models.CharField(_("Class"), max_length=30, blank=True)
    subject_text = models.CharField(_("Subject"), max_length=100, blank=True)
    topic = models.CharField(_("Topic of the lesson"), max_length=200, blank=True)
    agreed = models.TextField(_("What was agreed to look at"), max_length=LONGEST_TEXT, blank=True)
    notes = models.TextField(_("Notes during the lesson"), max_length=LONGEST_TEXT, blank=True)
    worth_taking = models.TextField(_("Methods worth taking over"), max_length=LONGEST_TEXT, blank=True)
    discussion = models.TextField(_("Notes of the discussion"), max_length=LONGEST_TEXT, blank=True)
    next_steps = models.TextField(_("Joint plan of improvement"), max_length=LONGEST_TEXT, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)  # counts every change; forms carry it
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"), auto_now=True)
    is_of_both = models.BooleanField(_("both have written in it"), default=False)  # then nobody deletes it alone

    objects = LessonSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet of a lesson")
        verbose_name_plural = _("sheets of lessons")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SheetKind.values), name="%(app_label)s_%(class)s_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.held_on:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("lesson_sheet", args=[self.uid])


class SheetAnswer(models.Model):
    """A question of one sheet, asked or their own, with its answer, which may be empty: nothing here is compulsory."""

    sheet = models.ForeignKey(LessonSheet, models.CASCADE, related_name="answers", verbose_name=_("sheet of a lesson"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    question = models.ForeignKey(
        Question, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("question")
    )
    own_question = models.CharField(_("Own question"), max_length=300, blank=True)
    text = models.TextField(_("Answer"), max_length=LONGEST_TEXT, blank=True)
    is_shared = models.BooleanField(_("shown to the mentor"), default=False)  # of a reflection, by the mentee alone

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question"], name="%(app_label)s_%(class)s_one_per_question"),
            models.CheckConstraint(
                condition=Q(question=None) & ~Q(own_question="") | Q(question__isnull=False, own_question=""),
                name="%(app_label)s_%(class)s_answers_something",
            ),
        ]

    def __str__(self) -> str:
        return self.own_question or str(self.question)
