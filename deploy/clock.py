"""Starts the commands that a clock starts, where there is no systemd: ``python deploy/clock.py``, in a container.

One after the other, at the hours of the timers in deploy/systemd (a test holds them alike). What fell into a time when
this did not run is not made up for; ``/metrics`` tells how long ago each command ended well.
"""

import datetime as dt
import logging
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

BISHKEK = ZoneInfo("Asia/Bishkek")
MANAGE = [sys.executable, str(Path(__file__).resolve().parent.parent / "manage.py")]
SUNDAY = 6
LONGEST = 6 * 60 * 60  # seconds; a command that hangs must not keep the next night's from starting
log = logging.getLogger("cpd.clock")


@dataclass(frozen=True)
class Job:
    """A command and its hour in Bishkek; on one day of the week or of the month alone, where one is named."""

    command: str
    hour: int
    minute: int
    weekday: int | None = None  # Monday is 0
    day: int | None = None

    def next_after(self, moment: dt.datetime) -> dt.datetime:
        at = moment.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        while at <= moment or not self._is_day(at):
            at += dt.timedelta(days=1)
        return at

    def _is_day(self, at: dt.datetime) -> bool:
        return self.weekday in (None, at.weekday()) and self.day in (None, at.day)


JOBS = (
    Job("backup", 2, 0),
    Job("check_invariants", 3, 0),
    Job("verify_audit", 3, 20),
    Job("tidy", 4, 0, weekday=SUNDAY),
    Job("anonymise", 4, 30, day=1),
    Job("notify", 5, 30),
)


def ended_with(command: list[str], longest: float) -> int | None:
    """The exit code; none where the command was ended because it took longer than so many seconds."""
    try:
        return subprocess.run(command, check=False, timeout=longest).returncode  # noqa: S603  (the commands above)
    except subprocess.TimeoutExpired:
        return None


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    done_until = dt.datetime.now(BISHKEK)
    while True:
        job = min(JOBS, key=lambda one: one.next_after(done_until))
        at = job.next_after(done_until)
        log.info("Next: %s at %s", job.command, at.isoformat(timespec="minutes"))
        while (left := (at - dt.datetime.now(BISHKEK)).total_seconds()) > 0:
            time.sleep(min(left, 60))  # the clock may be set meanwhile
        ended = ended_with([*MANAGE, job.command], LONGEST)
        log.log(logging.INFO if ended == 0 else logging.CRITICAL, "%s ended with %s", job.command, ended)
        done_until = at


if __name__ == "__main__":
    main()
