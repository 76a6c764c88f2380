"""``manage.py first_password LOGIN``: a random first password, to be changed at the first sign-in."""

import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schools.models import User

# Without letters and digits that are mistaken for each other on paper.
LETTERS = "abcdefghkmnpqrstuvwxyz23456789"
LENGTH = 12


def random_password() -> str:
    """Twelve signs, about 58 bits: enough for a password that lives until the first sign-in."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


class Command(BaseCommand):
    help = "Give an account a random first password and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, login: str, **options: Any) -> None:
        user = User.objects.filter(username__iexact=login).first()
        if user is None:
            raise CommandError(f"There is no account “{login}”.")
        password = random_password()
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        self.stdout.write(password)
