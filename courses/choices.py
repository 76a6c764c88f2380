"""The closed lists of learning, each word as the regulations use it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Block(TextChoices):
    """National regulation 4.5.1–4.5.4: the hours of both blocks are summed."""

    COMPULSORY = "compulsory", _("Compulsory block")
    VARIATIVE = "variative", _("Variative block")


class StudyForm(TextChoices):
    """How a course is taken: 000 §6, national regulation 4.5.3 and 6.3, 004 III 2.3."""

    FULL_TIME = "full_time", _("Full-time study")
    DISTANCE = "distance", _("Distance study")
    CORRESPONDENCE = "correspondence", _("Correspondence study")
    WORKPLACE = "workplace", _("At the workplace")
    RELEASED = "released", _("With release from work")
    PARTLY_RELEASED = "partly_released", _("With partial release from work")
    NOT_RELEASED = "not_released", _("Without release from work")


class NormStatus(TextChoices):
    """A draft drives nothing; a repealed norm is kept for past days."""

    DRAFT = "draft", pgettext_lazy("legal act", "Draft act")
    IN_FORCE = "in_force", pgettext_lazy("legal act", "In force")
    REPEALED = "repealed", pgettext_lazy("legal act", "Repealed")
