"""A district's book beside what one process would need for it: ``python -m bench.book`` or ``make bench-book``.

Each step runs in processes of its own, on a copy of one small SQLite database of drawn schools, in turns; the figures
are medians. Memory is the highest that any single process held, as the kernel counts it. «One process» lays out the
same pages as one HTML document, without the page numbers in the contents, which would cost it a second layout.
"""

import argparse
import json
import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIMIT_TIME, LIMIT_AGAIN, LIMIT_MEMORY = 0.45, 1 / 20, 200
MIB = 1 << 10  # /proc counts in KiB
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Measured:
    """What a step printed, and what it took: seconds by the clock and of processors, MiB of the largest process."""

    said: dict[str, Any]
    seconds: float
    cpu: float
    memory: list[float]

    @property
    def most(self) -> float:
        return self.memory[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", type=int, default=100)
    parser.add_argument("--rows", type=int, default=30)
    parser.add_argument("--runs", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="cpd-bench-") as name:
        folder = Path(name)
        sizes = sorted({wanted.schools // 2, wanted.schools, wanted.schools * 2})
        for size in sizes:
            prepare(folder, size, wanted.rows)
        print(f"{wanted.schools} schools with {wanted.rows} rows each, {len(os.sched_getaffinity(0))} processors\n")
        ones, books, sheets = [], [], []
        for _ in range(wanted.runs):
            ones.append(step(folder, "one_process", wanted.schools))
            books.append(step(folder, "book", wanted.schools))
            sheets.append(libre_office(folder, wanted.schools))
        tell(ones, books, [sheet for sheet in sheets if sheet])
        print("\nMemory by the number of schools, MiB of the largest processes:")
        for size in sizes:
            memory = books[0].memory if size == wanted.schools else step(folder, "book", size).memory
            print(f"  {size:>4} schools: {', '.join(f'{mib:.0f}' for mib in memory[:4])}")


def tell(ones: list[Measured], books: list[Measured], sheets: list[Measured]) -> None:
    one, first, again = (
        statistics.median(each.said[key] for each in runs)
        for runs, key in ((ones, "seconds"), (books, "first"), (books, "again"))
    )
    ratio = statistics.median(b.said["first"] / o.said["seconds"] for o, b in zip(ones, books, strict=True))
    share = statistics.median(book.said["again"] / book.said["first"] for book in books)
    most = max(book.most for book in books)
    print(
        f"one process        {one:7.1f} s  {max(each.most for each in ones):5.0f} MiB  {ones[0].said['pages']} pages"
    )
    print(f"the book           {first:7.1f} s  {most:5.0f} MiB  {books[0].said['pages']} pages")
    print(f"the book again     {again:7.2f} s  after one school sent another version")
    print(f"ratio to one process            {ratio:.3f}   {verdict(ratio, LIMIT_TIME)}")
    cpu = statistics.median(b.cpu / o.cpu for o, b in zip(ones, books, strict=True))
    print(f"processor time, both books      {cpu:.3f}   of one process's")
    print(f"ratio of the second book        {share:.3f}   {verdict(share, LIMIT_AGAIN)}")
    print(f"largest process, MiB            {most:5.0f}   {verdict(most, LIMIT_MEMORY)}")
    if sheets:
        seconds = statistics.median(sheet.seconds for sheet in sheets)
        print(f"LibreOffice, same rows {seconds:7.1f} s  {max(sheet.most for sheet in sheets):5.0f} MiB")
        print(f"the book to LibreOffice         {first / seconds:.2f}")
    else:
        print("LibreOffice is not installed: bin/setup bench")


def verdict(found: float, limit: float) -> str:
    return f"(at most {limit:.3g}: {'yes' if found <= limit else 'NO'})"


# Steps, each a process with all that it starts ---------------------------------------------------------------------


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        "FILES_URL": f"file://{folder / 'files'}",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(folder),
    }


def prepare(folder: Path, schools: int, rows: int) -> None:
    """A database with so many schools, made once and copied for each run."""
    place = folder / f"of-{schools}"
    place.mkdir()
    command = [sys.executable, "-m", "bench.book_steps", "prepare", str(schools), str(rows)]
    subprocess.run(command, cwd=ROOT, env=environment(place), stdout=subprocess.DEVNULL, check=True)  # noqa: S603


def step(folder: Path, name: str, schools: int) -> Measured:
    with tempfile.TemporaryDirectory(dir=folder) as copy:
        shutil.copytree(folder / f"of-{schools}", copy, dirs_exist_ok=True)
        return measured([sys.executable, "-m", "bench.book_steps", name], environment(Path(copy)))


def libre_office(folder: Path, schools: int) -> Measured | None:
    """What a district does today: the workbook, made into a PDF. Its own making is not counted."""
    program = shutil.which("soffice")
    if program is None:
        return None
    with tempfile.TemporaryDirectory(dir=folder) as copy:
        shutil.copytree(folder / f"of-{schools}", copy, dirs_exist_ok=True)
        made = measured([sys.executable, "-m", "bench.book_steps", "workbook"], environment(Path(copy)))
        profile = f"-env:UserInstallation=file://{copy}/profile"
        command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", copy, made.said["file"]]
        return measured(command, environment(Path(copy)), is_ours=False)


def measured(command: list[str], variables: dict[str, str], *, is_ours: bool = True) -> Measured:
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own steps, and LibreOffice
        command,
        cwd=ROOT,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=None if is_ours else subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    memory: dict[int, float] = {}
    cpu: dict[int, float] = {}
    while process.poll() is None:
        look(process.pid, memory, cpu)
        time.sleep(0.1)
    seconds = time.perf_counter() - began
    out = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    said = json.loads(out.splitlines()[-1]) if is_ours else {}
    return Measured(said, seconds, sum(cpu.values()), sorted(memory.values(), reverse=True))


def look(session: int, memory: dict[int, float], cpu: dict[int, float]) -> None:
    """Note what every process of the session held at most, and reckoned, so far."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            fields = (place / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) != session:
                continue
            lines = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
        except (OSError, ValueError, IndexError):
            continue  # it has just ended
        if "VmHWM" in lines:
            memory[int(place.name)] = int(lines["VmHWM"].split()[0]) / MIB
        cpu[int(place.name)] = (int(fields[11]) + int(fields[12])) / TICKS


if __name__ == "__main__":
    main()
