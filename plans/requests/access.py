"""Who reads which version of a request, and who may do what with it. Moves are judged in ``schools.approval``."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from plans.models import LearningNeed, NeedsRequest
from plans.requests.content import needs_in
from schools.choices import Action, DocumentKind, State, Work
from schools.models import Decision, District, Document, DocumentVersion, User

RELATED = ("institution__district", "author", "current_version", "in_force")


def requests_seen(user: User) -> QuerySet[NeedsRequest]:
    """Those whose page shows the user anything: of a school one makes it for, or with a version one may read."""
    documents = Document.objects.visible_to(user).filter(kind=DocumentKind.NEEDS_REQUEST)
    mine = Q(pk__in=Document.objects.written_by(user).values("pk"))
    read = Exists(_versions_read(user).filter(document=OuterRef("pk")))
    return NeedsRequest.objects.filter(mine | read, pk__in=documents.values("pk"))


def visible_request(user: User, pk: int) -> NeedsRequest | None:
    """The request the user may see, with what its page shows; one query."""
    return requests_seen(user).select_related(*RELATED).filter(pk=pk).first()


def versions_seen(user: User, request: NeedsRequest) -> QuerySet[DocumentVersion]:
    """What of a request that is seen the user may read; see ``_versions_read``."""
    return _versions_read(user).filter(document=request.pk)


def stands(request: NeedsRequest) -> int | None:
    """The key of the version in force, where nothing else is under way; None where the newest one is what counts."""
    return request.in_force_id if request.state in (State.APPROVED, State.DRAFT) else None


def version_read(user: User, request: NeedsRequest) -> DocumentVersion | None:
    """What a reader reads first: the version that stands, or else the newest one seen; never the working copy."""
    seen = versions_seen(user, request)
    if key := stands(request):
        return seen.filter(pk=key).first()
    return seen.order_by("-number").first()


def can_edit(user: User, request: NeedsRequest) -> bool:
    """The working copy is who makes it's, while nobody has it before them for a signature or for receipt."""
    return request.is_editable and request.is_written_by(user)


def is_of_the_school(user: User, request: NeedsRequest) -> bool:
    """Whether the reader reads whose needs are counted, and how a version came about."""
    return request.institution_id in _inside(user)


def named_needs(user: User, content: Mapping[str, Any]) -> Mapping[str, list[LearningNeed]]:
    """The needs a content counts, by line, with their teachers; for the school alone, see ``is_of_the_school``."""
    keys = needs_in(content)
    found = LearningNeed.objects.visible_to(user).filter(pk__in=keys)
    needs = {need.pk: need for need in found.select_related("employment__person", "competence")}
    named: dict[str, list[LearningNeed]] = defaultdict(list)
    for line in content["lines"]:
        named[line["uid"]] = [needs[key] for key in line["needs"] if key in needs]
    return named


def can_receive(user: User, district: District) -> bool:
    """What each school of a district asked for is its own officers' to read and to receive, and nobody else's."""
    return district.pk in user.scope.districts


def _inside(user: User) -> frozenset[int]:
    return user.scope.served | user.scope.making(Work.NEEDS)


def _versions_read(user: User) -> QuerySet[DocumentVersion]:
    """Every version at the school; in its district those that were sent and not withdrawn."""
    made = Decision.objects.filter(version=OuterRef("pk"))
    sent = Exists(made.that_sent()) & ~Exists(made.filter(action=Action.WITHDRAW))
    in_district = Q(document__institution__district__in=user.scope.districts)
    return DocumentVersion.objects.filter(
        Q(document__institution__in=_inside(user)) | in_district & Q(sent),
        document__kind=DocumentKind.NEEDS_REQUEST,
    )
