"""The invented country of the bench, very small: it can be made, and the two ways of judging agree on everybody."""

import pytest

from bench.make import TODAY, Country
from bench.measure import said
from courses import facts, standing
from courses.models import ConfirmedPair, TrainingRecord
from schools.models import Document, Employment
from tests import factories


@pytest.mark.django_db
def test_a_small_country_is_made_and_judged_alike() -> None:
    factories.first_data()
    Country(scale=0.001, seed=1).make()
    assert 1_000 < TrainingRecord.objects.count() < 2_000
    assert Document.objects.filter(in_force__isnull=False).count() > 60
    assert ConfirmedPair.objects.exists()
    jobs = Employment.objects.on(TODAY).select_related("institution")
    judged = facts.judgements(jobs, TODAY)
    assert {one.employment: said(one) for one in standing.of(jobs, TODAY)} == {
        job: said(judgement) for job, judgement in judged.items()
    }
    assert len({judgement.worse_status for judgement in judged.values()}) >= 3
