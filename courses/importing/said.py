"""What a row of an import says, as columns of our own tables: the same for applying it and for undoing it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from schools.choices import NO_CATEGORY, InstitutionKind

# Column of the row → column of the table.
INSTITUTION = {name: name for name in ("code", "title_ky", "title_ru", "number", "kind")}
ASSOCIATION = {name: name for name in ("title_ky", "title_ru")}
PERSON = {
    "family_name": "family_name",
    "given_name": "given_name",
    "fathers_name": "fathers_name",
    "personal_number": "personal_number",
    "born_on": "born_on",
    "education": "education",
    "speciality": "speciality",
    "teaching_since": "teaching_since",
    "category": "category_id",
}
EMPLOYMENT = {
    "position": "position",
    "is_main": "is_main",
    "is_teaching": "is_teaching",
    "teaching_language": "teaching_language",
    "employed_from": "starts_on",
    "association": "association_id",
}
NAMES = ("family_name", "given_name", "fathers_name")
DAYS = ("born_on", "teaching_since", "employed_from")

Said = Mapping[str, Any]


def of_institution(said: Said) -> dict[str, Any]:
    return {"kind": InstitutionKind.SCHOOL} | _columns(INSTITUTION, said)


def of_association(said: Said) -> dict[str, Any]:
    return _columns(ASSOCIATION, said)


def of_person(said: Said) -> dict[str, Any]:
    return {"category_id": NO_CATEGORY} | _columns(PERSON, said)


def of_employment(said: Said) -> dict[str, Any]:
    """Without its association, which may be a row that is not there yet; the first day only where it is given."""
    own = {name: column for name, column in EMPLOYMENT.items() if name != "association"}
    return _columns(own, said)


def value_of(name: str, value: Any) -> Any:
    """A value out of a row's JSON, as our columns hold it."""
    if name in DAYS:
        return dt.date.fromisoformat(value) if value else None
    return value


def plain(value: Any) -> Any:
    """A value of our columns as JSON holds it."""
    return value.isoformat() if isinstance(value, dt.date) else value


def _columns(wanted: Mapping[str, str], said: Said) -> dict[str, Any]:
    return {column: value_of(name, said[name]) for name, column in wanted.items() if said.get(name) not in (None, "")}
