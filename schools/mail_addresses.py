"""A person's own e-mail address: kept once a link sent to it was opened and its button pressed."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.core import signing
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from schools import audit
from schools.approval import Refused
from schools.choices import Event
from schools.models import User

SALT = "schools.mail_addresses"
GOOD_FOR = 60 * 60 * 24 * 3  # seconds


@dataclass(frozen=True)
class Asked:
    """What a link stands for: whose account, its new address, and the one it had when the link was sent."""

    account: int
    address: str
    before: str


def ask_for_address(account: User, address: str) -> None:
    """Send the link to the new address. Nothing changes before its button is pressed."""
    if not settings.SENDS_MAIL:
        raise Refused(_("This site sends no e-mail."))
    link = settings.SITE_URL + reverse("mail_confirm", args=[link_for(account, address)])
    text = _(
        "Somebody entered this address for the account %(name)s.\n\n"
        "If it was you, open this address and press the button there:\n%(link)s\n\n"
        "If it was not you, do nothing."
    ) % {"name": account.username, "link": link}
    _send(_("Confirm your e-mail address"), text, address)


def link_for(account: User, address: str) -> str:
    """What the address of the link ends in."""
    return signing.dumps([account.pk, address, account.email], salt=SALT, compress=True)


def read_link(token: str) -> Asked | None:
    """What a link asks for; None where it is no link of ours, too old, or was overtaken by another change."""
    try:
        account, address, before = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except (signing.BadSignature, ValueError):
        return None
    asked = Asked(account, address, before)
    return asked if _still(asked).exists() else None


def confirm_address(asked: Asked) -> User:
    """Take the new address, once, and tell the old one."""
    with transaction.atomic():
        if not _still(asked).update(email=asked.address):
            raise Refused(_("This link cannot be used."))
        account = User.objects.get(pk=asked.account)
        audit.note(Event.MAIL_CHANGED, by=account, subject=account.person, what=account.username)
        _tell(asked.before, account)
    return account


def remove_address(account: User) -> None:
    """No address any more; the old one is told."""
    with transaction.atomic():
        before = account.email
        if not before or not User.objects.filter(pk=account.pk, email=before).update(email=""):
            raise Refused(_("No e-mail address is kept."))
        account.email = ""
        audit.note(Event.MAIL_CHANGED, by=account, subject=account.person, what=account.username)
        _tell(before, account)


def _still(asked: Asked) -> QuerySet[User]:
    """The account, as long as it is the one that the link was sent for."""
    return User.objects.filter(pk=asked.account, email=asked.before, is_active=True)


def _tell(before: str, account: User) -> None:
    if before:
        text = _(
            "The account %(name)s has no longer this e-mail address. "
            "If you did not change it, tell your deputy director."
        ) % {"name": account.username}
        _send(_("Your e-mail address was changed"), text, before)


def _send(subject: str, text: str, address: str) -> None:
    """Once what it tells of is saved. A mail server that does not answer is logged and stops nobody."""
    transaction.on_commit(partial(send_mail, subject, text, None, [address]), robust=True)
