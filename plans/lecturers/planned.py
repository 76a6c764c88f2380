"""What a plan in force has for one lecturer: an application and an internship plan begin with it, typed once."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from courses.choices import TrainingKind
from courses.words import listed
from cpd.dates import school_year, school_year_label, school_year_of
from plans import words
from plans.lecturers.replacing import people_in, rows_of
from plans.models import DepartmentPlan, PerspectivePlan
from plans.models.lecturers import SENT_TO
from schools.choices import DocumentKind
from schools.kinds import kinds_using
from schools.merging import goes_on_as
from schools.models import Employment, User

# What each paper is begun with; a row that names no kind may be for either.
KINDS_BEGUN: dict[str, tuple[str, ...]] = {
    DocumentKind.APPLICATION: (*SENT_TO, TrainingKind.RETRAINING, ""),
    DocumentKind.INTERNSHIP_PLAN: (TrainingKind.INTERNSHIP, ""),
}


@dataclass(frozen=True)
class Planned:
    """One row about the lecturer, in one school year. ``key`` stands in addresses: the plan and the row's uid."""

    key: str
    institution: int
    school_year: int
    training_kind: str = ""
    topic: str = ""
    cell: str = ""  # «курс, 36 саат»: what a perspective plan says, which is no direction
    term: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)  # of where and who pays, as an application has them

    @property
    def label(self) -> str:
        """«2026-2027: Критерийлик баалоо, Курс, ноябрь»."""
        kind = words.field_value("training_kind", self.training_kind)
        told = listed(self.topic, self.cell, kind, self.columns.get("provider_text", ""), self.term)
        return f"{school_year_label(self.school_year)}: {told}"

    def begins(self, kind: str) -> dict[str, str]:
        """The blanks of a paper of this kind that the plan fills in."""
        if kind == DocumentKind.INTERNSHIP_PLAN:
            return {"direction": self.topic, "host_text": self.columns.get("provider_text", "")}
        sent_to = {"training_kind": self.training_kind} if self.training_kind in SENT_TO else {}
        return {"direction": self.topic, **self.columns, **sent_to}


def planned_for(user: User, kind: str, on: dt.date) -> dict[str, Planned]:
    """What this and the next school year have for the user, by key. At most six queries."""
    years = (school_year_of(on), school_year_of(on) + 1)
    found = [*_of_departments(user, years), *_of_institutions(user, years)]
    return {one.key: one for one in found if one.training_kind in KINDS_BEGUN[kind]}


def _of_departments(user: User, years: tuple[int, int]) -> Iterator[Planned]:
    """Rows of the yearly plans of one's departments, and of those in which one goes instead of another (004 4.2)."""
    first_days = [school_year(year).starts_on for year in years]
    theirs = Q(person=user.person_id) | Q(person__merged_into=user.person_id)
    own = Employment.objects.filter(theirs, association__isnull=False).values("association")
    plans = DepartmentPlan.objects.filter(
        Q(association__in=own) | Q(replacements__person=user.person_id),
        institution__in=user.scope.workplaces,
        in_force__isnull=False,
        starts_on__in=first_days,
    )
    ordered = plans.distinct().select_related("in_force").order_by("starts_on", "pk")
    found = [(plan, _rows(plan), plan.replacements.all()) for plan in ordered.prefetch_related("replacements__person")]
    ended = goes_on_as(key for _plan, rows, replacements in found for key in people_in(rows, replacements))
    for plan, rows, replacements in found:
        going = rows_of(rows, replacements, ended)
        for row in rows:
            if going[row["uid"]].goes == user.person_id:
                yield Planned(
                    key=f"{plan.pk}-{row['uid']}",
                    institution=plan.institution_id,
                    school_year=school_year_of(plan.starts_on),
                    training_kind=row["training_kind"],
                    topic=row["topic"],
                    term=words.term(row),
                    columns={"provider_text": row["provider_text"]},
                )


def _rows(plan: DepartmentPlan | PerspectivePlan) -> list[dict[str, Any]]:
    return plan.in_force.content["rows"] if plan.in_force else []


def _of_institutions(user: User, years: tuple[int, int]) -> Iterator[Planned]:
    """Rows of the perspective plan where departments make no yearly ones: the nearer of the two years that says more.

    The text of a cell is what is planned; several cells of a year are one.
    """
    without = set(kinds_using(DocumentKind.PERSPECTIVE_PLAN)) - set(kinds_using(DocumentKind.DEPARTMENT_PLAN))
    plans = PerspectivePlan.objects.filter(
        institution__in=user.scope.workplaces,
        institution__kind__in=without,
        in_force__isnull=False,
        starts_on__lte=school_year(years[1]).ends_on,
        ends_on__gte=school_year(years[0]).starts_on,
    )
    found = list(plans.select_related("in_force").order_by("starts_on", "pk"))
    ended = goes_on_as(row["person_id"] for plan in found for row in _rows(plan))
    for plan in found:
        content = plan.in_force.content if plan.in_force else {}
        for row in _rows(plan):
            texts = {
                year: "; ".join(text for key, text in row["cells"].items() if key.startswith(f"{number}-"))
                for number, year in enumerate(content["school_years"], start=1)
            }
            year = next((year for year in years if texts.get(year)), None)
            if ended.get(row["person_id"], row["person_id"]) == user.person_id and year is not None:
                yield Planned(
                    key=f"{plan.pk}-{row['uid']}",
                    institution=plan.institution_id,
                    school_year=year,
                    cell=texts[year],
                    columns={"provider_text": row["provider_text"], "funding": row["funding"]},
                )
