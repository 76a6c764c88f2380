"""Norms, their legal acts and the calendars of all schools, for system administrators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from courses.choices import NormStatus
from courses.models import AwayLimit, CalendarPeriod, HoursPolicy, InductionNorm, Kept, LegalAct, PlanNorm
from courses.norm_example import Example, jobs_under
from cpd.dates import today
from schools.models import Employment, Person

admin.site.register(LegalAct)


class HoursPolicyForm(forms.ModelForm):
    """A rule, and the teacher on whom it is tried before it is saved.

    A rule in force changes the results of thousands at once, so it is saved only with the values whose example was
    looked at: the page carries their fingerprint. A draft that stays one changes nobody's and needs no example.
    """

    teacher = forms.ModelChoiceField(
        Person.objects.all(),
        label=_("Teacher"),
        required=False,
        widget=AutocompleteSelect(Employment._meta.get_field("person"), admin.site),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.example: Example | None = None
        self.was_in_force = self.instance.status == NormStatus.IN_FORCE
        self.has_begun = self.was_in_force and self.instance.valid_from <= today()
        self.asks_for_example = "_example" in self.data

    def is_valid(self) -> bool:
        """With the example asked for nothing is saved, however right the values are."""
        return super().is_valid() and not self.asks_for_example

    def clean_status(self) -> str:
        """A rule that has begun may have judged somebody: it can end, not become a draft that may be deleted."""
        status = self.cleaned_data["status"]
        if self.has_begun and status == NormStatus.DRAFT:
            raise forms.ValidationError(_("This rule has been in force. Write its last day instead."))
        return status

    def full_clean(self) -> None:
        super().full_clean()  # now the instance holds the values as typed
        if self.is_bound and not self.errors:
            self._look_at_example()

    def _look_at_example(self) -> None:
        teacher = self.cleaned_data["teacher"]
        if teacher:
            job = jobs_under(self.instance).filter(person=teacher).first()
            if job is None:
                self.add_error("teacher", _("This rule does not speak of where this person works."))
                return
            self.example = Example.of(job, self.instance)
        elif self.asks_for_example:
            self.add_error("teacher", _("Choose a teacher."))
        if not self.asks_for_example and self._needs_example() and self.data.get("example") != self.fingerprint:
            self.add_error("teacher", _("Look at the example of one teacher with these values first, then save."))

    def _needs_example(self) -> bool:
        moves_results = self.was_in_force or self.instance.status == NormStatus.IN_FORCE
        return bool(moves_results and jobs_under(self.instance).exists())

    @property
    def fingerprint(self) -> str:
        """Of all values of the rule as typed."""
        values = {field.attname: getattr(self.instance, field.attname) for field in HoursPolicy._meta.concrete_fields}
        return salted_hmac("courses.admin.HoursPolicyForm", repr(sorted(values.items()))).hexdigest()


@admin.register(HoursPolicy)
class HoursPolicyAdmin(admin.ModelAdmin):
    form = HoursPolicyForm
    change_form_template = "admin/courses/hours_policy.html"
    list_display = ["code", "institution_kind", "status", "years", "required_hours", "valid_from", "valid_to"]
    list_select_related = ["legal_act"]
    autocomplete_fields = ["institution"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (
            _("Whom it binds, and when"),
            {
                "fields": [
                    "code",
                    "institution_kind",
                    "institution",
                    "staff_group",
                    "status",
                    "valid_from",
                    "valid_to",
                    "transition",
                ],
                "description": _(
                    "Only a rule in force drives anything. To end a rule, write its last day and leave it in force: "
                    "what was shown for earlier days stays as it was."
                ),
            },
        ),
        (_("Source"), {"fields": ["legal_act", "source_clause", "source_url", "note"]}),
        (
            _("What is demanded"),
            {
                "fields": ["driver", "years", "year_kind", "required_hours", "min_compulsory_hours", "warn_days"],
                "description": _("Leave the hours empty while they are not decided: then nobody is in debt."),
            },
        ),
        (
            _("What counts"),
            {
                "fields": [
                    "accumulate",
                    "min_event_hours",
                    "programme_min_hours",
                    "hours_per_credit",
                    "max_hours_per_day",
                    "require_document",
                    "require_provider_eligible",
                    "count_nonformal",
                    "leave_extends",
                ]
            },
        ),
        (_("How often"), {"fields": ["frequency_years", "frequency_source", "planning_interval_years"]}),
        (
            _("What else fulfils it"),
            {
                "fields": [
                    "internship_min_hours",
                    "internship_min_days",
                    "information_days",
                    "retraining_min_hours",
                    "degree_counts",
                ]
            },
        ),
        (
            _("Example of one teacher"),
            {
                "fields": ["teacher"],
                "description": _(
                    "Choose a teacher and look at what the rule would do to them. A rule in force is saved only after "
                    "that."
                ),
            },
        ),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: HoursPolicy | None = None) -> bool:
        """A rule that may have judged anybody stays; drafts may go."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.status == NormStatus.DRAFT)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form, rule = context["adminform"].form, kwargs.get("obj")
        context["example"] = form.example if not form.errors or form.has_error("teacher") else None
        context["fingerprint"] = form.fingerprint if context["example"] else ""
        context["is_under_revision"] = bool(rule and rule.pk and is_under_revision(rule))
        return super().render_change_form(request, context, *args, **kwargs)


def is_under_revision(rule: HoursPolicy) -> bool:
    """Whether a draft for the same institutions waits beside the rule in force."""
    drafts = HoursPolicy.objects.filter(institution_kind=rule.institution_kind, status=NormStatus.DRAFT)
    return rule.status == NormStatus.IN_FORCE and drafts.exists()


@admin.register(PlanNorm)
class PlanNormAdmin(admin.ModelAdmin):
    list_display = ["institution_kind", "institution", "status", "years", "valid_from", "valid_to"]
    list_select_related = ["institution", "legal_act"]
    autocomplete_fields = ["institution"]


@admin.register(InductionNorm)
class InductionNormAdmin(admin.ModelAdmin):
    list_display = ["institution_kind", "institution", "status", "years", "due_months", "valid_from", "valid_to"]
    list_select_related = ["institution", "legal_act"]
    autocomplete_fields = ["institution"]


class KeptAdmin(admin.ModelAdmin):
    """What holds in a school, in a district or, with neither named, in the whole country."""

    list_select_related = ["institution", "district"]
    list_filter = ["district"]
    autocomplete_fields = ["institution", "district"]

    def save_model(self, request: Any, obj: Kept, form: Any, change: bool) -> None:
        if not change:
            obj.entered_by = request.user.person
        super().save_model(request, obj, form, change)


@admin.register(CalendarPeriod)
class CalendarPeriodAdmin(KeptAdmin):
    list_display = ["kind", "starts_on", "ends_on", "institution", "district", "employment"]
    list_select_related = ["institution", "district", "employment__person", "employment__institution"]
    readonly_fields = ["employment"]  # one teacher's leave is entered at school


@admin.register(AwayLimit)
class AwayLimitAdmin(KeptAdmin):
    list_display = ["percent", "starts_on", "ends_on", "institution", "district"]
