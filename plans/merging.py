"""What plans know of two records of one person: see ``schools.merging``."""

from collections.abc import Iterator

from schools.models import Person

# Where both have the like, the second one's stays with the record that ends.
STAYS = {
    ("plans.SelfAssessment", "person"),
    ("plans.LearningNeed", "employment"),
    ("plans.Replacement", "person"),  # of who went in their own place, which says nothing any more
    ("plans.Replacement", "instead_of"),
}


def of_plans(_kept: Person, _gone: Person) -> Iterator[str]:
    """Nothing of a plan or a need keeps two records apart."""
    yield from ()


HINDRANCES = of_plans
