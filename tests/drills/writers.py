"""Who writes while the machine is being killed, and what they were told is done."""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from courses.models import TrainingRecord
from plans.models import AnnualPlan
from schools.choices import Action
from schools.models import Decision
from tests.drills.machines import Site, looking
from tests.drills.people import School
from tests.drills.phone import REDIRECT, Answer, NoAnswer, Phone
from tests.uploads import as_file, certificate

WITH_PHOTO = 0.3  # of the records
PHOTO = as_file(certificate((300, 400)), "JPEG")
PATIENCE = 120  # seconds: how slow the machine is, is not what the drills are about
PAUSE = 0.05  # seconds before somebody whom the server did not answer tries again


@dataclass
class Told:
    """What the site has said to all writers."""

    saved: list[str] = field(default_factory=list)  # titles of records whose saving was answered
    decided: list[tuple[str, str]] = field(default_factory=list)  # text of the plan, and the move answered as done
    revisions: dict[int, int] = field(default_factory=dict)  # the newest one a person saw after a save, by plan
    statuses: Counter[int] = field(default_factory=Counter)
    unanswered: int = 0
    odd: list[str] = field(default_factory=list)  # 5xx other than 503, traces, what nobody expected

    @property
    def acknowledged(self) -> int:
        return len(self.saved) + len(self.decided)

    def hear(self, answer: Answer) -> Answer:
        self.statuses[answer.status] += 1
        if answer.is_trace or (answer.status >= 500 and answer.status != 503):
            self.odd.append(f"{answer.status}: {answer.text[:300]}")
        return answer

    def lost(self) -> list[str]:
        """I5: what was answered as done and is not there."""
        with looking():
            records = set(TrainingRecord.objects.values_list("title", flat=True))
            decided = {
                (decision.version.content["rows"][0]["need"], decision.action)
                for decision in Decision.objects.exclude(action=Action.AMEND).select_related("version")
            }
            revisions = dict(AnnualPlan.objects.values_list("pk", "revision"))
        gone = [f"record {title}" for title in self.saved if title not in records]
        gone += [f"{action} of «{text}»" for text, action in self.decided if (text, action) not in decided]
        gone += [f"plan {pk} at {seen}" for pk, seen in self.revisions.items() if revisions.get(pk, 0) < seen]
        return gone

    def doubled(self) -> list[str]:
        """What is there more than once, though each was sent for one."""
        with looking():
            titles = Counter(TrainingRecord.objects.values_list("title", flat=True))
        return [title for title, times in titles.items() if times > 1]


class Writer:
    """A teacher and the director who approves: a plan again and again, and now and then a record of a course."""

    def __init__(self, site: Site, school: School, number: int, told: Told) -> None:
        self.site, self.told, self.text = site, told, ""
        self.names = school.teachers[number].username, school.director.username
        self.phones: tuple[Phone, Phone] | None = None
        self.plan = 0

    def sign_in(self) -> None:
        teacher, director = (self.site.phone(seconds=PATIENCE).sign_in(name) for name in self.names)
        self.phones = teacher, director

    def once(self) -> None:
        """The next thing to do, whatever became of the one before."""
        assert self.phones is not None
        teacher, director = self.phones
        if not self.plan:
            self._start(teacher)
        elif random.random() < 0.3:
            self._record(teacher)
        else:
            self._go_on(teacher, director)

    def _start(self, teacher: Phone) -> None:
        page = self._ask(teacher, "/plans/new/annual_plan/")
        forms = [form for form in page.forms() if "period" in form.fields]
        if forms:
            answer = self.told.hear(teacher.send(forms[0], "/plans/new/annual_plan/"))
            if answer.status in REDIRECT:
                self.plan = int(answer.location.split("/")[2])

    def _record(self, teacher: Phone) -> None:
        title = f"Курс {uuid.uuid4().hex}"
        form = self._ask(teacher, "/records/new/").form("/records/new/")
        photo = ("IMG.jpg", PHOTO) if random.random() < WITH_PHOTO else None
        typed = {"title": title, "date_text": "12–23.07.2021", "provider_text": "Борбор", "then": "draft"}
        if self.told.hear(teacher.send(form, file=photo, **typed)).status in REDIRECT:
            self.told.saved.append(title)

    def _go_on(self, teacher: Phone, director: Phone) -> None:
        """A page says by its buttons what can be done now; a person presses the first one."""
        page = self._ask(teacher, f"/plans/{self.plan}/")
        offered = {form.action.rstrip("/").rpartition("/")[2]: form for form in page.forms()}
        if "amend" in offered:
            self._press(teacher, offered["amend"], "")
        elif "submit" in offered and not self.text:
            self._edit(teacher)
        elif "submit" in offered:
            if self._press(teacher, offered["submit"], Action.SUBMIT):
                self._approve(director)
        elif f"/plans/{self.plan}/edit/" in page.text:
            self._edit(teacher)
        else:
            self._approve(director)

    def _edit(self, teacher: Phone) -> None:
        form = self._ask(teacher, f"/plans/{self.plan}/edit/").form("/edit/")
        text = f"Сабак {uuid.uuid4().hex}"
        row = {"need": text, "learning_methods": ["practice"], "month": 11, "executor_kind": "self"}
        typed: dict[str, object] = {f"rows__0__{name}": value for name, value in row.items()}
        if "change_note" in form.fields:
            typed["change_note"] = text
        answer = self.told.hear(teacher.send(form, then="save", **typed))
        if answer.status in REDIRECT:
            self.text = text
            self.told.revisions[self.plan] = int(form.fields["seen"][0]) + 1
        elif answer.status != 503:
            self.told.odd.append(f"saving answered {answer.status}")

    def _approve(self, director: Phone) -> None:
        page = self._ask(director, f"/plans/{self.plan}/")
        for form in page.forms():
            if form.action.endswith("/approve/") and self._press(director, form, Action.APPROVE):
                self.text = ""

    def _press(self, phone: Phone, form: object, action: str) -> bool:
        answer = self.told.hear(phone.send(form))  # type: ignore[arg-type]
        done = self.told.hear(phone.follow(answer)).is_done
        if done and action and self.text:
            self.told.decided.append((self.text, action))
        return done

    def _ask(self, phone: Phone, path: str) -> Answer:
        return self.told.hear(phone.ask(path))


@contextmanager
def writing(site: Site, schools: list[School], *, each: int = 1, rest: float = 0) -> Iterator[Told]:
    """One thread per teacher writes until the block ends; ``rest`` seconds between two things."""
    told, ended = Told(), threading.Event()
    writers = [Writer(site, school, number, told) for school in schools for number in range(each)]
    for writer in writers:
        writer.sign_in()
    threads = [threading.Thread(target=_until, args=(ended, writer, told, rest)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _until(ended: threading.Event, writer: Writer, told: Told, rest: float) -> None:
    while not ended.is_set():
        try:
            writer.once()
        except NoAnswer:
            told.unanswered += 1
            time.sleep(PAUSE)
        except LookupError as problem:
            if "status 503" not in str(problem):
                told.odd.append(f"{type(problem).__name__}: {problem}")
            time.sleep(PAUSE)
        if rest:
            time.sleep(rest)


def all_at_once(calls: list[Callable[[], Answer]]) -> list[Answer | NoAnswer]:
    """Every request at the same moment, each from a phone of its own."""
    gate = threading.Barrier(len(calls))
    answers: list[Answer | NoAnswer] = [NoAnswer("never asked")] * len(calls)

    def ask(place: int) -> None:
        gate.wait(30)
        try:
            answers[place] = calls[place]()
        except NoAnswer as none:
            answers[place] = none

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
