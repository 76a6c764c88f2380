"""``manage.py first_password LOGIN``: a random first password, to be changed at the first sign-in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schools.accounts import remove_second_factor
from schools.approval import Refused
from schools.models import User
from schools.passwords import give_first_password


class Command(BaseCommand):
    help = "Give an account a random first password and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")
        parser.add_argument(
            "--remove-second-factor", action="store_true", help="for who lost the phone: the password alone opens"
        )

    def handle(self, login: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=login).first()
        if user is None:
            raise CommandError(f"There is no account “{login}”.")
        if options["remove_second_factor"]:
            try:
                remove_second_factor(user, by=None, institution=None)
            except Refused as refusal:
                raise CommandError(refusal.message) from None
        self.stdout.write(give_first_password(user, by=None))
