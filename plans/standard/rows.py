"""The text of one version of the standard, as its pages, the self-assessment and the forms read it."""

from collections.abc import Iterable

from cpd.text import fold
from plans.models import Competence, ProfessionalStandard, StandardUnit
from plans.standard.codes import read_code


def units_of(standard: ProfessionalStandard) -> list[StandardUnit]:
    """The units with their competences and the tags of these, in the order of the standard. Three queries."""
    return list(standard.units.prefetch_related("competences__groups").order_by("position"))


def competences_of(units: Iterable[StandardUnit]) -> list[Competence]:
    return [competence for unit in units for competence in unit.competences.all()]


def named_like(units: Iterable[StandardUnit], words: str) -> list[Competence]:
    """The competences that ``words`` name: by a code, of theirs, of their unit or of a group, or by their labels."""
    code = read_code(words)
    competences = competences_of(units)
    if code:
        return [one for one in competences if code in _codes(one)]
    wanted = fold(words).split()
    return [one for one in competences if all(word in fold(f"{one.title_ky} {one.title_ru}") for word in wanted)]


def _codes(competence: Competence) -> set[str]:
    return {competence.code, competence.code.partition(".")[0], *(group.code for group in competence.groups.all())}
