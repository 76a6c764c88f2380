"""What differs between two contents of a plan."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from plans.changes import Change, ChangeKind, FieldChange, changes, row_title


def row(uid: str, **columns: Any) -> dict[str, Any]:
    return {"uid": uid, "programme_title": f"Курс {uid}", "hours": "24", "note": ""} | columns


def content(*rows: dict[str, Any], **whole: Any) -> dict[str, Any]:
    return {"grounds": ["standard"], "grounds_text": "", "rows": list(rows)} | whole


def test_a_content_does_not_differ_from_itself():
    assert changes(content(row("a"), row("b")), content(row("a"), row("b"))) == []


def test_a_new_row_is_shown_with_what_it_holds():
    assert changes(content(row("a")), content(row("a"), row("b"))) == [
        Change(
            ChangeKind.ADDED,
            "Курс b",
            (FieldChange("programme_title", "", "Курс b"), FieldChange("hours", "", "24")),
        )
    ]


def test_a_row_taken_out_is_shown_with_what_it_held():
    assert changes(content(row("a"), row("b")), content(row("b"))) == [
        Change(
            ChangeKind.REMOVED,
            "Курс a",
            (FieldChange("programme_title", "Курс a", ""), FieldChange("hours", "24", "")),
        )
    ]


def test_a_changed_row_shows_only_what_changed_under_its_new_title():
    before, after = row("a"), row("a", programme_title="Башка курс", note="жаңы")
    assert changes(content(before), content(after)) == [
        Change(
            ChangeKind.CHANGED,
            "Башка курс",
            (FieldChange("programme_title", "Курс a", "Башка курс"), FieldChange("note", "", "жаңы")),
        )
    ]


def test_grounds_belong_to_the_plan_as_a_whole_and_stand_first():
    found = changes(content(row("a")), content(row("a", hours="36"), grounds=["own_interest"]))
    assert found == [
        Change(ChangeKind.CHANGED, "", (FieldChange("grounds", ["standard"], ["own_interest"]),)),
        Change(ChangeKind.CHANGED, "Курс a", (FieldChange("hours", "24", "36"),)),
    ]


def test_rows_in_another_order_are_told_where_nothing_else_differs():
    assert changes(content(row("a"), row("b")), content(row("b"), row("a"))) == [Change(ChangeKind.MOVED)]
    found = changes(content(row("a"), row("b")), content(row("b"), row("a", hours="36")))
    assert [change.kind for change in found] == [ChangeKind.CHANGED]


def test_nothing_and_an_empty_value_are_the_same():
    assert changes(content(row("a", note=None)), content(row("a", note=""))) == []
    assert changes(content(row("a")), content({k: v for k, v in row("a").items() if k != "note"})) == []


def test_a_row_with_another_identity_is_another_row():
    found = changes(content(row("a")), content(row("b", programme_title="Курс a")))
    assert [change.kind for change in found] == [ChangeKind.ADDED, ChangeKind.REMOVED]


def test_a_yearly_plan_has_no_grounds():
    before = {"rows": [{"uid": "a", "need": "Угуу", "learning_methods": ["practice"]}]}
    after = {"rows": [{"uid": "a", "need": "Угуу", "learning_methods": ["practice", "theory"]}]}
    assert changes(before, after) == [
        Change(
            ChangeKind.CHANGED,
            "Угуу",
            (FieldChange("learning_methods", ["practice"], ["practice", "theory"]),),
        )
    ]


def test_a_row_is_known_by_its_programme_its_need_or_its_direction():
    assert row_title({"programme_title": "Курс", "direction": "Баалоо"}) == "Курс"
    assert row_title({"programme_title": "", "direction": "Баалоо"}) == "Баалоо"
    assert row_title({"need": "Угуу"}) == "Угуу"
    assert row_title({"need": ""}) == "…"


contents = st.lists(
    st.builds(row, st.sampled_from("abcdefg"), hours=st.sampled_from(["24", "36"]), note=st.sampled_from(["", "бир"])),
    unique_by=lambda one: one["uid"],
).map(lambda rows: content(*rows))


@given(contents, contents)
def test_changes_and_nothing_but_changes_lead_from_the_one_to_the_other(before, after):
    found = changes(before, after)
    assert (found == []) == (before == after)
    turned = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    back = changes(after, before)
    assert sorted(turned.get(c.kind, c.kind) for c in found) == sorted(c.kind for c in back)


@given(contents)
def test_the_order_of_rows_alone_is_never_a_changed_row(before):
    rows = before["rows"][:]
    random.Random(1).shuffle(rows)
    assert {change.kind for change in changes(before, content(*rows))} <= {ChangeKind.MOVED}
