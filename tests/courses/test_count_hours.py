"""The hours rule asked from outside: one JSON document in, one answer out, without the database.

No test here may touch it: pytest-django refuses whoever tries.
"""

import contextlib
import io
import json
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from courses.choices import Flag, HoursStatus, Reason
from courses.hours_file import BadDocument, read
from courses.hours_file.question import DOCUMENT, LEAVE, PLAN, POLICY, PROVIDER, QUESTION, RECORD, TEACHER
from tests.courses.examples import EXAMPLES, JUDGED, document, picture, printed

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
WHOLE: dict[str, Any] = {
    "as_of": "2022-06-30",
    "policies": [
        {
            "code": "RULE",
            "institution_type": "school",
            "status": "in_force",
            "valid_from": "2017-06-20",
            "years": 5,
            "req_hours": 72,
            "driver": "rolling",
            "hours_per_credit": "30",
        }
    ],
    "teacher": {"institution_type": "school", "employed_from": "2010-09-01"},
    "records": [
        {
            "id": 1,
            "status": "verified",
            "end": "2021-05-14",
            "hours": 24,
            "provider_eligible": True,
            "document": {"type": "certificate", "number": "5", "date": "2021-05-14", "file": True},
        }
    ],
}


def ask(asked: Any, tmp_path: Path) -> dict[str, Any]:
    """What the command prints, its decimals exact."""
    path = tmp_path / "question.json"
    path.write_bytes(asked if isinstance(asked, bytes) else json.dumps(asked, ensure_ascii=False).encode())
    out = io.StringIO()
    call_command("count_hours", str(path), stdout=out)
    return json.loads(out.getvalue(), parse_float=Decimal)


def changed(path: str, value: Any) -> dict[str, Any]:
    """The whole document with one value changed: «records.0.hours»; ... takes it away."""
    asked = json.loads(json.dumps(WHOLE))
    place = asked
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return asked


def record(**columns: Any) -> dict[str, Any]:
    return {**WHOLE, "records": [WHOLE["records"][0] | columns]}


# --- the examples and the documentation ------------------------------------------------------------------------------


@pytest.mark.parametrize("example", JUDGED, ids=lambda example: example["no"])
def test_the_command_answers_every_worked_example_as_printed(example, tmp_path):
    answer = ask(document(example), tmp_path)
    assert picture(answer, example["expected"]) == example["expected"]


def test_the_documentation_prints_every_example_as_it_is_tested():
    rows = re.findall(r"^\| (E\d+a?) \| (.+?) \| (.+?) \| (.+?) \|$", RULES, re.MULTILINE)
    assert rows == [(one["no"], one["asked"], printed(one), one["mark"]) for one in EXAMPLES]


def test_the_answer_in_the_documentation_is_the_one_that_is_given(tmp_path):
    question, answer = re.findall(r"```json\n(.*?)```", RULES, re.DOTALL)
    given_answer = ask(question.encode(), tmp_path)
    assert given_answer.pop("rolling")["total"] == Decimal("72.5")
    assert given_answer.pop("plan")["total"] == Decimal("36.5")
    assert given_answer == json.loads(answer, parse_float=Decimal)


@pytest.mark.parametrize("name", sorted(QUESTION | POLICY | TEACHER | PLAN | LEAVE | RECORD | PROVIDER | DOCUMENT))
def test_the_documentation_names_every_field(name):
    assert re.search(rf"[`\"]{name}[`\"]", RULES)


@pytest.mark.parametrize("code", [*Reason.values, *HoursStatus.values, *Flag.values])
def test_the_documentation_explains_every_code(code):
    assert f"`{code}`" in RULES


def test_every_field_of_the_answer_is_documented(tmp_path):
    answer = ask(WHOLE, tmp_path)
    names = {*answer, *answer["records"][0], *answer["frequency" if answer["frequency"] else "rolling"]}
    part = RULES[RULES.index("### The answer") :]
    assert [name for name in sorted(names) if f"`{name}`" not in part] == []


# --- running it ------------------------------------------------------------------------------------------------------


def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "count_hours", *arguments],
        cwd=ROOT,
        input=given,
        capture_output=True,
        env=os.environ | environment,
        timeout=60,
        check=False,
    )


def test_standard_input_is_answered_without_any_database():
    nowhere = "postgres://nobody:nothing@127.0.0.1:1/none"
    done = run("-", given=json.dumps(WHOLE).encode(), DATABASE_URL=nowhere)
    assert (done.returncode, done.stderr) == (0, b"")
    answer = json.loads(done.stdout)
    assert (answer["total"], answer["status"], answer["shortfall"]) == (24, "OVERDUE", 48)


def test_a_refusal_is_one_sentence_and_an_exit_code():
    done = run("-", given=json.dumps(record(hours=-24)).encode())
    assert done.returncode == 1
    assert done.stdout == b""
    assert done.stderr.decode().strip() == (
        "CommandError: records[0].hours: must be above 0 and at most 2000, not -24."
    )


def test_the_answer_does_not_depend_on_the_terminals_letters():
    asked = json.dumps(record(id="Курс", hours="24 саат"), ensure_ascii=False).encode()
    done = run("-", given=asked, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert done.returncode == 0
    assert json.loads(done.stdout)["records"][0]["id"] == "Курс"
    refused = run("-", given=asked.replace("24 саат".encode(), "көп".encode()), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert refused.returncode == 1
    assert b"records[0].hours" in refused.stderr
    assert b"Traceback" not in refused.stderr


@pytest.mark.parametrize("name", ["missing.json", "", "nul\0byte"])
def test_a_file_that_is_not_there_is_told(name, tmp_path):
    with pytest.raises(CommandError, match=r"\.$"):
        call_command("count_hours", str(tmp_path / name) if name else str(tmp_path))


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The document is not JSON: Expecting value"),
        (b"{", "The document is not JSON: "),
        (b"\xff\xfe{}", "The document is not UTF-8 text (byte 1)."),
        ('{"as_of": "2022"'.encode("utf-16"), "The document is not UTF-8 text"),
        (b"[" * 200_000, "The document is nested too deeply."),
        (b'{"a":' * 200_000, "The document is nested too deeply."),
        (b"[]", "The document: must be an object, not []."),
        (b"7", "The document: must be an object, not 7."),
        (b"null", "The document: must be an object, not null."),
        (b'{"as_of": NaN}', "The document holds NaN, which is not a number."),
        (b'{"as_of": -Infinity}', "The document holds -Infinity, which is not a number."),
        (b'{"as_of": 1, "as_of": 2}', "The document gives “as_of” twice in one object."),
        (b'{"as_of": 1' + b"0" * 5000 + b"}", "The document holds a number that is too long: "),
        (b'{"as_of": 1e99999999999999999999}', "The document holds a number that is too long: "),
        (rb'{"as_of": "\ud800"}', "The document holds half a character"),
        (rb'{"\udfff": 1}', "The document holds half a character"),
        (b"{}", "as_of: is missing."),
    ],
)
def test_what_is_no_document_is_refused(content, sentence, tmp_path):
    with pytest.raises(CommandError) as refusal:
        ask(content, tmp_path)
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("as_of", ..., "as_of: is missing."),
        ("as_of", "30.06.2022", "as_of: must be a date written as YYYY-MM-DD, not “30.06.2022”."),
        ("as_of", "20220630", "as_of: must be a date written as YYYY-MM-DD, not “20220630”."),
        ("as_of", "2022-W26-4", "as_of: must be a date written as YYYY-MM-DD, not “2022-W26-4”."),
        ("as_of", "2022-02-30", "as_of: must be a date written as YYYY-MM-DD, not “2022-02-30”."),
        ("as_of", "0001-01-01", "as_of: must lie in the years 1950–2100, not “0001-01-01”."),
        ("as_of", 20220630, "as_of: must be a text, not 20220630."),
        ("hours", 72, "hours: is not a field known here (known: as_of, "),
        ("policies", {}, "policies: must be a list, not {}."),
        ("policies", [3], "policies[0]: must be an object, not 3."),
        ("policies.0.code", ..., "policies[0].code: is missing."),
        ("policies.0.code", "x" * 501, "policies[0].code: has 501 characters; at most 500 are taken."),
        (
            "policies.0.required_hours",
            72,
            "policies[0].required_hours: is not a field known here (known: accumulate, ",
        ),
        ("policies.0.status", "active", "policies[0].status: must be one of draft, in_force, repealed, not “active”."),
        ("policies.0.driver", None, "policies[0].driver: is missing."),
        (
            "policies.0.driver",
            "month",
            "policies[0].driver: must be one of plan, rolling, frequency, year, not “month”.",
        ),
        ("policies.0.valid_from", None, "policies[0].valid_from: is missing: a rule in force needs the day"),
        ("policies.0.valid_to", "2017-06-19", "policies[0].valid_to: 2017-06-19 is before valid_from 2017-06-20."),
        ("policies.0.years", 0, "policies[0].years: must be between 1 and 100, not 0."),
        ("policies.0.years", 5.5, "policies[0].years: must be a whole number, not "),
        ("policies.0.years", True, "policies[0].years: must be a whole number, not true."),
        ("policies.0.years", 9999, "policies[0].years: must be between 1 and 100, not 9999."),
        ("policies.0.req_hours", 0, "policies[0].req_hours: must be above 0 and at most 100000, not 0."),
        ("policies.0.req_hours", "many", "policies[0].req_hours: must be a number, not “many”."),
        ("policies.0.req_hours", 72.0001, "policies[0].req_hours: must have at most three decimal places, not "),
        ("policies.0.accumulate", 1, "policies[0].accumulate: must be true or false, not 1."),
        ("policies.0.institution", [7], "policies[0].institution: must be a whole number or a text, not [7]."),
        ("policies.0.warn_days", -1, "policies[0].warn_days: must be between 0 and 100000, not -1."),
        ("teacher", ..., "teacher: is missing."),
        ("teacher", [], "teacher: must be an object, not []."),
        ("teacher.institution_type", "kindergarten", "teacher.institution_type: must be one of school, college, univ"),
        ("teacher.name", "Айгүл", "teacher.name: is not a field known here"),
        (
            "teacher.plans",
            [{"start": "2023-08-31", "end": "2018-09-01"}],
            "teacher.plans[0].end: 2018-09-01 is before",
        ),
        ("teacher.plans", [{"start": "2018-09-01"}], "teacher.plans[0].end: is missing."),
        ("records", ..., "records: is missing."),
        ("records", ["R1"], "records[0]: must be an object, not “R1”."),
        ("records.0.id", ..., "records[0].id: is missing."),
        ("records.0.id", True, "records[0].id: must be a whole number or a text, not true."),
        ("records.0.id", "", "records[0].id: must be a whole number or a text, not “”."),
        ("records.0.status", ..., "records[0].status: is missing."),
        (
            "records.0.status",
            "approved",
            "records[0].status: must be one of draft, submitted, verified, returned, rej",
        ),
        ("records.0.kind", "module", "records[0].kind: must be one of course, internship, "),
        ("records.0.hours", 0, "records[0].hours: must be above 0 and at most 2000, not 0."),
        ("records.0.hours", "-24", "records[0].hours: must be above 0 and at most 2000, not -24."),
        ("records.0.hours", 2000.1, "records[0].hours: must be above 0 and at most 2000, not "),
        ("records.0.hours", "NaN", "records[0].hours: “NaN” cannot be read as hours (not_a_number)."),
        ("records.0.hours", True, "records[0].hours: must be a number, not true."),
        ("records.0.hours", [24], "records[0].hours: must be a number, not [24]."),
        ("records.0.hours", "көп саат", "records[0].hours: “көп саат” cannot be read as hours (not_a_number)."),
        ("records.0.start", "2021-05-15", "records[0].end: 2021-05-14 is before start 2021-05-15."),
        ("records.0.end", "1949-12-31", "records[0].end: must lie in the years 1950–2100, not “1949-12-31”."),
        ("records.0.date_text", "Август 2020", "records[0].end: stands beside date_text; one of them is enough."),
        (
            "records.0.provider",
            {"eligible_from": "2020-01-01"},
            "records[0].provider_eligible: stands beside the days",
        ),
        ("records.0.provider", {"licence": "5"}, "records[0].provider.licence: is not a field known here"),
        ("records.0.document.type", "passport", "records[0].document.type: must be one of certificate_upgrade, "),
        ("records.0.document.date", "2021", "records[0].document.date: must be a date written as YYYY-MM-DD"),
        ("records.0.document.file", 1, "records[0].document.file: must be true or false, not 1."),
        ("records.0.document", "A-5", "records[0].document: must be an object, not “A-5”."),
        ("record_defaults", {"id": 5}, "record_defaults.id: is not a field known here"),
        ("confirmed_pairs", [[1, 2]], "confirmed_pairs[0]: 2 is the id of no record."),
        ("confirmed_pairs", [[1, 1]], "confirmed_pairs[0]: names one record twice."),
        ("confirmed_pairs", [[1]], "confirmed_pairs[0]: must be a list of two record ids, not [1]."),
        ("confirmed_pairs", [[True, 1]], "confirmed_pairs[0]: must be a list of two record ids, not [true, 1]."),
        ("confirmed_pairs", [[[1], [2]]], "confirmed_pairs[0]: must be a list of two record ids, not [[1], [2]]."),
    ],
)
def test_each_wrong_value_is_refused_with_its_place(path, value, sentence, tmp_path):
    with pytest.raises(CommandError) as refusal:
        ask(changed(path, value), tmp_path)
    assert str(refusal.value).startswith(sentence)
    assert str(refusal.value).endswith(".")


def numbered(number: int, document_number: str, **columns: Any) -> dict[str, Any]:
    """The whole document's record by another id and document number, online so that days do not matter."""
    one = WHOLE["records"][0]
    return one | {"id": number, "mode": "online", "document": one["document"] | {"number": document_number}} | columns


def refused(asked: dict[str, Any]) -> str:
    with pytest.raises(BadDocument) as refusal:
        read(json.dumps(asked).encode())
    return str(refusal.value)


def test_ids_are_unique_and_alike():
    one = WHOLE["records"][0]
    assert refused({**WHOLE, "records": [one, one]}) == "records[1].id: 1 is also the id of records[0]."
    mixed = {**WHOLE, "records": [one, one | {"id": "1"}]}
    assert refused(mixed) == "records[1].id: ids are all whole numbers or all texts, not “1”."


def test_two_equal_rules_are_refused_and_unequal_ones_are_not():
    rule = WHOLE["policies"][0]
    twice = {**WHOLE, "policies": [rule, rule | {"code": "OTHER", "req_hours": 36}]}
    assert refused(twice) == "policies[1].valid_from: policies[0] binds the same people from the same day."
    for difference in ({"status": "draft"}, {"valid_from": "2017-06-21"}, {"institution": 7}, {"staff_group": "a"}):
        assert len(read(json.dumps({**WHOLE, "policies": [rule, rule | difference]}).encode()).policies) == 2


def test_dates_and_hours_as_written_are_refused_where_they_cannot_be_read():
    written = record(end=None, date_text="12-23")
    assert refused(written) == "records[0].date_text: “12-23” cannot be read as a date (no_month)."
    contradiction = record(hours="4 сутка", unit="hour")
    assert refused(contradiction) == "records[0].unit: “hour” contradicts hours “4 сутка” (read as day_night)."
    assert refused(record(end=None, start="2021-05-14")) == "records[0].end: is missing: the end owns a record."
    late_right = record(provider_eligible=None, provider={"eligible_from": "2020-01-02", "eligible_to": "2020-01-01"})
    assert refused(late_right) == "records[0].provider.eligible_to: 2020-01-01 is before eligible_from 2020-01-02."
    endless = record(provider_eligible=None, provider={"eligible_to": "2020-01-01"})
    assert refused(endless).startswith("records[0].provider.eligible_from: is missing")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
PLACES = ["as_of", "policies", "teacher", "records", "record_defaults", "confirmed_pairs"]
PLACES += [f"policies.0.{name}" for name in sorted(POLICY)] + [f"teacher.{name}" for name in sorted(TEACHER)]
PLACES += [f"records.0.{name}" for name in sorted(RECORD)] + [f"record_defaults.{name}" for name in sorted(RECORD)]


@given(st.sampled_from(PLACES), JSON)
def test_whatever_stands_anywhere_is_read_or_refused_and_nothing_else(path, value):
    with contextlib.suppress(BadDocument):
        read(json.dumps(changed(path, value)).encode())


# --- what a document may leave out or say in another way -------------------------------------------------------------


def first(asked: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    return ask(asked, tmp_path)["records"][0]


def test_what_decides_for_the_teacher_is_never_assumed(tmp_path):
    assert first(record(document=None), tmp_path)["reason"] == "no_document"
    assert first(record(provider_eligible=None), tmp_path)["reason"] == "provider_not_eligible"
    assert first(record(end=None), tmp_path)["reason"] == "date_uncertain"
    assert first(record(hours=None), tmp_path)["reason"] == "hours_unknown"


def test_a_record_has_the_common_fields_it_has_none_of_its_own_for(tmp_path):
    common = {"status": "verified", "provider_eligible": True, "document": {"type": "certificate", "file": "a.jpg"}}
    rows = [
        {"id": 1, "end": "2021-05-14", "hours": 24, "document": {"number": "1", "date": "2021-05-14"}},
        {"id": 2, "end": "2021-06-14", "hours": 24, "document": None},
        {"id": 3, "end": "2021-07-14", "hours": 24, "status": "submitted"},
    ]
    answer = ask({**WHOLE, "record_defaults": common, "records": rows}, tmp_path)
    assert [row["reason"] for row in answer["records"]] == ["counted", "no_document", "not_verified"]


@pytest.mark.parametrize(
    ("given_hours", "unit", "counted"),
    [
        (24, None, "24"),
        (71.95, None, "71.95"),
        ("72,5", None, "72.5"),
        ("24 саат", None, "24"),
        ("24", "day", "0"),
        ("2 кредит", None, "60"),
        (1.5, "credit", "45"),
        ("4 сутка", "day_night", "0"),
    ],
)
def test_hours_are_numbers_or_texts_as_written(given_hours, unit, counted, tmp_path):
    row = first(record(hours=given_hours, unit=unit), tmp_path)
    assert row["counted_hours"] == Decimal(counted)


def test_hours_approved_by_a_verifier_count(tmp_path):
    row = first(record(hours="4 сутка", approved_hours=32, approved_hours_reason="күбөлүктө"), tmp_path)
    assert (row["counted_hours"], row["hours"]) == (32, 32)


def test_tenths_are_added_up_exactly(tmp_path):
    rows = [numbered(number, str(number), hours=7.2, end=f"2021-05-{number:02}") for number in range(1, 11)]
    answer = ask({**WHOLE, "records": rows}, tmp_path)
    assert (answer["total"], answer["status"], answer["percent"]) == (72, "MET", 100)
    answer = ask({**WHOLE, "records": rows[1:]}, tmp_path)
    assert (answer["total"], answer["shortfall"], answer["percent"]) == (Decimal("64.8"), Decimal("7.2"), 90)


@pytest.mark.parametrize(
    ("columns", "start", "end", "precision"),
    [
        ({}, "2021-05-14", "2021-05-14", "day"),
        ({"start": "2021-05-10"}, "2021-05-10", "2021-05-14", "day"),
        ({"precision": "month"}, "2021-05-01", "2021-05-31", "month"),
        ({"start": "2021-01-15", "end": "2021-02-03", "precision": "month"}, "2021-01-01", "2021-02-28", "month"),
        ({"precision": "year"}, "2021-01-01", "2021-12-31", "year"),
        ({"end": None, "date_text": "Август 2020-жыл"}, "2020-08-01", "2020-08-31", "month"),
        ({"end": None, "date_text": "12-23-июль 2021"}, "2021-07-12", "2021-07-23", "day"),
        ({"end": None}, None, None, "day"),
        ({"end": None, "date_text": "  "}, None, None, "day"),
    ],
)
def test_dates_are_given_exactly_or_as_written(columns, start, end, precision, tmp_path):
    row = first(record(**columns), tmp_path)
    assert (row["start"], row["end"], row["precision"]) == (start, end, precision)


@pytest.mark.parametrize(
    ("provider", "reason"),
    [
        ({"name": "Институт", "eligible_from": "2021-05-14", "basis": "licence"}, "counted"),
        ({"name": "Институт", "eligible_from": "2021-05-15"}, "provider_not_eligible"),
        ({"name": "Институт", "eligible_from": "2020-01-01", "eligible_to": "2021-05-13"}, "provider_not_eligible"),
        ({"name": "Институт"}, "provider_not_eligible"),
        ("Институт", "provider_not_eligible"),
    ],
)
def test_a_provider_has_its_right_on_its_days(provider, reason, tmp_path):
    assert first(record(provider=provider, provider_eligible=None), tmp_path)["reason"] == reason


def test_one_document_of_one_provider_counts_once_however_it_is_written(tmp_path):
    rows = [
        numbered(1, "№ A-5", provider="Институт"),
        numbered(2, "а-5", provider="  ИНСТИТУТ "),
        numbered(3, "A-5", provider="Борбор"),
        numbered(4, "б/н", provider="Борбор"),
        numbered(5, "б/н", provider="Борбор"),
    ]
    answer = ask({**WHOLE, "records": rows}, tmp_path)
    assert [(row["reason"], row["rival"]) for row in answer["records"]] == [
        ("counted", None),
        ("duplicate_document", 1),
        ("counted", None),
        ("counted", None),
        ("counted", None),
    ]


def test_a_plan_not_approved_rules_nothing(tmp_path):
    by_plan = changed("policies.0.driver", "plan")
    plan = {"start": "2018-09-01", "end": "2023-08-31"}
    by_plan["teacher"]["plans"] = [plan | {"approved": False}]
    assert (ask(by_plan, tmp_path)["driver"], ask(by_plan, tmp_path)["plan"]) == ("rolling", None)
    by_plan["teacher"]["plans"] = [plan]
    assert ask(by_plan, tmp_path)["window"] == plan


def test_without_a_rule_the_total_is_still_told(tmp_path):
    answer = ask({**WHOLE, "policies": []}, tmp_path)
    assert (answer["total"], answer["status"], answer["policy"], answer["window"]) == (24, "NO_RULE", None, None)
    assert (answer["rolling"], answer["plan"], answer["frequency"], answer["due"]) == (None, None, None, None)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert ask(b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(), tmp_path)["total"] == 24
