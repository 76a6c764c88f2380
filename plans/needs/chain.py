"""What became of needs: planned, in the school's request, ordered by the district, a place, attended, counted.

Each fact is read where it is kept and shown as far as the reader may see it; none is made of another. For thirty
needs of one district it takes as many queries as for one.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, IntegerField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from courses.choices import RecordStatus
from courses.facts import judgement_of
from courses.models import Offering, Seat, TrainingRecord
from courses.models.records import UNSENT
from cpd.dates import school_year, school_year_of, today
from plans.choices import NeedStage
from plans.models import Fulfilment, IndividualPlan, LearningNeed, NeedsRequest, OrderRow, PlanItem, TrainingOrder
from plans.needs.actions import versions_holding
from plans.needs.matching import Keys, answered_by, meanings
from plans.requests.content import needs_in
from schools.choices import State
from schools.models import District, User

Place = tuple[int, int]  # a district, or an institution, and a school year


@dataclass
class Chain:
    """One need with everything that followed from it, each list the earliest first."""

    need: LearningNeed
    items: list[PlanItem] = field(default_factory=list)
    request: NeedsRequest | None = None
    request_stage: NeedStage | None = None
    is_counted: bool = False  # by a version that holds or is before somebody for a decision: see actions.is_counted
    orders: list[OrderRow] = field(default_factory=list)
    offered: list[Offering] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    records: list[TrainingRecord] = field(default_factory=list)

    @property
    def stage(self) -> NeedStage:
        """The last fact that is known."""
        if any(record.status == RecordStatus.VERIFIED for record in self.records):
            return NeedStage.VERIFIED
        if self.was_attended:
            return NeedStage.ATTENDED
        if any(seat.attended is None for seat in self.seats):
            return NeedStage.PLACED
        if self.orders:
            return NeedStage.ORDERED
        if self.request_stage:
            return self.request_stage
        return NeedStage.PASSED_ON if self.need.passed_on_at else NeedStage.PRIVATE

    @property
    def was_attended(self) -> bool:
        """Somebody marked it, or a record was handed in."""
        handed_in = any(record.status not in UNSENT for record in self.records)
        return handed_in or any(seat.attended for seat in self.seats)


def chains(needs: Iterable[LearningNeed], *, reader: User) -> list[Chain]:
    """What became of each need, as far as ``reader`` may see it; in the order given."""
    found = [Chain(need) for need in needs]
    by_need = {one.need.pk: one for one in found}
    _join_requests(found)
    _join_courses(found, reader)
    _join_plans(by_need, reader)
    return found


def counted_hours(chain: Chain) -> Decimal | None:
    """Hours of its records that the rule of the place of work counts today; None while nothing is verified."""
    verified = {record.pk for record in chain.records if record.status == RecordStatus.VERIFIED}
    if not verified:
        return None
    job = chain.need.employment
    rows = judgement_of(job.person, job.institution, today()).figure.rows
    return sum((row.hours for row in rows if row.record.id in verified), Decimal())


def with_all(needs: Any) -> Any:
    """Needs with what a line of a list names."""
    return needs.select_related(
        "employment__person", "employment__institution__district", "competence", "subject", "row"
    )


def _join_requests(found: Sequence[Chain]) -> None:
    """What was handed in counts before the working copy: it is what others have before them."""
    places = {(one.need.employment.institution_id, one.need.school_year) for one in found}
    requests = NeedsRequest.objects.filter(
        institution__in={place for place, _year in places},
        starts_on__in={school_year(year).starts_on for _place, year in places},
    ).select_related("in_force", "current_version")
    stages: dict[int, NeedStage] = {}
    by_place: dict[Place, NeedsRequest] = {}
    for request in requests:
        by_place[request.institution_id, request.school_year] = request
        for version in reversed(versions_holding(request)):  # what is in force is said last
            stage = _stage_of(request, is_in_force=version.pk == request.in_force_id)
            stages |= dict.fromkeys(needs_in(version.content), stage)
    for one in found:
        one.is_counted = one.need.pk in stages
        one.request_stage = stages.get(one.need.pk) or (NeedStage.REQUESTED if one.need.row_id else None)
        if one.request_stage:
            one.request = by_place.get((one.need.employment.institution_id, one.need.school_year))


def _stage_of(request: NeedsRequest, *, is_in_force: bool) -> NeedStage:
    if is_in_force:
        return NeedStage.RECEIVED
    return NeedStage.SENT if request.state == State.AGREED else NeedStage.REQUESTED


def _join_courses(found: Sequence[Chain], reader: User) -> None:
    """Orders and offered courses of the district, and the teacher's places in them, where the topic is the same."""
    districts = {one.need.employment.institution.district for one in found}
    years = {one.need.school_year for one in found}
    if not years:
        return
    offerings = _offerings(districts, years)
    answered = answered_by(offering for group in offerings.values() for offering in group)
    orders = _orders(districts, years)
    meant = _meant(districts, found, answered, orders, offerings)
    seats = _seats(found, offerings, reader)
    for one in found:
        need = one.need
        district, year = need.employment.institution.district_id, need.school_year
        topics = {meant[district][key] for key in _keys(need)}
        if one.request_stage in (NeedStage.SENT, NeedStage.RECEIVED):
            one.orders = [row for row in orders[district, year] if _is_alike(row, need, topics, meant[district])]
        for offering in offerings[district, year]:
            if not topics & {meant[district][key] for key in answered[offering.pk]}:
                continue
            one.seats += seats[offering.pk, need.employment.person_id]
            if offering.language == need.language and offering.subject_id in (None, need.subject_id):
                one.offered.append(offering)
        one.records = [seat.record for seat in one.seats if seat.record and _may_see(reader, seat.record)]


def _offerings(districts: Iterable[District], years: Iterable[int]) -> dict[Place, list[Offering]]:
    periods = [school_year(year) for year in years]
    within = Q()
    for period in periods:
        within |= Q(starts_on__gte=period.starts_on, starts_on__lte=period.ends_on)
    found: dict[Place, list[Offering]] = defaultdict(list)
    for offering in Offering.objects.live().filter(within, district__in=districts).select_related("provider"):
        found[offering.district_id, school_year_of(offering.starts_on)].append(offering)
    return found


def _orders(districts: Iterable[District], years: Iterable[int]) -> dict[Place, list[OrderRow]]:
    """Lines of orders issued and not replaced, without those that were left out as the order left the district."""
    orders = TrainingOrder.objects.standing().filter(district__in=districts, school_year__in=years)
    smallest = Cast(KeyTextTransform("smallest_group", "order__content"), IntegerField())  # as it was that day
    rows = OrderRow.objects.filter(order__in=orders).annotate(smallest=smallest).filter(teachers__gte=F("smallest"))
    found: dict[Place, list[OrderRow]] = defaultdict(list)
    in_order = rows.select_related("order__provider").defer("order__content").order_by("order__issued_at", "pk")
    for row in in_order:
        found[row.order.district_id, row.order.school_year].append(row)
    return found


def _meant(
    districts: Iterable[District],
    found: Iterable[Chain],
    answered: Mapping[int, Keys],
    orders: Mapping[Place, Sequence[OrderRow]],
    offerings: Mapping[Place, Sequence[Offering]],
) -> dict[int, dict[str, str]]:
    """By district, what each text that is compared stands for there."""
    texts: dict[int, set[str]] = defaultdict(set)
    for one in found:
        texts[one.need.employment.institution.district_id] |= _keys(one.need)
    for (district, _year), rows in orders.items():
        texts[district] |= {row.title_key for row in rows}
    for (district, _year), group in offerings.items():
        texts[district] = texts[district].union(*(answered[offering.pk] for offering in group))
    return {district.pk: meanings(district, texts[district.pk]) for district in districts}


def _seats(
    found: Iterable[Chain], offerings: Mapping[Place, Sequence[Offering]], reader: User
) -> dict[Place, list[Seat]]:
    """Places by course and person; one that was taken back is none."""
    keys = [offering.pk for group in offerings.values() for offering in group]
    people = {one.need.employment.person_id for one in found}
    seats = Seat.objects.visible_to(reader).live().filter(offering__in=keys, employment__person__in=people)
    by_place: dict[Place, list[Seat]] = defaultdict(list)
    for seat in seats.select_related("offering__provider", "employment", "record"):
        if seat.employment:
            by_place[seat.offering_id, seat.employment.person_id].append(seat)
    return by_place


def _join_plans(by_need: Mapping[int, Chain], reader: User) -> None:
    """Items made of the needs: one's own in the working copy too, others' where the plan is in force with them."""
    items = PlanItem.objects.filter(need__in=by_need).select_related("plan__in_force")
    shown = [item for item in items.order_by("pk") if _shows_item(reader, item)]
    for item in shown:
        by_need[item.need_id or 0].items.append(item)
    of_item = {(item.plan_id, item.uid): item for item in shown}
    links = Fulfilment.objects.visible_to(reader).filter(plan__in={item.plan_id for item in shown})
    for link in links.select_related("record"):
        if fulfilled := of_item.get((link.plan_id, link.uid)):
            chain = by_need[fulfilled.need_id or 0]
            if link.record not in chain.records:
                chain.records.append(link.record)


def _shows_item(reader: User, item: PlanItem) -> bool:
    return item.plan.author_id == reader.person_id or is_in_force(item.plan, item.uid)


def is_in_force(plan: IndividualPlan, uid: uuid.UUID) -> bool:
    rows = plan.in_force.content["rows"] if plan.in_force else []
    return any(row["uid"] == str(uid) for row in rows)


def _may_see(reader: User, record: TrainingRecord) -> bool:
    """A record that was not handed in is its owner's alone."""
    return record.status not in UNSENT or record.person_id == reader.person_id


def _keys(need: LearningNeed) -> set[str]:
    """The topic as the teacher tells it, and as the school's request calls it."""
    return {need.title_key} | ({need.row.title_key} if need.row else set())


def _is_alike(row: OrderRow, need: LearningNeed, topics: set[str], meant: Mapping[str, str]) -> bool:
    is_same_course = row.language == need.language and row.subject_id == need.subject_id
    return is_same_course and meant[row.title_key] in topics
