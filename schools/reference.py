"""Bringing the lists of ``schools.reference_rows`` into the tables: what is there already stays as people wrote it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from cpd.text import fold
from schools import audit, reference_rows
from schools.choices import Event, Kept
from schools.models import ConsentText, District, Oblast, Position, RetentionPeriod, Subject


@transaction.atomic
def load(lists: Sequence[str] = ("places", "subjects", "positions", "privacy")) -> Counter[str]:
    """Add what is missing, and fill what is empty in rows found by code or by title; one entry in the journal.

    Tells how many rows were added and filled. Whatever stands in a row, an administrator may have meant, so it stays.
    """
    done: Counter[str] = Counter()
    for name in lists:
        done += LISTS[name]()
    if done:
        audit.note(
            Event.REFERENCE_CHANGED, by=None, what=_("Reference data loaded"), after={"lists": [*lists], **done}
        )
    return done


def _load_places() -> Counter[str]:
    done: Counter[str] = Counter()
    for row in reference_rows.OBLASTS:
        told = {"code": row.code, "title_ru": row.title_ru, "source": reference_rows.SOATE}
        oblast = _brought(Oblast, Oblast.objects.all(), [row.title_ky], told, done)
        for one in row.districts:
            told = {"code": one.code, "title_ru": one.title_ru, "source": reference_rows.SOATE}
            titles = [one.title_ky, *filter(None, [one.former])]
            known = District.objects.filter(oblast=oblast)
            _brought(District, known, titles, told, done, oblast=oblast, is_city=one.is_city)
    return done


def _load_subjects() -> Counter[str]:
    done: Counter[str] = Counter()
    for row in reference_rows.SUBJECTS:
        told = {"title_ru": row.title_ru, "source": row.source}
        _brought(Subject, Subject.objects.all(), [row.title_ky], told, done)
    return done


def _load_positions() -> Counter[str]:
    done: Counter[str] = Counter()
    for row in reference_rows.POSITIONS:
        told = {"title_ru": row.title_ru, "source": row.source}
        _brought(Position, Position.objects.all(), [row.title_ky], told, done, is_teaching=row.is_teaching)
    return done


def _load_privacy() -> Counter[str]:
    """A text on personal data where there is none, and the periods still to be fixed."""
    done: Counter[str] = Counter()
    if not ConsentText.objects.exists():
        ConsentText.objects.create(
            text_ky=reference_rows.TEXT_KY,
            text_ru=reference_rows.TEXT_RU,
            source=reference_rows.TEXT_SOURCE,
            valid_from=reference_rows.TEXT_FROM,
        )
        done["added"] += 1
    for kept in Kept:
        _row, is_new = RetentionPeriod.objects.get_or_create(kept=kept, defaults={"source": reference_rows.NOT_FIXED})
        done["added"] += is_new
    return done


LISTS: dict[str, Callable[[], Counter[str]]] = {
    "places": _load_places,
    "subjects": _load_subjects,
    "positions": _load_positions,
    "privacy": _load_privacy,
}


def _brought(
    model: Any, known: Iterable[Any], titles: Sequence[str], told: dict[str, str], done: Counter[str], **fixed: Any
) -> Any:
    """The row of a code or of a title among ``known``: made, filled where empty, or left as it is."""
    row = _found(known, told.get("code", ""), titles)
    if row is None:
        done["added"] += 1
        return model.objects.create(title_ky=titles[0], **told, **fixed)
    empty = {name: value for name, value in told.items() if value and not getattr(row, name)}
    if empty:
        done["filled"] += 1
        for name, value in empty.items():
            setattr(row, name, value)
        row.save(update_fields=list(empty))
    return row


def _found(known: Iterable[models.Model], code: str, titles: Sequence[str]) -> Any:
    rows: list[Any] = list(known)
    wanted = {fold(title) for title in titles}
    by_code = (row for row in rows if code and row.code == code)
    by_title = (row for row in rows if not (row.code and code) and fold(row.title_ky) in wanted)
    return next(by_code, None) or next(by_title, None)
