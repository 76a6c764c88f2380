"""The closed lists of plans."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Ground(TextChoices):
    """What an individual plan rests on: national regulation 6.1."""

    STANDARD = "standard", _("Demands of the standard or of the qualification")
    ASSESSMENT = "assessment", _("Attestation and self-assessment results")
    SCHOOL_PROGRAMME = "school_programme", _("Development programme of the organisation")
    OWN_INTEREST = "own_interest", _("Own interests and needs")


class LearningMethod(TextChoices):
    """Column «Окутуунун түрлөрү» of the yearly plan; the two last are delivery modes found in the same column."""

    DISCUSSION = "discussion", _("Discussion-based learning")
    THEORY = "theory", _("Work with theory")
    EXPERIENCE = "experience", _("Work with experience")
    PRACTICE = "practice", _("Practice")
    OFFLINE = "offline", _("In person")
    ONLINE = "online", _("Online")


class Executor(TextChoices):
    """Column «Ким аткарат» of the yearly plan."""

    SELF = "self", _("The teacher")
    ASSOCIATION = "association", _("The methodical association")
    OTHER = "other", _("Somebody else")
