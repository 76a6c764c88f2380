"""R12: half the load for a long time: nothing grows. SOAK_MINUTES says for how long; three minutes show the slope."""

import os
import time
from pathlib import Path

from tests.drills.machines import Site
from tests.drills.people import settle
from tests.drills.writers import writing

MINUTES = float(os.environ.get("SOAK_MINUTES", "3"))
MOST_GROWTH = 1.10  # of the memory; trust R12
REST = 0.5  # seconds between two things that one person does


def memory(site: Site) -> int:
    """Kilobytes that all processes of the server hold."""
    rows = (Path(f"/proc/{pid}/status").read_text().splitlines() for pid in site.processes())
    return sum(int(line.split()[1]) for lines in rows for line in lines if line.startswith("VmRSS:"))


def handles(site: Site) -> int:
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in site.processes())


def test_nothing_grows(site, figure, only_postgresql):
    place = settle(schools=2, teachers=2)
    temporary = site.folder / "tmp"
    temporary.mkdir()
    site.environment["TMPDIR"] = str(temporary)
    site.serve()
    worker = site.worker()
    with writing(site, place.schools, each=2, rest=REST) as told:
        time.sleep(20 * MINUTES)  # a third of the time: what is loaded once is loaded
        before = memory(site), handles(site), len(list(temporary.iterdir()))
        time.sleep(40 * MINUTES)
        after = memory(site), handles(site), len(list(temporary.iterdir()))
    worker.terminate()
    worker.wait(30)
    loud = site.loud_lines()
    growth = after[0] / before[0]
    figure(
        f"{MINUTES:g} minutes, {told.statuses.total()} requests: memory {before[0] >> 10} → {after[0] >> 10} MB "
        f"({growth - 1:+.1%}), handles {before[1]} → {after[1]}, temporary files {before[2]} → {after[2]}, "
        f"{len(loud)} lines of errors"
    )
    assert growth < MOST_GROWTH
    assert after[1] <= before[1] + 8  # one request more or less under way
    assert after[2] <= before[2] + 2
    assert (loud, told.odd, told.lost()) == ([], [], [])
