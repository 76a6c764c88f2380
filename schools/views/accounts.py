"""Accounts of a school, kept by its leaders; of a district's leaders, kept by its office."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BigIntegerField, Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cpd.dates import today
from cpd.once import acts_once
from cpd.text import kyrgyz_order
from schools import accounts, audit, invitations
from schools.access import can_keep_accounts
from schools.account_forms import PeopleForm
from schools.approval import Refused
from schools.choices import LEADING_ROLES, Event, Work
from schools.http import Request
from schools.models import District, Employment, Institution, Invitation, Person, RoleAssignment, User
from schools.slips import slips_pdf

ON_A_PAGE = 100  # a whole school fits, so that all of it can be ticked at once
KEY = re.compile(rf"[0-9]{{1,{len(str(BigIntegerField.MAX_BIGINT))}}}")
NAMES = ("family_name", "given_name", "fathers_name")
Act = Callable[..., None]


# A school ---------------------------------------------------------------------------------------------------------


@require_safe
def school_accounts(request: Request, pk: int) -> HttpResponse:
    """Who of a school has an account, who is invited, who has none."""
    institution = _kept(request, pk)
    form = PeopleForm(request.GET or None)
    everybody = accounts.in_care_of(request.user, institution)
    in_care = set(everybody.values_list("pk", flat=True))
    jobs = Employment.objects.filter(institution=institution).on(today())
    people = accounts.with_standing(form.sifted(accounts.people_of(institution)))
    people = people.prefetch_related(Prefetch("employments", jobs, "jobs_here"))
    page = Paginator(people, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "schools/school_accounts.html",
        {
            "institution": institution,
            "form": form,
            "page": page,
            "lines": [_line(person, in_care) for person in page],
            "Standing": accounts.Standing,
        }
        | accounts.counted(everybody),
    )


@require_POST
@acts_once
def invitations_make(request: Request, pk: int) -> HttpResponse:
    """New slips for the people who are ticked, or for everybody without an account."""
    institution = _kept(request, pk)
    _invite(request, accounts.in_care_of(request.user, institution), _office(request.user, institution))
    return redirect("school_accounts", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def invitation_slips(request: Request, pk: int) -> HttpResponse:
    """The open slips of the people who are ticked, or all of them, to print and cut."""
    institution = _kept(request, pk)
    if request.method == "POST":
        return _to_print(request, reverse("invitation_slips", args=[pk]), "school_accounts", pk)
    slips = _asked_for(request, accounts.in_care_of(request.user, institution))
    if not slips:
        messages.info(request, _("Nobody of these has an open invitation."))
        return redirect("school_accounts", pk)
    audit.saw(Event.TOOK_TABLE, by=request.user, institution=institution, what=_("Invitations"))
    return _paper(slips, {slip.person_id: institution.title_ky for slip in slips})


@require_safe
def school_account(request: Request, pk: int, person: int) -> HttpResponse:
    """One person's account: how it stands, and what can be done with it."""
    institution = _kept(request, pk)
    found = get_object_or_404(accounts.with_standing(accounts.people_of(institution)), pk=person)
    account = getattr(found, "user", None)
    return render(
        request,
        "schools/school_account.html",
        {
            "institution": institution,
            "person": found,
            "account": account,
            "standing": accounts.standing_of(found),
            "slip": accounts.open_slip_of(found),
            "has_second_factor": account is not None and accounts.has_second_factor(account),
            "is_in_care": accounts.in_care_of(request.user, institution).filter(pk=person).exists(),
            "is_kept_elsewhere": accounts.has_main_job_elsewhere(found, request.user, institution),
        },
    )


@require_POST
@acts_once
def invitation_revoke(request: Request, pk: int, person: int) -> HttpResponse:
    """The slip of one person opens nothing any more."""
    institution, found = _in_care(request, pk, person)
    slip = get_object_or_404(Invitation.objects.open(), person=found)
    try:
        invitations.revoke_invitation(slip, by=request.user, institution=institution)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The invitation was revoked."))
    return redirect("school_account", pk, person)


@require_POST
@acts_once
def account_close(request: Request, pk: int, person: int) -> HttpResponse:
    return _with_account(request, pk, person, accounts.close_account, _("The account was closed."))


@require_POST
@acts_once
def account_open(request: Request, pk: int, person: int) -> HttpResponse:
    return _with_account(request, pk, person, accounts.open_account, _("The account is open again."))


@require_POST
@acts_once
def account_factor_remove(request: Request, pk: int, person: int) -> HttpResponse:
    """For who lost the phone."""
    done = _("The second factor was removed. The password alone opens the account now.")
    return _with_account(request, pk, person, accounts.remove_second_factor, done)


# A district -------------------------------------------------------------------------------------------------------


@require_safe
def district_accounts(request: Request, pk: int) -> HttpResponse:
    """The schools of a district and who leads them; first those of which no leader has an account."""
    district = _served(request, pk)
    in_care = accounts.leaders_in_care_of(request.user, district)
    schools = _with_leaders(Institution.objects.visible_to(request.user).filter(district=district))
    page = Paginator(schools, ON_A_PAGE).get_page(request.GET.get("page"))
    keys = set(in_care.values_list("pk", flat=True))
    return render(
        request,
        "schools/district_accounts.html",
        {
            "district": district,
            "page": page,
            "schools": [_school(one, keys) for one in page],
            "Standing": accounts.Standing,
        }
        | accounts.counted(in_care),
    )


@require_POST
@acts_once
def district_invitations_make(request: Request, pk: int) -> HttpResponse:
    """New slips for the leaders who are ticked, or for all who have no account."""
    district = _served(request, pk)
    _invite(request, accounts.leaders_in_care_of(request.user, district), None)
    return redirect("district_accounts", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def district_slips(request: Request, pk: int) -> HttpResponse:
    """The open slips of a district's leaders, to print and cut."""
    district = _served(request, pk)
    if request.method == "POST":
        return _to_print(request, reverse("district_slips", args=[pk]), "district_accounts", pk)
    slips = _asked_for(request, accounts.leaders_in_care_of(request.user, district))
    if not slips:
        messages.info(request, _("Nobody of these has an open invitation."))
        return redirect("district_accounts", pk)
    audit.saw(Event.TOOK_TABLE, by=request.user, district=district, what=_("Invitations"))
    leading = RoleAssignment.objects.on(today()).filter(
        role__in=LEADING_ROLES, institution__district=district, person__in=[slip.person_id for slip in slips]
    )
    titles = leading.values_list("person", "institution__title_ky")
    return _paper(slips, dict(titles))


# Parts ------------------------------------------------------------------------------------------------------------


def _kept(request: Request, pk: int) -> Institution:
    """An institution whose accounts the user keeps."""
    institution = get_object_or_404(Institution.objects.reached_by(request.user), pk=pk)
    if not can_keep_accounts(request.user, institution):
        raise PermissionDenied
    return institution


def _served(request: Request, pk: int) -> District:
    district = get_object_or_404(District.objects.visible_to(request.user), pk=pk)
    if district.pk not in request.user.scope.districts and not request.user.scope.is_administrator:
        raise PermissionDenied
    return district


def _in_care(request: Request, pk: int, person: int) -> tuple[Institution, Person]:
    """A person whose account the user keeps; forbidden where the person may do more than the user could give."""
    institution = _kept(request, pk)
    found = get_object_or_404(accounts.people_of(institution), pk=person)
    if not accounts.in_care_of(request.user, institution).filter(pk=person).exists():
        raise PermissionDenied
    return institution, found


def _with_account(request: Request, pk: int, person: int, act: Act, done: str) -> HttpResponse:
    institution, found = _in_care(request, pk, person)
    account = get_object_or_404(User.objects.filter(person=found))
    try:
        act(account, by=request.user, institution=institution)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect("school_account", pk, person)


def _line(person: Person, in_care: set[int]) -> dict[str, Any]:
    return {
        "person": person,
        "standing": accounts.standing_of(person),
        "slip": accounts.open_slip_of(person),
        "is_in_care": person.pk in in_care,
    }


def _school(institution: Institution, in_care: set[int]) -> dict[str, Any]:
    leading: list[RoleAssignment] = institution.leading  # type: ignore[attr-defined]
    return {
        "institution": institution,
        "leaders": [_line(role.person, in_care) | {"role": role} for role in leading],
    }


def _with_leaders(schools: QuerySet[Institution]) -> QuerySet[Institution]:
    """With the roles of who leads each today, those first that no leader reaches."""
    leading = RoleAssignment.objects.on(today()).filter(role__in=LEADING_ROLES)
    reached = Exists(leading.filter(institution=OuterRef("pk"), person__user__is_active=True))
    people = Prefetch("person", accounts.with_standing(accounts.living()))
    roles = Prefetch("roles", leading.order_by("-role", "pk").prefetch_related(people), "leading")
    found = schools.annotate(is_reached=reached).prefetch_related(roles)
    return found.order_by("is_reached", kyrgyz_order("title_ky"), "pk")


def _ticked(values: list[str]) -> set[int]:
    """Keys of a list; what no row can have is left out: SQLite cannot look for it, nor Python read ever so many."""
    keys = {int(value) for value in values if KEY.fullmatch(value)}
    return {key for key in keys if key <= BigIntegerField.MAX_BIGINT}


def _to_print(request: Request, slips: str, back: str, pk: int) -> HttpResponse:
    """To the slips of the people ticked: the list sends them by POST, so that no address holds the form's secret."""
    people = sorted(_ticked(request.POST.getlist("person")))
    if not people:
        messages.error(request, _("Tick at least one person."))
        return redirect(back, pk)
    return redirect(f"{slips}?{urlencode({'person': people}, doseq=True)}")


def _office(user: User, institution: Institution) -> Institution | None:
    """Whose office gives a slip: the school's own people's, or none where the district does."""
    scope = user.scope
    own = institution.pk in scope.led or institution.pk in scope.delegated.get(Work.ACCOUNTS, frozenset())
    return institution if own else None


def _invite(request: Request, in_care: QuerySet[Person], institution: Institution | None) -> None:
    """Slips for the people ticked, or for everybody without an account, of those in the user's care."""
    if "everybody" in request.POST:
        people = accounts.standing(in_care, accounts.Standing.NONE)
    else:
        people = in_care.filter(pk__in=_ticked(request.POST.getlist("person")))
    invited = list(people.select_related("user"))
    if not invited:
        messages.error(request, _("Tick at least one person."))
        return
    try:
        invitations.make_invitations(invited, by=request.user, institution=institution)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return
    count = len(invited)
    made = ngettext("%(count)s invitation is ready to print.", "%(count)s invitations are ready to print.", count)
    messages.success(request, made % {"count": count})


def _open_slips(people: QuerySet[Person]) -> QuerySet[Invitation]:
    return Invitation.objects.open().filter(person__in=people.values("pk"))


def _asked_for(request: Request, people: QuerySet[Person]) -> list[Invitation]:
    """The open slips of the people ticked in the address, or of all; in the order of names."""
    found = _open_slips(people)
    if "person" in request.GET:
        found = found.filter(person__in=_ticked(request.GET.getlist("person")))
    by_name = [kyrgyz_order(f"person__{column}") for column in NAMES]
    slips = list(found.select_related("person__user").order_by(*by_name, "pk"))
    printed = [slip for slip in slips if invitations.can_be_printed(slip)]
    if lost := len(slips) - len(printed):
        said = ngettext(
            "%(count)s invitation cannot be printed again. Make a new one.",
            "%(count)s invitations cannot be printed again. Make new ones.",
            lost,
        )
        messages.warning(request, said % {"count": lost})
    return printed


def _paper(slips: list[Invitation], schools: dict[int, str]) -> HttpResponse:
    answer = HttpResponse(slips_pdf(slips, schools), content_type="application/pdf")
    named = content_disposition_header(as_attachment=False, filename=f"invitations-{today()}.pdf")
    answer["Content-Disposition"] = named or "inline"
    return answer
