"""People, where they work, and the roles they hold; every row with its dates."""

import datetime as dt
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cpd.dates import today
from cpd.fields import FoldedField
from cpd.text import fold, kyrgyz_order
from schools.choices import COUNTRY_ROLES, NO_CATEGORY, SCHOOL_ROLES, UNIT_ROLES, EndReason, Role, TeachingLanguage
from schools.models.accounts import User
from schools.models.places import Category, District, Institution, MethodicalAssociation, Subject
from schools.scope import in_any

NAME_ORDER = tuple(kyrgyz_order(field) for field in ("family_name", "given_name", "fathers_name"))


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: User) -> Self:
        """Oneself, and the staff of the institutions one serves or oversees."""
        return self.filter(Q(pk=user.person_id) | Q(pk__in=Employment.objects.overseen_by(user).values("person")))

    def named_like(self, words: str) -> Self:
        """People whose name, or an earlier one, holds all ``words``, in any order and on any keyboard."""
        found = self
        for word in fold(words).split():
            called_before = Person.objects.filter(former_names__search_key__contains=word).values("pk")
            found = found.filter(Q(search_key__contains=word) | Q(pk__in=called_before))
        return found

    def listed(self) -> Self:
        """Those that stand in lists and choices: neither merged into another record nor made nameless."""
        return self.filter(merged_into=None, erased_at=None)


class Person(models.Model):
    """A person as official papers name them."""

    family_name = models.CharField(_("Family name"), max_length=80)
    given_name = models.CharField(_("Given name"), max_length=80)
    fathers_name = models.CharField(
        _("Father's name"), max_length=80, blank=True, help_text=_("With уулу or кызы where it is so; may be empty.")
    )
    education = models.CharField(_("Education"), max_length=120, blank=True)
    speciality = models.CharField(_("Speciality"), max_length=120, blank=True)
    # Columns of F19 and F20. The database fills it too: the version before the column went on adding people.
    academic_degree = models.CharField(_("Academic degree"), max_length=120, blank=True, db_default="")
    teaching_since = models.DateField(_("teaching since"), null=True, blank=True)
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        default=NO_CATEGORY,
        related_name="+",
        db_column="category",
        verbose_name=_("Qualification category"),
    )
    # What tells two people of one name apart, asked for that reason alone; shown to themselves and to their school.
    personal_number = models.CharField(
        _("Personal number (PIN)"),
        max_length=14,
        blank=True,
        validators=[RegexValidator(r"^\d{14}$", _("The personal number has 14 digits."))],
    )
    born_on = models.DateField(_("Date of birth"), null=True, blank=True)
    merged_into = models.ForeignKey(  # the record of the same person that goes on; what is signed stays here
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("goes on as")
    )
    erased_at = models.DateTimeField(_("made nameless at"), null=True, blank=True, editable=False)
    search_key = FoldedField(sources=("family_name", "given_name", "fathers_name"))

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = NAME_ORDER
        constraints = [
            models.CheckConstraint(
                condition=Q(personal_number="") | Q(personal_number__regex=r"^\d{14}$"),
                name="%(app_label)s_%(class)s_personal_number_whole",
                violation_error_message=_("The personal number has 14 digits."),
            ),
            models.UniqueConstraint(
                fields=["personal_number"],
                condition=~Q(personal_number=""),
                name="%(app_label)s_%(class)s_one_per_personal_number",
                violation_error_message=_("Another person has this personal number."),
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="%(app_label)s_%(class)s_goes_on_as_another"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """«Фамилиясы Аты Атасынын аты», as forms ask for it (Ф.А.А.)."""
        return " ".join(filter(None, (self.family_name, self.given_name, self.fathers_name)))

    @property
    def short_name(self) -> str:
        """«Фамилия Аты»."""
        return f"{self.family_name} {self.given_name}"

    def experience_years(self, on: dt.date) -> int | None:
        """Whole years of teaching on a day; None where the start is not known."""
        since = self.teaching_since
        if since is None or since > on:
            return None
        return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


class DatedQuerySet(models.QuerySet):
    def on(self, day: dt.date) -> Self:
        """Rows that hold on ``day``; both end days are inside."""
        return self.filter(starts_on__lte=day).exclude(ends_on__lt=day)


class Dated(models.Model):
    """A fact that holds from a day until a day, or until further notice."""

    starts_on = models.DateField(_("from"), default=today)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True

    @staticmethod
    def ordered_dates() -> models.CheckConstraint:
        return models.CheckConstraint(
            condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            name="%(app_label)s_%(class)s_ends_after_start",
            violation_error_message=_("The end date must not be earlier than the start date."),
        )


class EmploymentQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the institutions one serves and of one's districts, on whatever day; all."""
        scope = user.scope
        if scope.is_administrator:
            return self
        near = in_any(institution=scope.served, institution__district=scope.districts)
        return self.filter(Q(person=user.person_id) | near)

    def lasting_after(self, day: dt.date) -> Self:
        """Those that go on after a day or have not begun by it."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day))

    def teaching(self) -> Self:
        """The posts that the rules on teachers' hours bind: not a clerk's or a cook's."""
        return self.filter(is_teaching=True)

    def owning(self, day: dt.date) -> Self:
        """Of each person's teaching posts on ``day`` the one whose institution counts them in totals.

        That is the main job, else the one that began first: everybody belongs to one institution.
        """
        own = OuterRef("is_main"), OuterRef("starts_on"), OuterRef("pk")
        before = Q(is_main__gt=own[0]) | Q(is_main=own[0], starts_on__lt=own[1])
        before |= Q(is_main=own[0], starts_on=own[1], pk__lt=own[2])
        posts = Employment.objects.on(day).teaching().filter(before, person=OuterRef("person"))
        return self.on(day).teaching().exclude(Exists(posts))

    def overseen_by(self, user: User) -> Self:
        """Employments of today that the user's role covers."""
        scope = user.scope
        current = self.on(today())
        if scope.is_country_wide:
            return current
        return current.filter(
            in_any(
                institution=scope.served,
                association=scope.associations,
                association__part_of=scope.faculties,
                institution__district=scope.districts,
            )
        )


class Employment(Dated):
    """One person's work at one institution. This is what makes a person a teacher there."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", verbose_name=_("person"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="employments", verbose_name=_("institution")
    )
    position = models.CharField(_("Position held"), max_length=120)
    subjects = models.ManyToManyField(Subject, blank=True, verbose_name=_("Subjects"))
    association = models.ForeignKey(
        MethodicalAssociation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="employments",
        verbose_name=_("methodical association"),
    )
    staff_group = models.CharField(  # tells rules for single groups of staff apart
        _("staff group"), max_length=40, blank=True, help_text=_("Empty where no rule speaks of single groups.")
    )
    is_teaching = models.BooleanField(
        _("teaching post"), default=True, help_text=_("Whether the rules on teachers' hours bind this post.")
    )
    teaching_language = models.CharField(  # a course is given in one, and places go to those who understand it
        _("language of teaching"),
        max_length=2,
        choices=TeachingLanguage,
        blank=True,
        help_text=_("Empty where it is not known."),
    )
    is_young_specialist = models.BooleanField(
        _("Young specialist"),
        null=True,
        blank=True,
        choices=[(None, _("by the first years of work")), (True, _("yes")), (False, _("no"))],
        help_text=_("Who has just begun to teach gets a mentor and makes a plan with them."),
    )
    is_main = models.BooleanField(_("main job"), default=True)
    end_reason = models.CharField(_("why it ended"), max_length=20, choices=EndReason, blank=True)

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("employment")
        verbose_name_plural = _("employments")
        ordering = [*(kyrgyz_order(f"person__{field}") for field in ("family_name", "given_name")), "pk"]
        constraints = [
            Dated.ordered_dates(),
            models.CheckConstraint(
                condition=Q(teaching_language__in=["", *TeachingLanguage.values]),
                name="%(app_label)s_%(class)s_language_known",
            ),
            models.CheckConstraint(
                condition=Q(end_reason="") | Q(end_reason__in=EndReason.values, ends_on__isnull=False),
                name="%(app_label)s_%(class)s_end_reason_fits",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_main=True, ends_on__isnull=True),
                name="%(app_label)s_%(class)s_one_main_job",
                violation_error_message=_("This person already has a main job."),
            ),
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(ends_on__isnull=True),
                name="%(app_label)s_%(class)s_one_per_institution",
                violation_error_message=_("This person already works in this institution."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.institution} · {self.position}"

    def clean(self) -> None:
        if self.association and self.association.institution_id != self.institution_id:
            raise ValidationError({"association": _("This association belongs to another institution.")})


class RoleAssignment(Dated):
    """A role one person holds in one place. Several people may hold a role, and one person several roles."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("institution")
    )
    association = models.ForeignKey(
        MethodicalAssociation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="roles",
        verbose_name=_("methodical association"),
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("District, city")
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            Dated.ordered_dates(),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="%(app_label)s_%(class)s_role_known"),
            models.CheckConstraint(
                condition=(
                    Q(role__in=SCHOOL_ROLES, institution__isnull=False, association=None, district=None)
                    | Q(role__in=UNIT_ROLES, institution=None, association__isnull=False, district=None)
                    | Q(role=Role.DISTRICT_OFFICER, institution=None, association=None, district__isnull=False)
                    | Q(role__in=COUNTRY_ROLES, institution=None, association=None, district=None)
                ),
                name="%(app_label)s_%(class)s_place_fits_role",
                violation_error_message=_("Give exactly the place that this role belongs to."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_role_display()}"

    @property
    def place_id(self) -> int | None:
        """The institution, association or district of the role; None for the whole country."""
        return self.institution_id or self.association_id or self.district_id


class MentorshipQuerySet(DatedQuerySet):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of the institutions whose papers one leads or keeps."""
        return self.filter(self.between(user) | Q(institution__in=user.scope.served))

    def of_pair(self, user: User) -> Self:
        """Those in which one is the mentor or the mentee oneself, on whatever day."""
        return self.filter(self.between(user))

    @staticmethod
    def between(user: User) -> Q:
        return Q(mentor=user.person_id) | Q(mentee=user.person_id)


class Mentorship(Dated):
    """A mentor fixed for a young specialist by the director's order (national regulation 4.4.1).

    Only ``schools.mentoring`` writes it. That the two work there on all its days, and that a young specialist has one
    mentor at a time, is judged there under a lock; the database guards the open ones beside that.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="mentorships", verbose_name=_("institution")
    )
    mentor = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Mentor"))
    mentee = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Young specialist"))
    order_number = models.CharField(_("Order number"), max_length=30, blank=True)
    ordered_on = models.DateField(_("Date of the order"), null=True, blank=True)

    objects = MentorshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentorship")
        verbose_name_plural = _("mentorships")
        ordering = ["-starts_on", "pk"]
        constraints = [
            Dated.ordered_dates(),
            models.CheckConstraint(
                condition=~Q(mentor=F("mentee")),
                name="%(app_label)s_%(class)s_of_two_people",
                violation_error_message=_("Nobody is their own mentor."),
            ),
            models.UniqueConstraint(
                fields=["institution", "mentee"],
                condition=Q(ends_on__isnull=True),
                name="%(app_label)s_%(class)s_one_mentor",
                violation_error_message=_("This young specialist has a mentor already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor} · {self.mentee}"

    @property
    def order_told(self) -> str:
        """«№ 14-б»; empty for those of the time before orders were asked for."""
        return f"№ {self.order_number}" if self.order_number else ""
