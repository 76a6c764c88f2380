"""``manage.py notify``: gathers what people are to be told and sends the day's e-mails. Run it daily."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cpd import runs
from cpd.dates import today
from schools.digest import Sent, send_digests
from schools.notices import LOOKS_BACK, collect_days, collect_events


class Command(BaseCommand):
    help = "Tell people what happened and what is due: in the application, and by e-mail where one is asked for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-mail", action="store_true", help="write notices only, send nothing")

    def handle(self, *, no_mail: bool, **options: Any) -> None:
        told = collect_events(timezone.now() - LOOKS_BACK) + collect_days(today())
        self.stdout.write(f"New notices: {told}.")
        if no_mail or not settings.SENDS_MAIL:
            runs.ended_well("notify")
            return
        outcome: Sent = send_digests(today())
        self.stdout.write(f"E-mails sent: {outcome.sent}.")
        runs.note_failed_mails(outcome.failed)
        if not outcome.is_whole:
            raise CommandError(f"E-mails not sent: {outcome.failed}. The mail server is away; the others wait.")
        if outcome.failed:
            raise CommandError(f"E-mails not sent: {outcome.failed}. They are tried again tomorrow.")
        runs.ended_well("notify")
