"""Saving what a teacher says of the entries of their portfolio."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from plans.models import PortfolioEntry, StandardUnit
from plans.portfolio.facts import Entry
from schools.models import User


@dataclass(frozen=True)
class Choice:
    """What the form says of one entry."""

    entry: Entry
    unit: StandardUnit | None
    is_in: bool

    @property
    def says_something(self) -> bool:
        """Whether it differs from what stands; a proposal that was seen and left is taken from then on."""
        entry = self.entry
        return entry.is_proposed or (self.unit, self.is_in) != (entry.unit, entry.is_in)


@transaction.atomic
def save_choices(*, by: User, choices: Iterable[Choice]) -> int:
    """Write what says something, each entry by itself, and tell how many those are. Saved twice it is as saved once.

    Of two pages that were open at a time the later one holds, for the entries it says something of.
    """
    said = [choice for choice in choices if choice.says_something]
    for choice in said:
        thing = choice.entry.thing
        of: dict[str, Any] = {f"{thing.column}_id": thing.pk}
        PortfolioEntry.objects.update_or_create(
            person=by.person, **of, defaults={"unit": choice.unit, "is_in": choice.is_in}
        )
    return len(said)
