"""Norms and their legal acts, for system administrators."""

from django.contrib import admin

from courses.models import HoursPolicy, LegalAct, PlanNorm

admin.site.register(LegalAct)


@admin.register(HoursPolicy)
class HoursPolicyAdmin(admin.ModelAdmin):
    list_display = ["code", "institution_kind", "status", "years", "required_hours", "valid_from", "valid_to"]
    list_select_related = ["legal_act"]
    autocomplete_fields = ["institution"]


@admin.register(PlanNorm)
class PlanNormAdmin(admin.ModelAdmin):
    list_display = ["institution_kind", "institution", "status", "years", "valid_from", "valid_to"]
    list_select_related = ["institution", "legal_act"]
    autocomplete_fields = ["institution"]
