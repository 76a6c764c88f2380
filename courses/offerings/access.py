"""Who may do what with offered courses and the places in them, one line each."""

from django.db.models import Q, QuerySet

from courses.models import Offering, Seat
from schools.models import District, Institution, User


def can_give(user: User, offering: Offering) -> bool:
    """Places are the district's to give and to take back."""
    return offering.district_id in user.scope.districts


def can_read_override(user: User, district: int) -> bool:
    """Why somebody was passed over names people: it is for the district that gives places, and for the institute."""
    return district in user.scope.districts or user.scope.is_institute_viewer


def can_read_named_need(user: User, seat: Seat) -> bool:
    """That a school's request names somebody's need is for that teacher, their school, and the office that gave the
    place: whoever reads the whole country reads needs by numbers only.
    """
    scope, job = user.scope, seat.employment
    if job and (job.person_id == user.person_id or job.association_id in scope.associations):
        return True
    return seat.institution_id in scope.served or seat.offering.district_id in scope.districts


def can_name(user: User, seat: Seat) -> bool:
    """Whom a school sends is for those who lead it to say."""
    return seat.institution_id in user.scope.led


def can_mark_all(user: User, offering: Offering) -> bool:
    """The attendance list of the whole course, the provider's file too."""
    return offering.district_id in user.scope.districts


def can_mark(user: User, seat: Seat) -> bool:
    """A school marks its own people; what the district marked, only the district changes."""
    is_own = seat.institution_id in user.scope.kept and not seat.is_marked_by_district
    return can_mark_all(user, seat.offering) or is_own


def can_read_places(user: User, institution: Institution) -> bool:
    """All places of a school: who leads it or keeps its papers, its district, the country's viewers."""
    scope = user.scope
    return institution.pk in scope.served or institution.district_id in scope.districts or scope.is_country_wide


def can_enter(user: User, district: District) -> bool:
    """What providers offer is for the district's officers to enter, to change and to cancel."""
    return district.pk in user.scope.districts


def districts_seen(user: User) -> QuerySet[District]:
    """Districts whose offered courses the user may look at: of one's offices, schools and workplaces; all."""
    scope = user.scope
    if scope.is_country_wide:
        return District.objects.all()
    near = Institution.objects.filter(pk__in=scope.served | scope.workplaces).values("district")
    return District.objects.filter(Q(pk__in=scope.districts) | Q(pk__in=near))
