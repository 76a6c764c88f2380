"""R3, R4, T9–T11, T14: many people, or one phone many times, in the same moment, through the real server."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from courses.models import Schedule, TrainingRecord
from plans.models import AnnualPlan, IndividualPlan, LearningNeed
from schools.choices import Action, State
from schools.models import Decision, Document, Employment, Invitation, Meeting, RoleAssignment
from schools.models.documents import digest
from tests import factories
from tests.drills.machines import Site, looking
from tests.drills.people import School, settle
from tests.drills.phone import REDIRECT, Answer, Form, NoAnswer, Phone, once
from tests.drills.writers import all_at_once

ROUNDS, CROWD, PAIRS, SCHOOLS, COPIES = 30, 12, 60, 20, 8
PROCESSES = "6"
WITHOUT_CLAIM = "tests.drills.without_claim:application"


def served(site: Site, application: str = "cpd.wsgi") -> Site:
    site.serve(application, "--workers", PROCESSES)
    return site


def phones(site: Site, username: str, number: int) -> list[Phone]:
    """So many phones of one person, each with a session of its own."""
    return [site.phone(seconds=60).sign_in(username) for _ in range(number)]


def statuses(answers: Iterable[Answer | NoAnswer]) -> Counter[int]:
    return Counter(answer.status if isinstance(answer, Answer) else 0 for answer in answers)


def bad(found: Counter[int]) -> int:
    """Answers nobody should get: none at all, or a fault of ours."""
    return sum(times for status, times in found.items() if status == 0 or status >= 500)


# Approving ----------------------------------------------------------------------------------------------------------


def approved_at_once(site: Site, school: School, rounds: int) -> tuple[int, int, int, Counter[int]]:
    """Rounds with another number of approvals than one, and with more than one claim; told so; all answers."""
    crowd = [
        phone for who in (school.deputy, school.second_deputy) for phone in phones(site, who.username, CROWD // 2)
    ]
    double = claims = told = 0
    found: Counter[int] = Counter()
    for teacher in school.teachers[:rounds]:
        plan = factories.considered(factories.individual_plan(teacher), by=school.head)
        typed = {"seen": plan.revision}
        path = f"/plans/{plan.pk}/move/approve/"
        answers = all_at_once([partial(phone.ask, path, {**typed, "once": once()}) for phone in crowd])
        found += statuses(answers)
        with looking():
            double += Decision.objects.filter(version=plan.current_version, action=Action.APPROVE).count() != 1
            claims += Document.objects.get(pk=plan.pk).revision != plan.revision + 1
        if not told:
            pages = [phone.ask(path.partition("move")[0]) for phone in crowd]
            told = sum("alert-danger" in page.text for page in pages)
            assert sum(page.is_done for page in pages) == 1
    return double, claims, told, found


def test_of_twelve_approvals_at_once_one_happens(site, figure):
    school = settle(teachers=ROUNDS).schools[0]
    served(site)
    double, claims, told, found = approved_at_once(site, school, ROUNDS)
    figure(
        f"{ROUNDS} rounds of {CROWD} approvals: {double} with another number of decisions than one, "
        f"{claims} with more than one claim, {told} of {CROWD - 1} were told so; answers {dict(found)}"
    )
    assert (double, claims, bad(found), told) == (0, 0, 0, CROWD - 1)
    assert site.breaches() == {}


def test_teeth_without_the_condition_several_take_one_paper(site, figure):
    school = settle(teachers=ROUNDS).schools[0]
    served(site, WITHOUT_CLAIM)
    crowd = phones(site, school.deputy.username, CROWD)
    harmed, found = 0, Counter[int]()
    for teacher in school.teachers[:10]:
        plan = factories.considered(factories.individual_plan(teacher), by=school.head)
        path, typed = f"/plans/{plan.pk}/move/approve/", {"seen": plan.revision}
        answers = statuses(all_at_once([partial(phone.ask, path, {**typed, "once": once()}) for phone in crowd]))
        found += answers
        with looking():
            claims = Document.objects.get(pk=plan.pk).revision - plan.revision
        harmed += claims != 1 or bool(bad(answers))
    figure(f"without the condition: harm in {harmed} of 10 rounds; answers {dict(found)}")
    assert harmed


# Editing ------------------------------------------------------------------------------------------------------------


def with_need(form: Form, text: str) -> dict[str, object]:
    """A yearly plan's form with this text, as one more screen that shows the same revision sends it."""
    row = {"need": text, "learning_methods": ["practice"], "month": 11, "executor_kind": "self"}
    shown = {name: value for name, value in form.fields.items() if name != "csrfmiddlewaretoken"}
    return {**shown, **{f"rows-0-{name}": value for name, value in row.items()}, "once": once(), "then": "save"}


def test_of_twelve_editors_one_is_saved_and_eleven_keep_their_text(site, figure):
    school = settle().schools[0]
    served(site)
    crowd = phones(site, school.teachers[0].username, CROWD)
    plan = factories.annual_plan(school.teachers[0])
    path = f"/plans/{plan.pk}/edit/"
    saved, kept, found = Counter[int](), 0, Counter[int]()
    for _ in range(ROUNDS):
        form = crowd[0].ask(path).form("/edit/")
        texts = [f"Текст {uuid.uuid4().hex}" for _ in crowd]
        tried = zip(crowd, texts, strict=True)
        answers = all_at_once([partial(phone.ask, path, with_need(form, text)) for phone, text in tried])
        found += statuses(answers)
        saved[statuses(answers)[302]] += 1
        kept += sum(
            isinstance(answer, Answer) and answer.status == 409 and text in answer.text
            for answer, text in zip(answers, texts, strict=True)
        )
        with looking():
            stands = AnnualPlan.objects.get(pk=plan.pk).rows.get().need
        won = [text for answer, text in zip(answers, texts, strict=True) if getattr(answer, "status", 0) == 302]
        assert won == [stands]
    lost = ROUNDS * (CROWD - 1) - kept
    figure(f"{ROUNDS} rounds of {CROWD} editors: saved {dict(saved)}, {lost} lost texts; answers {dict(found)}")
    assert (saved, kept, bad(found)) == ({1: ROUNDS}, ROUNDS * (CROWD - 1), 0)


def test_what_is_approved_is_what_was_on_the_screen(site, figure):
    school = settle().schools[0]
    served(site)
    author, director = (site.phone(seconds=60).sign_in(who.username) for who in (school.teachers[0], school.director))
    plan = factories.annual_plan(school.teachers[0])
    shown: set[int] = set()
    found: Counter[int] = Counter()
    for _ in range(PAIRS):
        with looking():
            plan = factories.fresh(plan)
            plan = factories.amended(plan) if plan.state == State.APPROVED else plan
            if plan.is_editable:
                plan.change_note = "Тактоо"
                plan = factories.complete(plan, rows=[factories.annual_row(need=f"Сабак {uuid.uuid4().hex}")])
                plan = factories.submitted(plan)
        shown.add(plan.current_version_id)
        moves = [
            partial(director.ask, f"/plans/{plan.pk}/move/approve/", {"seen": plan.revision, "once": once()}),
            partial(_rewritten, author, plan.pk, plan.revision),
        ]
        found += statuses(all_at_once(moves))
    with looking():
        approved = list(Decision.objects.filter(action=Action.APPROVE).select_related("version"))
        unseen = [one.pk for one in approved if one.version_id not in shown]
        other = [one.pk for one in approved if one.version.content_hash != digest(one.version.content)]
        withdrawn = Decision.objects.filter(action=Action.WITHDRAW).count()
    figure(
        f"{PAIRS} approvals against a rewriting: {len(approved)} approved, {withdrawn} withdrawn first, "
        f"{len(unseen) + len(other)} of another text than the one shown; {dict(found)}"
    )
    assert (unseen, other, bad(found)) == ([], [], 0)
    assert len(approved) + withdrawn == PAIRS
    assert site.breaches() == {}


def _rewritten(author: Phone, plan: int, seen: int) -> Answer:
    """The author takes the paper back, writes something else and hands it in again, if that is still possible."""
    answer = author.ask(f"/plans/{plan}/move/withdraw/", {"seen": seen, "once": once()})
    page = author.ask(f"/plans/{plan}/edit/")
    if page.status != 200:
        return answer
    author.ask(f"/plans/{plan}/edit/", with_need(page.form("/edit/"), "башка текст"))
    return author.send(author.ask(f"/plans/{plan}/").form("/submit/"))


# Twenty schools -----------------------------------------------------------------------------------------------------


def test_twenty_schools_send_their_schedules_in_the_same_second(site, figure):
    place = settle(schools=SCHOOLS)
    served(site)
    sending = []
    for school in place.schools:
        made = factories.school_schedule(school.institution, by=school.deputy)
        factories.closed(made, by=school.deputy)
        seen = Document.objects.get(pk=made.pk).revision
        phone = site.phone(seconds=60).sign_in(school.deputy.username)
        sending.append(partial(phone.ask, f"/schedules/{made.pk}/move/send/", {"seen": seen, "once": once()}))
    answers = statuses(all_at_once(sending))
    with looking():
        sent = Decision.objects.filter(action=Action.SEND).count()
        states = Counter(Schedule.objects.values_list("state", flat=True))
    officer = site.phone(seconds=60).sign_in(place.officer.username)
    desk = officer.ask(f"/districts/{place.district.pk}/schedules/?year={factories.next_school_year()}")
    shown = sum(school.institution.title_ky in desk.text for school in place.schools)
    figure(
        f"{SCHOOLS} schools at once: {sent} sent, {shown} on the desk; answers {dict(answers)}, states {dict(states)}"
    )
    assert (sent, shown, bad(answers), answers[302]) == (SCHOOLS, SCHOOLS, 0, SCHOOLS)
    assert site.breaches() == {}


# A phone that repeats itself ----------------------------------------------------------------------------------------

Counted = Callable[[], int]
Sent = tuple[str, Phone, str, dict[str, object], Counted]


def forms_to_repeat(site: Site, school: School) -> Iterable[Sent]:
    """Forms as they are on the screen: their name, who sends it, where to, what, and the rows it makes."""
    teacher, head, deputy, director = (
        site.phone(seconds=60).sign_in(user.username)
        for user in (school.teachers[0], school.head, school.deputy, school.director)
    )

    def of(name: str, phone: Phone, path: str, count: Counted, ending: str = "", **typed: object) -> Sent:
        page = phone.ask(path)
        form = page.form(ending or path) if ending else _largest(page.forms())
        return name, phone, form.action or path, {**form.fields, **typed}, count

    course = {"title": "Курс", "date_text": "12–23.07.2021", "provider_text": "Борбор", "then": "draft"}
    yield of("a record", teacher, "/records/new/", TrainingRecord.objects.count, "/records/new/", **course)
    record = TrainingRecord.objects.get()
    yield of("a yearly plan", teacher, "/plans/new/annual_plan/", AnnualPlan.objects.count)
    yield of("a plan of five years", teacher, "/plans/new/individual_plan/", IndividualPlan.objects.count)
    plan = AnnualPlan.objects.get()
    form = teacher.ask(f"/plans/{plan.pk}/edit/").form("/edit/")
    yield "saving a plan", teacher, form.action, with_need(form, "Сабак"), lambda: _revision(plan.pk)
    handed_in = Decision.objects.filter(action=Action.SUBMIT).count
    yield of("handing it in", teacher, f"/plans/{plan.pk}/", handed_in, "/submit/")
    approved = Decision.objects.filter(action=Action.APPROVE).count
    yield of("approving it", director, f"/plans/{plan.pk}/", approved, "/approve/")
    need = {"title": "Критерийлик баалоо"}
    yield of("a need", teacher, "/needs/new/", LearningNeed.objects.count, **need)
    hired = {"family_name": "Жаңыбаев", "given_name": "Тилек", "born_on": "1985-07-15", "position": "мугалим"}
    hired |= {"starts_on": "2024-09-01"}
    staff = f"/schools/{school.institution.pk}/staff/new/"
    yield of("hiring", director, staff, Employment.objects.count, **hired)
    people = {"person": [school.teachers[1].person_id]}
    slips = f"/schools/{school.institution.pk}/accounts/"
    made = Invitation.objects.count
    yield of("an invitation", director, slips, made, "/accounts/invite/", **people)
    factories.submitted(factories.individual_plan(school.teachers[1]))
    minutes = {"minutes_number": "7", "present": [school.head.person_id]}
    yield of("a meeting", head, f"/associations/{school.association.pk}/meeting/", Meeting.objects.count, **minutes)
    given = {"person": school.teachers[2].person_id, "post": "clerk"}
    yield of("a role", director, f"/schools/{school.institution.pk}/roles/new/", RoleAssignment.objects.count, **given)
    yield of("a schedule", deputy, "/schedules/", Schedule.objects.count, "/schedules/start/")
    assert record.status


def _largest(forms: list[Form]) -> Form:
    return max(forms, key=lambda form: len(form.fields))


def _revision(plan: int) -> int:
    return Document.objects.get(pk=plan).revision


def test_a_phone_that_sends_each_form_eight_times_does_it_once(site, figure):
    school = settle(teachers=3).schools[0]
    served(site)
    did: dict[str, int] = {}
    odd: dict[str, Counter[int]] = {}
    for name, phone, path, fields, count in forms_to_repeat(site, school):
        with looking():
            before = count()
        answers = all_at_once([partial(phone.twin().ask, path, fields)] * COPIES)
        with looking():
            did[name] = count() - before
        found = statuses(answers)
        if bad(found) or set(found) - {*REDIRECT, 200}:
            odd[name] = found
    figure(f"{len(did)} forms × {COPIES} copies: rows made {did}; odd answers {odd}")
    assert did == dict.fromkeys(did, 1)
    assert odd == {}
    assert site.breaches() == {}


def test_teeth_without_the_token_the_same_phone_makes_several_rows(site, figure):
    school = settle(teachers=3).schools[0]
    served(site, WITHOUT_CLAIM)
    phone = site.phone(seconds=60).sign_in(school.teachers[0].username)
    form = phone.ask("/records/new/").form("/records/new/")
    fields = {**form.fields, "title": "Курс", "date_text": "12–23.07.2021", "provider_text": "Борбор", "then": "draft"}
    all_at_once([partial(phone.twin().ask, "/records/new/", fields)] * COPIES)
    with looking():
        made = TrainingRecord.objects.count()
    figure(f"without the token: {made} rows of {COPIES} copies")
    assert made > 1


def test_two_deputies_on_one_plan(site, figure):
    """One approves while the other gives it back: the paper is one of the two, and the other one is told."""
    school = settle(teachers=10).schools[0]
    served(site)
    one, two = (site.phone(seconds=60).sign_in(user.username) for user in (school.deputy, school.second_deputy))
    ended: Counter[str] = Counter()
    for teacher in school.teachers:
        plan = factories.considered(factories.individual_plan(teacher), by=school.head)
        seen = {"seen": plan.revision}
        all_at_once(
            [
                partial(one.ask, f"/plans/{plan.pk}/move/approve/", {**seen, "once": once()}),
                partial(two.ask, f"/plans/{plan.pk}/move/return/", {**seen, "once": once(), "reason": "Тактаңыз."}),
            ]
        )
        pages = [phone.ask(f"/plans/{plan.pk}/") for phone in (one, two)]
        with looking():
            ended[Document.objects.get(pk=plan.pk).state] += 1
            assert Decision.objects.filter(version=plan.current_version, step=1).count() == 1
        assert [page.is_done for page in pages].count(True) == 1
        assert ["alert-danger" in page.text for page in pages].count(True) == 1
    figure(f"10 plans, two deputies each: {dict(ended)}, one was told each time")
    assert set(ended) <= {State.APPROVED, State.RETURNED}
    assert site.breaches() == {}
