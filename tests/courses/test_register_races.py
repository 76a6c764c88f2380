"""Two people, one typed text, the same moment: real threads, each with a connection of its own."""

from functools import partial
from typing import Any

import pytest

from courses import registers
from courses.models import ProviderAlias, TrainingRecord
from courses.registers import PROVIDERS, Place
from schools.approval import ChangedMeanwhile
from tests import factories
from tests.conftest import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def linking(who: Any, place: Place, text: str, entry: Any) -> Any:
    return partial(registers.link, PROVIDERS, by=factories.again(who), place=place, text=text, entry=entry)


def test_of_two_who_link_one_text_at_once_the_records_follow_the_name_that_stays(cast):
    """Whether the text was new or stood for a third entry before."""
    place, before, one, other = Place(institution=cast.school), *(factories.provider() for _ in range(3))
    for number in range(ROUNDS):
        text = f"Билим-Булак {number}"
        record = factories.training_record(cast.teacher, provider=None, provider_text=text)
        if number % 2:
            linking(cast.deputy, place, text, before)()
        answers = at_once(linking(cast.deputy, place, text, one), linking(cast.clerk, place, text, other))
        assert [type(answer) for answer in answers if answer != 1] in ([], [ChangedMeanwhile])
        name = ProviderAlias.objects.live().get(text=text)
        assert name.target in (one, other)
        assert TrainingRecord.objects.get(pk=record.pk).provider == name.target


def test_of_two_who_take_one_name_away_at_once_one_does_and_one_is_told(cast):
    place, entry = Place(institution=cast.school), factories.provider()
    for number in range(ROUNDS):
        linking(cast.deputy, place, f"Билим-Булак {number}", entry)()
        calls = [
            partial(
                registers.unlink,
                PROVIDERS,
                by=factories.again(who),
                alias=ProviderAlias.objects.live().get(institution=cast.school),
            )
            for who in (cast.deputy, cast.clerk)
        ]
        told = [type(answer) for answer in at_once(*calls) if answer != 0]
        assert told == [ChangedMeanwhile]
        assert not ProviderAlias.objects.live().filter(institution=cast.school)
