"""The self-assessment: answers saved as given, a picture of them, and only what is ticked reaches the school."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cpd.dates import school_year_of, today
from plans.assessment.access import proposed_year
from plans.assessment.actions import pass_on_needs, save_answer, start_assessment
from plans.assessment.passing import passables_of
from plans.assessment.picture import LEFT, average, by_group, by_unit, strengths
from plans.assessment.sheet import Sheet, sheet_of
from plans.choices import NeedOrigin
from plans.models import (
    AssessmentAnswer,
    Competence,
    LearningNeed,
    NeedsRequest,
    ProfessionalStandard,
    RequestRow,
    SelfAssessment,
)
from plans.needs.actions import tell_need
from schools.approval import Refused
from schools.choices import DocumentKind, Role, State
from schools.models import Employment, Subject, User
from tests import factories, papers
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
NOTE = "Жаңы ыкмаларды көргүм келет."


@pytest.fixture
def sheet(cast: Cast) -> SelfAssessment:
    return factories.assessment(cast.teacher)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(user: User, sheet: SelfAssessment, name: str, *parts: str, **data: Any) -> Any:
    return signed_in(user).post(reverse(name, args=[sheet.pk, *parts]), {"once": uuid4()} | data)


def page(user: User, sheet: SelfAssessment, name: str, *parts: str) -> str:
    """As it is for needs of the sheet's own school year, whatever is proposed today."""
    answer = signed_in(user).get(reverse(name, args=[sheet.pk, *parts], query={"year": sheet.school_year}))
    assert answer.status_code == 200
    return answer.content.decode()


def answers(sheet: SelfAssessment) -> dict[str, tuple[int | None, bool | None]]:
    return {one.competence.code: (one.level, one.has_need) for one in sheet.answers.all()}


def last_year(user: User) -> SelfAssessment:
    return factories.assessment(user, year=school_year_of(today()) - 1)


# --- starting -----------------------------------------------------------------------------------------------------


def test_a_sheet_is_started_once_a_year_by_the_standard_in_force(cast: Cast) -> None:
    first = ProfessionalStandard.objects.get()
    ProfessionalStandard.objects.create(
        number="2", title_ky="Кийинки", source="Долбоор", starts_on=today() + dt.timedelta(days=1)
    )
    started = start_assessment(by=cast.teacher)
    assert (started.standard, started.school_year) == (first, school_year_of(today()))
    assert start_assessment(by=cast.teacher) == started


def test_whoever_does_not_teach_starts_none(cast: Cast) -> None:
    with pytest.raises(Refused):
        start_assessment(by=cast.officer)
    assert not SelfAssessment.objects.exists()


def test_without_a_standard_in_force_nothing_is_started(cast: Cast) -> None:
    ProfessionalStandard.objects.update(ends_on=today() - dt.timedelta(days=1))
    with pytest.raises(Refused):
        start_assessment(by=cast.teacher)


def test_a_standard_without_questions_starts_nothing(cast: Cast) -> None:
    ProfessionalStandard.objects.create(number="2", title_ky="Жаңы", source="Долбоор", starts_on=today())
    with pytest.raises(Refused):
        start_assessment(by=cast.teacher)


def test_starting_leads_to_the_first_question_and_going_on_to_the_first_open_one(cast: Cast) -> None:
    answer = signed_in(cast.teacher).post(reverse("assessments"), {"once": uuid4()})
    started = SelfAssessment.objects.get()
    assert answer["Location"] == reverse("assessment_step", args=[started.pk, "A1.1"])
    factories.answer(started, "A1.1", level=2)
    text = signed_in(cast.teacher).get(reverse("assessments")).content.decode()
    assert reverse("assessment_step", args=[started.pk, "A1.2"]) in text


def test_the_sheet_is_found_on_the_first_page_as_far_as_it_has_come(cast: Cast) -> None:
    def home() -> str:
        return signed_in(cast.teacher).get(reverse("home")).content.decode()

    factories.answer(last_year(cast.teacher), "A1.1", level=2)
    assert reverse("assessments") in home()
    started = start_assessment(by=cast.teacher)
    factories.answer(started, "A1.1", level=2)
    factories.answer(started, "A1.2", note=NOTE)  # says neither level nor need
    asked = Competence.objects.filter(unit__standard=started.standard).count()
    assert f": 1 / {asked}" in home()
    assert reverse("assessment_step", args=[started.pk, "A1.2"]) in home()
    AssessmentAnswer.objects.all().delete()
    for competence in Competence.objects.filter(unit__standard=started.standard):
        factories.answer(started, competence.code, has_need=False)
    assert f": {asked} / {asked}" in home()
    assert reverse("assessment_result", args=[started.pk]) in home()
    assert f"/self-assessment/{started.pk}/A" not in home()
    assert reverse("assessments") not in signed_in(cast.officer).get(reverse("home")).content.decode()


# --- answers ------------------------------------------------------------------------------------------------------


def test_next_saves_the_answer_and_opens_the_next_question_also_of_the_next_unit(
    cast: Cast, sheet: SelfAssessment
) -> None:
    answer = send(cast.teacher, sheet, "assessment_step", "A1.5", level=3, has_need="no", then="next")
    assert answer["Location"] == reverse("assessment_step", args=[sheet.pk, "A2.1"])
    assert answers(sheet) == {"A1.5": (3, False)}


def test_after_the_last_question_comes_the_picture(cast: Cast, sheet: SelfAssessment) -> None:
    answer = send(cast.teacher, sheet, "assessment_step", "A5.5", level=1, then="next")
    assert answer["Location"] == reverse("assessment_result", args=[sheet.pk])


def test_a_question_may_be_passed_over(cast: Cast, sheet: SelfAssessment) -> None:
    send(cast.teacher, sheet, "assessment_step", "A1.1", note="", evidence="", then="next")
    assert answers(sheet) == {"A1.1": (None, None)}
    assert sheet_of(sheet).answered == 0


def test_the_same_answer_sent_twice_is_one_answer(cast: Cast, sheet: SelfAssessment) -> None:
    for _ in range(2):
        assert send(cast.teacher, sheet, "assessment_answer", "A1.1", level=4).json() == {"saved": "A1.1"}
    assert answers(sheet) == {"A1.1": (4, None)}


def test_what_was_not_sent_stays_as_it_was(cast: Cast, sheet: SelfAssessment) -> None:
    record = factories.training_record(cast.teacher)
    factories.answer(sheet, "A1.1", level=2, has_need=True, note=NOTE, evidence=record)
    send(cast.teacher, sheet, "assessment_answer", "A1.1", level=3)
    saved = sheet.answers.get()
    assert (saved.level, saved.has_need, saved.note, saved.evidence) == (3, True, NOTE, record)
    send(cast.teacher, sheet, "assessment_answer", "A1.1", evidence="", note="")
    saved = sheet.answers.get()
    assert (saved.level, saved.note, saved.evidence) == (3, "", None)


@pytest.mark.parametrize("written", ["А 2.1.", "a2.1", "А2.1"])
def test_a_code_is_understood_as_people_write_it(written: str, cast: Cast, sheet: SelfAssessment) -> None:
    send(cast.teacher, sheet, "assessment_answer", written, level=1)
    assert answers(sheet) == {"A2.1": (1, None)}


def test_a_level_the_scale_lacks_is_refused_until_the_scale_has_it(cast: Cast, sheet: SelfAssessment) -> None:
    beyond = sheet.standard.levels.count() + 1
    assert send(cast.teacher, sheet, "assessment_answer", "A1.1", level=beyond).status_code == 422
    sheet.standard.levels.create(value=beyond, title_ky="Дагы жогору")
    assert send(cast.teacher, sheet, "assessment_answer", "A1.1", level=beyond).status_code == 200
    assert answers(sheet) == {"A1.1": (beyond, None)}


def test_evidence_is_a_record_of_one_s_own(cast: Cast, sheet: SelfAssessment) -> None:
    own, strange = factories.training_record(cast.teacher), factories.training_record(cast.peer)
    assert send(cast.teacher, sheet, "assessment_answer", "A1.1", evidence=strange.pk).status_code == 422
    assert not sheet.answers.exists()
    send(cast.teacher, sheet, "assessment_answer", "A1.1", evidence=own.pk)
    assert sheet.answers.get().evidence == own


def test_too_long_a_sentence_comes_back_with_a_sentence_beside_it(cast: Cast, sheet: SelfAssessment) -> None:
    typed = "жаңы " * 100
    answer: HttpResponse = send(cast.teacher, sheet, "assessment_step", "A1.2", level=2, note=typed, then="next")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="A1.2-note_error"' in text
    assert typed.strip() in text
    assert not sheet.answers.exists()
    told = send(cast.teacher, sheet, "assessment_answer", "A1.2", note=typed).json()
    assert list(told["errors"]) == ["A1.2-note"]


def test_without_scripts_an_answer_outlives_the_session_it_was_given_in(cast: Cast, sheet: SelfAssessment) -> None:
    client = Client()
    address = reverse("assessment_step", args=[sheet.pk, "A1.1"])
    assert client.post(address, {"level": 3, "note": NOTE}).status_code == 302
    client.force_login(cast.teacher)
    assert NOTE in client.get(address).content.decode()


def test_a_sheet_of_a_year_that_is_over_stays_as_it_is(cast: Cast) -> None:
    old = last_year(cast.teacher)
    factories.answer(old, "A1.1", level=2, has_need=True)
    send(cast.teacher, old, "assessment_step", "A1.1", level=4)
    told = send(cast.teacher, old, "assessment_answer", "A1.1", level=4)
    assert told.status_code == 409
    send(cast.teacher, old, "assessment_pass_on", needs=["A1.1"])
    assert answers(old) == {"A1.1": (2, True)}
    assert not LearningNeed.objects.exists()


def test_nobody_answers_for_another(cast: Cast, sheet: SelfAssessment) -> None:
    competence = Competence.objects.get(code="A1.1")
    with pytest.raises(PermissionDenied):
        save_answer(assessment=sheet, by=cast.director, competence=competence, columns={"level": 1})
    assert not AssessmentAnswer.objects.exists()


# --- all questions in one form -------------------------------------------------------------------------------------


def test_one_save_keeps_every_mark_of_the_page(cast: Cast, sheet: SelfAssessment) -> None:
    factories.answer(sheet, "A2.1", level=1, note=NOTE)
    typed = {"A1.4-level": 2, "A1.5-level": 3, "A1.5-has_need": "yes", "A2.1-level": 4, "A2.1-note": NOTE}
    answer = send(cast.teacher, sheet, "assessment", **typed, **{"A1.1-note": "", "A1.1-evidence": ""})
    assert answer["Location"] == reverse("assessment", args=[sheet.pk])
    assert answers(sheet) == {"A1.4": (2, None), "A1.5": (3, True), "A2.1": (4, None)}
    assert sheet.answers.get(competence__code="A2.1").note == NOTE


def test_one_mistake_saves_nothing_and_loses_no_mark(cast: Cast, sheet: SelfAssessment) -> None:
    typed = {"A1.4-level": 2, "A1.5-note": "жаңы " * 100}
    answer = send(cast.teacher, sheet, "assessment", **typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="A1.5-note_error"' in text
    assert re.search('<input[^>]*name="A1.4-level"[^>]*value="2"[^>]*checked', text)
    assert not sheet.answers.exists()


def test_marks_of_the_whole_page_outlive_the_session_they_were_given_in(cast: Cast, sheet: SelfAssessment) -> None:
    client = Client()
    address = reverse("assessment", args=[sheet.pk])
    assert client.post(address, {"A1.5-note": NOTE}).status_code == 302
    client.force_login(cast.teacher)
    assert NOTE in client.get(address).content.decode()


def test_a_whole_page_saved_without_a_change_is_not_called_saved(cast: Cast, sheet: SelfAssessment) -> None:
    factories.answer(sheet, "A2.1", level=1)
    answer = send(cast.teacher, sheet, "assessment", **{"A2.1-level": 1, "A2.1-note": ""})
    assert [message.level_tag for message in get_messages(answer.wsgi_request)] == ["info"]


def test_codes_stand_on_the_screen_as_on_paper(cast: Cast, sheet: SelfAssessment) -> None:
    factories.answer(sheet, "A2.1", level=1, has_need=True)
    for name in ("assessment", "assessment_result"):
        assert "\N{CYRILLIC CAPITAL LETTER A}2.1" in page(cast.teacher, sheet, name)


# --- the year before ----------------------------------------------------------------------------------------------


def test_the_answer_of_the_year_before_stands_beside_the_question(cast: Cast, sheet: SelfAssessment) -> None:
    factories.answer(last_year(cast.teacher), "A1.1", level=2, has_need=True, note=NOTE)
    question = sheet_of(sheet).questions[0]
    assert (question.code, question.earlier_level, question.level) == ("A1.1", 2, None)
    assert f"«{NOTE}»" in page(cast.teacher, sheet, "assessment_step", "A1.1")


def test_answers_by_another_version_of_the_standard_are_found_by_their_codes(cast: Cast) -> None:
    old = last_year(cast.teacher)
    factories.answer(old, "A1.1", level=1)
    newer = ProfessionalStandard.objects.create(number="2", title_ky="Жаңы", source="Буйрук", starts_on=today())
    unit = newer.units.create(code="A1", title_ky="Чөйрө", position=1)
    unit.competences.create(code="A1.1", title_ky="Сабак", position=1)
    [question] = sheet_of(start_assessment(by=cast.teacher)).questions
    assert (question.competence.title_ky, question.earlier_level) == ("Сабак", 1)


def test_another_person_s_answers_are_never_the_earlier_ones(cast: Cast, sheet: SelfAssessment) -> None:
    factories.answer(last_year(cast.peer), "A1.1", level=1)
    assert sheet_of(sheet).earlier is None


# --- the picture --------------------------------------------------------------------------------------------------


@pytest.fixture
def answered(cast: Cast, sheet: SelfAssessment) -> Sheet:
    """Two levels and a need in A1, one level in A2; the year before only one in A1."""
    factories.answer(last_year(cast.teacher), "A1.3", level=1)
    factories.answer(sheet, "A1.1", level=1, has_need=True, note=NOTE)
    factories.answer(sheet, "A1.2", level=4, has_need=False)
    factories.answer(sheet, "A1.3", has_need=True)
    factories.answer(sheet, "A2.1", level=4, has_need=True)
    return sheet_of(sheet)


def test_an_average_is_of_the_levels_given() -> None:
    assert average([1, None, 2, 2]) == Decimal("1.7")
    assert average([None]) is None


def test_the_picture_shows_levels_needs_and_the_year_before_by_unit(answered: Sheet) -> None:
    drawn = by_unit(answered)
    assert [bar.code for bar in drawn.bars] == ["A1", "A2", "A3", "A4", "A5"]
    first, second, third = drawn.bars[:3]
    assert (first.average, first.earlier, first.needs) == (Decimal("2.5"), Decimal("1.0"), 2)
    assert (second.average, second.earlier, second.needs) == (Decimal("4.0"), None, 1)
    assert (third.average, third.length, third.needs) == (None, 0, 0)
    assert 0 < first.length < second.length
    assert drawn.lines[-1] == (LEFT + second.length, 4)  # the highest level fills the bar


def test_a_competence_counts_in_each_of_its_groups(answered: Sheet) -> None:
    tags = {group.code for group in Competence.objects.get(code="A2.1").groups.all()}
    needs = {bar.code: bar.needs for bar in by_group(answered).bars}
    assert set(needs) == {"B1", "B2", "B3", "B4", "B5", "B6"}
    assert all(needs[tag] >= 1 for tag in tags)


def test_a_strength_is_the_highest_level_given_without_a_need(answered: Sheet) -> None:
    assert [question.code for question in strengths(answered)] == ["A1.2"]


def test_the_picture_is_drawn_by_the_server_with_its_numbers_as_text(cast: Cast, answered: Sheet) -> None:
    text = page(cast.teacher, answered.assessment, "assessment_result")
    assert text.count('<svg class="picture"') == 2
    assert "2,5" in text
    assert "style=" not in text


# --- what the school learns ---------------------------------------------------------------------------------------


def known_to_the_school(user: User) -> list[str]:
    needs = LearningNeed.objects.passed_on().filter(employment__person=user.person_id)
    return sorted(need.competence.code for need in needs if need.competence)


def hand_in(cast: Cast) -> None:
    """The school's request with every need passed on."""
    found = factories.needs_request(cast.school, by=cast.deputy, year=school_year_of(today()))
    factories.submitted_request(found, by=cast.deputy)


def ticked(user: User, sheet: SelfAssessment, box: str) -> bool:
    [shown] = re.findall(f'<input[^>]*id="{box}"[^>]*>', page(user, sheet, "assessment_result"))
    return "checked" in shown


def test_marking_needs_tells_the_school_nothing(cast: Cast, answered: Sheet) -> None:
    assert not LearningNeed.objects.exists()
    assert "checked" not in page(cast.teacher, answered.assessment, "assessment_result")


def test_only_what_is_ticked_is_passed_on(cast: Cast, answered: Sheet) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1", "A2.1"])
    assert known_to_the_school(cast.teacher) == ["A1.1", "A2.1"]
    need = LearningNeed.objects.get(competence__code="A1.1")
    assert (need.origin, need.school_year) == (NeedOrigin.SELF_ASSESSMENT, answered.assessment.school_year)
    assert (need.employment, need.entered_by) == (factories.job_of(cast.teacher), cast.teacher.person)
    assert need.note == ""


def test_a_sentence_goes_along_only_where_one_says_so(cast: Cast, answered: Sheet) -> None:
    factories.answer(answered.assessment, "A2.2", has_need=True, note="Башка сүйлөм.")
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1", "A2.2"], notes=["A1.1"])
    assert dict(LearningNeed.objects.values_list("competence__code", "note")) == {"A1.1": NOTE, "A2.2": ""}


def test_whether_a_sentence_goes_along_is_shown_as_it_is(cast: Cast, answered: Sheet) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    assert not ticked(cast.teacher, answered.assessment, "note-A1.1")
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"], notes=["A1.1"])
    assert LearningNeed.objects.get().note == NOTE  # also of a need that was passed on before
    assert ticked(cast.teacher, answered.assessment, "note-A1.1")


def test_unticking_takes_a_sentence_away(cast: Cast, answered: Sheet) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"], notes=["A1.1"])
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    assert LearningNeed.objects.get().note == ""
    assert not ticked(cast.teacher, answered.assessment, "note-A1.1")


def test_a_sentence_without_its_need_is_not_sent_and_the_ticks_stay(cast: Cast, answered: Sheet) -> None:
    answer = send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A2.1"], notes=["A1.1"])
    assert answer.status_code == 422
    assert not LearningNeed.objects.exists()
    form = answer.context["form"]
    assert (form["needs"].value(), form["notes"].value(), list(form.errors)) == (["A2.1"], ["A1.1"], ["notes"])


def test_the_sentence_of_a_private_need_is_not_passed_on_unasked(cast: Cast, answered: Sheet) -> None:
    title = Competence.objects.get(code="A1.1").title_ky
    job, year = factories.job_of(cast.teacher), answered.assessment.school_year
    tell_need(
        by=cast.teacher, employment=job, school_year=year, origin=NeedOrigin.OWN_WISH, title=title, note="Өзүмө."
    )
    assert "«Өзүмө.»" in page(cast.teacher, answered.assessment, "assessment_result")
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    need = LearningNeed.objects.get()
    assert (need.passed_on_at is not None, need.note) == (True, "")


def test_nothing_is_called_saved_where_nothing_was(cast: Cast, answered: Sheet) -> None:
    levels = []
    for _ in range(2):
        answer = send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"], notes=["A1.1"])
        levels += [message.level_tag for message in get_messages(answer.wsgi_request)]
    assert levels == ["success", "info"]


def test_a_sentence_that_a_request_counts_stays_and_says_so(cast: Cast, answered: Sheet) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"], notes=["A1.1"])
    hand_in(cast)
    text = page(cast.teacher, answered.assessment, "assessment_result")
    assert f"«{NOTE}»" in text
    assert 'name="notes"' not in text
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    assert LearningNeed.objects.get().note == NOTE


def test_where_the_school_counts_every_need_there_is_nothing_to_save(cast: Cast, answered: Sheet) -> None:
    button = "btn btn-primary btn-lg w-100"
    assert button in page(cast.teacher, answered.assessment, "assessment_result")
    AssessmentAnswer.objects.exclude(competence__code="A1.1").update(has_need=False)
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    hand_in(cast)
    assert button not in page(cast.teacher, answered.assessment, "assessment_result")


def test_the_topic_is_the_kyrgyz_label_in_every_language_of_the_screen(cast: Cast, answered: Sheet) -> None:
    client = signed_in(cast.teacher)
    client.cookies["django_language"] = "ru"
    client.post(reverse("assessment_pass_on", args=[answered.assessment.pk]), {"once": uuid4(), "needs": ["A1.1"]})
    assert LearningNeed.objects.get().title == Competence.objects.get(code="A1.1").title_ky


def test_a_competence_without_a_need_is_not_passed_on(cast: Cast, answered: Sheet) -> None:
    assert send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.2"]).status_code == 422
    assert not LearningNeed.objects.exists()


def test_unticking_takes_a_need_back(cast: Cast, answered: Sheet) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1", "A2.1"])
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A2.1"])
    assert known_to_the_school(cast.teacher) == ["A2.1"]
    assert LearningNeed.objects.get(competence__code="A1.1").withdrawn_at is not None


def test_sending_the_same_ticks_again_changes_nothing(cast: Cast, answered: Sheet) -> None:
    for _ in range(2):
        send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    assert LearningNeed.objects.count() == 1


def test_a_need_no_longer_marked_can_still_be_taken_back(cast: Cast, answered: Sheet) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    AssessmentAnswer.objects.filter(assessment=answered.assessment, competence__code="A1.1").update(has_need=False)
    assert 'id="need-A1.1"' in page(cast.teacher, answered.assessment, "assessment_result")
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=[])
    assert known_to_the_school(cast.teacher) == []


@pytest.mark.parametrize(("state", "is_kept"), [(State.DRAFT, False), (State.SUBMITTED, True), (State.APPROVED, True)])
def test_what_a_request_that_was_handed_in_counts_stays(
    state: str, is_kept: bool, cast: Cast, answered: Sheet
) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    need = LearningNeed.objects.get()
    request = NeedsRequest.objects.create(
        kind=DocumentKind.NEEDS_REQUEST,
        institution=cast.school,
        author=cast.deputy.person,
        starts_on=dt.date(need.school_year, 9, 1),
        ends_on=dt.date(need.school_year + 1, 8, 31),
        state=state,
        awaiting_role=Role.DIRECTOR if state == State.SUBMITTED else "",
    )
    row = RequestRow.objects.create(request=request, title=need.title, language=need.language)
    LearningNeed.objects.update(row=row)
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=[])
    assert known_to_the_school(cast.teacher) == (["A1.1"] if is_kept else [])


def test_a_topic_the_school_entered_is_not_the_teacher_s_to_take_back(cast: Cast, answered: Sheet) -> None:
    title = Competence.objects.get(code="A1.1").title_ky
    job = factories.job_of(cast.teacher)
    year = answered.assessment.school_year
    tell_need(by=cast.deputy, employment=job, school_year=year, origin=NeedOrigin.SCHOOL_PROGRAMME, title=title)
    text = page(cast.teacher, answered.assessment, "assessment_result")
    assert "disabled" in text
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=[])
    assert LearningNeed.objects.get().withdrawn_at is None


def test_who_works_at_two_schools_chooses_which_one_learns_of_a_need(cast: Cast, answered: Sheet) -> None:
    second = factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school, is_main=False)
    assert send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"]).status_code == 422
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"], employment=second.pk)
    assert LearningNeed.objects.get().employment == second


def test_of_several_subjects_one_may_be_chosen_and_a_single_one_is_known(cast: Cast, answered: Sheet) -> None:
    job = factories.job_of(cast.teacher)
    biology, chemistry = (Subject.objects.create(title_ky=title) for title in ("Биология-1", "Химия-1"))
    job.subjects.add(biology)
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    job.subjects.add(chemistry)
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1", "A2.1"], subject=chemistry.pk)
    subjects = dict(LearningNeed.objects.values_list("competence__code", "subject"))
    assert subjects == {"A1.1": biology.pk, "A2.1": chemistry.pk}


def test_without_a_teaching_post_nothing_is_passed_on(cast: Cast, answered: Sheet) -> None:
    Employment.objects.filter(person=cast.teacher.person).update(is_teaching=False)
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    assert not LearningNeed.objects.exists()


def test_nobody_passes_on_for_another(cast: Cast, answered: Sheet) -> None:
    with pytest.raises(PermissionDenied):
        pass_on_needs(
            assessment=answered.assessment,
            by=cast.director,
            school_year=answered.assessment.school_year,
            passables=passables_of(answered, cast.director, answered.assessment.school_year),
            ticked=["A1.1"],
            employment=factories.job_of(cast.director),
            subject=None,
            noted=[],
        )
    assert not LearningNeed.objects.exists()


# --- for which school year ----------------------------------------------------------------------------------------


def wished(user: User) -> set[tuple[str, int]]:
    """Codes and school years of the needs that the school knows of."""
    needs = LearningNeed.objects.passed_on().filter(employment__person=user.person_id)
    return {(need.competence.code, need.school_year) for need in needs if need.competence}


def test_needs_are_passed_on_for_the_next_school_year_and_its_request_counts_them(cast: Cast, answered: Sheet) -> None:
    following = answered.assessment.school_year + 1
    answer = send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1", "A2.1"], year=following)
    assert (
        answer["Location"] == reverse("assessment_result", args=[answered.assessment.pk]) + f"?year={following}#needs"
    )
    assert wished(cast.teacher) == {("A1.1", following), ("A2.1", following)}
    request = factories.needs_request(cast.school, by=cast.deputy, year=following)
    assert {row.title_key for row in request.rows.all()} == {need.title_key for need in LearningNeed.objects.all()}


def test_unticking_takes_back_what_was_wished_for_the_year_chosen_alone(cast: Cast, answered: Sheet) -> None:
    this = answered.assessment.school_year
    for year in (this, this + 1):
        send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1", "A2.1"], year=year)
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"], year=this + 1)
    assert wished(cast.teacher) == {("A1.1", this), ("A2.1", this), ("A1.1", this + 1)}


def test_the_ticks_on_the_page_are_those_of_the_year_chosen(cast: Cast, answered: Sheet) -> None:
    sheet = answered.assessment
    send(cast.teacher, sheet, "assessment_pass_on", needs=["A1.1"], year=sheet.school_year + 1)
    client, address = signed_in(cast.teacher), reverse("assessment_result", args=[sheet.pk])
    for year, ticked in ((sheet.school_year, []), (sheet.school_year + 1, ["A1.1"])):
        context = client.get(address, {"year": year}).context
        assert (context["year"], context["form"]["needs"].value()) == (year, ticked)
    assert client.get(address).context["year"] == proposed_year(today())
    for named in (sheet.school_year - 1, sheet.school_year + 2, "эмки"):
        assert client.get(address, {"year": named}).status_code == 404
        assert send(cast.teacher, sheet, "assessment_pass_on", needs=["A1.1"], year=named).status_code == 404
    assert LearningNeed.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "year"),
    [((2026, 9, 1), 2026), ((2026, 12, 31), 2026), ((2027, 1, 1), 2027), ((2027, 8, 31), 2027)],
)
def test_from_january_on_the_next_school_year_is_proposed(day: tuple[int, int, int], year: int) -> None:
    assert proposed_year(dt.date(*day)) == year


# --- privacy ------------------------------------------------------------------------------------------------------


def test_nobody_else_ever_reads_a_sheet(cast: Cast, answered: Sheet) -> None:
    send(cast.teacher, answered.assessment, "assessment_pass_on", needs=["A1.1"])
    readers = {
        name
        for name, user in cast.people.items()
        if user and SelfAssessment.objects.visible_to(user).filter(pk=answered.assessment.pk).exists()
    }
    assert readers == {"teacher"}


def test_the_administration_of_the_site_has_no_sheets() -> None:
    kept = set(admin.site._registry)
    assert User in kept
    assert not kept & {SelfAssessment, AssessmentAnswer}


# --- the paper ----------------------------------------------------------------------------------------------------


def test_the_paper_has_a_table_per_unit_with_codes_as_on_paper(cast: Cast, answered: Sheet) -> None:
    record = factories.training_record(cast.teacher, title="Баалоо курсу")
    AssessmentAnswer.objects.filter(competence__code="A1.1", assessment=answered.assessment).update(evidence=record)
    answer = signed_in(cast.teacher).get(reverse("assessment_paper", args=[answered.assessment.pk]))
    assert answer["Content-Type"] == "application/pdf"
    text = papers.read(answer.content).text
    for expected in ("А1.1", "А5.5", "В1", cast.teacher.person.full_name, "Баалоо курсу", NOTE, "Ооба"):
        assert expected in text
    assert "A1.1" not in text
