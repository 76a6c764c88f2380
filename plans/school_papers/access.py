"""Who may do what with the papers of a school, one line each. Whoever sees one may edit it: it is signed on paper."""

from schools.models import Institution, Meeting, User


def can_keep_papers(user: User, institution: Institution) -> bool:
    """Orders are drawn up by who leads the school or keeps its papers."""
    return institution.pk in user.scope.served


def can_extract(user: User, meeting: Meeting) -> bool:
    """The same people, and the head of the association whose meeting it was."""
    scope = user.scope
    return meeting.association.institution_id in scope.served or meeting.association_id in scope.associations
