"""What a system administrator keeps: places, lists, people, accounts, roles, routes. No plans and no decisions.

Each change goes into the journal, of people with whose data it was, and so does a look at a person or an account:
here personal numbers and addresses are seen, as ``plans.readers`` tells everybody.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schools import audit
from schools.choices import NO_CATEGORY, Event
from schools.models import (
    ApprovalRoute,
    Category,
    ConsentText,
    District,
    Employment,
    Institution,
    Mentorship,
    MethodicalAssociation,
    Oblast,
    Person,
    Position,
    PrintedForm,
    RetentionPeriod,
    RoleAssignment,
    RouteStep,
    Subject,
    User,
)
from schools.naming import HIDDEN
from schools.passwords import give_first_password

LOOKED_AT = (Person, User)  # whose pages show numbers, birthdays and addresses


class ReferenceAdmin(admin.ModelAdmin):
    """Each change goes into the journal, also of the rows on the same page, and what is in use is not deleted."""

    list_per_page = 50

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer = super().change_view(request, object_id, form_url, extra_context)
        looked_at = self.get_object(request, unquote(object_id)) if self.model in LOOKED_AT else None
        if looked_at and request.method == "GET" and isinstance(request.user, User):
            audit.saw(Event.SAW_PERSON, by=request.user, **_whose(looked_at))
        return answer

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        before = _columns(type(obj)._default_manager.filter(pk=obj.pk).first()) if change else {}
        super().save_model(request, obj, form, change)
        self._note_change(request, obj, before)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows on the page of another one: jobs and roles of a person, steps of a route."""
        keys = [one.instance.pk for one in formset.initial_forms]
        there = {row.pk: _columns(row) for row in formset.model._default_manager.filter(pk__in=keys)}
        for row in (one.instance for one in formset.deleted_forms if one.instance.pk):
            self._note(request, row, there[row.pk], {})
        super().save_formset(request, form, formset, change)
        for row in formset.new_objects:
            self._note_change(request, row, {})
        for row, _names in formset.changed_objects:
            self._note_change(request, row, there[row.pk])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._note(request, obj, _columns(obj), {})
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Whoever began to use the row while it was being deleted wins, and the page says so."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except ProtectedError:
            self.message_user(request, gettext("It is in use, so it was not deleted."), messages.ERROR)
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """What the page of deletion tells; who uses a row through a list of several keeps it too."""
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return found, counts, lacking, [*protected, *(str(user) for obj in objs for user in self.users_of(obj))]

    def users_of(self, obj: Any) -> Iterable[Model]:
        """What names the row in a list of several, which the database itself would let go."""
        for relation in self.opts.related_objects:
            if relation.many_to_many:
                yield from relation.related_model._default_manager.filter(**{relation.field.name: obj})

    def _note_change(self, request: HttpRequest, obj: Model, before: dict[str, Any]) -> None:
        after = _columns(obj)
        changed = [name for name in after if before.get(name) != after[name]]
        if changed:
            old, new = ({name: told.get(name) for name in changed} for told in (before, after))
            self._note(request, obj, old if before else {}, new)

    def _note(self, request: HttpRequest, obj: Model, before: dict[str, Any], after: dict[str, Any]) -> None:
        who = request.user if isinstance(request.user, User) else None  # the site lets nobody else in
        # What is deleted cannot be pointed at; its title says what it was.
        whose = _whose(obj) if after or not isinstance(obj, Person | Institution) else {}
        event = _event_of(obj, before, after)
        called = f"{obj._meta.verbose_name}: {obj}"
        audit.note(event, by=who, what=called, before=_open(before), after=_open(after), **whose)


def _columns(obj: Model | None) -> dict[str, Any]:
    """The columns people write."""
    if obj is None:
        return {}
    fields = (field for field in obj._meta.concrete_fields if field.editable and not field.auto_created)
    return {field.attname: field.value_from_object(obj) for field in fields}


def _open(columns: dict[str, Any]) -> dict[str, Any]:
    """Without the birth date itself, as ``schools.naming`` notes it."""
    return {name: HIDDEN if name == "born_on" and value else value for name, value in columns.items()}


def _event_of(obj: Model, before: dict[str, Any], after: dict[str, Any]) -> Event:
    """What a change in the administration is, as pages call the like."""
    is_ended = not after or bool(before and after.get("ends_on"))
    if isinstance(obj, RoleAssignment):
        return Event.ROLE_ENDED if is_ended else Event.ROLE_GIVEN
    if isinstance(obj, Employment):
        changed = Event.EMPLOYMENT_CHANGED if before else Event.HIRED
        return Event.EMPLOYMENT_ENDED if is_ended else changed
    if isinstance(obj, User):
        return _event_of_account(before, after)
    return Event.PERSON_CHANGED if isinstance(obj, Person) else Event.REFERENCE_CHANGED


def _event_of_account(before: dict[str, Any], after: dict[str, Any]) -> Event:
    if not before:
        return Event.ACCOUNT_MADE
    if not after:
        return Event.ACCOUNT_CLOSED
    if "is_active" in after:
        return Event.ACCOUNT_OPENED if after["is_active"] else Event.ACCOUNT_CLOSED
    return Event.MAIL_CHANGED if "email" in after else Event.PERSON_CHANGED


def _whose(obj: Model) -> dict[str, Any]:
    """About whom and where it is, as the journal keeps it: so that they and their leaders can read of it."""
    person = _person_of(obj)
    whole = getattr(obj, "association", None) or getattr(obj, "route", None) or obj
    place = obj if isinstance(obj, Institution) else getattr(obj, "institution", None)
    place = place or getattr(whole, "institution", None)
    district = getattr(obj, "district", None) if isinstance(obj, RoleAssignment) else None
    if place is None and district is None and person is not None:
        job = person.employments.select_related("institution").order_by("-is_main", "-starts_on", "-pk").first()
        place = job.institution if job else None
    return {"subject": person, "institution": place, "district": district}


def _person_of(obj: Model) -> Person | None:
    if isinstance(obj, Person):
        return obj
    if isinstance(obj, Mentorship):
        return obj.mentee
    return obj.person if isinstance(obj, Employment | RoleAssignment | User) else None


@admin.register(Oblast)
class OblastAdmin(ReferenceAdmin):
    list_display = ["title_ky", "title_ru", "code", "source"]
    search_fields = ["title_ky", "title_ru", "code"]


@admin.register(District)
class DistrictAdmin(ReferenceAdmin):
    list_display = ["title_ky", "title_ru", "code", "oblast", "is_city", "source"]
    list_select_related = ["oblast"]
    list_filter = ["oblast", "is_city"]
    search_fields = ["title_ky", "title_ru", "code"]


@admin.register(Subject)
class SubjectAdmin(ReferenceAdmin):
    list_display = ["title_ky", "title_ru", "code", "source"]
    list_filter = ["source"]
    search_fields = ["title_ky", "title_ru", "code"]


@admin.register(Position)
class PositionAdmin(ReferenceAdmin):
    """Proposed where people are hired; employments keep the words they were written with."""

    list_display = ["title_ky", "title_ru", "is_teaching", "code", "source"]
    list_filter = ["is_teaching", "source"]
    search_fields = ["title_ky", "title_ru", "code"]


@admin.register(Category)
class CategoryAdmin(ReferenceAdmin):
    """Papers keep a category's code, so that it is written once and never changed."""

    list_display = ["title_ky", "title_ru", "code", "position", "source"]
    search_fields = ["title_ky", "title_ru", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The entry for who has none is everybody's first."""
        return super().has_delete_permission(request, obj) and not (obj and obj.pk == NO_CATEGORY)


@admin.register(ConsentText)
class ConsentTextAdmin(ReferenceAdmin):
    """A text that somebody agreed to stays as it is: another one holds from a later day."""

    list_display = ["valid_from", "source"]
    search_fields = ["text_ky", "text_ru", "source"]
    date_hierarchy = "valid_from"

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.consents.exists())


@admin.register(RetentionPeriod)
class RetentionPeriodAdmin(ReferenceAdmin):
    list_display = ["kept", "years", "source"]


@admin.register(Institution)
class InstitutionAdmin(ReferenceAdmin):
    list_display = ["title_ky", "number", "kind", "district"]
    list_select_related = ["district"]
    search_fields = ["title_ky", "title_ru", "number"]
    autocomplete_fields = ["district"]


@admin.register(MethodicalAssociation)
class AssociationAdmin(ReferenceAdmin):
    list_display = ["title_ky", "institution", "part_of"]
    list_select_related = ["institution", "part_of"]
    search_fields = ["title_ky"]
    autocomplete_fields = ["institution", "part_of"]


class EmploymentInline(admin.StackedInline):
    model = Employment
    extra = 0
    autocomplete_fields = ["institution", "association"]


class RoleInline(admin.StackedInline):
    model = RoleAssignment
    extra = 0
    autocomplete_fields = ["institution", "association", "district"]


@admin.register(Person)
class PersonAdmin(ReferenceAdmin):
    list_display = ["__str__", "education", "speciality", "category"]
    search_fields = ["search_key"]  # makes the search box appear; get_search_results does the search

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        return queryset.filter(pk__in=Person.objects.named_like(search_term)), False

    inlines = [EmploymentInline, RoleInline]


@admin.register(Mentorship)
class MentorshipAdmin(ReferenceAdmin):
    """Looked at only: ``schools.mentoring`` writes them, by an order; they end and are not deleted."""

    list_display = ["mentor", "mentee", "institution", "starts_on", "ends_on", "order_number", "ordered_on"]
    list_select_related = ["mentor", "mentee", "institution"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Mentorship | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Mentorship | None = None) -> bool:
        return False


class RouteStepInline(admin.TabularInline):
    model = RouteStep
    extra = 0


@admin.register(ApprovalRoute)
class ApprovalRouteAdmin(ReferenceAdmin):
    list_display = ["document_kind", "institution_kind", "institution", "source"]
    list_select_related = ["institution"]
    autocomplete_fields = ["institution"]
    inlines = [RouteStepInline]


@admin.register(PrintedForm)
class PrintedFormAdmin(ReferenceAdmin):
    """What stands on a printed form beside its text: the label of the annex, the code in the quality system."""

    list_display = ["code", "document_kind", "institution_kind", "institution", "label", "source"]
    list_select_related = ["institution"]
    list_filter = ["institution_kind"]
    autocomplete_fields = ["institution"]


@admin.register(User)
class UserAdmin(ReferenceAdmin):
    """Accounts; the action in the list gives the ticked ones a first password, shown once."""

    actions = ["first_passwords"]

    list_display = ["username", "person", "is_active", "must_change_password"]
    list_select_related = ["person"]
    search_fields = ["username"]
    autocomplete_fields = ["person"]
    fields = ["username", "person", "email", "language", "is_active"]

    @admin.action(description=_("Give a first password and show it once"))
    def first_passwords(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by = request.user if isinstance(request.user, User) else None  # the site lets nobody else in
        for user in users:
            self.message_user(request, f"{user.username}: {give_first_password(user, by=by)}")
