"""What people type into the papers of colleges and universities."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from courses.forms import HoursField
from courses.models import PlanNorm, TrainingRecord
from cpd.dates import Period, school_year, school_year_label, school_year_of, today
from plans.choices import PlanColumn, ReportUse
from plans.lecturers.people import MOST_LECTURERS, Told, lecturers_of, told_of
from plans.lecturers.planned import Planned, planned_for
from plans.lecturers.replacing import Row, staff_of
from plans.lecturers.starting import reportable
from plans.models import (
    Application,
    CourseReport,
    DepartmentItem,
    DepartmentPlan,
    InternshipInformation,
    InternshipItem,
    InternshipPlan,
    InternshipProgramme,
    PerspectiveItem,
    PerspectivePlan,
)
from plans.row_forms import (
    Choices,
    RowForm,
    RowFormSet,
    drop_change_note_from_first,
    let_the_server_say_what_is_too_long,
)
from schools.choices import OF_A_UNIT, DocumentKind, Work
from schools.kinds import WAYS, kinds_using
from schools.models import Document, Employment, Institution, MethodicalAssociation, Person, User

A_DAY = forms.DateInput({"type": "date"}, "%Y-%m-%d")
LONG = forms.Textarea(attrs={"rows": 3})
CELL = 200  # signs of one column of a school year
LONGEST = 366 * 4  # days: no course or internship lasts longer; retraining and postgraduate study are records only


class PaperForm(forms.ModelForm):
    """The blanks of a paper; why an approved one is changed is asked only then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop_change_note_from_first(self)
        let_the_server_say_what_is_too_long(self)
        if not WAYS[self.instance.institution.kind].names_funding:
            self.fields.pop("funding", None)


def check_days(form: forms.Form | forms.ModelForm, cleaned: dict[str, Any]) -> None:
    """The days of one course or internship, as they are begun and as they are mended."""
    first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
    if first and last and last < first:
        form.add_error("ends_on", _("The end date must not be earlier than the start date."))
    elif first and last and (last - first).days > LONGEST:
        form.add_error("ends_on", _("This is too long for a course or an internship."))


class PerspectivePlanForm(PaperForm):
    class Meta:
        model = PerspectivePlan
        fields = ["change_note"]


class DepartmentPlanForm(PaperForm):
    class Meta:
        model = DepartmentPlan
        fields = ["change_note"]


class ApplicationForm(PaperForm):
    """Its days are the course's: where they change before it is decided on, they are mended here."""

    starts_on = forms.DateField(label=_("First day"), widget=A_DAY)
    ends_on = forms.DateField(label=_("Last day"), widget=A_DAY)

    class Meta:
        model = Application
        fields = [
            *("training_kind", "direction", "provider_text", "starts_on", "ends_on", "study_form", "funding"),
            "change_note",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_days(self, cleaned)
        return cleaned


class InternshipPlanForm(PaperForm):
    """The days are mended until the plan is in force: what follows it is about the same days."""

    starts_on = forms.DateField(label=_("First day"), widget=A_DAY)
    ends_on = forms.DateField(label=_("Last day"), widget=A_DAY)

    class Meta:
        model = InternshipPlan
        fields = ["direction", "host_text", "host_head", "host_agreed_on", "starts_on", "ends_on", "change_note"]
        widgets = {"host_agreed_on": A_DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.in_force_id:
            del self.fields["starts_on"]
            del self.fields["ends_on"]
        if not WAYS[self.instance.institution.kind].agrees_with_host:
            del self.fields["host_head"]
            del self.fields["host_agreed_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_days(self, cleaned)
        return cleaned

    def clean_host_agreed_on(self) -> dt.date | None:
        agreed_on: dt.date | None = self.cleaned_data["host_agreed_on"]
        if agreed_on and agreed_on > today():
            raise forms.ValidationError(_("The date must not be in the future."))
        return agreed_on


class InternshipProgrammeForm(PaperForm):
    class Meta:
        model = InternshipProgramme
        fields = ["programme_title", "aim", "supervision", "supervisor", "change_note"]
        widgets = {"aim": LONG, "supervision": LONG}


class InternshipInformationForm(PaperForm):
    hours_done = HoursField(
        label=_("Hours carried out"),
        required=False,
        localize=True,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    class Meta:
        model = InternshipInformation
        fields = ["hours_done", "supervisor", "change_note"]


class CourseReportForm(PaperForm):
    uses = forms.MultipleChoiceField(
        choices=ReportUse,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("Where the knowledge is used"),
    )

    class Meta:
        model = CourseReport
        fields = ["aim", "topics", "opinion", "effect", "uses", "new_lectures", "change_note"]
        widgets = {"aim": LONG, "topics": LONG, "opinion": LONG, "effect": LONG}


HEADER_FORMS: dict[str, type[forms.ModelForm]] = {
    DocumentKind.PERSPECTIVE_PLAN: PerspectivePlanForm,
    DocumentKind.DEPARTMENT_PLAN: DepartmentPlanForm,
    DocumentKind.APPLICATION: ApplicationForm,
    DocumentKind.INTERNSHIP_PLAN: InternshipPlanForm,
    DocumentKind.INTERNSHIP_PROGRAMME: InternshipProgrammeForm,
    DocumentKind.INTERNSHIP_INFORMATION: InternshipInformationForm,
    DocumentKind.COURSE_REPORT: CourseReportForm,
}


class LecturerRowForm(RowForm):
    """A row about one lecturer: of the department, or of the whole institution."""

    person_id = forms.TypedChoiceField(label=_("Lecturer"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, people: Choices, told: Mapping[int, Told], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told = told
        person: Any = self.fields["person_id"]
        person.choices = [("", _("choose")), *people]

    @property
    def told(self) -> Told:
        """The last course and the next due day of whom the row was about when the page was made."""
        return self._told.get(self.initial.get("person_id") or 0, {})

    def offer(self, people: Choices) -> None:
        """Show only these, as a choice of everybody in every row of a large plan is too much for a phone.

        Whoever else works there is taken all the same.
        """
        person: Any = self.fields["person_id"]
        person.widget.choices = [("", _("choose")), *people]

    @classmethod
    def columns(cls) -> list[str]:
        return ["person_id", *super().columns()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_removed = cleaned.get("DELETE")
        if not self.errors and not is_removed and not cleaned.get("person_id") and not self.is_blank:
            self.add_error("person_id", _("Choose the lecturer."))
        return cleaned


class PerspectiveItemForm(LecturerRowForm):
    """The cells of a row are fields of their own, «cells_1_methods» and so on; they are kept together."""

    month = None  # type: ignore[assignment]  # without one: Django drops the field

    class Meta:
        model = PerspectiveItem
        fields = ["provider_text", "funding", "note"]

    def __init__(
        self,
        *args: Any,
        columns: tuple[str, ...],
        years: list[int],
        names_funding: bool,
        people: Choices,
        planned: frozenset[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, people=people, **kwargs)
        given = self.initial.get("cells") or {}
        self.cell_names: list[str] = []
        self.years: list[tuple[str, list[str]]] = []
        for number, year in enumerate(years, start=1):
            names = []
            for code in columns:
                key = f"{number}-{code}"
                label = PlanColumn(code).label
                self.fields[f"cells_{key}"] = forms.CharField(label=label, max_length=CELL, required=False)
                self.initial[f"cells_{key}"] = given.get(key, "")
                self.cell_names.append(key)
                names.append(f"cells_{key}")
            self.years.append((school_year_label(year), names))
        let_the_server_say_what_is_too_long(self)
        if not names_funding:
            del self.fields["funding"]
            del self.fields["provider_text"]
        self.order_fields(["uid", "place", "person_id", *(f"cells_{key}" for key in self.cell_names)])
        if own := str(self["person_id"].value() or ""):
            self.offer([(key, name) for key, name in people if str(key) == own or key not in planned])

    @property
    def by_year(self) -> list[tuple[str, list[forms.BoundField], bool]]:
        """The cells as the paper groups them: the school year, its fields, and whether they are shown unasked."""
        found = []
        for place, (year, names) in enumerate(self.years):
            cells = [self[name] for name in names]
            found.append((year, cells, place == 0 or any(cell.value() or cell.errors for cell in cells)))
        return found

    @classmethod
    def columns(cls) -> list[str]:
        return [*super().columns(), "cells"]

    def clean(self) -> dict[str, Any]:
        cells = {key: self.cleaned_data.get(f"cells_{key}", "") for key in self.cell_names}
        self.cleaned_data["cells"] = {key: text for key, text in cells.items() if text}
        for name in ("funding", "provider_text"):  # of an institution whose form has no such column
            self.cleaned_data.setdefault(name, "")
        return super().clean()


class DepartmentItemForm(LecturerRowForm):
    class Meta:
        model = DepartmentItem
        fields = ["training_kind", "topic", "month", "term_text", "provider_text", "note"]


class InternshipItemForm(RowForm):
    """One work; of which direction it is, only where the form of the institution has that column."""

    month = None  # type: ignore[assignment]  # without one: Django drops the field
    hours = HoursField(
        label=_("Number of hours"),
        required=False,
        localize=True,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    class Meta:
        model = InternshipItem
        fields = ["work", "activity_kind", "hours", "term_text", "result"]
        widgets = {"work": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"result": _("May stay empty: then it is written on the paper by hand, when the work is done.")}

    def __init__(self, *args: Any, names_activities: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not names_activities:
            del self.fields["activity_kind"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.setdefault("activity_kind", "")
        return cleaned


class PerspectiveRows(RowFormSet):
    """A row for a lecturer, not two: what is planned for one person stands together."""

    def clean(self) -> None:
        found = set()
        for form in self.forms:
            if not form.is_valid() or form.cleaned_data.get("DELETE"):
                continue
            person = form.cleaned_data["person_id"]
            if person in found:
                form.add_error("person_id", _("This lecturer has a row already. Write everything into that one."))
            elif person:
                found.add(person)


# A department plans for all its lecturers, a college for all of its own: as far as one form can carry them.
MOST_ROWS = dict.fromkeys(OF_A_UNIT, MOST_LECTURERS)
FORMSETS: dict[str, type[RowFormSet]] = {DocumentKind.PERSPECTIVE_PLAN: PerspectiveRows}
ROW_FORMS: dict[str, type[RowForm]] = {
    DocumentKind.PERSPECTIVE_PLAN: PerspectiveItemForm,
    DocumentKind.DEPARTMENT_PLAN: DepartmentItemForm,
    DocumentKind.INTERNSHIP_PLAN: InternshipItemForm,
}


def _people(plan: PerspectivePlan | DepartmentPlan) -> Choices:
    """Who teaches there now, and who stands in the plan already."""
    now = [
        (job.person_id, job.person.full_name)
        for job in lecturers_of(plan.institution_id, plan.association_id, today())
    ]
    planned = plan.rows.values_list("person", flat=True)
    before = Person.objects.filter(pk__in=planned).exclude(pk__in=[key for key, _name in now])
    return now + [(person.pk, person.full_name) for person in before]


def _department_facts(plan: PerspectivePlan | DepartmentPlan) -> dict[str, Any]:
    """What is told of people is asked for only where a page shows it: a draft that saves itself needs none of it."""
    return {"people": _people(plan), "told": SimpleLazyObject(lambda: _told(plan))}


def _told(plan: PerspectivePlan | DepartmentPlan) -> dict[int, Told]:
    return told_of(plan.institution, set(plan.rows.values_list("person", flat=True)), today())


def _perspective_facts(plan: PerspectivePlan) -> dict[str, Any]:
    ways = WAYS[plan.institution.kind]
    return {
        **_department_facts(plan),
        "planned": frozenset(plan.rows.values_list("person", flat=True)),
        "columns": ways.plan_columns,
        "years": plan.period.school_years,
        "names_funding": ways.names_funding,
    }


ROW_FACTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    DocumentKind.PERSPECTIVE_PLAN: _perspective_facts,
    DocumentKind.DEPARTMENT_PLAN: _department_facts,
    DocumentKind.INTERNSHIP_PLAN: lambda plan: {"names_activities": WAYS[plan.institution.kind].names_activities},
}


def unit_plans(kind: str, place: MethodicalAssociation | Institution) -> QuerySet[Document]:
    """The plans of a department, or of an institution as a whole, that have been begun."""
    whose = {"association": place} if isinstance(place, MethodicalAssociation) else {"association": None}
    return Document.objects.filter(kind=kind, institution=getattr(place, "institution", place), **whose)


class StartUnitPlanForm(forms.Form):
    """Of which department, or of the whole institution, and for which school years."""

    place = forms.ChoiceField(label=_("Whose plan"))
    period = forms.ChoiceField(label=_("School years"))

    def __init__(self, *args: Any, user: User, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.user = kind, user
        self.places = self._places(user)
        self.periods = self._free(self._periods())
        fields: dict[str, Any] = self.fields
        fields["place"].choices = [(key, str(place)) for key, place in self.places.items()]
        fields["period"].choices = [(label, label) for label in self.periods]

    def _places(self, user: User) -> dict[str, Any]:
        """Departments one heads; the whole of the institution where one leads it and its kind plans so."""
        using = kinds_using(self.kind)
        units = MethodicalAssociation.objects.headed_by(user).filter(institution__kind__in=using, parts=None)
        found: dict[str, Any] = {f"unit-{unit.pk}": unit for unit in units.select_related("institution")}
        if self.kind == DocumentKind.PERSPECTIVE_PLAN:
            led = Institution.objects.filter(pk__in=user.scope.making(Work.PLANS), kind__in=using)
            found |= {f"all-{one.pk}": one for one in led if WAYS[one.kind].plans_as_a_whole}
        return found

    def _periods(self) -> dict[str, Period]:
        this_year = school_year_of(today())
        if self.kind == DocumentKind.DEPARTMENT_PLAN:
            return {school_year(year).label: school_year(year) for year in (this_year, this_year + 1)}
        found = {}
        for place in self.places.values():
            institution = getattr(place, "institution", place)
            norm = PlanNorm.objects.for_institution(institution, today())
            for first in (this_year, this_year + 1, this_year - 1) if norm else ():
                days = Period(school_year(first).starts_on, school_year(first + norm.years - 1).ends_on)
                found[days.label] = days
        return found

    def _free(self, periods: dict[str, Period]) -> dict[str, Period]:
        """Without the years that a plan of the only place covers; of several places each is asked on sending."""
        if len(self.places) != 1:
            return periods
        [place] = self.places.values()
        taken = [plan.period for plan in unit_plans(self.kind, place)]
        return {label: years for label, years in periods.items() if not any(map(years.overlaps, taken))}

    @property
    def can_begin(self) -> bool:
        return bool(self.places and self.periods)

    @property
    def begun(self) -> list[Document]:
        """The plans that leave no years to begin, this school year's first: where the person wanted to go."""
        found = [plan for place in self.places.values() for plan in self._of(place)]
        return sorted(found, key=lambda plan: plan.starts_on)

    def _of(self, place: MethodicalAssociation | Institution) -> QuerySet[Document]:
        seen = Document.objects.visible_to(self.user)
        return unit_plans(self.kind, place).filter(pk__in=seen, ends_on__gte=today()).select_related("association")

    @property
    def why_not(self) -> str:
        if self.places:
            return str(_("The plans of these years have been begun already."))
        return str(_("This plan is made by the head of a department, or by who leads the institution."))

    def clean_place(self) -> Any:
        return self.places[self.cleaned_data["place"]]

    def clean_period(self) -> Period:
        return self.periods[self.cleaned_data["period"]]


def _offer_jobs(form: Any, user: User, kind: str) -> list[Employment]:
    """The user's places of work where there is this paper, as the choices of ``employment``; one needs no asking."""
    jobs = Employment.objects.on(today()).filter(person=user.person_id, institution__kind__in=kinds_using(kind))
    found = list(jobs.select_related("institution", "association", "person"))
    employment = form.fields["employment"]
    employment.queryset = jobs.select_related("institution", "association")
    employment.label_from_instance = lambda job: job.institution.title
    if len(found) == 1:
        employment.widget = forms.HiddenInput()
        employment.initial = found[0]
    return found


class StartTermedForm(forms.Form):
    """At which place of work, and on which days the course or internship is."""

    why_not = _("At none of your places of work is there such a paper.")
    employment = forms.ModelChoiceField(Employment.objects.none(), label=_("Place of work"), empty_label=None)
    planned = forms.ChoiceField(label=_("Take it from the plan"), required=False)
    starts_on = forms.DateField(label=_("First day"), widget=A_DAY)
    ends_on = forms.DateField(label=_("Last day"), widget=A_DAY)

    def __init__(self, *args: Any, user: User, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.jobs = _offer_jobs(self, user, kind)
        self.rows = planned_for(user, kind, today())
        if not self.rows:
            del self.fields["planned"]
            return
        planned: Any = self.fields["planned"]
        planned.choices = [("", _("no, I fill it in myself")), *((key, row.label) for key, row in self.rows.items())]
        asked = self.rows.get(self.initial.get("planned", ""))
        if asked:
            jobs = (job for job in self.jobs if job.institution_id == asked.institution)
            self.initial["employment"] = next(jobs, None)

    @property
    def can_begin(self) -> bool:
        return bool(self.jobs)

    def clean_planned(self) -> Planned | None:
        return self.rows.get(self.cleaned_data["planned"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_days(self, cleaned)
        job, planned = cleaned.get("employment"), cleaned.get("planned")
        if job and planned and job.institution_id != planned.institution:
            self.add_error("planned", _("This is planned at another place of work."))
        return cleaned


class StartOfInternshipForm(forms.Form):
    """Of which internship: one's own plans in force that have no such paper yet."""

    why_not = _("You have no approved internship plan that needs this paper now.")
    internship = forms.ModelChoiceField(InternshipPlan.objects.none(), label=_("Internship plan"), empty_label=None)

    def __init__(self, *args: Any, user: User, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        own = InternshipPlan.objects.filter(author=user.person_id, in_force__isnull=False)
        without = {
            DocumentKind.INTERNSHIP_PROGRAMME: own.filter(programme=None),
            DocumentKind.INTERNSHIP_INFORMATION: own.filter(information=None, ends_on__lte=today()),
        }
        self.internships = without[DocumentKind(kind)].filter(institution__kind__in=kinds_using(kind))
        internship: Any = self.fields["internship"]
        internship.queryset = self.internships
        internship.label_from_instance = lambda plan: f"{plan.host_text or plan.institution}, {plan}"

    @property
    def can_begin(self) -> bool:
        return self.internships.exists()


class StartReportForm(forms.Form):
    """On which course: one's own records that were handed in and have no report yet."""

    why_not = _(
        "You have no finished course without a report. First add the course and its certificate to your trainings."
    )
    employment = forms.ModelChoiceField(Employment.objects.none(), label=_("Place of work"), empty_label=None)
    record = forms.ModelChoiceField(TrainingRecord.objects.none(), label=_("Course"), empty_label=None)

    def __init__(self, *args: Any, user: User, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.jobs = _offer_jobs(self, user, kind)
        self.records = reportable(user).order_by("-ends_on", "-pk")
        record: Any = self.fields["record"]
        record.queryset = self.records

    @property
    def can_begin(self) -> bool:
        return bool(self.jobs) and self.records.exists()


START_FORMS: dict[str, Any] = {
    DocumentKind.PERSPECTIVE_PLAN: StartUnitPlanForm,
    DocumentKind.DEPARTMENT_PLAN: StartUnitPlanForm,
    DocumentKind.APPLICATION: StartTermedForm,
    DocumentKind.INTERNSHIP_PLAN: StartTermedForm,
    DocumentKind.INTERNSHIP_PROGRAMME: StartOfInternshipForm,
    DocumentKind.INTERNSHIP_INFORMATION: StartOfInternshipForm,
    DocumentKind.COURSE_REPORT: StartReportForm,
}


class ReplaceForm(forms.Form):
    """Who goes in the place of a lecturer who cannot, and why."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    person = forms.TypedChoiceField(
        label=_("Who goes instead"),
        coerce=int,
        error_messages={"invalid_choice": _("This lecturer goes already or does not work here any more.")},
    )
    reason = forms.CharField(
        label=_("Why the lecturer cannot go"),
        max_length=300,
        error_messages={"required": _("Give the reason.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, plan: DepartmentPlan, row: Row, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("seen", row.seen)
        let_the_server_say_what_is_too_long(self)
        self.people: Choices = [(job.person_id, self._told(job)) for job in staff_of(plan, row)]
        person: Any = self.fields["person"]
        person.choices = [("", _("choose")), *self.people]

    @staticmethod
    def _told(job: Employment) -> str:
        return ", ".join(filter(None, [job.person.full_name, str(job.association or "")]))
