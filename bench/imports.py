"""A whole district out of one workbook, while pages are asked for: ``python -m bench.imports``.

Each step is a process of its own on one small SQLite database, where writers wait for each other. The pages are
those of the district's officer, asked for without a pause by a second process: first alone, then while the workbook
is read, then while it is applied. Memory is the highest that any single process held, as the kernel counts it.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.book import ROOT, Measured, environment, measured, verdict

LIMIT_MEMORY = 300  # MiB, of the preview
ALONE = 6  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", type=int, default=100)
    parser.add_argument("--teachers", type=int, default=3_000)
    parser.add_argument("--courses", type=int, default=15_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cpd-bench-") as name:
        folder = Path(name)
        size = [str(wanted.schools), str(wanted.teachers), str(wanted.courses)]
        step(folder, "prepare", *size)
        alone = watched(folder, lambda: time.sleep(ALONE))
        read: list[Measured] = []
        reading = watched(folder, lambda: read.append(step(folder, "read")))
        applied: list[Measured] = []
        applying = watched(folder, lambda: applied.append(step(folder, "apply")))
        undone = step(folder, "undo")
    tell(read[0], applied[0], undone)
    print("\nPages meanwhile, ms (median, longest; ratio of the medians to alone):")
    for page, times in alone.items():
        print(f"  {page:<14} alone {shown(times)}", end="")
        for what, found in (("reading", reading), ("applying", applying)):
            ratio = statistics.median(found[page]) / statistics.median(times)
            print(f"   {what} {shown(found[page])} ×{ratio:.2f}", end="")
        print()


def tell(read: Measured, applied: Measured, undone: Measured) -> None:
    print(f"rows by table: {read.said['counts']}")
    print(f"reading and judging   {read.said['seconds']:6.1f} s  {read.most:5.0f} MiB")
    print(f"largest process, MiB  {read.most:6.0f}    {verdict(read.most, LIMIT_MEMORY)}")
    transactions, inside = applied.said["transactions"], applied.said["inside"]
    print(f"applying              {applied.said['seconds']:6.1f} s  {applied.most:5.0f} MiB")
    print(f"transactions that wrote {transactions}, the longest {inside:.1f} s")
    print(f"undoing               {undone.said['seconds']:6.1f} s  {undone.most:5.0f} MiB")


def shown(times: list[float]) -> str:
    return f"{statistics.median(times):6.1f} {max(times):7.1f}"


def step(folder: Path, name: str, *arguments: str) -> Measured:
    return measured([sys.executable, "-m", "bench.import_steps", name, *arguments], environment(folder))


def watched(folder: Path, work: Any) -> dict[str, list[float]]:
    """How long each page took, in ms, while something was done."""
    begun, stop = folder / "begun", folder / "stop"
    for sign in (begun, stop):
        sign.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.import_steps", "pages", str(begun), str(stop)]
    variables = environment(folder) | {"DEBUG": "yes"}  # no collected files are needed
    process = subprocess.Popen(  # noqa: S603 - our own steps
        command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True
    )
    while not begun.exists() and process.poll() is None:
        time.sleep(0.1)
    work()
    stop.touch()
    out, _errors = process.communicate()
    times: dict[str, list[float]] = json.loads(out.splitlines()[-1])
    return times


if __name__ == "__main__":
    main()
