"""The e-mail about unread notices: one a day at most, to who confirmed an address and wants it.

It says how many there are of which kind, and where to read them: no name and no title ever leaves the site.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from cpd.wording import speaking
from schools.choices import ALWAYS_TOLD
from schools.models import Notice, User
from schools.notice_words import counted

log = logging.getLogger(__name__)
BATCH = 200
MOST_FAILURES = 10  # in a row: the server is away, and whoever comes next is spared a day without e-mail


@dataclass
class Sent:
    """How many e-mails went out and how many did not; ``is_whole`` tells whether everybody's turn came."""

    sent: int = 0
    failed: int = 0
    is_whole: bool = True


def send_digests(on: dt.date) -> Sent:
    """Write to everybody who has not been written to on this day. One that fails is tried on the next day."""
    outcome = Sent()
    connection = get_connection()
    in_a_row = 0
    for user in _to_write_to(on):
        notices = _claim(user, on)
        if not notices:
            continue
        try:
            _message(user, notices, connection).send()
        except (OSError, ValueError) as mistake:  # the server is away or refuses; an address no server would take
            log.warning("No e-mail to account %s: %s", user.pk, type(mistake).__name__)
            Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=None)
            connection.close()
            outcome.failed += 1
            in_a_row += 1
            if in_a_row == MOST_FAILURES:
                outcome.is_whole = False
                break
        else:
            outcome.sent += 1
            in_a_row = 0
    connection.close()
    return outcome


def _to_write_to(on: dt.date) -> Iterator[User]:
    last = 0
    while batch := list(_candidates(on).filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _candidates(on: dt.date) -> QuerySet[User]:
    unread = Notice.objects.filter(person=OuterRef("person"), read_at=None, mailed_at=None)
    return User.objects.filter(
        Q(mailed_on=None) | Q(mailed_on__lt=on), Exists(unread), is_active=True, wants_mail=True
    ).exclude(email="")


def _claim(user: User, on: dt.date) -> list[Notice]:
    """What to write of, if this day's e-mail is still to be written: of two commands one gets it."""
    muted = set(user.muted) - set(ALWAYS_TOLD)
    with transaction.atomic():
        if not _candidates(on).filter(pk=user.pk).update(mailed_on=on):
            return []
        unread = Notice.objects.filter(person=user.person_id, read_at=None, mailed_at=None).exclude(kind__in=muted)
        notices = list(unread)
        # Before it is sent: an e-mail that a crash keeps back is in the inbox, one that comes twice is a nuisance.
        Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())
    return notices


def _message(user: User, notices: list[Notice], connection: BaseEmailBackend) -> EmailMessage:
    inbox, switches = (settings.SITE_URL + reverse(name) for name in ("notices", "notice_settings"))
    with speaking(user.scope.words, user.language):
        subject = ngettext("%(count)s new notification", "%(count)s new notifications", len(notices))
        context = {"kinds": counted(notices), "inbox": inbox, "switches": switches}
        text = render_to_string("mail/digest.txt", context)
        return EmailMessage(
            subject % {"count": len(notices)},
            text,
            to=[user.email],
            headers={"Auto-Submitted": "auto-generated", "List-Unsubscribe": f"<{switches}>"},
            connection=connection,
        )
