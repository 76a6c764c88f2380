"""A whole district in one workbook: what reading it holds in memory, the reader's own process included."""

import datetime as dt
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from courses.importing.reading import MOST_ROWS, read_workbook
from cpd import sheet_reader
from tests.conftest import Cast
from tests.courses.importing.books import uploaded

MOST = 300  # MiB of both processes together
OF_A_WORKER = 110  # MiB that a process of the site holds before it reads anything
SCHOOLS, PEOPLE, COURSES = 100, 3_000, 20_000
BORN = dt.date(1980, 3, 5)
HEADS = {
    "Мекемелер": ["Мекеменин коду", "Мекеменин аталышы", "Мекеменин номери"],
    "Усулдук бирикмелер": ["Мекеме", "Усулдук бирикменин аталышы"],
    "Кызматкерлер": ["Мекеме", "Аты-жөнү", "ПИН", "Туулган күнү", "Кызматы", "Бирикме", "Категория", "Стажы"],
    "Өткөн курстар": ["ПИН", "Аты-жөнү", "Курс", "Датасы", "Уюмдун аталышы", "Саат", "Типи", "Документтин номери"],
}


def district() -> dict[str, Iterator[list[Any]]]:
    schools = range(1, SCHOOLS + 1)
    name = "Сыноочубеков Жаныбек Мырзабек уулу"
    return {
        "Мекемелер": ([f"9{n:05}", f"№{n} Сыноо айылындагы орто мектеп", n] for n in schools),
        "Усулдук бирикмелер": ([f"9{n:05}", f"{m}-усулдук бирикме"] for n in schools for m in range(6)),
        "Кызматкерлер": (
            [f"9{n % SCHOOLS + 1:05}", f"{name}", f"205031980{n:05}", BORN, "мугалим", "1-усулдук бирикме", "жок", 6]
            for n in range(PEOPLE)
        ),
        "Өткөн курстар": (
            [
                *(f"205031980{n % PEOPLE:05}", name, f"Критерийлер боюнча баалоо, {n}-топтун кесиптик өнүгүү курсу"),
                *(f"{BORN.replace(year=2020):%d.%m.%Y}", "Республикалык педагогикалык борбор", 72, "офлайн", f"№{n}"),
            ]
            for n in range(COURSES)
        ),
    }


def draw(file: Path) -> None:
    book = xlsxwriter.Workbook(file, {"default_date_format": "dd.mm.yyyy"})
    for title, rows in district().items():
        sheet = book.add_worksheet(title)
        for number, row in enumerate([HEADS[title], *rows]):
            sheet.write_row(number, 0, row)
    book.close()


def workbook_of_a_district(folder: Path) -> Path:
    """Drawn in a process of its own: what drawing takes would hide what reading takes."""
    file = folder / "район.xlsx"
    drawing = multiprocessing.get_context("fork").Process(target=draw, args=(file,))
    drawing.start()
    drawing.join()
    assert drawing.exitcode == 0
    return file


def held_by_the_reader(file: Path) -> int:
    """The most MiB that the reader's process held, looked at whenever it tells something."""
    with file.open("rb") as source:
        reader = subprocess.Popen(
            [sys.executable, "-IB", sheet_reader.__file__, str(MOST_ROWS), "book"],
            stdin=source,
            stdout=subprocess.PIPE,
            env={"OPENPYXL_LXML": "False"},
        )
        assert reader.stdout
        lines = most = 0
        for _line in reader.stdout:
            lines += 1
            if lines % 1_000 == 0:
                most = max(most, peak(reader.pid))
        assert reader.wait() == 0
    assert lines > COURSES
    return most


def peak(pid: int | str = "self") -> int:
    """The most MiB that a process held, this one since ``forget_peak``."""
    said = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return int(said["VmHWM"].split()[0]) >> 10


def forget_peak() -> int:
    """What this process holds now, from where its peak is counted anew."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak()


@pytest.mark.slow
def test_a_district_is_read_within_the_memory_that_a_preview_may_hold(cast: Cast, tmp_path: Path) -> None:
    file = workbook_of_a_district(tmp_path)
    reader = held_by_the_reader(file)
    made = uploaded(cast.district, cast.officer, file.read_bytes())
    before = forget_peak()
    read_workbook(made, lambda _done: None)
    grown = peak() - before
    assert made.counts == {
        "institutions": {"new": SCHOOLS},
        "associations": {"new": SCHOOLS * 6},
        "staff": {"new": PEOPLE},
        "records": {"new": COURSES},
    }
    assert OF_A_WORKER + grown + reader <= MOST, f"{grown} and {reader} MiB"
