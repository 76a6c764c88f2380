"""Schools at a glance: who has a plan and how far it got."""

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from courses.schedules.access import schedules_shown
from cpd.dates import school_year_of, today
from cpd.text import kyrgyz_order
from plans.access import can_read_perspective_plan
from schools.choices import OF_A_UNIT, TERMED, DocumentKind
from schools.http import Request
from schools.kinds import WAYS
from schools.models import Document, Employment, Institution, MethodicalAssociation, User
from schools.models.documents import UNDECIDED

ON_A_PAGE = 40
# Plans of whatever kind an institution has, of which schools have the individual ones alone; what else waits there for
# a decision are applications and reports.
COUNTED_IN_FORCE = (DocumentKind.INDIVIDUAL_PLAN, *OF_A_UNIT, DocumentKind.INTERNSHIP_PLAN)
COUNTED_WAITING = (*COUNTED_IN_FORCE, *TERMED)
BY_PERSON = [kyrgyz_order(f"person__{name}") for name in ("family_name", "given_name", "fathers_name")]


@require_safe
def institution_list(request: Request) -> HttpResponse:
    """The institutions the person oversees, with the figures of today."""
    visible = with_figures(Institution.objects.visible_to(request.user))
    page = Paginator(visible, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "plans/institutions.html", {"page": page})


@require_safe
def institution(request: Request, pk: int) -> HttpResponse:
    """One institution: its people by association, and where each one's individual plan stands, if they have such."""
    visible = Institution.objects.visible_to(request.user).select_related("district")
    found = get_object_or_404(with_figures(visible), pk=pk)
    staff = (
        Employment.objects.overseen_by(request.user)
        .filter(institution=found)
        .select_related("person", "association")
        .order_by(kyrgyz_order("association__title_ky"), *BY_PERSON)
    )
    page = Paginator(staff, ON_A_PAGE).get_page(request.GET.get("page"))
    this_year = school_year_of(today())
    has_individual_plans = WAYS[found.kind].uses(DocumentKind.INDIVIDUAL_PLAN)
    plans = _current_plans(request.user, found, [job.person_id for job in page]) if has_individual_plans else {}
    return render(
        request,
        "plans/institution.html",
        {
            "inside": {paper.pk for paper in plans.values() if paper.is_inside_for(request.user)},
            "institution": found,
            "has_individual_plans": has_individual_plans,
            "has_perspective_plan": can_read_perspective_plan(request.user, found),
            "page": page,
            "plans": plans,
            "schedules": schedules_shown(request.user, found, [this_year, this_year + 1]).order_by("starts_on"),
            "associations": MethodicalAssociation.objects.filter(institution=found),
        },
    )


def with_figures(institutions: QuerySet[Institution]) -> QuerySet[Institution]:
    """With the numbers of people at work, of plans in force, and of papers waiting.

    A plan counts from its approval, also where its first year is still to come; of individual plans, everybody's once.
    """
    on = today()
    is_individual = Q(kind=DocumentKind.INDIVIDUAL_PLAN)
    papers = Document.objects.filter(kind__in=COUNTED_WAITING, ends_on__gte=on)
    in_force = papers.filter(kind__in=COUNTED_IN_FORCE, in_force__isnull=False)
    people_and_plans = Count("author", filter=is_individual, distinct=True) + Count("pk", filter=~is_individual)
    return institutions.annotate(
        people=_count(Employment.objects.on(on), Count("person", distinct=True)),
        in_force=_count(in_force, people_and_plans),
        undecided=_count(papers.filter(state__in=UNDECIDED), Count("pk")),
    )


def _count(rows: QuerySet, number: Count | CombinedExpression) -> Coalesce:
    """Rows of an institution, counted by themselves: joins of two lists would multiply each other."""
    own = rows.filter(institution=OuterRef("pk")).order_by().values("institution")
    return Coalesce(Subquery(own.annotate(n=number).values("n"), output_field=IntegerField()), 0)


def _current_plans(user: User, found: Institution, people: list[int]) -> dict[int, Document]:
    """Each person's individual plan of today or else the next one, as far as the user may see it."""
    plans = Document.objects.visible_to(user).filter(
        institution=found,
        author__in=people,
        kind=DocumentKind.INDIVIDUAL_PLAN,
        ends_on__gte=today(),
    )
    latest_first = plans.select_related("institution").order_by("-starts_on")
    return {plan.author_id: plan for plan in latest_first}  # the earlier one is put in last and stays
