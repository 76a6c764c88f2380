"""The registers: who gives courses and by what right, which programmes there are, and how people write both."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.choices import Block, ProviderKind, RightBasis
from cpd.fields import FoldedField
from schools.models import Bilingual, Dated, District, Institution, Person, Subject, User


class KeptQuerySet(models.QuerySet):
    def known_in(self, institution: Institution) -> Self:
        """Entries that hold in one institution: its own, its district's, the country's."""
        return self.filter(
            Q(institution=institution)
            | Q(district=institution.district_id, institution=None)
            | Q(institution=None, district=None)
        )

    def visible_to(self, user: User) -> Self:
        """The country's entries, and those of the places the user works in, serves or oversees."""
        scope = user.scope
        if scope.is_country_wide:
            return self
        places = scope.served | scope.workplaces
        above = Institution.objects.filter(pk__in=places).values("district")
        return self.filter(
            Q(institution=None, district=None)
            | Q(institution__in=places)
            | Q(district__in=above)
            | Q(district__in=scope.districts)
            | Q(institution__district__in=scope.districts)
        )


class Kept(models.Model):
    """An entry that holds in one institution, in one district, or, with neither named, in the whole country.

    A school must be able to work without any administrator, and what it decides must not change the hours of another.
    """

    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("institution")
    )
    district = models.ForeignKey(
        District, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("District, city")
    )
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(institution=None) | Q(district=None),
                name="%(app_label)s_%(class)s_kept_in_one_place",
                violation_error_message=_("Name an institution or a district, not both."),
            ),
        ]


class Provider(Bilingual, Kept):  # noqa: DJ008 - named by Bilingual
    """An organisation that gives courses, at home or abroad."""

    kind = models.CharField(_("kind"), max_length=30, choices=ProviderKind, default=ProviderKind.OTHER)
    search_key = FoldedField(sources=("title_ky", "title_ru"))

    objects = KeptQuerySet.as_manager()

    class Meta(Bilingual.Meta):
        verbose_name = _("provider")
        verbose_name_plural = _("Providers")
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=ProviderKind.values), name="%(app_label)s_%(class)s_kind_known"
            ),
        ]


class ProviderRight(Dated, Kept):
    """The dated right of a provider to teach (national regulation 4.5.1, 4.5.2).

    ``ended_by`` and ``ended_at`` tell who wrote the last day later than the right was entered, and when.
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="rights", verbose_name=_("provider"))
    basis = models.CharField(_("basis"), max_length=30, choices=RightBasis)
    number = models.CharField(_("number of the licence or act"), max_length=60, blank=True)
    ended_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("right to teach")
        verbose_name_plural = _("rights to teach")
        ordering = ["provider", "starts_on"]
        constraints = [
            *Kept.Meta.constraints,
            Dated.ordered_dates(),
            models.CheckConstraint(
                condition=Q(basis__in=RightBasis.values), name="%(app_label)s_%(class)s_basis_known"
            ),
            models.CheckConstraint(
                condition=~Q(basis=RightBasis.LICENCE) | ~Q(number=""),
                name="%(app_label)s_%(class)s_licence_has_a_number",
                violation_error_message=_("Give the number of the licence."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="%(app_label)s_%(class)s_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_basis_display()} {self.number}".strip()


class Programme(Bilingual, Kept):  # noqa: DJ008 - named by Bilingual
    """An entry of the programme register; expert-checked ones carry the check (000 §4)."""

    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name=_("provider")
    )
    block = models.CharField(_("Block"), max_length=20, choices=Block, blank=True)
    hours = models.DecimalField(_("Number of hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    study_forms = models.JSONField(_("Study forms"), default=list, blank=True)
    audience = models.CharField(_("for whom"), max_length=200, blank=True)
    subject = models.ForeignKey(
        Subject, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Subject")
    )
    expert_body = models.CharField(_("checked by experts of"), max_length=200, blank=True)
    expert_number = models.CharField(_("number of the expert approval"), max_length=60, blank=True)
    expert_on = models.DateField(_("date of the expert approval"), null=True, blank=True)
    search_key = FoldedField(sources=("title_ky", "title_ru"))

    objects = KeptQuerySet.as_manager()

    class Meta(Bilingual.Meta):
        verbose_name = _("programme")
        verbose_name_plural = _("Programmes")
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(block__in=["", *Block.values]), name="%(app_label)s_%(class)s_block_known"
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="%(app_label)s_%(class)s_hours_positive",
                violation_error_message=_("The number of hours must be greater than zero."),
            ),
        ]


class AliasQuerySet(KeptQuerySet):
    def live(self) -> Self:
        """Names that stand for their entry today: those taken away stay as history only."""
        return self.filter(removed_at=None)

    def nearest(self, institution: Institution, keys: set[str]) -> dict[str, int]:
        """Which entry each folded text stands for in an institution: its own reading before the district's and the
        country's."""
        found = self.live().known_in(institution).filter(key__in=keys)
        in_order = found.order_by(F("institution").asc(nulls_first=True), F("district").asc(nulls_first=True))
        # Written in this order the last one stays: the country's, then the district's, then the institution's own.
        return dict(in_order.values_list("key", "target"))


class Alias(Kept):
    """How people write the title of an entry. ``key`` is the folded text; linking a text once makes one such row.

    Taking a name away is dated and keeps the row: verified hours may have rested on it.
    """

    text = models.CharField(_("as written"), max_length=500)
    key = FoldedField(sources=("text",), db_index=True)
    removed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name=_("removed by")
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True, editable=False)

    objects = AliasQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["text"]
        constraints = [
            *Kept.Meta.constraints,
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="%(app_label)s_%(class)s_removed_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @staticmethod
    def one_meaning() -> list[models.UniqueConstraint]:
        """In one place one text stands for one entry."""
        message = _("This text already stands for an entry of the register.")
        places = {
            "country": (["key"], Q(institution=None, district=None)),
            "district": (["key", "district"], Q(institution=None, district__isnull=False)),
            "institution": (["key", "institution"], Q(institution__isnull=False)),
        }
        return [
            models.UniqueConstraint(
                fields=fields,
                condition=condition & Q(removed_at=None),
                name=f"%(app_label)s_%(class)s_one_in_{place}",
                violation_error_message=message,
            )
            for place, (fields, condition) in places.items()
        ]


class ProviderAlias(Alias):
    target = models.ForeignKey(Provider, models.CASCADE, related_name="aliases", verbose_name=_("provider"))

    class Meta(Alias.Meta):
        verbose_name = _("other name of a provider")
        verbose_name_plural = _("other names of providers")
        constraints = [*Alias.Meta.constraints, *Alias.one_meaning()]


class ProgrammeAlias(Alias):
    target = models.ForeignKey(Programme, models.CASCADE, related_name="aliases", verbose_name=_("programme"))

    class Meta(Alias.Meta):
        verbose_name = _("other name of a programme")
        verbose_name_plural = _("other names of programmes")
        constraints = [*Alias.Meta.constraints, *Alias.one_meaning()]
