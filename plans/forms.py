"""What people type into plans, decisions and meetings."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext_lazy as _

from courses.forms import HoursField
from courses.models import PlanNorm
from cpd.dates import (
    Period,
    period_from_label,
    school_year,
    school_year_label,
    school_year_of,
    short_date,
    span,
    today,
)
from cpd.forms import PaperNumberField, SeveralField
from plans.actions import Verdict
from plans.changes import Change, changes
from plans.choices import Executor, Ground, LearningMethod
from plans.content import Plan
from plans.induction.facts import Duty, duty_of, guided_jobs_of, years_of
from plans.lecturers import forms as lecturers
from plans.models import AnnualPlan, AnnualPlanItem, IndividualPlan, InductionItem, InductionPlan, PlanItem
from plans.row_forms import Choices, RowForm, RowFormSet, drop_change_note_from_first
from plans.rules import Code, Finding
from plans.words import plan_year
from schools.approval import Order
from schools.choices import Action, DocumentKind
from schools.kinds import kinds_using
from schools.models import Document, Employment, MethodicalAssociation, Person, User

MOST_ROWS = 60  # far above any real plan, and below what one request may carry
COPIED: dict[str, Any] = {  # whose rows begin the next one: last year's, or those made at another school
    DocumentKind.ANNUAL_PLAN: AnnualPlan,
    DocumentKind.INDUCTION_PLAN: InductionPlan,
}
MISSING = {
    Code.NO_ROWS: _("The plan has no items."),
    Code.NO_GROUNDS: _("Tick at least one ground of the plan."),
    Code.MISSING: _("This field is required."),
    Code.OUTSIDE_PERIOD: _("The item is outside the plan period."),
    Code.NO_METHOD: _("Tick at least one kind of learning."),
    Code.NO_EXECUTOR: _("Write who carries this out."),
}


def _days(period: Period) -> str:
    return span(period.starts_on, period.ends_on)


class StartPlanForm(forms.Form):
    """Where, and for which years. Only what this person may start is offered."""

    employment = forms.ModelChoiceField(Employment.objects.none(), label=_("Place of work"), empty_label=None)
    period = forms.ChoiceField(label=_("Plan period"))
    copy_from = forms.ModelChoiceField(
        Document.objects.none(), label=_("Copy the rows of"), required=False, empty_label=_("nothing, start empty")
    )

    def __init__(self, *args: Any, user: User, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        fields: dict[str, Any] = self.fields
        here = Employment.objects.on(today()).filter(person=user.person_id, institution__kind__in=kinds_using(kind))
        jobs = here.select_related("institution", "person")
        fields["employment"].label_from_instance = lambda job: job.institution.title
        self.duties: dict[int, Duty] = {}
        if kind == DocumentKind.INDUCTION_PLAN:
            jobs = jobs.filter(pk__in=[job.pk for job in guided_jobs_of(user.person_id, today())])
            self.duties = {job.pk: duty_of(job, today()) for job in jobs}
        fields["employment"].queryset = jobs
        self.jobs = list(jobs)
        this_year = school_year_of(today())
        if kind == DocumentKind.INDUCTION_PLAN:
            self.periods = {_days(period): period for period in self._induction_periods().values()}
        elif kind == DocumentKind.ANNUAL_PLAN:
            years = [this_year, this_year + 1, this_year - 1]
            self.periods = {school_year(year).label: school_year(year) for year in years}
        else:
            self.periods = self._plan_periods(this_year)
        earlier = COPIED[kind].objects.filter(author=user.person_id) if kind in COPIED else None
        if earlier is not None and earlier.exists():
            fields["copy_from"].queryset = earlier
        else:
            del fields["copy_from"]
        self.has_norm = bool(self.periods)
        self.waits_for_order = not self.periods and any(duty.waits_for_order for duty in self.duties.values())
        if len(self.jobs) == 1:
            own = Document.objects.filter(kind=kind, author=user.person_id, institution=self.jobs[0].institution_id)
            taken = [plan.period for plan in own]
            self.periods = {
                label: years for label, years in self.periods.items() if not any(map(years.overlaps, taken))
            }
        fields["period"].choices = [(label, label) for label in self.periods]
        if len(self.jobs) == 1:
            fields["employment"].widget = forms.HiddenInput()
            fields["employment"].initial = self.jobs[0]

    def _plan_periods(self, this_year: int) -> dict[str, Period]:
        """Both labels the papers use (rules §5.1), starting this year, next year or in the years still running."""
        norm = PlanNorm.objects.for_institution(self.jobs[0].institution, today()) if self.jobs else None
        if norm is None:
            return {}
        starts = [this_year, this_year + 1, *range(this_year - 1, this_year - norm.years, -1)]
        spans = [(first, first + norm.years - tail) for first in starts for tail in (0, 1)]
        return {f"{first}-{last}": period_from_label(first, last, norm.years) for first, last in spans}

    def _induction_periods(self) -> dict[int, Period]:
        """The days of a young specialist's plan by place of work: the rule says them, nobody chooses (rules §8)."""
        return {
            job: Period(duty.starts_on, duty.ends_on)
            for job, duty in self.duties.items()
            if duty.starts_on and duty.ends_on
        }

    def clean_period(self) -> Period:
        return self.periods[self.cleaned_data["period"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        job, period = cleaned.get("employment"), cleaned.get("period")
        if self.duties and job and period and self._induction_periods().get(job.pk) != period:
            self.add_error("period", _("At this place of work the plan has other days."))
        return cleaned


class IndividualPlanForm(forms.ModelForm):
    """The grounds of national regulation 6.1, and why an approved plan is changed."""

    grounds = forms.MultipleChoiceField(
        choices=Ground, widget=forms.CheckboxSelectMultiple, required=False, label=_("Grounds for the plan")
    )

    class Meta:
        model = IndividualPlan
        fields = ["grounds", "grounds_text", "change_note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop_change_note_from_first(self)


class AnnualPlanForm(forms.ModelForm):
    class Meta:
        model = AnnualPlan
        fields = ["change_note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop_change_note_from_first(self)


class InductionPlanForm(forms.ModelForm):
    class Meta:
        model = InductionPlan
        fields = ["change_note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drop_change_note_from_first(self)


class PlanItemForm(RowForm):
    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int, empty_value=None, required=False)
    hours = HoursField(
        label=_("Number of hours"),
        required=False,
        localize=True,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    class Meta:
        model = PlanItem
        fields = [
            "programme_title",
            "direction",
            "hours",
            "school_year",
            "month",
            "study_form",
            "block",
            "provider_text",
            "rationale",
            "note",
        ]

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years: Choices = [(year, school_year_label(year)) for year in period.school_years]
        fields: dict[str, Any] = self.fields
        fields["school_year"].choices = [("", _("school year")), *years]


class AnnualPlanItemForm(RowForm):
    ALWAYS_CHOSEN = ("executor_kind",)

    learning_methods = forms.MultipleChoiceField(
        choices=LearningMethod, widget=forms.CheckboxSelectMultiple, required=False, label=_("Learning methods")
    )

    class Meta:
        model = AnnualPlanItem
        fields = [
            "need",
            "learning_methods",
            "month",
            "executor_kind",
            "executor_text",
            "methods_text",
            "term_text",
        ]
        widgets = {"need": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Always holds a choice, so it bears no mark of a field that must be filled in.
        kind: Any = self.fields["executor_kind"]
        kind.required, kind.empty_value = False, Executor.SELF


class InductionItemForm(RowForm):
    plan_year = forms.TypedChoiceField(label=_("Year of the plan"), coerce=int, empty_value=None, required=False)

    class Meta:
        model = InductionItem
        fields = ["activity", "direction", "activity_form", "plan_year", "month", "expected_result"]
        widgets = {"activity": forms.Textarea(attrs={"rows": 2}), "expected_result": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, years: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers: Choices = [(number, plan_year(number)) for number in range(1, years + 1)]
        fields: dict[str, Any] = self.fields
        fields["plan_year"].choices = [("", _("year of the plan")), *numbers]


HEADER_FORMS: dict[str, type[forms.ModelForm]] = {
    DocumentKind.INDIVIDUAL_PLAN: IndividualPlanForm,
    DocumentKind.ANNUAL_PLAN: AnnualPlanForm,
    DocumentKind.INDUCTION_PLAN: InductionPlanForm,
    **lecturers.HEADER_FORMS,
}
ROW_FORMS: dict[str, type[RowForm]] = {
    DocumentKind.INDIVIDUAL_PLAN: PlanItemForm,
    DocumentKind.ANNUAL_PLAN: AnnualPlanItemForm,
    DocumentKind.INDUCTION_PLAN: InductionItemForm,
    **lecturers.ROW_FORMS,
}
ROW_FORMSETS: dict[str, Any] = {
    kind: forms.formset_factory(
        form,
        formset=lecturers.FORMSETS.get(kind, RowFormSet),
        extra=0,
        can_delete=True,
        max_num=(most := lecturers.MOST_ROWS.get(DocumentKind(kind), MOST_ROWS)),
        absolute_max=most + 1,
        validate_max=True,
    )
    for kind, form in ROW_FORMS.items()
}
# What the rows of a plan are told when they are made, once for all of them.
ROW_FACTS: dict[str, Callable[[Any], dict[str, Any]]] = {
    DocumentKind.INDIVIDUAL_PLAN: lambda plan: {"period": plan.period},
    DocumentKind.INDUCTION_PLAN: lambda plan: {"years": years_of(plan)},
    **lecturers.ROW_FACTS,
}


def header_form(plan: Plan, data: Any = None) -> forms.ModelForm:
    return HEADER_FORMS[plan.kind](data, instance=plan)


def row_forms(plan: Plan, data: Any = None, *, spare: int = 0) -> RowFormSet | None:
    """The plan's rows as forms, with ``spare`` empty ones behind them; None where the paper is no table."""
    if plan.kind not in ROW_FORMS:
        return None
    formset = ROW_FORMSETS[plan.kind]
    kwargs = ROW_FACTS.get(plan.kind, lambda _plan: {})(plan)
    if data is not None:
        return formset(data, prefix="rows", form_kwargs=kwargs)
    initial = [formset.form.initial_of(row) for row in plan.rows.all()]
    for place, row in enumerate(initial):
        row["place"] = place
    initial += [{"uid": uuid.uuid4(), "place": len(initial) + n} for n in range(spare)]
    return formset(initial=initial, prefix="rows", form_kwargs=kwargs)


def show_missing(header: forms.ModelForm, rows: RowFormSet | None, found: Sequence[Finding]) -> None:
    """Put what still keeps the plan from being submitted beside the fields it is about."""
    row_list = rows.forms if rows else []
    by_row = {str(form["uid"].value()): form for form in row_list}
    for form in (header, *row_list):
        form._errors = ErrorDict()  # an unbound form has none of its own; what is said here is not about typing
    for finding in found:
        form = by_row.get(finding.row, header)
        form._errors.setdefault(finding.field or NON_FIELD_ERRORS, ErrorList()).append(MISSING[finding.code])


class ApprovalOrderForm(forms.Form):
    """The order by which the director approves: its number and date (national regulation 4.4.2).

    The paper may be older than its entry here: an order is often typed in later, and one of the same day is usual. So
    the date is not in the future, not before the plan begins and not before the order that fixed the mentor.
    """

    order_number = PaperNumberField(label=_("Order number"), max_length=30)
    ordered_on = forms.DateField(label=_("Date of the order"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    def __init__(self, *args: Any, plan: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan

    def clean_ordered_on(self) -> dt.date:
        ordered_on: dt.date = self.cleaned_data["ordered_on"]
        if ordered_on > today():
            raise forms.ValidationError(_("The date must not be in the future."))
        if ordered_on < self.plan.starts_on:
            raise forms.ValidationError(_("The order cannot be older than the plan."))
        mentor = self.plan.submitted_version.content.get("mentor") or {}
        if mentor.get("ordered_on") and ordered_on < (fixed_on := dt.date.fromisoformat(mentor["ordered_on"])):
            told = _("The mentor was fixed by an order of %(day)s: this order cannot be older.")
            raise forms.ValidationError(told, params={"day": short_date(fixed_on)})
        return ordered_on

    def order(self) -> Order:
        return Order(self.cleaned_data["order_number"], self.cleaned_data["ordered_on"])


class MarkForm(forms.Form):
    """When a row of a young specialist's plan was done, and a line about it."""

    done_on = forms.DateField(label=_("Date"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, plan: InductionPlan, uid: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.uid = plan, uid
        self.initial.setdefault("done_on", today())

    def clean_done_on(self) -> dt.date:
        done_on: dt.date = self.cleaned_data["done_on"]
        if done_on > today():
            raise forms.ValidationError(_("The date must not be in the future."))
        if done_on < self.plan.starts_on:
            raise forms.ValidationError(_("This day lies before the plan."))
        return done_on


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the return"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Give the reason for the return.")},
    )


class MeetingForm(forms.Form):
    """Number, date and those present: typed once for all plans of the meeting."""

    minutes_number = PaperNumberField(label=_("Minutes number"), max_length=30)
    held_on = forms.DateField(label=_("Date of the meeting"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    present = SeveralField(Person.objects.none(), label=_("Present"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, association: MethodicalAssociation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Employment.objects.on(today()).filter(association=association).values("person")
        people = Person.objects.filter(pk__in=members)
        fields: dict[str, Any] = self.fields
        fields["present"].queryset = people
        self.initial.setdefault("held_on", today())
        self.initial.setdefault("present", list(people))

    def clean_held_on(self) -> Any:
        held_on = self.cleaned_data["held_on"]
        if held_on < school_year(school_year_of(today()) - 1).starts_on:
            raise forms.ValidationError(_("The date is too long ago."))
        if held_on > today():
            raise forms.ValidationError(_("The date must not be in the future."))
        return held_on


class VerdictForm(forms.Form):
    """What the meeting said of one plan. Considered unless marked otherwise."""

    POSTPONE = "postpone"
    seen = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Action.CONSIDER, _("Considered")),
            (Action.RETURN, _("Return for revision")),
            (POSTPONE, _("Leave for the next meeting")),
        ],
        widget=forms.RadioSelect,
        initial=Action.CONSIDER,
    )
    reason = forms.CharField(label=_("Reason for the return"), max_length=1000, required=False)

    def __init__(self, data: Any = None, *, document: Document) -> None:
        super().__init__(data, prefix=f"plan{document.pk}")
        self.document = document
        self.step = Action(document.submitted_version.route[0]["action"])
        if self.step == Action.APPROVE:  # the meeting itself approves: 004 6.3, 7.1
            verdict: Any = self.fields["verdict"]
            verdict.choices = [(Action.CONSIDER, _("Approved")), *verdict.choices[1:]]
        self.initial.setdefault("seen", document.revision)

    @property
    def differences(self) -> list[Change]:
        """What a yearly change changes; nothing for a first plan."""
        in_force, submitted = self.document.in_force, self.document.submitted_version
        return changes(in_force.content, submitted.content) if in_force and in_force != submitted else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("verdict") == Action.RETURN and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Give the reason for the return."))
        return cleaned

    def verdict_made(self) -> Verdict | None:
        """None where the plan is left for the next meeting."""
        if self.cleaned_data["verdict"] == self.POSTPONE:
            return None
        said = Action(self.cleaned_data["verdict"])
        action = self.step if said == Action.CONSIDER else said
        return Verdict(self.document, self.cleaned_data["seen"], action, self.cleaned_data["reason"])


def verdict_forms(documents: QuerySet[Document] | Sequence[Document], data: Any = None) -> list[VerdictForm]:
    return [VerdictForm(data, document=document) for document in documents]
