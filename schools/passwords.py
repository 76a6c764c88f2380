"""First passwords, and the one rule of our own about chosen ones."""

import secrets

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schools import audit
from schools.choices import Event
from schools.models import User

# Without letters and digits that are mistaken for each other on paper.
LETTERS = "abcdefghkmnpqrstuvwxyz23456789"
LENGTH = 12  # about 58 bits: enough for a password that lives until the first sign-in


def random_password() -> str:
    return "".join(secrets.choice(LETTERS) for _place in range(LENGTH))


def give_first_password(user: User, *, by: User | None) -> str:
    """Give an account a random password that must be changed at the first sign-in; returned once, stored nowhere.

    The journal tells by whom; ``by`` is None where it was given at the server.
    """
    password = random_password()
    user.set_password(password)
    user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        audit.note(Event.PASSWORD_CHANGED, by=by, subject=user.person, what=user.username)
    return password


class NewPasswordValidator:
    """A first password "changed" to itself is still known to whoever handed it out."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is not None and user.check_password(password):
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        return _("Choose a password that differs from the present one.")
