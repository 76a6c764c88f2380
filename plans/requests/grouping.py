"""Putting needs into the rows of a request: one row for each topic, subject and language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from plans.models import LearningNeed, NeedsRequest, RequestRow
from plans.needs.topics import titles_for

Place = tuple[str, int | None, str]  # topic, subject, language
WISHES: dict[str, Any] = {"block": "", "quarter": None, "study_form": "", "hours": None, "note": ""}  # nothing wished
NAMED_BY_NEEDS = ("study_form", "quarter")


@dataclass(frozen=True)
class Differing:
    """A column in which rows that became one wished differently: it stays empty, for a person to decide."""

    title: str
    column: str
    values: tuple[Any, ...]


def not_in(request: NeedsRequest) -> QuerySet[LearningNeed]:
    """What present staff passed on for its school year, and it does not count."""
    return (
        LearningNeed.objects.passed_on()
        .of_present_staff()
        .filter(employment__institution=request.institution_id, school_year=request.school_year)
        .exclude(Q(row__isnull=False) & Q(row__request=request.pk))
    )


def leave_out_former_staff(request: NeedsRequest) -> int:
    """Count nobody who no longer works at the school; how many needs were left out."""
    return counted_of_former_staff(request).update(row=None)


def counted_of_former_staff(request: NeedsRequest) -> QuerySet[LearningNeed]:
    """Needs in the rows of whoever no longer works at the school."""
    return LearningNeed.objects.of_former_staff().filter(row__request=request.pk)


def put_in(request: NeedsRequest, needs: Sequence[LearningNeed]) -> int:
    """Count the needs in the rows of their topics, which are made where there are none; how many were put in.

    Those only that are live and stand in no row as this is done: they are held until the end, so that nobody takes one
    back in between. A new row takes over the study form and the quarter that all who named one wish.
    """
    needs = list(_free(needs))
    rows = _rows(request)
    by_place: dict[Place, list[LearningNeed]] = defaultdict(list)
    titles: dict[Place, str] = {}
    for need, (key, title) in zip(needs, _read(request, needs), strict=True):
        place = (key, need.subject_id, need.language)
        by_place[place].append(need)
        titles[place] = title or Counter(one.title for one in by_place[place]).most_common(1)[0][0]
    missing = [place for place in by_place if place not in rows]
    made = [_row(request, titles[place], place, by_place[place]) for place in missing]
    RequestRow.objects.bulk_create(made)
    rows |= dict(zip(missing, made, strict=True))
    for place, members in by_place.items():
        for need in members:
            need.row = rows[place]
    LearningNeed.objects.bulk_update(needs, ["row"])
    return len(needs)


def regroup(request: NeedsRequest) -> list[Differing]:
    """Let every need stand in the row of what its topic is called now, after topics were merged or parted.

    A row whose topic is called otherwise now is called so, or joins the row that is: what is wished in one of them is
    wished of both, and where they differ nothing is, which is told. A topic that parts from a row that stays wishes
    what its needs do, as in any new row; what nobody but they had named goes from the row with them.
    """
    rows = _rows(request)
    stood = {row.pk: row for row in rows.values()}
    needs = list(LearningNeed.objects.live().filter(row__request=request.pk).order_by("pk"))
    by_place: dict[Place, list[LearningNeed]] = defaultdict(list)
    titles: dict[Place, str] = {}
    for need, (key, title) in zip(needs, _read(request, needs), strict=True):
        place = (key, need.subject_id, need.language)
        by_place[place].append(need)
        titles[place] = title or by_place[place][0].title
    free = {row.pk for place, row in rows.items() if place not in by_place}  # nobody needs what they are called
    left = {need.row_id for need in needs if need.row_id is not None}
    targets: dict[Place, RequestRow] = {}
    stood_in: dict[Place, list[RequestRow]] = {}
    for place, members in by_place.items():
        sources = [stood[pk] for pk, _count in Counter(need.row_id for need in members).most_common() if pk]
        target = rows.get(place) or next((row for row in sources if row.pk in free), None)
        if target is None:
            target = _row(request, titles[place], place, members)
        free.discard(target.pk)
        left.discard(target.pk)
        target.title = titles[place]
        targets[place], stood_in[place] = target, sources
    differing: list[Differing] = []
    for place, members in by_place.items():
        target = targets[place]
        differing += _join(target, [row for row in stood_in[place] if row.pk in left])
        gone = [need for need in needs if need.row_id == target.pk and need not in members] if target.pk else []
        _let_go(target, gone, members)
    for place, members in by_place.items():
        targets[place].save()
        for need in members:
            need.row = targets[place]
    LearningNeed.objects.bulk_update(needs, ["row"])
    RequestRow.objects.filter(pk__in=left).delete()
    return differing


def _join(target: RequestRow, others: Sequence[RequestRow]) -> list[Differing]:
    """What is wished in rows of which ``target`` alone stays; what they did not agree in."""
    differing = []
    for name in WISHES if others else ():
        wished = list(dict.fromkeys(value for row in (target, *others) if (value := getattr(row, name))))
        if len(wished) == 1:
            setattr(target, name, wished[0])
        elif wished:
            setattr(target, name, WISHES[name])
            differing.append(Differing(target.title, name, tuple(wished)))
    return differing


def _let_go(row: RequestRow, gone: Sequence[LearningNeed], left: Sequence[LearningNeed]) -> None:
    """What only the needs that parted had named is theirs; what all who are left name is wished again."""
    for name in NAMED_BY_NEEDS if gone else ():
        value = getattr(row, name)
        if value and value in _named(gone, name) and value not in _named(left, name):
            setattr(row, name, WISHES[name])
        if not getattr(row, name):
            setattr(row, name, _agreed(left, name))


def _named(needs: Iterable[LearningNeed], name: str) -> set[Any]:
    return {getattr(need, name) for need in needs} - {"", None}


def _agreed(needs: Iterable[LearningNeed], name: str) -> Any:
    """What all of them who named something wish; the column's empty value where they differ."""
    named = _named(needs, name)
    return named.pop() if len(named) == 1 else WISHES[name]


def _free(needs: Iterable[LearningNeed]) -> QuerySet[LearningNeed]:
    """Those of the needs that can be put into a row, as they stand; nobody else writes them until the end."""
    free = LearningNeed.objects.passed_on().filter(pk__in=[need.pk for need in needs], row=None)
    return free.order_by("pk").select_for_update()


def _rows(request: NeedsRequest) -> dict[Place, RequestRow]:
    return {(row.title_key, row.subject_id, row.language): row for row in request.rows.select_related("request")}


def _read(request: NeedsRequest, needs: Iterable[LearningNeed]) -> list[tuple[str, str]]:
    """The key of each need's topic at the school, and its title; the title is empty where nobody gave it another."""
    keys = [need.title_key for need in needs]
    meant = titles_for(request.institution, keys)
    return [meant.get(key, (key, "")) for key in keys]


def _row(request: NeedsRequest, title: str, place: Place, needs: Sequence[LearningNeed]) -> RequestRow:
    _key, subject, language = place
    wishes = {name: _agreed(needs, name) for name in NAMED_BY_NEEDS}
    return RequestRow(request=request, title=title, subject_id=subject, language=language, **wishes)
