"""Sheets of lessons: kept as written by the two, sent twice they are one, and read by nobody else."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import ERROR, INFO, get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpd.dates import add_years, today
from cpd.held import LIMIT
from plans.dossier import data_of
from plans.erasing import erase
from plans.mentoring.actions import save_sheet
from plans.mentoring.content import Written, questions_of
from plans.mentoring.forms import MOST_OWN
from plans.mentoring.question_sets import delete_set, mark_of, new_set, rows_of, save_set
from plans.models import LessonSheet, Question, QuestionSet, SheetAnswer
from plans.models.mentoring import LONGEST_TEXT
from plans.views.mentoring import MOST_KEPT
from schools.approval import Refused
from schools.choices import Kept
from schools.models import AuditEntry, Employment, Mentorship, Notice, RetentionPeriod, RoleAssignment, User
from schools.notices import LOOKS_BACK, collect_events
from tests import factories, papers
from tests.conftest import Cast
from tests.factories import LONG_AGO

pytestmark = pytest.mark.django_db
SAID = "Окуучулар топтордо жакшы иштешти."


@pytest.fixture
def pair(cast: Cast) -> Mentorship:
    """The head guides the teacher."""
    return factories.mentorship(cast.head, cast.teacher)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def body(pair: Mentorship, kind: str = "observation", seen: int = 0, **typed: Any) -> dict[str, Any]:
    """What the form of a sheet sends, with every question that a new one asks."""
    asked = questions_of(LessonSheet(mentorship=pair, kind=kind))
    answers = {f"answer-{question.pk}": "" for question in asked}
    return {"mentorship": pair.pk, "kind": kind, "seen": seen, "held_on": today()} | answers | typed


def send(user: User, uid: uuid.UUID, data: dict[str, Any], **headers: str) -> Any:
    return signed_in(user).post(reverse("lesson_sheet_edit", args=[uid]), data, headers=headers)


def send_by_itself(user: User, uid: uuid.UUID, data: dict[str, Any]) -> Any:
    """As the page's script does."""
    return send(user, uid, data, accept="application/json")


def begun(user: User, pair: Mentorship, kind: str = "observation", **typed: Any) -> LessonSheet:
    uid = uuid.uuid4()
    assert send(user, uid, body(pair, kind, **{"grade": "5"} | typed)).status_code == 302
    return LessonSheet.objects.get(uid=uid)


def read(user: User, name: str, *args: Any) -> HttpResponse:
    return signed_in(user).get(reverse(name, args=args))


def test_a_new_page_asks_the_questions_in_force_and_keeps_nothing(cast: Cast, pair: Mentorship) -> None:
    for kind, number in (("observation", 20), ("visit", 5), ("reflection", 13)):
        answer = read(cast.teacher, "lesson_sheet_new", pair.pk, kind)
        assert answer.status_code == 200
        assert answer.content.decode().count('name="answer-') == number
    assert not LessonSheet.objects.exists()


def test_what_was_typed_is_kept_with_every_question_that_was_asked(cast: Cast, pair: Mentorship) -> None:
    asked = questions_of(LessonSheet(mentorship=pair, kind="observation"))
    typed = {f"answer-{asked[0].pk}": SAID, "notes": "Бир.\r\nЭки.", "held_at": "09:30"}
    typed |= {"own-0-question": "Үй тапшырма кандай?", "own-0-answer": "Жеңил"}
    sheet = begun(cast.head, pair, **typed)
    assert (sheet.notes, f"{sheet.held_at:%H:%M}", sheet.made_by) == ("Бир.\nЭки.", "09:30", cast.head.person)
    texts = list(sheet.answers.values_list("question", "own_question", "text"))
    assert texts[0] == (asked[0].pk, "", SAID)
    assert texts[-1] == (None, "Үй тапшырма кандай?", "Жеңил")
    assert len(texts) == len(asked) + 1
    for name in ("lesson_sheet", "lesson_sheet_edit"):
        assert SAID in read(cast.teacher, name, sheet.uid).content.decode()


# --- Sent twice, changed by both ----------------------------------------------------------------------------------


def test_the_same_sheet_sent_twice_is_one_sheet_and_one_change(cast: Cast, pair: Mentorship) -> None:
    uid, typed = uuid.uuid4(), body(pair, notes=SAID)
    for _time in range(2):
        assert send_by_itself(cast.head, uid, typed).json() == {"seen": 1}
    typed |= {"seen": 1, "topic": "Бөлчөктөр"}
    for _time in range(2):
        assert send_by_itself(cast.head, uid, typed).json() == {"seen": 2}
    sheet = LessonSheet.objects.get()
    assert (sheet.uid, sheet.topic, sheet.revision) == (uid, "Бөлчөктөр", 2)


def test_what_the_other_one_saved_meanwhile_is_shown_beside_what_was_typed(cast: Cast, pair: Mentorship) -> None:
    sheet = begun(cast.head, pair, notes="Эски")
    assert send(cast.teacher, sheet.uid, body(pair, seen=1, notes="Мугалимдики", topic="Темасы")).status_code == 302
    typed = body(pair, seen=1, notes="Насаатчыныкы")
    answer = send(cast.head, sheet.uid, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>Мугалимдики</del>" in page
    assert ">\nНасаатчыныкы</textarea>" in page
    assert 'value="Темасы"' in page  # where nothing was typed stands what is saved
    assert '<input type="hidden" name="seen" value="2">' in page
    told = send_by_itself(cast.head, sheet.uid, typed)
    assert told.status_code == 409
    assert (told.json()["seen"], told.json()["stands"]["notes"]) == (2, "Мугалимдики")
    sheet.refresh_from_db()
    assert (sheet.notes, sheet.revision) == ("Мугалимдики", 2)
    assert send_by_itself(cast.head, sheet.uid, typed | {"seen": 2}).json() == {"seen": 3}


def test_a_share_taken_back_is_not_set_again_when_both_texts_are_shown(cast: Cast, pair: Mentorship) -> None:
    asked = questions_of(LessonSheet(mentorship=pair, kind="reflection"))[0].pk
    said = {f"answer-{asked}": SAID}
    sheet = begun(cast.teacher, pair, "reflection", **said, **{f"share-{asked}": "on"})
    send(cast.teacher, sheet.uid, body(pair, "reflection", 1, topic="Бөлчөктөр", **said, **{f"share-{asked}": "on"}))
    answer = send(cast.teacher, sheet.uid, body(pair, "reflection", 1, **said))
    assert answer.status_code == 409
    assert "checked" not in answer.content.decode()


def test_an_answer_taken_back_is_not_shared_again_by_a_conflict(cast: Cast, pair: Mentorship) -> None:
    asked = questions_of(LessonSheet(mentorship=pair, kind="reflection"))[0]
    said, tick = {f"answer-{asked.pk}": SAID}, {f"share-{asked.pk}": "on"}
    sheet = begun(cast.teacher, pair, "reflection", **said, **tick)
    send(cast.teacher, sheet.uid, body(pair, "reflection", 1, **said))  # taken back on one phone
    late = body(pair, "reflection", 1, topic="Бөлчөктөр", **said, **tick)  # typed on another
    page = send(cast.teacher, sheet.uid, late).content.decode()
    assert "checked" not in page
    assert page.count("<ins>") == 2  # the topic, and the tick, which is named by its question
    assert asked.title in page.split("<ins>")[1]
    assert send_by_itself(cast.teacher, sheet.uid, late).json()["stands"][f"share-{asked.pk}"] is False
    assert not sheet.answers.filter(is_shared=True).exists()
    assert send(cast.teacher, sheet.uid, late | {"seen": 2}).status_code == 302  # ticked anew and saved
    assert sheet.answers.filter(is_shared=True).count() == 1


def test_who_saved_meanwhile_is_named(cast: Cast, pair: Mentorship) -> None:
    sheet = begun(cast.head, pair, notes="Эски")
    late = body(pair, seen=1, notes=SAID)
    send(cast.teacher, sheet.uid, body(pair, seen=1, notes="Жаңы"))
    assert cast.teacher.person.full_name in send_by_itself(cast.head, sheet.uid, late).json()["message"]
    told = send_by_itself(cast.teacher, sheet.uid, late).json()["message"]  # oneself, on another phone
    assert cast.teacher.person.full_name not in told
    assert cast.head.person.full_name not in told


def test_ticks_of_a_sheet_deleted_meanwhile_are_taken_off(cast: Cast, pair: Mentorship) -> None:
    asked = questions_of(LessonSheet(mentorship=pair, kind="reflection"))[0].pk
    typed = {f"answer-{asked}": SAID, f"share-{asked}": "on"}
    sheet = begun(cast.teacher, pair, "reflection", **typed)
    sheet.delete()
    page = send(cast.teacher, sheet.uid, body(pair, "reflection", 1, **typed)).content.decode()
    assert SAID in page
    assert "checked" not in page


def test_a_sheet_deleted_meanwhile_is_not_lost_for_who_types(cast: Cast, pair: Mentorship) -> None:
    sheet = begun(cast.head, pair)
    sheet.delete()
    answer = send(cast.teacher, sheet.uid, body(pair, seen=1, notes=SAID))
    assert answer.status_code == 409
    assert SAID in answer.content.decode()
    assert '<input type="hidden" name="seen" value="0">' in answer.content.decode()
    assert send(cast.teacher, sheet.uid, body(pair, seen=0, notes=SAID)).status_code == 302
    assert LessonSheet.objects.get().notes == SAID


def levels_told(client: Client) -> list[int]:
    return [one.level for one in get_messages(client.get(reverse("account_login")).wsgi_request)]


def test_the_longest_sheet_comes_back_too_and_of_a_longer_one_it_is_said_that_it_does_not(pair: Mentorship) -> None:
    asked = [name for name in body(pair) if name.startswith("answer-")]
    columns = ("agreed", "notes", "next_steps")
    longest = dict.fromkeys((*asked, *columns), "а" * LONGEST_TEXT)
    longest |= {f"own-{number}-answer": "а" * LONGEST_TEXT for number in range(MOST_OWN)}
    longest |= {f"own-{number}-question": "а" * 300 for number in range(MOST_OWN)}
    address, client = reverse("lesson_sheet_edit", args=[uuid.uuid4()]), Client()
    assert client.post(address, body(pair, **longest)).status_code == 302
    assert client.session["held_form"]["path"] == address
    assert levels_told(client) == [INFO]
    client = Client()
    client.post(address, body(pair, notes="а" * (LIMIT + 1)))
    assert "held_form" not in client.session
    assert levels_told(client) == [ERROR]


def test_what_was_typed_when_signed_out_comes_back_also_for_a_new_sheet(cast: Cast, pair: Mentorship) -> None:
    client, address = Client(), reverse("lesson_sheet_edit", args=[uuid.uuid4()])
    assert client.post(address, body(pair, notes=SAID)).status_code == 302
    client.post(reverse("account_login"), {"login": cast.head.username, "password": factories.PASSWORD})
    page = client.get(address).content.decode()
    assert SAID in page
    assert not LessonSheet.objects.exists()


# --- Nothing is compulsory, and what is wrong is told beside its field --------------------------------------------


def test_a_form_in_which_nothing_was_written_begins_no_sheet(cast: Cast, pair: Mentorship) -> None:
    for kind in ("observation", "visit", "reflection"):
        answer = send(cast.teacher, uuid.uuid4(), body(pair, kind))
        assert answer.status_code == 422
        assert answer.context["form"].non_field_errors()
    assert send_by_itself(cast.teacher, uuid.uuid4(), body(pair)).json() == {"errors": {}}
    assert not LessonSheet.objects.exists()


def test_a_sheet_without_any_answer_is_saved(cast: Cast, pair: Mentorship) -> None:
    for kind in ("observation", "visit", "reflection"):
        sheet = begun(cast.teacher, pair, kind)
        assert set(sheet.answers.values_list("text", flat=True)) == {""}


def test_what_is_too_long_is_told_beside_its_field_and_kept(cast: Cast, pair: Mentorship) -> None:
    long = "а" * (LONGEST_TEXT + 1)
    answer = send(cast.head, uuid.uuid4(), body(pair, notes=long))
    assert answer.status_code == 422
    assert long in answer.content.decode()
    told = send_by_itself(cast.head, uuid.uuid4(), body(pair, notes=long, **{"own-0-answer": SAID}))
    assert told.status_code == 422
    assert set(told.json()["errors"]) == {"id_notes", "id_own-0-question"}
    assert not LessonSheet.objects.exists()


def test_lessons_are_held_on_days_of_the_mentorship(cast: Cast, pair: Mentorship) -> None:
    yesterday = today() - dt.timedelta(days=1)
    Mentorship.objects.filter(pk=pair.pk).update(starts_on=yesterday, ends_on=yesterday)
    for day in (yesterday - dt.timedelta(days=1), today()):
        told = send_by_itself(cast.head, uuid.uuid4(), body(pair, held_on=day))
        assert set(told.json()["errors"]) == {"id_held_on"}
    sheet = begun(cast.head, pair, held_on=yesterday)
    assert send(cast.teacher, sheet.uid, body(pair, seen=1, held_on=yesterday, notes=SAID)).status_code == 302
    assert SAID in read(cast.head, "lesson_sheet", sheet.uid).content.decode()


def test_a_day_far_ahead_is_a_slip_of_the_finger(cast: Cast, pair: Mentorship) -> None:
    latest = add_years(today(), 1)
    told = send_by_itself(cast.head, uuid.uuid4(), body(pair, held_on=latest + dt.timedelta(days=1), notes=SAID))
    assert set(told.json()["errors"]) == {"id_held_on"}
    assert begun(cast.head, pair, held_on=latest).held_on == latest


def test_a_saved_sheet_is_finished_also_after_the_mentorship_was_made_shorter(cast: Cast, pair: Mentorship) -> None:
    sheet = begun(cast.head, pair)
    Mentorship.objects.filter(pk=pair.pk).update(ends_on=today() - dt.timedelta(days=3))
    assert send_by_itself(cast.head, sheet.uid, body(pair, seen=1, notes=SAID)).json() == {"seen": 2}
    other_day = body(pair, seen=2, held_on=today() - dt.timedelta(days=1))
    assert set(send_by_itself(cast.head, sheet.uid, other_day).json()["errors"]) == {"id_held_on"}


def test_the_list_opens_forms_and_tells_lessons_of_a_day_apart(cast: Cast, pair: Mentorship) -> None:
    long_ago = today() - dt.timedelta(days=90)
    sheet = factories.lesson_sheet(pair, cast.head, grade="5-а", subject_text="Математика", held_at=dt.time(9, 30))
    old = factories.lesson_sheet(pair, cast.head, held_on=long_ago)
    shown = factories.lesson_sheet(pair, cast.teacher, "reflection", grade="9-б", texts={1: SAID}, shared=(1,))
    forms = {one: reverse("lesson_sheet_edit", args=[one.uid]) for one in (sheet, old, shown)}
    page = read(cast.head, "my_mentoring").content.decode()
    assert "09:30 · 5-а · Математика" in page
    assert forms[sheet] in page
    assert forms[old] in page
    assert forms[shown] not in page  # of a reflection the mentor reads what is shown
    assert shown.get_absolute_url() in page
    assert "9-б" not in page
    assert page.count("data-keep=") == 1  # the old one is not fetched ahead
    Mentorship.objects.filter(pk=pair.pk).update(ends_on=today() - dt.timedelta(days=1))
    assert forms[sheet] not in read(cast.head, "my_mentoring").content.decode()


def test_of_many_sheets_a_phone_keeps_so_many_ahead(cast: Cast, pair: Mentorship) -> None:
    for _number in range(MOST_KEPT + 2):
        factories.lesson_sheet(pair, cast.head)
    assert read(cast.head, "my_mentoring").content.decode().count("data-keep=") == MOST_KEPT


# --- Who reads what -----------------------------------------------------------------------------------------------


def test_the_mentor_reads_the_shared_answers_of_a_reflection_and_nothing_else(cast: Cast, pair: Mentorship) -> None:
    asked = [question.pk for question in questions_of(LessonSheet(mentorship=pair, kind="reflection"))]
    typed: dict[str, Any] = {"topic": "Жашыруун тема", f"answer-{asked[0]}": "Жашыруун", f"answer-{asked[1]}": SAID}
    sheet = begun(cast.teacher, pair, "reflection", **typed)
    names = ("lesson_sheet", "lesson_sheet_paper")
    assert [read(cast.head, name, sheet.uid).status_code for name in names] == [404, 404]
    assert sheet.get_absolute_url() not in read(cast.head, "my_mentoring").content.decode()
    typed |= {f"share-{asked[1]}": "on"}
    assert send(cast.teacher, sheet.uid, body(pair, "reflection", 1, **typed)).status_code == 302
    page, paper = (read(cast.head, name, sheet.uid) for name in names)
    for text in (page.content.decode(), " ".join(papers.read(paper.content).pages)):
        assert SAID in text
        assert "Жашыруун" not in text
    listed = read(cast.head, "my_mentoring").content.decode()
    assert sheet.get_absolute_url() in listed
    assert "Жашыруун" not in listed
    del typed[f"share-{asked[1]}"]
    assert send(cast.teacher, sheet.uid, body(pair, "reflection", 2, **typed)).status_code == 302
    assert read(cast.head, "lesson_sheet", sheet.uid).status_code == 404


def test_a_shared_answer_keeps_the_number_of_its_question(cast: Cast, pair: Mentorship) -> None:
    sheet = factories.lesson_sheet(pair, cast.teacher, "reflection", texts={1: "Жашыруун", 3: SAID}, shared=(3,))
    asked = questions_of(sheet)[2].title
    assert f"3. {asked}" in read(cast.head, "lesson_sheet", sheet.uid).content.decode()
    paper = papers.read(read(cast.head, "lesson_sheet_paper", sheet.uid).content)
    assert f"3. {asked}" in " ".join(" ".join(paper.pages).split())


def test_the_mentor_cannot_share_or_write_a_reflection(cast: Cast, pair: Mentorship) -> None:
    asked = questions_of(LessonSheet(mentorship=pair, kind="reflection"))[0].pk
    typed = body(pair, "reflection", **{f"share-{asked}": "on"})
    assert send(cast.head, uuid.uuid4(), typed).status_code == 403
    assert not LessonSheet.objects.exists()
    with pytest.raises(PermissionDenied):
        save_sheet(uid=uuid.uuid4(), by=cast.head, mentorship=pair, kind="reflection", seen=0, written=Written({}, []))


def test_answers_on_a_lesson_are_never_marked_as_shared(cast: Cast, pair: Mentorship) -> None:
    asked = questions_of(LessonSheet(mentorship=pair, kind="observation"))[0].pk
    sheet = begun(cast.teacher, pair, **{f"share-{asked}": "on", f"answer-{asked}": SAID})
    assert not sheet.answers.filter(is_shared=True).exists()


def test_the_number_of_another_pair_s_sheet_is_not_there(cast: Cast, pair: Mentorship) -> None:
    other = factories.mentorship(cast.other_head, cast.colleague)
    sheet = begun(cast.other_head, other, notes="Алардыкы")
    for seen in (0, 1):
        assert send(cast.head, sheet.uid, body(pair, seen=seen, notes=SAID)).status_code == 404
    assert send(cast.head, uuid.uuid4(), body(other)).status_code == 404
    assert LessonSheet.objects.get().notes == "Алардыкы"


def test_a_sheet_is_no_mentor_s_after_another_one_was_fixed(cast: Cast, pair: Mentorship) -> None:
    sheet = begun(cast.head, pair)
    yesterday = today() - dt.timedelta(days=1)
    Mentorship.objects.filter(pk=pair.pk).update(ends_on=yesterday)
    factories.mentorship(cast.peer, cast.teacher, starts_on=today())
    assert read(cast.peer, "lesson_sheet", sheet.uid).status_code == 404
    assert read(cast.head, "lesson_sheet", sheet.uid).status_code == 200


def test_sheets_are_in_no_journal_notice_or_register_of_the_administrator(cast: Cast, pair: Mentorship) -> None:
    before = AuditEntry.objects.count(), Notice.objects.count()
    sheet = begun(cast.head, pair, notes=SAID)
    send(cast.teacher, sheet.uid, body(pair, seen=1, notes="Башка"))
    collect_events(timezone.now() - LOOKS_BACK)
    assert (AuditEntry.objects.count(), Notice.objects.count()) == before
    assert not {LessonSheet, SheetAnswer} & set(admin.site._registry)


def test_my_data_tells_each_of_the_two_what_they_may_read(cast: Cast, pair: Mentorship) -> None:
    factories.lesson_sheet(pair, cast.head, notes="Сабак тууралуу")
    texts = {1: "Жашыруун", 2: SAID}
    factories.lesson_sheet(pair, cast.teacher, "reflection", topic="Жашыруун тема", texts=texts, shared=(2,))
    told = {who: str(data_of(getattr(cast, who).person)) for who in ("teacher", "head", "director", "peer")}
    assert all(text in told["teacher"] for text in ("Сабак тууралуу", "Жашыруун тема", SAID))
    assert "Сабак тууралуу" in told["head"]
    assert SAID in told["head"]
    assert "Жашыруун" not in told["head"]
    assert not any(text in told[who] for who in ("director", "peer") for text in ("Сабак тууралуу", SAID))


# --- Deleting -----------------------------------------------------------------------------------------------------


def test_who_began_a_sheet_deletes_it_until_the_other_one_writes_in_it(cast: Cast, pair: Mentorship) -> None:
    def delete(user: User, sheet: LessonSheet, seen: int) -> None:
        signed_in(user).post(reverse("lesson_sheet_delete", args=[sheet.uid]), {"once": uuid.uuid4(), "seen": seen})

    mine, ours = begun(cast.head, pair), begun(cast.head, pair)
    delete(cast.teacher, mine, 1)  # begun by the other one
    delete(cast.head, mine, 7)  # another state than the one seen
    assert LessonSheet.objects.count() == 2
    delete(cast.head, mine, 1)
    assert LessonSheet.objects.get() == ours
    send(cast.teacher, ours.uid, body(pair, seen=1, notes=SAID))
    send(cast.head, ours.uid, body(pair, seen=2, notes="Башка"))
    delete(cast.head, ours, 3)
    assert LessonSheet.objects.get() == ours


# --- The questions asked ------------------------------------------------------------------------------------------


def test_the_first_questions_are_as_many_as_the_handbook_asks() -> None:
    numbers = {one.purpose: one.questions.count() for one in QuestionSet.objects.all()}
    assert numbers == {"before": 4, "after": 16, "focus": 5, "reflection": 13}
    stems = Question.objects.filter(is_stem=True).values_list("question_set__purpose", "position")
    assert set(stems) == {("after", 10), ("after", 11)}
    assert not Question.objects.filter(title_ru="").exists()


def coming(cast: Cast, purpose: str = "after") -> QuestionSet:
    """A version that begins tomorrow and asks one question."""
    made = new_set(
        by=cast.institute,
        earlier=QuestionSet.objects.get(purpose=purpose),
        source="001",
        starts_on=today() + dt.timedelta(days=1),
    )
    row = {"title_ky": "Сабак кандай өттү?", "title_ru": "", "is_stem": False}
    return save_set(by=cast.institute, questions=made, seen=mark_of(made), source="001", rows=[row])


def test_a_sheet_keeps_the_questions_it_was_begun_with(cast: Cast, pair: Mentorship) -> None:
    old = body(pair, grade="5")
    sheet = begun(cast.head, pair)
    QuestionSet.objects.filter(pk=coming(cast).pk).update(starts_on=today())
    assert len(questions_of(LessonSheet(mentorship=pair, kind="observation"))) == 4 + 1
    assert len(questions_of(LessonSheet.objects.get(pk=sheet.pk))) == 4 + 16
    assert send(cast.head, sheet.uid, old | {"seen": 1, "notes": SAID}).status_code == 302
    assert sheet.answers.count() == 4 + 16
    kept_on_a_phone = uuid.uuid4()
    assert send(cast.head, kept_on_a_phone, old).status_code == 302
    assert LessonSheet.objects.get(uid=kept_on_a_phone).answers.count() == 4 + 16


def test_a_version_that_has_begun_is_never_changed(cast: Cast) -> None:
    first = QuestionSet.objects.get(purpose="focus")
    for change in (
        lambda: save_set(by=cast.institute, questions=first, seen=mark_of(first), source="1", rows=rows_of(first)),
        lambda: delete_set(by=cast.institute, questions=first),
        lambda: new_set(by=cast.institute, earlier=first, source="1", starts_on=today()),
    ):
        with pytest.raises(Refused):
            change()
    assert (first.questions.count(), first.ends_on) == (5, None)


def test_only_who_keeps_the_questions_changes_them(cast: Cast) -> None:
    made = coming(cast)
    for change in (
        lambda: save_set(by=cast.director, questions=made, seen=mark_of(made), source="1", rows=rows_of(made)),
        lambda: delete_set(by=cast.director, questions=made),
        lambda: new_set(by=cast.director, earlier=made, source="1", starts_on=today() + dt.timedelta(days=9)),
    ):
        with pytest.raises(PermissionDenied):
            change()


def test_the_page_of_a_version_changes_order_words_and_number_of_questions(cast: Cast) -> None:
    made = coming(cast)
    rows = [("2", "Экинчи", ""), ("1", "Биринчи", "on"), ("", "Акыркы", ""), ("", "Кетти", "")]
    data: dict[str, Any] = {"once": uuid.uuid4(), "seen": mark_of(made), "source": "001, насаатчылык"}
    data |= {"questions-TOTAL_FORMS": len(rows), "questions-INITIAL_FORMS": 0, "questions-3-leave_out": "on"}
    for number, (place, title, stem) in enumerate(rows):
        data |= {f"questions-{number}-place": place, f"questions-{number}-title_ky": title}
        data |= {f"questions-{number}-is_stem": stem} if stem else {}
    address = reverse("question_set_edit", args=[made.pk])
    assert signed_in(cast.institute).post(address, data).status_code == 302
    told = list(made.questions.values_list("position", "title_ky", "is_stem"))
    assert told == [(1, "Биринчи", True), (2, "Экинчи", False), (3, "Акыркы", False)]
    assert AuditEntry.objects.filter(event="reference_changed", what=str(made)).exists()
    again = signed_in(cast.institute).post(address, data | {"once": uuid.uuid4(), "questions-0-title_ky": "Кечикти"})
    assert again.status_code == 200  # by a mark of what no longer stands
    assert "Кечикти" in again.content.decode()
    assert not made.questions.filter(title_ky="Кечикти").exists()


def test_a_version_taken_away_lets_the_earlier_one_go_on(cast: Cast) -> None:
    made = coming(cast)
    earlier = QuestionSet.objects.get(purpose="after", starts_on__lt=today())
    assert earlier.ends_on == today()
    delete_set(by=cast.institute, questions=made)
    earlier.refresh_from_db()
    assert earlier.ends_on is None


# --- Papers, erasing, merging -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "pages", "asked"), [("observation", 2, 20), ("visit", 1, 5), ("reflection", 2, 13)])
def test_a_paper_asks_everything_on_its_pages(cast: Cast, pair: Mentorship, kind: str, pages: int, asked: int) -> None:
    sheet = factories.lesson_sheet(pair, cast.teacher, kind, topic="Бөлчөктөр", texts={1: SAID})
    answer = read(cast.teacher, "lesson_sheet_paper", sheet.uid)
    paper = papers.read(answer.content)
    text = " ".join(paper.pages)
    assert len(paper.pages) == pages
    assert not paper.is_landscape
    assert SAID in text
    assert "Бөлчөктөр" in text
    questions = [question.title_ky for question in questions_of(LessonSheet.objects.get())]
    assert len(questions) == asked
    assert all(question in text for question in questions)


def test_erasing_takes_what_was_written_on_one_s_own_lessons(cast: Cast, pair: Mentorship) -> None:
    kinds = ("observation", "visit", "reflection")
    for kind in kinds:
        factories.lesson_sheet(pair, cast.teacher, kind, notes=SAID)
    RetentionPeriod.objects.update_or_create(kept=Kept.PEOPLE, defaults={"years": 5, "source": "Сынак"})
    RoleAssignment.objects.filter(person=cast.head.person).delete()

    def erase_long_after_leaving(user: User) -> None:
        Employment.objects.filter(person=user.person).update(ends_on=LONG_AGO)
        assert erase(user.person)

    erase_long_after_leaving(cast.head)
    assert set(LessonSheet.objects.values_list("kind", flat=True)) == {"observation", "reflection"}
    erase_long_after_leaving(cast.teacher)
    assert not LessonSheet.objects.exists()
    assert not SheetAnswer.objects.exists()
