"""All writes about who works where: hiring, changes, the last day, the main job of several.

Everything about one person is written one after the other: each action keeps the person's row until it is done, so
that of two at the same moment the second one finds what the first one left. The database guards beside that one open
main job, and one open employment in an institution.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from cpd.dates import short_date, today
from schools import audit
from schools.access import can_keep_staff, can_move
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, Event, TransferState
from schools.invitations import revoke_of
from schools.leaving import delegations_in, going_on, mentorships_in, roles_in
from schools.models import Decision, Employment, Institution, Invitation, Person, Subject, Transfer, User
from schools.newcomers import Identity, find_person, names_of

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Post:
    """What somebody does in an institution, from a day on: the columns of an employment, and its subjects."""

    starts_on: dt.date
    columns: Mapping[str, Any]
    subjects: Collection[Subject] = ()


def hire(
    *,
    by: User,
    institution: Institution,
    identity: Identity,
    post: Post,
    known: int | None,
    as_second_job: bool = False,
) -> Employment:
    """Begin an employment: of a new person, or of the ``known`` one whom the number and the birth date name.

    Raises ``ChangedMeanwhile`` where they name somebody else than was on the screen, ``Refused`` where the person
    works here already, or elsewhere and this is to be no second job.
    """
    if not can_keep_staff(by, institution):
        raise PermissionDenied
    with transaction.atomic():
        Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)  # two who enter one newcomer
        person = find_person(identity, institution)
        if (person.pk if person else None) != known:
            raise ChangedMeanwhile(_("Meanwhile somebody else entered this person. Look at it again."))
        if person is None:
            person = _new_person(identity)
        else:
            hold_person(person)
        jobs = list(person.employments.lasting_after(post.starts_on - DAY).select_related("institution"))
        if any(job.institution_id == institution.pk for job in jobs):
            raise Refused(_("%(name)s already works in this institution.") % {"name": person.full_name})
        if jobs and not as_second_job:
            raise Refused(_("%(name)s works elsewhere: %(place)s.") % {"name": person, "place": names_of(jobs)})
        is_main = not any(job.is_main for job in jobs)
        if is_main and known:  # else the institution of the main job keeps what is known of the person
            _complete(person, identity)
        employment = begin_employment(person=person, institution=institution, post=post, is_main=is_main)
        audit.note(Event.HIRED, by=by, subject=person, institution=institution, what=post_told(employment))
    return employment


def begin_employment(*, person: Person, institution: Institution, post: Post, is_main: bool) -> Employment:
    """The row itself; by whom and why it begins is the caller's to check and to note."""
    try:
        with transaction.atomic():
            employment = Employment.objects.create(
                person=person, institution=institution, starts_on=post.starts_on, is_main=is_main, **post.columns
            )
    except IntegrityError:
        raise ChangedMeanwhile(_("Meanwhile somebody else entered this person. Look at it again.")) from None
    employment.subjects.set(post.subjects)
    return employment


def change_employment(*, employment: Employment, by: User, post: Post, ends_on: dt.date | None) -> Employment:
    """Another position, association or subject; or first and last day as they should have been entered."""
    with transaction.atomic():
        now = hold(employment)
        _check_may_keep(by, now)
        if (post.starts_on, ends_on) != (now.starts_on, now.ends_on):
            _check_may_move(by, now)  # with the days move the roles held here
            _check_days(now, post.starts_on, ends_on)
        columns = {**post.columns, "starts_on": post.starts_on, "ends_on": ends_on}
        before, after = differences(now, columns)
        subjects = {subject.pk: subject.title_ky for subject in now.subjects.all()}
        wanted = {subject.pk: subject.title_ky for subject in post.subjects}
        if subjects != wanted:
            before["subjects"], after["subjects"] = list(subjects.values()), list(wanted.values())
        if not after:
            return now
        Employment.objects.filter(pk=now.pk).update(**columns)
        now.subjects.set(post.subjects)
        _note(Event.EMPLOYMENT_CHANGED, now, by=by, before=before, after=after)
        if ends_on and now.end_reason:
            _end_what_hangs(now, ends_on, by=by)
    return now


def end_employment(*, employment: Employment, by: User, last_day: dt.date, reason: str) -> None:
    """The last day, with all that hangs on the employment here; a death ends every employment and the account."""
    with transaction.atomic():
        now = hold(employment)
        _check_may_move(by, now)
        if now.end_reason:
            raise Refused(_already_ended(now))
        if last_day < now.starts_on:
            raise Refused(_("The first day was %(day)s") % {"day": short_date(now.starts_on)})
        if reason == EndReason.DIED:
            _end_all(now.person, by=by, died_on=last_day)
            return
        check_last_day(now, last_day)
        if now.transfers.filter(state=TransferState.PROPOSED).exists():
            raise Refused(_("A move to another institution waits for an answer. Answer or withdraw it first."))
        close(now, by=by, last_day=last_day, reason=EndReason(reason))
        if now.is_main:
            settle_main_job(now.person, by=by)


def close(now: Employment, *, by: User, last_day: dt.date, reason: EndReason) -> None:
    """End an employment that is held, with all that hangs on it in its institution."""
    same = Employment.objects.filter(pk=now.pk, ends_on=now.ends_on, end_reason="")
    if same.update(ends_on=last_day, end_reason=reason) != 1:
        raise ChangedMeanwhile(_("Meanwhile this employment was changed. Look at it again."))
    _end_what_hangs(now, last_day, by=by)
    revoke_of(now.person, now.institution)
    before = {"ends_on": now.ends_on, "end_reason": now.end_reason}
    _note(Event.EMPLOYMENT_ENDED, now, by=by, before=before, after={"ends_on": last_day, "end_reason": reason})


def _end_what_hangs(now: Employment, last_day: dt.date, *, by: User) -> None:
    """Roles, work handed over and mentors in the institution hold until the last day.

    Who comes back keeps what began with the later employment there. Leave is only looked at on days of the employment:
    it stands as it was entered, should the ending be taken back.
    """
    person, institution, earlier = now.person, now.institution, _before_later_one(now, last_day)
    for role in _stop(roles_in(person, institution).filter(earlier), last_day):
        audit.note(Event.ROLE_ENDED, by=by, subject=person, institution=institution, what=role)
    for handed in _stop(delegations_in(person, institution).filter(earlier), last_day):
        audit.note(Event.DELEGATION_ENDED, by=by, subject=handed.taker, institution=institution, what=handed)
    for pair in _stop(mentorships_in(person, institution).filter(earlier), last_day):
        for one in (pair.mentee, pair.mentor):  # an entry for each, as in ``schools.mentoring``
            audit.note(
                Event.MENTOR_CHANGED,
                by=by,
                subject=one,
                institution=institution,
                what=pair.order_told,
                before={"ends_on": pair.ends_on},
                after={"ends_on": last_day},
            )


def check_last_day(now: Employment, last_day: dt.date) -> None:
    """Nobody left before a role of theirs there had begun, nor before what they decided there."""
    earlier = _before_later_one(now, last_day)
    roles = roles_in(now.person, now.institution).filter(earlier, starts_on__gt=last_day, starts_on__lt=today())
    days = list(roles.values_list("starts_on", flat=True))
    steps = Decision.objects.filter(by=now.person, step__isnull=False, version__document__institution=now.institution)
    if last := steps.order_by("at").last():
        days.append(timezone.localdate(last.at))
    if days and last_day < max(days):
        told = _("The person still acted here later than that, in a role: %(day)s")
        raise Refused(told % {"day": short_date(max(days))})


def _before_later_one(now: Employment, last_day: dt.date) -> Q:
    """What is not of a later employment of the same person in the same institution."""
    later = now.person.employments.filter(institution=now.institution, starts_on__gt=last_day).exclude(pk=now.pk)
    first = later.order_by("starts_on").first()
    return Q(starts_on__lt=first.starts_on) if first else Q()


def take_back_ending(*, employment: Employment, by: User) -> None:
    """An ending that was a mistake. Roles that ended with it have to be given again."""
    with transaction.atomic():
        now = hold(employment)
        _check_may_move(by, now)
        if now.ends_on is None or not now.end_reason:
            raise Refused(_("This employment has not ended."))
        if now.end_reason == EndReason.TRANSFERRED:
            raise Refused(_("It ended by a move to another institution, which both of them confirmed."))
        later = now.person.employments.exclude(pk=now.pk).lasting_after(now.ends_on)
        if later.filter(institution=now.institution).exists():
            raise Refused(_("%(name)s already works in this institution.") % {"name": now.person.full_name})
        if now.is_main:
            if taken_up := later.filter(is_main=True, starts_on__gt=now.ends_on).select_related("institution").first():
                raise Refused(_("A new main job was taken up: %(place)s.") % {"place": taken_up.institution})
            later.filter(is_main=True).update(is_main=False)  # it had become the main one in this one's stead
        before = {"ends_on": now.ends_on, "end_reason": now.end_reason}
        try:
            with transaction.atomic():
                Employment.objects.filter(pk=now.pk).update(ends_on=None, end_reason="")
        except IntegrityError:
            raise ChangedMeanwhile(_("Meanwhile this employment was changed. Look at it again.")) from None
        _note(Event.EMPLOYMENT_CHANGED, now, by=by, before=before, after={"ends_on": None, "end_reason": ""})


def make_main_job(*, employment: Employment, by: User) -> None:
    """Of several jobs another one is the main one from now on: the school of the main one so far says so."""
    with transaction.atomic():
        now = hold(employment)
        jobs = now.person.employments.on(today()).select_related("institution", "person")
        main = jobs.filter(is_main=True).exclude(pk=now.pk).first()
        if not can_keep_staff(by, main.institution if main else now.institution):
            raise PermissionDenied
        if now.is_main or not jobs.filter(pk=now.pk).exists():
            raise Refused(_("This is not possible now."))
        if main:
            Employment.objects.filter(pk=main.pk).update(is_main=False)
            _note(Event.EMPLOYMENT_CHANGED, main, by=by, before={"is_main": True}, after={"is_main": False})
        Employment.objects.filter(pk=now.pk).update(is_main=True)
        _note(Event.EMPLOYMENT_CHANGED, now, by=by, before={"is_main": False}, after={"is_main": True})


def settle_main_job(person: Person, *, by: User | None) -> bool:
    """Whoever has jobs today and no main one: the one that began first becomes it. Whether one did."""
    jobs = list(person.employments.on(today()).select_related("institution", "person").order_by("starts_on", "pk"))
    if not jobs or any(job.is_main for job in jobs):
        return False
    if person.employments.filter(is_main=True, ends_on=None).exists():
        return False  # the main one begins on a later day
    Employment.objects.filter(pk=jobs[0].pk).update(is_main=True)
    _note(Event.EMPLOYMENT_CHANGED, jobs[0], by=by, before={"is_main": False}, after={"is_main": True})
    return True


def settle_main_jobs() -> int:
    """The same for whoever's main job ran out beside another one, as was entered before its last day; how many."""
    ran_out = Employment.objects.filter(
        person=OuterRef("person"), is_main=True, ends_on__lt=today(), ends_on__gte=OuterRef("starts_on")
    )
    main = Employment.objects.on(today()).filter(person=OuterRef("person"), is_main=True)
    left = Employment.objects.on(today()).filter(Exists(ran_out), ~Exists(main))
    settled = 0
    for person in Person.objects.filter(pk__in=left.values("person")):
        with transaction.atomic():
            settled += settle_main_job(hold_person(person), by=None)
    return settled


def hold_person(person: Person) -> Person:
    """The person's row, kept until the end of the transaction: see the head of this module."""
    return Person.objects.select_for_update(no_key=True).get(pk=person.pk)


def hold(employment: Employment) -> Employment:
    """The employment as it stands, with its person kept until the end of the transaction."""
    hold_person(employment.person)
    return Employment.objects.select_related("person", "institution", "association").get(pk=employment.pk)


def differences(row: Any, columns: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What stood in a row and what will stand there, of the columns that change."""
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    return {name: getattr(row, name) for name in changed}, changed


def post_told(employment: Employment) -> str:
    """«Химия мугалими, Ак-Бата орто мектеби», as the journal names an employment."""
    return f"{employment.position}, {employment.institution.title_ky}"


def _check_may_keep(by: User, employment: Employment) -> None:
    if not can_keep_staff(by, employment.institution):
        raise PermissionDenied


def _check_may_move(by: User, employment: Employment) -> None:
    if not can_move(by, employment):
        raise PermissionDenied


def _check_days(now: Employment, starts_on: dt.date, ends_on: dt.date | None) -> None:
    """Days that were entered wrong are put right where nothing was built on them."""
    is_new_day = starts_on != now.starts_on
    if now.end_reason == EndReason.TRANSFERRED and ends_on != now.ends_on:
        raise Refused(_("It ended by a move to another institution, which both of them confirmed."))
    if is_new_day and Transfer.objects.filter(became=now).exists():
        raise Refused(_("It began by a move to another institution, which both of them confirmed."))
    if ends_on and ends_on < starts_on:
        raise Refused(_("The end date must not be earlier than the start date."))
    others = now.person.employments.exclude(pk=now.pk).lasting_after(starts_on - DAY).select_related("institution")
    if ends_on:
        others = others.filter(starts_on__lte=ends_on)
    for other in others:
        if other.institution_id == now.institution_id or (other.is_main and now.is_main):
            raise Refused(_("These days belong to another employment: %(place)s.") % {"place": other.institution})
    guided = mentorships_in(now.person, now.institution).filter(starts_on__gte=now.starts_on, starts_on__lt=starts_on)
    if guided.exists():
        raise Refused(_("A mentorship began before this day."))
    if now.leaves.filter(starts_on__lt=starts_on).exists():
        raise Refused(_("A long leave began before this day."))


def _new_person(identity: Identity) -> Person:
    try:
        with transaction.atomic():
            return Person.objects.create(
                family_name=identity.family_name,
                given_name=identity.given_name,
                fathers_name=identity.fathers_name,
                personal_number=identity.personal_number,
                born_on=identity.born_on,
            )
    except IntegrityError:
        raise ChangedMeanwhile(_("Meanwhile somebody else entered this person. Look at it again.")) from None


def _complete(person: Person, identity: Identity) -> None:
    """A known person keeps their name; a number or birth date that was not known yet is added."""
    if identity.personal_number and not person.personal_number:
        Person.objects.filter(pk=person.pk).update(personal_number=identity.personal_number)
    if identity.born_on and not person.born_on:
        Person.objects.filter(pk=person.pk).update(born_on=identity.born_on)


def _end_all(person: Person, *, by: User, died_on: dt.date) -> None:
    """Every employment in every institution, the moves that wait, and the account."""
    lasting = person.employments.lasting_after(died_on).filter(end_reason="")
    jobs = list(lasting.select_related("person", "institution").order_by("-is_main", "starts_on", "pk"))
    if not _may_tell_of_death(by, person, jobs):
        told = _("A death also ends what the person does elsewhere. The leaders of the main job enter it: %(place)s.")
        raise Refused(told % {"place": names_of(job for job in jobs if job.is_main) or names_of(jobs)})
    waiting = Transfer.objects.filter(employment__person=person, state=TransferState.PROPOSED)
    waiting.update(state=TransferState.WITHDRAWN, answered_by=by.person, answered_at=timezone.now())
    for job in jobs:
        if job.starts_on <= died_on:
            close(job, by=by, last_day=died_on, reason=EndReason.DIED)
        else:
            _cancel(job, by=by)
    if User.objects.filter(person=person, is_active=True).update(is_active=False):
        audit.note(Event.ACCOUNT_CLOSED, by=by, subject=person)
    Invitation.objects.filter(person=person, used_at=None, revoked_at=None).update(revoked_at=timezone.now())


def _may_tell_of_death(by: User, person: Person, jobs: Collection[Employment]) -> bool:
    """Whose every job is the user's to end, with no role besides; and whom the user leads in the main job.

    A clerk must not take the roles and the account from who leads another institution.
    """
    places = {job.institution_id for job in jobs}
    here = Q(institution__in=places) | Q(association__institution__in=places)
    has_more = person.roles.exclude(here).exclude(ends_on__lt=today()).exists()
    if not has_more and all(can_move(by, job) for job in jobs):
        return True
    clerks = by.scope.kept - by.scope.led
    return any(job.is_main and can_move(by, job) and job.institution_id not in clerks for job in jobs)


def _cancel(job: Employment, *, by: User) -> None:
    """An employment that never began goes; where something points to it, it lasts its first day alone."""
    _note(
        Event.EMPLOYMENT_ENDED, job, by=by, before={"starts_on": job.starts_on}, after={"end_reason": EndReason.DIED}
    )
    try:
        with transaction.atomic():
            job.leaves.all().delete()
            job.delete()
    except ProtectedError:
        Employment.objects.filter(pk=job.pk).update(ends_on=job.starts_on, end_reason=EndReason.DIED)


def _stop(rows: QuerySet[Any], last_day: dt.date) -> list[Any]:
    """Let dated rows hold until the day, and those that were to begin later not at all; returns which they were.

    What began after the day all the same, since the day is entered late, is not wiped out: its first day stays.
    """
    found = list(going_on(rows, last_day))
    rows.filter(pk__in=[row.pk for row in found if row.starts_on <= last_day]).update(ends_on=last_day)
    after = [row for row in found if row.starts_on > last_day]
    rows.filter(pk__in=[row.pk for row in after if row.starts_on < today()]).update(ends_on=F("starts_on"))
    rows.filter(pk__in=[row.pk for row in after if row.starts_on >= today()]).delete()
    return found


def _already_ended(employment: Employment) -> str:
    told = {"day": short_date(employment.ends_on or today()), "reason": employment.get_end_reason_display()}
    return _("It has ended already: %(day)s, %(reason)s.") % told


def _note(
    event: Event, employment: Employment, *, by: User | None, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    audit.note(
        event,
        by=by,
        subject=employment.person,
        institution=employment.institution,
        what=post_told(employment),
        before=before,
        after=after,
    )
