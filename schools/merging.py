"""Two records of one person become one: what points to the second is pointed to the first, and can be pointed back.

Nothing that is signed is touched: decisions and the journal keep naming the record they were made under, which from
then on says as whom it goes on.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations, groupby, product
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count, ManyToOneRel, Model, Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cpd.by_app import found_in_apps
from cpd.dates import today
from cpd.text import fold
from schools import audit
from schools.access import roles_to_give
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import LEADING_ROLES, NO_CATEGORY, Action, Event, Role
from schools.models import (
    AppendOnly,
    Decision,
    Delegation,
    Employment,
    Invitation,
    Mentorship,
    Merge,
    Person,
    RoleAssignment,
    User,
)

# [table, column, key, what stood there, what stands there now]: everything a merge changed, in order
Row = list[Any]

# What is taken over where the record that goes on lacks it, with what counts as lacking.
FILLED: dict[str, Any] = {
    "personal_number": "",
    "born_on": None,
    "education": "",
    "speciality": "",
    "academic_degree": "",
    "teaching_since": None,
    "category_id": NO_CATEGORY,
}

# Where both have the like, the second one's stays with the record that ends. Each app names its own.
STAYS = {
    ("schools.Notice", "person"),
    ("schools.Consent", "person"),
    ("schools.Meeting_present", "person"),
    ("schools.Delegation", "giver"),
    ("schools.Delegation", "taker"),
    ("schools.Transfer", "became"),
}


@dataclass(frozen=True)
class Side:
    """One of the two records, as the page shows it."""

    person: Person
    jobs: Sequence[Employment]
    roles: Sequence[RoleAssignment]
    account: User | None
    has_number: bool


@dataclass(frozen=True)
class Preview:
    """Both records side by side, what each has of which kind, and what stands in the way."""

    kept: Side
    gone: Side
    counts: Sequence[tuple[str, int, int]]
    hindrances: Sequence[str]
    names_differ: bool
    closes_account: bool


@dataclass
class _Moving:
    """What one merge has changed so far."""

    kept: Person
    gone: Person
    stays: set[tuple[str, str]]
    second_jobs: set[int] = field(default_factory=set)  # ended: what they were of is one job
    moved: list[Row] = field(default_factory=list)


# Who may, and what stands in the way ------------------------------------------------------------------------------


def within_reach(user: User) -> QuerySet[Person]:
    """People who work where the user leads or serves as district office, by records that go on.

    Who worked there too, as long as they have not gone on to work somewhere else: that is another place's to know.
    """
    going_on = Person.objects.filter(merged_into=None, erased_at=None)
    scope = user.scope
    if scope.is_administrator:
        return going_on
    jobs = Employment.objects.order_by().values("person")
    inside = Q(institution__in=scope.led) | Q(institution__district__in=scope.districts)
    elsewhere = jobs.exclude(inside).exclude(ends_on__lt=today())
    return going_on.filter(pk__in=jobs.filter(inside)).exclude(pk__in=elsewhere)


def can_look_for_twins(user: User) -> bool:
    scope = user.scope
    return bool(scope.led or scope.districts or scope.is_administrator)


def can_merge(user: User, one: Person, other: Person) -> bool:
    """Leaders of an institution in which both work or worked, a district office of both, an administrator.

    Where either works somewhere else as well: whoever serves all of these places.
    """
    scope = user.scope
    if scope.is_administrator:
        return True
    jobs = [list(Employment.objects.filter(person=person).select_related("institution")) for person in (one, other)]
    return _serves(scope.led, jobs, lambda job: job.institution_id) or _serves(
        scope.districts, jobs, lambda job: job.institution.district_id
    )


def _serves(
    places: frozenset[int], jobs: Sequence[Sequence[Employment]], place_of: Callable[[Employment], int]
) -> bool:
    """Whether one of the places has or had both, and neither has work anywhere else that goes on or is to begin."""
    has_both = places.intersection(*({place_of(job) for job in theirs} for theirs in jobs))
    going_on = {place_of(job) for job in chain(*jobs) if job.ends_on is None or job.ends_on >= today()}
    return bool(has_both) and going_on <= places


def hindrances(kept: Person, gone: Person, *, by: User) -> list[str]:
    """Why these two are not merged, by this user or at all; empty where they can be."""
    found = list(_of_identity(kept, gone, by=by))
    for told in found_in_apps("merging", "HINDRANCES"):
        found += told(kept, gone)
    return found + list(_of_roles(kept, gone, by=by))


def names_differ(kept: Person, gone: Person) -> bool:
    return not _is_alike(fold(kept.full_name), fold(gone.full_name))


def _of_identity(kept: Person, gone: Person, *, by: User) -> Iterator[str]:
    if kept.pk == gone.pk or kept.merged_into_id or gone.merged_into_id or kept.erased_at or gone.erased_at:
        yield _("One of the two records has ended already.")
    if by.person_id in (kept.pk, gone.pk):
        yield _("Nobody merges their own record. Another leader, the district office or an administrator can.")
    if kept.personal_number and gone.personal_number:
        yield _("The two have different personal numbers. Correct the wrong one first.")
    if kept.born_on is None or gone.born_on is None:
        yield _("Enter the date of birth in both records first: nobody is merged by the name alone.")
    elif kept.born_on != gone.born_on:
        yield _("The two have different dates of birth. Correct the wrong one first.")


def _of_roles(kept: Person, gone: Person, *, by: User) -> Iterator[str]:
    """With the record goes what it may do: only roles that the user could give."""
    held = RoleAssignment.objects.filter(person__in=[kept, gone]).exclude(ends_on__lt=today())
    for one in held.select_related("institution", "association__institution", "person"):
        institution = one.association.institution if one.association else one.institution
        can_give = roles_to_give(by, institution) if institution else ()
        if one.role not in can_give and not by.scope.is_administrator:
            told = {"name": one.person.short_name, "role": Role(one.role).label}
            yield _("%(name)s: %(role)s. Only who may give this role can merge this record.") % told
    yield from _of_work(kept, gone, by=by)


def _of_work(kept: Person, gone: Person, *, by: User) -> Iterator[str]:
    """Work that was handed over lets do what its giver may, so the user must be able to give the giver's roles."""
    handed = Delegation.objects.filter(taker__in=[kept, gone], ended_at=None).exclude(ends_on__lt=today())
    for one in handed.exclude(giver=by.person_id).select_related("institution", "taker", "giver"):
        leading = one.giver.roles.filter(institution=one.institution, role__in=LEADING_ROLES)
        roles = set(leading.exclude(ends_on__lt=today()).values_list("role", flat=True))
        if not roles <= set(roles_to_give(by, one.institution)):
            yield _("%(what)s, handed over by %(name)s. Only who may give the roles of the latter can merge this.") % {
                "what": one,
                "name": one.giver.short_name,
            }


def of_decisions(kept: Person, gone: Person) -> Iterator[str]:
    """One person would have decided on their own paper, or twice on one version."""
    acts = [Action.SUBMIT, Action.CLOSE]
    for one, other in ((kept, gone), (gone, kept)):
        others = Q(version__decisions__action__in=acts) | Q(version__decisions__step__isnull=False)
        steps = Decision.objects.filter(Q(by=one) | Q(in_place_of=one), step__isnull=False)
        if steps.filter(others, version__decisions__by=other).exists():
            yield _("One of the two decided on a paper of the other: they would have decided for themselves.")
            return


def of_mentors(kept: Person, gone: Person) -> Iterator[str]:
    """Nobody is their own mentor, nobody has two at a time, and who is guided guides nobody on these days.

    Two mentors on days that have passed are left as they were entered: ending one of them mends nothing any more.
    """
    rows = list(Mentorship.objects.filter(Q(mentor__in=[kept, gone]) | Q(mentee__in=[kept, gone])))
    of_kept, of_gone = ([row for row in rows if row.mentee_id == person.pk] for person in (kept, gone))
    by_kept, by_gone = ([row for row in rows if row.mentor_id == person.pk] for person in (kept, gone))
    if any(row.mentor_id in (kept.pk, gone.pk) for row in (*of_kept, *of_gone)):
        yield _("One of the two is the mentor of the other: they are two people.")
    elif _share_a_day(of_kept, by_gone) or _share_a_day(of_gone, by_kept):
        yield _("One of the two is a mentor on days on which the other has one.")
    if _share_a_day(of_kept, of_gone, since=today()):
        yield _("Both have a mentor now, and only one can stay. End one of the two mentorships first.")


def _share_a_day(some: Iterable[Mentorship], others: Iterable[Mentorship], since: dt.date = dt.date.min) -> bool:
    """Whether two of them hold in one institution on one day, from ``since`` on."""
    return any(
        one.institution_id == other.institution_id
        and max(one.starts_on, other.starts_on, since) <= min(one.ends_on or dt.date.max, other.ends_on or dt.date.max)
        for one, other in product(some, others)
    )


def of_schools(kept: Person, gone: Person) -> Iterator[str]:
    yield from of_decisions(kept, gone)
    yield from of_mentors(kept, gone)


HINDRANCES = of_schools


# Merging ----------------------------------------------------------------------------------------------------------


def merge_people(*, kept: Person, gone: Person, reason: str, by: User) -> Merge:
    """Let everything of ``gone`` go on as ``kept``'s. The account goes too, or is closed where both have one.

    Raises ``PermissionDenied`` where it is not the user's to do, :class:`Refused` with what stands in the way.
    """
    reason = reason.strip()
    with transaction.atomic():
        # Whoever writes a row about either waits until the end; SQLite lets one writer in at a time.
        both = Person.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
        people = {person.pk: person for person in both}
        moving = _Moving(people[kept.pk], people[gone.pk], set().union(*found_in_apps("merging", "STAYS")))
        if not can_merge(by, moving.kept, moving.gone):
            raise PermissionDenied
        if found := hindrances(moving.kept, moving.gone, by=by):
            raise Refused(" ".join(found))
        if not reason:
            raise Refused(_("Give the reason."))
        going_on = Person.objects.filter(pk=gone.pk, merged_into=None, erased_at=None)
        if going_on.update(merged_into=moving.kept) != 1:
            raise ChangedMeanwhile(_("One of the two records has ended already."))
        _take_over(moving)
        _end_invitations(moving)
        _settle_accounts(moving)
        _settle_jobs(moving)
        for model, name in _links_to(Person):
            if model not in (Merge, User):
                _point(moving, model, name, moving.gone.pk, moving.kept.pk)
        merge = Merge.objects.create(
            kept=moving.kept, gone=moving.gone, reason=reason, moved=moving.moved, by=by.person
        )
        _note(Event.MERGED, merge, by=by, after={"gone": str(gone), "rows": len(moving.moved)})
    return merge


def undo_merge(*, merge: Merge, by: User) -> None:
    """Put everything back as it stood; only while each row still stands where the merge left it."""
    with transaction.atomic():
        if not merges_seen(by).filter(pk=merge.pk).exists() or by.person_id in (merge.kept_id, merge.gone_id):
            raise PermissionDenied
        open_merge = Merge.objects.filter(pk=merge.pk, undone_at=None)
        if open_merge.update(undone_at=timezone.now(), undone_by=by.person) != 1:
            raise ChangedMeanwhile(_("This merge was undone already."))
        gone = Person.objects.filter(pk=merge.gone_id, merged_into=merge.kept_id)
        if gone.update(merged_into=None) != 1:
            raise Refused(_("The record that goes on was merged again since. Undo that first."))
        if found := list(_of_roles(merge.kept, merge.gone, by=by)):
            raise Refused(" ".join(found))
        for label, name, key, before, after in reversed(merge.moved):
            _put_back(apps.get_model(label), name, key, before, after)
        _note(Event.MERGE_UNDONE, merge, by=by, after={"gone": str(merge.gone), "rows": len(merge.moved)})


def merges_seen(user: User) -> QuerySet[Merge]:
    """Merges of people who work or worked where the user leads or serves as district office."""
    if user.scope.is_administrator:
        return Merge.objects.all()
    return Merge.objects.filter(kept__in=within_reach(user))


def _links_to(model: type[Model]) -> Iterator[tuple[type[Model], str]]:
    """Every table and column that points to ``model``, lists of people included; nothing that is written once."""
    for link in model._meta.get_fields(include_hidden=True):
        if isinstance(link, ManyToOneRel) and not issubclass(link.related_model, AppendOnly):
            yield link.related_model, link.field.name


def _take_over(moving: _Moving) -> None:
    """What the record that goes on does not know. A personal number is nobody else's: it leaves the other first."""
    kept, gone = moving.kept, moving.gone
    for name, lacking in FILLED.items():
        known = getattr(gone, name)
        if getattr(kept, name) == lacking and known != lacking:
            if name == "personal_number":
                _write(moving, Person, name, gone.pk, known, "")
            _write(moving, Person, name, kept.pk, lacking, known)


def _end_invitations(moving: _Moving) -> None:
    """A slip for the record that ends would make an account of nobody."""
    for invitation in Invitation.objects.filter(person=moving.gone, used_at=None, revoked_at=None):
        _write(moving, Invitation, "revoked_at", invitation.pk, None, timezone.now())


def _settle_accounts(moving: _Moving) -> None:
    """One person, one account: it goes along, or is closed where the record that goes on has one."""
    account = User.objects.filter(person=moving.gone).first()
    if account is None:
        return
    if not User.objects.filter(person=moving.kept).exists():
        _write(moving, User, "person_id", account.pk, moving.gone.pk, moving.kept.pk)
    elif account.is_active:
        _write(moving, User, "is_active", account.pk, True, False)


def _settle_jobs(moving: _Moving) -> None:
    """Of two open posts in one institution the second ends, and its rows go to the first; one main job stays.

    The first one then began when the earlier of the two did. The second stays with the record that ends.
    """
    kept_jobs = {job.institution_id: job for job in _open_jobs(moving.kept)}
    has_main = any(job.is_main for job in kept_jobs.values())
    for job in _open_jobs(moving.gone):
        if twin := kept_jobs.get(job.institution_id):
            for model, name in _links_to(Employment):
                if not model._meta.auto_created:  # its subjects are its own
                    _point(moving, model, name, job.pk, twin.pk)
            if job.starts_on < twin.starts_on:
                _write(moving, Employment, "starts_on", twin.pk, twin.starts_on, job.starts_on)
            if job.is_main and not has_main:
                _write(moving, Employment, "is_main", job.pk, True, False)
                _write(moving, Employment, "is_main", twin.pk, twin.is_main, True)
                has_main = True
            _write(moving, Employment, "ends_on", job.pk, None, max(job.starts_on, today() - dt.timedelta(days=1)))
            moving.second_jobs.add(job.pk)
        elif job.is_main and has_main:
            _write(moving, Employment, "is_main", job.pk, True, False)
        else:
            has_main = has_main or job.is_main


def _open_jobs(person: Person) -> list[Employment]:
    return list(Employment.objects.filter(person=person, ends_on=None).order_by("-is_main", "pk"))


def _point(moving: _Moving, model: type[Model], name: str, old: int, new: int) -> None:
    """Point the rows of one column from one key to another: together, or one by one where the database objects."""
    rows = model._base_manager.filter(**{name: old})
    if model is Employment:
        rows = rows.exclude(pk__in=moving.second_jobs)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    column = _attname(model, name)
    try:
        with transaction.atomic():
            rows.filter(pk__in=keys).update(**{column: new})
    except IntegrityError:
        for key in keys:
            _point_one(moving, model, name, key, old, new)
    else:
        moving.moved += [[model._meta.label, column, key, old, new] for key in keys]


def _point_one(moving: _Moving, model: type[Model], name: str, key: int, old: int, new: int) -> None:
    column = _attname(model, name)
    row = model._base_manager.filter(pk=key)
    try:
        with transaction.atomic():
            row.update(**{column: new})
    except IntegrityError:
        if (model._meta.label, name) in moving.stays:
            return
        told = {"kind": capfirst(model._meta.verbose_name), "what": row.get()}
        message = _("Both records have the like of this, and only one can stay. %(kind)s: %(what)s.")
        raise Refused(message % told) from None
    moving.moved.append([model._meta.label, column, key, old, new])


def _attname(model: type[Model], name: str) -> str:
    return next(one.attname for one in model._meta.concrete_fields if one.name == name)


def _write(moving: _Moving, model: type[Model], column: str, key: int, before: Any, after: Any) -> None:
    model._base_manager.filter(pk=key).update(**{column: after})
    moving.moved.append([model._meta.label, column, key, _plain(before), _plain(after)])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _put_back(model: type[Model], column: str, key: int, before: Any, after: Any) -> None:
    """One column back to what stood there; refused where something else stands there now."""
    read = next(one for one in model._meta.concrete_fields if one.attname == column).to_python
    row = model._base_manager.filter(pk=key, **{column: after if after is None else read(after)})
    try:
        with transaction.atomic():
            done = row.update(**{column: before if before is None else read(before)})
    except IntegrityError:
        done = 0
    if done != 1:
        told = {"kind": capfirst(model._meta.verbose_name)}
        raise Refused(_("It cannot be undone any more: something was changed since. %(kind)s.") % told)


def _note(event: Event, merge: Merge, *, by: User, after: dict[str, Any]) -> None:
    """In the journal of every institution either works in, so that all their leaders can read it."""
    jobs = Employment.objects.on(today()).filter(person__in=[merge.kept_id, merge.gone_id]).order_by("-is_main", "pk")
    places: list[Any] = list(dict.fromkeys(jobs.values_list("institution", flat=True))) or [None]
    for place in places:
        audit.note(event, by=by, subject=merge.kept, institution=place, what=merge, after=after)


def goes_on_as(people: Iterable[int]) -> dict[int, int]:
    """Of these the records that ended, each with the one it goes on as: for keys that a content froze. One query."""
    ended = Person.objects.filter(pk__in=set(people), merged_into__isnull=False)
    return {person: other for person, other in ended.values_list("pk", "merged_into") if other}


# What the pages show ----------------------------------------------------------------------------------------------


def preview_of(kept: Person, gone: Person, *, by: User) -> Preview:
    sides = [_side(person) for person in (kept, gone)]
    return Preview(
        kept=sides[0],
        gone=sides[1],
        counts=list(_counts(kept, gone)),
        hindrances=hindrances(kept, gone, by=by),
        names_differ=names_differ(kept, gone),
        closes_account=bool(sides[0].account and sides[1].account),
    )


def _side(person: Person) -> Side:
    return Side(
        person=person,
        jobs=list(person.employments.select_related("institution").order_by("-starts_on", "pk")),
        roles=list(person.roles.exclude(ends_on__lt=today()).select_related("institution", "association", "district")),
        account=User.objects.filter(person=person).first(),
        has_number=bool(person.personal_number),
    )


def _counts(kept: Person, gone: Person) -> Iterator[tuple[str, int, int]]:
    """How many rows of which kind are about each of the two: whatever a person calls their own."""
    for link in Person._meta.related_objects:
        if not link.one_to_many or link.related_model is Person or issubclass(link.related_model, AppendOnly):
            continue
        rows = link.related_model._base_manager.filter(**{f"{link.field.name}__in": [kept, gone]})
        found = dict(rows.order_by().values_list(link.field.name).annotate(Count("pk")))
        if found:
            yield (
                capfirst(str(link.related_model._meta.verbose_name_plural)),
                found.get(kept.pk, 0),
                found.get(gone.pk, 0),
            )


def possible_twins(user: User) -> list[tuple[int, int, bool]]:
    """Pairs of keys of people born on one day: called the same, or of other names but in the same institution.

    Of the whole country only those of the same name: one day is the birthday of very many there. The earlier record
    comes first. Two queries, whatever the number.
    """
    named: list[tuple[int, int, bool]] = []
    beside: list[tuple[int, int, bool]] = []
    known = within_reach(user).exclude(born_on=None).order_by("born_on", "pk")
    rows = known.values_list("pk", "born_on", "search_key").iterator()
    for _day, people in groupby(rows, key=lambda row: row[1]):
        for (one, _born, name), (other, _too, other_name) in combinations(people, 2):
            if _is_called_so(name, other_name):
                named.append((one, other, _is_alike(name, other_name)))
            elif not user.scope.is_administrator:
                beside.append((one, other, False))
    places = _places({key for one, other, _alike in beside for key in (one, other)})
    pairs = named + [pair for pair in beside if places[pair[0]] & places[pair[1]]]
    return sorted(pairs, key=lambda pair: (not pair[2], pair[0], pair[1]))


def people_with_places(keys: Iterable[int]) -> dict[int, tuple[Person, list[Employment]]]:
    """People by key with where they work and worked, the latest first; two queries."""
    people = Person.objects.in_bulk(list(keys))
    jobs: dict[int, list[Employment]] = defaultdict(list)
    for job in Employment.objects.filter(person__in=people).select_related("institution").order_by("-starts_on", "pk"):
        jobs[job.person_id].append(job)
    return {key: (person, jobs[key]) for key, person in people.items()}


def _is_alike(name: str, other: str) -> bool:
    """The same family and given name, and the same father's name where both have one."""
    words, others = name.split(), other.split()
    shorter = min(len(words), len(others))
    return shorter > 1 and words[:shorter] == others[:shorter]


def _is_called_so(name: str, other: str) -> bool:
    """The same family and given name: a father's name is misspelt most easily."""
    return name.split()[:2] == other.split()[:2]


def _places(people: Iterable[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    jobs = Employment.objects.filter(person__in=list(people)).order_by()
    for person, institution in jobs.values_list("person", "institution"):
        found[person].add(institution)
    return found
