"""Scripts and styles ask for nothing that a phone of 2020 lacks: Chrome 86, Firefox 78, Safari 16 (see CONTRIBUTING).

An older one gets the page without scripts: no script may begin and then break off in the middle of its work.
"""

import re
from pathlib import Path

from cpd.settings import ROOT

SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
GUARD = "if (!document.body.replaceChildren || !HTMLFormElement.prototype.requestSubmit) return;"
# What Chrome 80 to 86, Firefox 75 to 78 or Safari 16 brought: to be used behind the guard only.
NEEDS_GUARD = re.compile(r"\?\.|\?\?|\.replaceAll\(|\.replaceChildren\(|\.requestSubmit\(|\.submitter\b|\|\|=|&&=")
# What came later in one of the three, with Chrome's number.
TOO_NEW = {
    r"\.at\(-?\d": 92,
    r"structuredClone": 98,
    r"Object\.(hasOwn|groupBy)": 93,
    r"crypto\.randomUUID": 92,
    r"\.(findLast|findLastIndex)\(": 97,
    r"\.(toSorted|toReversed|toSpliced|with)\(": 110,
    r"AbortSignal\.(timeout|any)": 103,
    r"\.showPicker\(": 99,
    r"\.(inert|popover)\b|showPopover": 102,
    r"checkVisibility": 105,
    r"scheduler\.": 94,
    r"navigation\.": 102,
    r"static \{|#\w+ in ": 94,
    r"[\"'`(,].*:has\(.*[\"'`]": 105,  # in a selector that a script asks for it is a mistake that throws
}
TOO_NEW_STYLE = {
    r"@(layer|container|scope|starting-style)\b": 99,
    r"(^|[;{]\s*)(inset|aspect-ratio|translate|rotate|scale|text-wrap)\s*:": 87,
    r"\d(dvh|svh|lvh|cqw|cqi)\b": 105,
    r"color-mix\(|oklch\(|light-dark\(": 111,
    r"^\s*&": 112,
    r":where\(|:is\(": 88,
}


def too_new(path: Path, patterns: dict[str, int]) -> list[str]:
    text = path.read_text()
    return [f"{path.name}: {found[0]}" for one in patterns for found in re.finditer(one, text, re.MULTILINE)]


def test_no_script_asks_for_what_phones_of_2020_lack() -> None:
    assert SCRIPTS
    assert [found for path in SCRIPTS for found in too_new(path, TOO_NEW)] == []


def test_a_script_that_needs_a_phone_of_2020_does_not_begin_on_an_older_one() -> None:
    needing = {path.name for path in SCRIPTS if NEEDS_GUARD.search(path.read_text().replace(GUARD, ""))}
    guarded = {path.name for path in SCRIPTS if GUARD in path.read_text()}
    assert needing - guarded == set()
    assert "plan-edit.js" in needing


def test_no_style_asks_for_what_phones_of_2020_lack() -> None:
    assert STYLES
    assert [found for path in STYLES for found in too_new(path, TOO_NEW_STYLE)] == []


def test_has_stands_alone_so_that_an_older_browser_skips_only_it() -> None:
    """One selector that a browser does not know takes the whole list with it."""
    for path in STYLES:
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
        for selectors in re.findall(r"(?:^|[{}])([^{}@]+)\{", text):
            apart = re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "", selectors)
            assert not (":has" in apart and "," in apart), f"{path.name}: {selectors.strip()}"


def test_the_watch_over_scripts_has_teeth(tmp_path: Path) -> None:
    late = tmp_path / "late.js"
    late.write_text("const last = rows.at(-1);\nconst copy = structuredClone(last);\n")
    assert too_new(late, TOO_NEW) == ["late.js: .at(-1", "late.js: structuredClone"]
    bare = tmp_path / "late.css"
    bare.write_text(".bar { inset: 0; }\n")
    assert len(too_new(bare, TOO_NEW_STYLE)) == 1
