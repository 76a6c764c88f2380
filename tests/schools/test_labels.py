"""The words of a closed list are those that Django would give, in the language in use."""

import pytest
from django.utils import translation

from cpd.wording import every_variant
from schools.choices import DocumentKind, NoticeKind, State
from schools.models import Document, Notice


def by_django(row: Document | Notice, name: str) -> str:
    return row._get_FIELD_display(row._meta.get_field(name))  # type: ignore[union-attr]


@pytest.mark.parametrize("language", every_variant())
def test_labels_are_those_of_django_in_every_language(language: str) -> None:
    with translation.override(language):
        for kind in [*DocumentKind.values, "", "of another program"]:
            paper = Document(kind=kind)
            assert paper.get_kind_display() == by_django(paper, "kind")
        for state in [*State.values, ""]:
            paper = Document(state=state)
            assert paper.get_state_display() == by_django(paper, "state")
        for kind in [*NoticeKind.values, "of another program"]:
            notice = Notice(kind=kind)
            assert notice.get_kind_display() == by_django(notice, "kind")
