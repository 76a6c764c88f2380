"""``manage.py tidy``: removes what is kept only for a while. Run it weekly."""

import datetime as dt
from typing import Any

from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from cpd.models import ReceivedForm

# A phone on a weak network sends a form again within minutes, and a page left open for a week belongs to a session
# that has ended (SESSION_COOKIE_AGE): nobody needs the answer to an older form any more.
FORMS_ARE_KEPT = dt.timedelta(days=7)


class Command(BaseCommand):
    help = "Remove ended sessions, and the answers to forms that were received more than a week ago."

    def handle(self, **options: Any) -> None:
        now = timezone.now()
        ended = Session.objects.filter(expire_date__lt=now).count()
        call_command("clearsessions")
        forms, _by_table = ReceivedForm.objects.filter(received_at__lt=now - FORMS_ARE_KEPT).delete()
        self.stdout.write(f"Removed: ended sessions {ended}, received forms {forms}.")
