"""Learning needs in words, alike on pages and papers."""

from plans.choices import NeedOrigin
from plans.models import LearningNeed
from plans.standard.codes import paper_code


def topic_of(need: LearningNeed) -> str:
    """The topic for a reader: of a competence its label in their language, else the words it was told in."""
    return need.competence.title if need.competence else need.title


def origin_in_words(origin: str, code: str = "") -> str:
    """Where a need was found: «Өзүн өзү баалоо, А2.1»."""
    told = str(dict(NeedOrigin.choices).get(origin, origin))
    return f"{told}, {paper_code(code)}" if code else told


def origin_of(need: LearningNeed) -> str:
    return origin_in_words(need.origin, need.competence.code if need.competence else "")
