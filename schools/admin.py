"""What a system administrator keeps: places, people, accounts, roles, routes. Plans and decisions are not here."""

from django.contrib import admin

from schools.models import (
    ApprovalRoute,
    District,
    Employment,
    Institution,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    RouteStep,
    Subject,
    User,
)

admin.site.register([Oblast, Subject])


@admin.register(District)
class DistrictAdmin(admin.ModelAdmin):
    list_display = ["title_ky", "oblast", "is_city"]
    list_select_related = ["oblast"]
    search_fields = ["title_ky", "title_ru"]


@admin.register(Institution)
class InstitutionAdmin(admin.ModelAdmin):
    list_display = ["title_ky", "number", "kind", "district"]
    list_select_related = ["district"]
    search_fields = ["title_ky", "title_ru", "number"]
    autocomplete_fields = ["district"]


@admin.register(MethodicalAssociation)
class AssociationAdmin(admin.ModelAdmin):
    list_display = ["title_ky", "institution"]
    list_select_related = ["institution"]
    search_fields = ["title_ky"]
    autocomplete_fields = ["institution"]


class EmploymentInline(admin.StackedInline):
    model = Employment
    extra = 0
    autocomplete_fields = ["institution", "association"]


class RoleInline(admin.StackedInline):
    model = RoleAssignment
    extra = 0
    autocomplete_fields = ["institution", "association", "district"]


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["__str__", "education", "speciality", "category"]
    search_fields = ["search_key"]
    inlines = [EmploymentInline, RoleInline]


class RouteStepInline(admin.TabularInline):
    model = RouteStep
    extra = 0


@admin.register(ApprovalRoute)
class ApprovalRouteAdmin(admin.ModelAdmin):
    list_display = ["document_kind", "institution_kind", "institution", "source"]
    list_select_related = ["institution"]
    autocomplete_fields = ["institution"]
    inlines = [RouteStepInline]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Accounts; a new one gets its first password from ``manage.py first_password``."""

    list_display = ["username", "person", "is_active", "must_change_password"]
    list_select_related = ["person"]
    search_fields = ["username"]
    autocomplete_fields = ["person"]
    fields = ["username", "person", "email", "language", "is_active"]
