"""The worked examples of the hours rule as documents for ``manage.py count_hours``."""

import json
from pathlib import Path
from typing import Any

VECTORS = json.loads((Path(__file__).parent / "vectors" / "examples.json").read_text(encoding="utf-8"))
EXAMPLES: list[dict[str, Any]] = VECTORS["examples"]
JUDGED = [example for example in EXAMPLES if "expected" in example]
DEADLINES = [example for example in EXAMPLES if "deadlines" in example]


def document(example: dict[str, Any]) -> dict[str, Any]:
    """The whole document an example stands for: its own fields over the common ones."""
    common = VECTORS["common"]
    policies = [VECTORS["policies"][name] | example.get("change", {}) for name in example.get("policies", ["SCHOOL"])]
    teacher = common["teacher"] | {"institution_type": policies[0]["institution_type"]}
    teacher |= {name: example[name] for name in ("plans", "employed_from", "leaves") if name in example}
    rows = VECTORS["real_rows"] if example["records"] == "real_rows" else example["records"]
    each = example.get("each", {})
    return {
        "as_of": example.get("as_of", common["as_of"]),
        "policies": policies,
        "teacher": teacher,
        "record_defaults": common["record_defaults"] | example.get("all", {}),
        "records": [row | each.get(row["id"], {}) for row in rows],
        "confirmed_pairs": example.get("confirmed_pairs", []),
    }


def picture(answer: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What the answer says about all that an example expects, in the example's own shape."""
    rows = {str(row["id"]): row for row in answer["records"]}
    seen: dict[str, Any] = {}
    for name, value in expected.items():
        if name in COLUMNS:
            seen[name] = {row: rows[row][COLUMNS[name]] for row in value}
        elif name == "frequency":
            seen[name] = {part: answer[name][part] for part in value}
        elif name == "rolling_total":
            seen[name] = answer["rolling"]["total"]
        elif name == "plan_again_on":
            seen[name] = answer["frequency"]["plan_again_on"]
        else:
            seen[name] = answer[name]
    return seen


COLUMNS = {"hours": "counted_hours", "reasons": "reason", "sizes": "size"}


def printed(example: dict[str, Any]) -> str:
    """What an example expects, as the table of ``docs/rules.md`` prints it."""
    if "deadlines" in example:
        return " / ".join(case[-1] for cases in example["deadlines"].values() for case in cases)
    expected = example["expected"]
    if "hours" in expected and "reasons" in expected:
        why = {row: f" ({reason})" if reason != "counted" else "" for row, reason in expected["reasons"].items()}
        return ", ".join(f"{row} {hours}{why[row]}" for row, hours in expected["hours"].items())
    if "sizes" in expected:
        return ", ".join(expected["sizes"].values())
    parts = []
    if "total" in expected:
        parts.append(f"{expected['total']} h")
    parts += [expected["status"]] if "status" in expected else []
    parts += [f"due {expected['due']}"] if expected.get("due") else []
    parts += [reason for reason in sorted(set(expected.get("reasons", {}).values())) if reason != "counted"]
    if "frequency" in expected and expected["frequency"].get("due") != expected.get("due"):
        parts.append(f"frequency {expected['frequency']['status']}, due {expected['frequency']['due']}")
    return " · ".join(parts)
