"""``manage.py create_administrator LOGIN FAMILY_NAME GIVEN_NAME``: the first account of a new installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from schools.choices import Role
from schools.models import Person, RoleAssignment, User
from schools.passwords import random_password


class Command(BaseCommand):
    help = "Make a system administrator and print the first password once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")
        parser.add_argument("family_name")
        parser.add_argument("given_name")

    @transaction.atomic
    def handle(self, login: str, family_name: str, given_name: str, **options: Any) -> None:
        if User.objects.filter(username__iexact=login).exists():
            raise CommandError(f"The login “{login}” is taken.")
        password = random_password()
        person = Person.objects.create(family_name=family_name, given_name=given_name)
        RoleAssignment.objects.create(person=person, role=Role.ADMINISTRATOR)
        User.objects.create_user(login, password, person=person)
        self.stdout.write(password)
