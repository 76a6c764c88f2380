"""Oblasts, districts, institutions, subjects, methodical associations."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cpd.text import kyrgyz_order
from cpd.wording import base_language
from schools.choices import InstitutionKind
from schools.models.accounts import User
from schools.scope import in_any


class Bilingual(models.Model):
    """A thing with a Kyrgyz title and, where somebody gave one, a Russian title."""

    title_ky = models.CharField(_("title in Kyrgyz"), max_length=200)
    title_ru = models.CharField(_("title in Russian"), max_length=200, blank=True)

    class Meta:
        abstract = True
        ordering = [kyrgyz_order("title_ky")]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return self.title_ru if base_language() == "ru" and self.title_ru else self.title_ky


class Listed(models.Model):
    """An entry of a list that somebody official keeps: its code there, and what the entry was taken from."""

    code = models.CharField(_("official code"), max_length=20, blank=True)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The act or register this entry was taken from.")
    )

    class Meta:
        abstract = True

    @staticmethod
    def one_per_code() -> models.UniqueConstraint:
        return models.UniqueConstraint(
            fields=["code"],
            condition=~models.Q(code=""),
            name="%(app_label)s_%(class)s_one_per_code",
            violation_error_message=_("Another entry has this code."),
        )


class Oblast(Listed, Bilingual):
    class Meta(Bilingual.Meta):
        verbose_name = _("oblast")
        verbose_name_plural = _("Oblasts")
        constraints = [Listed.one_per_code()]


class DistrictQuerySet(models.QuerySet["District"]):
    def visible_to(self, user: User) -> Self:
        """Those whose education office one serves; all."""
        return self if user.scope.is_country_wide else self.filter(pk__in=user.scope.districts)


class District(Listed, Bilingual):
    """A district or a city, each with its own education office."""

    oblast = models.ForeignKey(Oblast, models.PROTECT, verbose_name=_("Oblast"))
    is_city = models.BooleanField(_("is a city"), default=False)

    objects = DistrictQuerySet.as_manager()

    class Meta(Bilingual.Meta):
        verbose_name = _("District, city")
        verbose_name_plural = _("Districts")
        constraints = [Listed.one_per_code()]


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, user: User) -> Self:
        """Those one leads, keeps papers for or heads a unit of; a district's; all."""
        scope = user.scope
        if scope.is_country_wide:
            return self
        reached = in_any(pk=scope.served, district=scope.districts)
        if units := scope.associations | scope.faculties:
            reached |= models.Q(pk__in=MethodicalAssociation.objects.filter(pk__in=units).values("institution"))
        return self.filter(reached)

    def reached_by(self, user: User) -> Self:
        """Those visible, and those of which a part of the work was handed to the user: for the pages of that part."""
        return self.visible_to(user) | self.filter(pk__in={one.institution for one in user.scope.handed})


class Institution(Bilingual):
    """A school, college or university: the owner of plans and schedules."""

    kind = models.CharField(_("kind"), max_length=20, choices=InstitutionKind, default=InstitutionKind.SCHOOL)
    number = models.CharField(_("number"), max_length=10, blank=True)
    code = models.CharField(  # by which imports find it again, whatever its title became
        _("official code"), max_length=20, blank=True
    )
    district = models.ForeignKey(District, models.PROTECT, verbose_name=_("District, city"))

    objects = InstitutionQuerySet.as_manager()

    class Meta(Bilingual.Meta):
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=InstitutionKind.values), name="%(app_label)s_%(class)s_kind_known"
            ),
            Listed.one_per_code(),
        ]


class Subject(Listed, Bilingual):
    class Meta(Bilingual.Meta):
        verbose_name = _("subject")
        verbose_name_plural = _("Subjects")
        constraints = [Listed.one_per_code()]


class Position(Listed, Bilingual):
    """A post as the official list names it. An employment keeps its own words; this list proposes them."""

    is_teaching = models.BooleanField(
        _("teaching post"), default=True, help_text=_("Whether the rules on teachers' hours bind this post.")
    )

    class Meta(Bilingual.Meta):
        verbose_name = pgettext_lazy("post", "position")
        verbose_name_plural = _("Positions")
        constraints = [Listed.one_per_code()]


class Category(Bilingual):
    """A qualification category that attestation gives (000 §8–9 and 003 1.5 name two, and one may have none).

    Papers keep its code, so that a version says the same whatever the title becomes.
    """

    code = models.CharField(_("code"), max_length=20, primary_key=True)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("The act or register this entry was taken from.")
    )
    position = models.PositiveSmallIntegerField(_("place in lists"), default=0)

    class Meta:
        verbose_name = _("qualification category")
        verbose_name_plural = _("Qualification categories")
        ordering = ["position", "code"]


class AssociationQuerySet(models.QuerySet["MethodicalAssociation"]):
    def headed_by(self, user: User) -> Self:
        return self.filter(pk__in=user.scope.associations)

    def read_by(self, user: User) -> Self:
        """Those whose people's papers one reads: of the institutions one serves, headed ones, a faculty's parts."""
        scope = user.scope
        return self.filter(in_any(institution=scope.served, pk=scope.associations, part_of=scope.faculties))


class MethodicalAssociation(Bilingual):
    """Teachers of related subjects (усулдук бирикме): considers plans, makes the course schedule.

    At a college or university it is a department; a faculty is one that others are part of.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="associations", verbose_name=_("institution")
    )
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("faculty")
    )

    objects = AssociationQuerySet.as_manager()

    class Meta(Bilingual.Meta):
        verbose_name = _("methodical association")
        verbose_name_plural = _("Methodical associations")
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "title_ky"],
                name="%(app_label)s_%(class)s_once_per_institution",
                violation_error_message=_("This institution already has an association with this title."),
            ),
            models.CheckConstraint(
                condition=~models.Q(part_of=models.F("pk")), name="%(app_label)s_%(class)s_part_of_another"
            ),
        ]

    def clean(self) -> None:
        """A department is part of a faculty of the same institution, and a faculty of nothing."""
        if self.part_of is None:
            return
        if self.part_of.institution_id != self.institution_id:
            raise ValidationError({"part_of": _("This faculty belongs to another institution.")})
        if self.part_of.part_of_id or (self.pk and self.parts.exists()):
            raise ValidationError({"part_of": _("A faculty is not part of another one.")})
