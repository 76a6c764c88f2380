"""Putting needs into the rows of a request: one row for each topic, subject and language."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from plans.models import LearningNeed, NeedsRequest, RequestRow
from plans.needs.topics import titles_for

Place = tuple[str, int | None, str]  # topic, subject, language
WISHES = ("block", "quarter", "study_form", "hours", "note")


def not_in(request: NeedsRequest) -> QuerySet[LearningNeed]:
    """What was passed on for its school year and is not counted by it."""
    return (
        LearningNeed.objects.passed_on()
        .filter(employment__institution=request.institution_id, school_year=request.school_year)
        .exclude(Q(row__isnull=False) & Q(row__request=request.pk))
    )


def put_in(request: NeedsRequest, needs: Sequence[LearningNeed]) -> int:
    """Count the needs in the rows of their topics, which are made where there are none; how many were put in.

    A new row takes over the study form and the quarter that all who named one wish.
    """
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


def regroup(request: NeedsRequest) -> None:
    """Let every need stand in the row of what its topic is called now, after topics were merged or parted.

    A row whose topic is called otherwise now is called so, or joins the row that is; what was typed into it fills what
    is empty there.
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
    for place, members in by_place.items():
        sources = [stood[pk] for pk, _count in Counter(need.row_id for need in members).most_common() if pk]
        target = rows.get(place) or next((row for row in sources if row.pk in free), None)
        if target is None:
            _key, subject, language = place
            target = RequestRow(request=request, title=titles[place], subject_id=subject, language=language)
        free.discard(target.pk)
        left.discard(target.pk)
        target.title = titles[place]
        for source in sources:
            _fill(target, source)
        target.save()
        for need in members:
            need.row = target
    LearningNeed.objects.bulk_update(needs, ["row"])
    RequestRow.objects.filter(pk__in=left).delete()


def _fill(target: RequestRow, source: RequestRow) -> None:
    """What was typed into one row stands in the other too, where nothing is typed there."""
    for name in WISHES:
        if not getattr(target, name):
            setattr(target, name, getattr(source, name))


def _rows(request: NeedsRequest) -> dict[Place, RequestRow]:
    return {(row.title_key, row.subject_id, row.language): row for row in request.rows.select_related("request")}


def _read(request: NeedsRequest, needs: Iterable[LearningNeed]) -> list[tuple[str, str]]:
    """The key of each need's topic at the school, and its title; the title is empty where nobody gave it another."""
    keys = [need.title_key for need in needs]
    meant = titles_for(request.institution, keys)
    return [meant.get(key, (key, "")) for key in keys]


def _row(request: NeedsRequest, title: str, place: Place, needs: Sequence[LearningNeed]) -> RequestRow:
    _key, subject, language = place
    wishes: dict[str, Any] = {}
    for name in ("study_form", "quarter"):
        named = {getattr(need, name) for need in needs} - {"", None}
        if len(named) == 1:
            wishes[name] = named.pop()
    return RequestRow(request=request, title=title, subject_id=subject, language=language, **wishes)
