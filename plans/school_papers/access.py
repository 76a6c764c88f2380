"""Who may do what with the papers of a school, one line each. Whoever sees one may edit it: it is signed on paper."""

from plans.choices import PaperKind
from plans.models import SchoolPaper
from schools.models import Institution, Meeting, User


def can_keep_papers(user: User, institution: Institution) -> bool:
    """Orders are drawn up by who leads the school or keeps its papers."""
    return institution.pk in user.scope.kept


def can_delete(user: User, paper: SchoolPaper) -> bool:
    """Who made it, while it is a draft: an order with a number was issued. An extract belongs to its meeting."""
    is_draft = paper.kind == PaperKind.MEASURES_ORDER and not paper.number
    return is_draft and paper.made_by_id == user.person_id


def can_extract(user: User, meeting: Meeting) -> bool:
    """The same people, and the head of the association whose meeting it was."""
    scope = user.scope
    return meeting.association.institution_id in scope.kept or meeting.association_id in scope.associations
