"""The titles of qualification categories, by the codes that papers keep.

Read once for each request: ``schools.middleware`` forgets them when the next one begins, so that a title an
administrator has just changed is the one that everybody reads.
"""

from schools.models import Category

_known: dict[str, Category] = {}


def category_title(code: str | None) -> str:
    """The title in the language of the page; a code that is no longer listed is shown as it is."""
    if not _known:
        _known.update(Category.objects.in_bulk())
    return str(_known.get(code or "", code or ""))


def forget() -> None:
    _known.clear()
