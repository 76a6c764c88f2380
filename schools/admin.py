"""What a system administrator keeps: places, people, accounts, roles, routes. Plans and decisions are not here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from schools.models import (
    ApprovalRoute,
    District,
    Employment,
    Institution,
    Mentorship,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    RouteStep,
    Subject,
    User,
)
from schools.passwords import give_first_password

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
    search_fields = ["search_key"]  # makes the search box appear; get_search_results does the search

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        return queryset.filter(pk__in=Person.objects.named_like(search_term)), False

    inlines = [EmploymentInline, RoleInline]


@admin.register(Mentorship)
class MentorshipAdmin(admin.ModelAdmin):
    """Mentorships end, they are not deleted: papers may rest on them."""

    list_display = ["mentor", "mentee", "institution", "starts_on", "ends_on"]
    list_select_related = ["mentor", "mentee", "institution"]
    autocomplete_fields = ["institution", "mentor", "mentee"]

    def has_delete_permission(self, request: HttpRequest, obj: Mentorship | None = None) -> bool:
        return False


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
    """Accounts; the action in the list gives the ticked ones a first password, shown once."""

    actions = ["first_passwords"]

    list_display = ["username", "person", "is_active", "must_change_password"]
    list_select_related = ["person"]
    search_fields = ["username"]
    autocomplete_fields = ["person"]
    fields = ["username", "person", "email", "language", "is_active"]

    @admin.action(description=_("Give a first password and show it once"))
    def first_passwords(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            self.message_user(request, f"{user.username}: {give_first_password(user)}")
