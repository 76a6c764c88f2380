"""Invitations: printed slips with which people make their account, or give it a new password, on their own phone.

What stands on a slip is a token of 130 bits, made from the invitation's salt and the site's secret key: it can be
printed again while it is open, and the database alone does not give it away. It is used at most once.
"""

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Collection

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from schools import audit
from schools.accounts import end_sessions, is_in_care_still, places_of
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, Event
from schools.models import Employment, Institution, Invitation, Person, User

# Crockford's base 32: digits and capitals without the four that are mistaken for others on paper.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS = 26  # of five bits each
# What people type instead: letters left out of the alphabet, and those a Cyrillic keyboard shows alike.
_TYPED = str.maketrans("OILАВЕКМНОРСТХУЗ", "011ABEKMH0PCTXY3")


class NameTaken(Refused):
    """Somebody else has the username that was chosen."""


def token_of(invitation: Invitation) -> str:
    """What stands on the slip. Raises ``LookupError`` where the key it was made with is not known any more."""
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = _token(invitation.salt, key)
        if _hash(token) == invitation.token_hash:
            return token
    raise LookupError("made with another key")


def can_be_printed(invitation: Invitation) -> bool:
    try:
        token_of(invitation)
    except LookupError:
        return False
    return True


def _token(salt: str, key: str) -> str:
    number = int.from_bytes(salted_hmac(__name__, salt, secret=key, algorithm="sha256").digest(), "big")
    return "".join(ALPHABET[(number >> 5 * place) % len(ALPHABET)] for place in range(SIGNS))


def in_groups(token: str) -> str:
    """Five signs together, as eyes can follow them; the last group is longer by the one that is left."""
    return re.sub(r"(.{5})(?=.{5})", r"\1-", token)


def read_token(typed: str) -> str:
    """A code as it was typed: any case, spaces or strokes between, letters of either keyboard."""
    return re.sub(r"[\W_]", "", typed.upper().translate(_TYPED))


def usable(token: str) -> Invitation | None:
    """The invitation a token opens, as long as its person may have an account.

    Not for a record that goes on as another one or was made nameless, not for somebody who died, and not for an
    account that was closed: that has to be opened first. And only as long as whoever made the slip keeps this account:
    one kept back opens nothing once its maker or the person has left, or the person may do more than before.
    """
    found = Invitation.objects.open().filter(token_hash=_hash(token), person__merged_into=None, person__erased_at=None)
    wanted = found.exclude(person__user__is_active=False)
    invitation = wanted.select_related("person", "institution", "made_by__user").first()
    if invitation is None or _died(invitation.person) or _out_of_care(invitation):
        return None
    return invitation


def make_invitations(people: Collection[Person], *, by: User, institution: Institution | None) -> list[Invitation]:
    """A new slip for each person; the one before it opens nothing any more.

    ``institution`` is the one whose office gives it, None for a district's office or an administrator. Who may keep
    whose account is for the caller to know: see :func:`schools.accounts.in_care_of`.
    """
    now = timezone.now()
    closed = [person for person in people if (account := getattr(person, "user", None)) and not account.is_active]
    if closed:
        raise Refused(_("The account is closed. Open it first: %(name)s.") % {"name": closed[0].full_name})
    try:
        with transaction.atomic():
            Invitation.objects.filter(person__in=people, used_at=None, revoked_at=None).update(revoked_at=now)
            made = Invitation.objects.bulk_create(_new(person, institution, by, now) for person in people)
            places = {} if institution else places_of(people)
            for invitation in made:
                place = institution or places.get(invitation.person_id)
                office = "" if institution else _("Education office or administrator")
                audit.note(Event.INVITED, by=by, subject=invitation.person, institution=place, what=office)
    except IntegrityError:  # somebody else invited one of them at this moment
        raise ChangedMeanwhile(_("Somebody else invites the same people. Look at the list again.")) from None
    return made


def revoke_invitation(invitation: Invitation, *, by: User, institution: Institution | None) -> None:
    """The slip opens nothing any more."""
    with transaction.atomic():
        if not Invitation.objects.unused().filter(pk=invitation.pk).update(revoked_at=timezone.now()):
            raise ChangedMeanwhile(_("This invitation was used or revoked already."))
        audit.note(Event.INVITATION_REVOKED, by=by, subject=invitation.person, institution=institution)


def revoke_of(person: Person, institution: Institution) -> None:
    """Slips an institution's office gave somebody open nothing once the person goes: part of the event that is noted.

    Called inside the transaction of that event.
    """
    given = Invitation.objects.filter(person=person, institution=institution, used_at=None, revoked_at=None)
    given.update(revoked_at=timezone.now())


def use_invitation(token: str, *, username: str, password: str, language: str) -> User:
    """Make the person's account, or give the one they have a new password; at most once per slip.

    ``username`` and ``language`` are for a new account. Every session of an account that was there ends. Raises
    :class:`Refused` where the slip opens nothing, :class:`NameTaken` where it stays open and another name is needed.
    """
    try:
        with transaction.atomic():
            invitation = usable(token)
            # One conditional UPDATE: of two phones with the same slip one gets the row, the other none.
            if invitation is None or not Invitation.objects.unused().filter(pk=invitation.pk).update(
                used_at=timezone.now()
            ):
                raise Refused(_("This code cannot be used."))
            return _account(invitation, username, password, language)
    except IntegrityError:
        raise NameTaken(_("This username is taken.")) from None


def _account(invitation: Invitation, username: str, password: str, language: str) -> User:
    person = invitation.person
    event = Event.PASSWORD_CHANGED
    account = User.objects.filter(person=person).first()
    if account is None:
        event = Event.ACCOUNT_MADE
        account = User.objects.create_user(
            username.lower(), password, person=person, language=language, must_change_password=False
        )
    else:
        account.set_password(password)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        end_sessions(account)
    place = invitation.institution or places_of([person]).get(person.pk)
    audit.note(event, by=person, subject=person, institution=place, what=account.username)
    return account


def _new(person: Person, institution: Institution | None, by: User, now: dt.datetime) -> Invitation:
    invitation = Invitation(
        person=person,
        institution=institution,
        salt=secrets.token_hex(16),
        made_by=by.person,
        made_at=now,
        expires_at=now + dt.timedelta(days=settings.INVITATION_DAYS),
    )
    invitation.token_hash = _hash(_token(invitation.salt, settings.SECRET_KEY))
    return invitation


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _died(person: Person) -> bool:
    return Employment.objects.filter(person=person, end_reason=EndReason.DIED).exists()


def _out_of_care(invitation: Invitation) -> bool:
    maker = getattr(invitation.made_by, "user", None)
    return maker is None or not is_in_care_still(invitation.person, maker, invitation.institution)
