"""What a paper says of a qualification category: the title it had when the paper was frozen."""

from django.utils.translation import gettext_lazy as _

# What papers held before they held titles.
FORMER = {"none": _("No category"), "first": _("First category"), "highest": _("Highest category")}


def category_title(frozen: str | None) -> str:
    """The title as it was frozen, or the words of a code from before; empty for none. No database: papers are drawn
    where there is none.
    """
    return str(FORMER.get(frozen or "", frozen or ""))
