"""Notices in words: each app brings the sentences of what it tells."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schools.choices import NoticeKind
from schools.models import Notice, User
from schools.notices import sources


@dataclass(frozen=True)
class Line:
    """One notice as the inbox shows it. ``detail`` stands there only while it is the reader's to look after."""

    notice: Notice
    sentence: str
    detail: str = ""
    is_settled: bool = False


def lines(notices: Sequence[Notice], user: User) -> list[Line]:
    """The notices in the language in use; one query for each word under which something may wait."""
    waiting = _waiting(notices, user)
    return [
        Line(
            notice,
            sentence(notice),
            detail=waiting.get(notice.key, ""),
            is_settled=notice.kind == NoticeKind.WAITING and notice.key not in waiting,
        )
        for notice in notices
    ]


def sentence(notice: Notice) -> str:
    """What the notice says; one of a former program, whose words are gone, says what kind of notice it is."""
    for app in sources():
        if words := app.words.get(notice.facts.get("what", "")):
            return words(notice.facts)
    return notice.get_kind_display()


def counted(notices: Iterable[Notice]) -> list[tuple[str, int]]:
    """Kinds with how many there are of each, as an e-mail names them: others may read it, so no more than that."""
    counts = dict.fromkeys(NoticeKind, 0)
    for notice in notices:
        counts[NoticeKind(notice.kind)] += 1
    return [(str(kind.label), count) for kind, count in counts.items() if count]


def _waiting(notices: Iterable[Notice], user: User) -> dict[str, str]:
    keys: dict[str, set[str]] = defaultdict(set)
    for notice in notices:
        if notice.kind in (NoticeKind.WAITING, NoticeKind.MENTORING):
            keys[notice.key.split("-")[0]].add(notice.key)
    found: dict[str, str] = {}
    for app in sources():
        for word in app.waiting.keys() & keys.keys():
            found |= app.waiting[word](user, keys[word])
    return found
