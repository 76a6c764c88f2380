"""The school's own papers: drawn up from what is known, edited in plain text, printed (F10, F13)."""

import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from courses.models import ScheduleDeadline
from cpd.dates import school_year_of, today
from cpd.once import FIELD, new_token
from plans.choices import PaperKind
from plans.models import SchoolPaper
from plans.school_papers import actions
from plans.school_papers.drafting import measures_order, minutes_extract
from plans.school_papers.papers import paper_name, paper_pdf
from schools.approval import ChangedMeanwhile
from schools.choices import Event, Role
from schools.models import AuditEntry, Meeting, User
from tests import factories
from tests.conftest import Cast


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def order_of(cast: Cast) -> SchoolPaper:
    return actions.draw_up_order(by=cast.deputy, institution=cast.school, school_year=school_year_of(today()))


def meeting_of(cast: Cast) -> Meeting:
    factories.considered(cast.plan, by=cast.head)
    return Meeting.objects.get()


def words_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


def posted(paper: SchoolPaper, **wanted: Any) -> dict[str, Any]:
    """What the editing page would send as it stands, with what somebody typed into it."""
    typed: dict[str, Any] = {FIELD: new_token(), "seen": paper.revision, "number": paper.number, "dated_on": ""}
    for name, value in paper.text.items():
        if name != "measures":
            typed[name] = "\n".join(value) if isinstance(value, list) else value
    rows = paper.text.get("measures", [])
    typed |= {"measure-TOTAL_FORMS": len(rows), "measure-INITIAL_FORMS": len(rows)}
    for place, row in enumerate(rows):
        typed |= {f"measure-{place}-{name}": value for name, value in {"place": place + 1, **row}.items()}
    return typed | wanted


# Drawing up ---------------------------------------------------------------------------------------------------------


def test_an_order_names_the_acts_the_leaders_and_the_staff(cast: Cast) -> None:
    text = order_of(cast).text
    assert "№ 758/1 (4.5.4, 6.2)" in text["preamble"][0]
    assert text["director"] == cast.director.person.full_name
    assert text["place"] == cast.district.title_ky
    assert cast.teacher.person.full_name in text["readers"]
    assert cast.stranger.person.full_name not in text["readers"]
    assert any(cast.deputy.person.full_name in point for point in text["points"])
    assert any(f"Табигый илимдер — {cast.head.person.full_name}" in point for point in text["points"])


def test_an_order_counts_the_teachers_without_a_plan(cast: Cast) -> None:
    before = order_of(cast).text
    factories.approved(cast.plan, by=cast.deputy)
    after = order_of(cast).text
    [counted] = [point for point in before["points"] if point not in after["points"]]
    [recounted] = [point for point in after["points"] if point not in before["points"]]
    teachers = len(before["readers"]) + 1  # the director teaches too
    assert str(teachers) in counted
    assert str(teachers - 1) in recounted


def test_the_deadline_of_the_district_is_a_term(cast: Cast) -> None:
    year, on = school_year_of(today()), dt.date(school_year_of(today()), 9, 1)
    assert not any("15-октябрь" in row["term"] for row in measures_order(cast.school, year, on)["measures"])
    ScheduleDeadline.objects.create(
        district=cast.district, school_year=year, due_on=dt.date(year, 10, 15), by=cast.officer.person
    )
    text = measures_order(cast.school, year, on)
    assert [row["term"] for row in text["measures"] if "15-октябрь" in row["term"]] == [f"15-октябрь {year}-ж."]
    assert any("15-октябрь" in point for point in text["points"])


def test_the_courses_of_the_schedule_in_force_are_measures(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    paper = actions.draw_up_order(by=cast.deputy, institution=cast.school, school_year=schedule.school_year)
    terms = {row["what"]: row["term"] for row in paper.text["measures"] if "Критериалдуу баалоо" in row["what"]}
    assert len(terms) == 2
    assert set(terms.values()) == {f"5–9-октябрь {schedule.school_year}-ж."}
    assert not any("Критериалдуу баалоо" in row["what"] for row in order_of(cast).text["measures"])  # another year


def test_an_extract_tells_what_the_meeting_decided(cast: Cast) -> None:
    meeting = meeting_of(cast)
    paper = actions.extract_of(by=cast.head, meeting=meeting)
    assert (paper.number, paper.dated_on) == (meeting.minutes_number, meeting.held_on)
    assert paper.text["chair"] == cast.head.person.full_name
    assert paper.text["present"] == [person.full_name for person in meeting.present.all()]
    [decided] = paper.text["decided"]
    assert cast.teacher.person.full_name in decided
    assert "Каралды" in decided
    assert actions.extract_of(by=cast.deputy, meeting=meeting) == paper


# Editing ------------------------------------------------------------------------------------------------------------


def test_every_part_is_edited_in_plain_text(cast: Cast) -> None:
    paper = order_of(cast)
    address = reverse("school_paper_edit", args=[paper.pk])
    typed = posted(paper, number="17", dated_on="2026-09-05", points="Бир\n\n  Эки  \n", director="Үсөнов Б.")
    typed |= {"measure-0-what": "", "measure-0-term": "", "measure-0-who": ""}  # emptied: taken out
    typed |= {"measure-1-place": 99}  # moved to the end
    assert signed_in(cast.clerk).post(address, typed)["Location"] == reverse("school_paper", args=[paper.pk])
    rows = paper.text["measures"]
    paper.refresh_from_db()
    assert (paper.number, paper.dated_on, paper.revision) == ("17", dt.date(2026, 9, 5), 2)
    assert paper.changed_by == cast.clerk.person
    assert paper.text["points"] == ["Бир", "Эки"]
    assert paper.text["director"] == "Үсөнов Б."
    assert paper.text["measures"] == [*rows[2:], rows[1]]


def test_whoever_saves_second_is_told_and_loses_nothing(cast: Cast) -> None:
    paper = order_of(cast)
    late = posted(paper, director="Кечиккен")
    kept = {"number": "5", "dated_on": None, "text": {**paper.text, "director": "Мурдараак"}}
    actions.save_paper(by=cast.director, paper=paper, seen=1, **kept)
    client, address = signed_in(cast.deputy), reverse("school_paper_edit", args=[paper.pk])
    answer = client.post(address, late)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Кечиккен" in shown
    assert str(cast.director.person) in shown
    paper.refresh_from_db()
    assert paper.text["director"] == "Мурдараак"
    client.post(address, late | {FIELD: new_token(), "seen": answer.context["seen"]})  # seen by now, and meant
    paper.refresh_from_db()
    assert (paper.text["director"], paper.revision) == ("Кечиккен", 3)


def test_of_two_at_the_same_moment_one_is_refused(cast: Cast) -> None:
    paper = order_of(cast)
    columns = {"number": "", "dated_on": None, "text": paper.text}
    actions.save_paper(by=cast.deputy, paper=paper, seen=1, **columns)
    with pytest.raises(ChangedMeanwhile):
        actions.save_paper(by=cast.director, paper=paper, seen=1, **columns)


def test_a_wrong_date_is_sent_back_with_what_was_typed(cast: Cast) -> None:
    paper = order_of(cast)
    typed = posted(paper, dated_on="31.02", director="Менин сөзүм")
    answer = signed_in(cast.deputy).post(reverse("school_paper_edit", args=[paper.pk]), typed)
    assert answer.status_code == 200
    assert "dated_on" in answer.context["form"].errors
    assert "Менин сөзүм" in answer.content.decode()
    paper.refresh_from_db()
    assert paper.revision == 1


def test_more_rows_are_had_by_saving(cast: Cast) -> None:
    paper = order_of(cast)
    address = reverse("school_paper_edit", args=[paper.pk])
    answer = signed_in(cast.deputy).post(address, posted(paper, more="1"))
    assert answer["Location"] == address


# Pages and papers ---------------------------------------------------------------------------------------------------


def test_the_school_draws_up_an_order_on_its_page(cast: Cast) -> None:
    client = signed_in(cast.deputy)
    wanted = {FIELD: new_token(), "kind": PaperKind.MEASURES_ORDER, "school_year": school_year_of(today()) + 1}
    answer = client.post(reverse("school_paper_new", args=[cast.school.pk]), wanted)
    paper = SchoolPaper.objects.get()
    assert answer["Location"] == reverse("school_paper_edit", args=[paper.pk])
    assert paper.school_year == school_year_of(today()) + 1
    listed = client.get(reverse("school_papers", args=[cast.school.pk])).content.decode()
    assert reverse("school_paper", args=[paper.pk]) in listed


def test_a_year_that_was_not_offered_draws_up_nothing(cast: Cast) -> None:
    wanted = {FIELD: new_token(), "kind": PaperKind.MEASURES_ORDER, "school_year": 1999}
    signed_in(cast.deputy).post(reverse("school_paper_new", args=[cast.school.pk]), wanted)
    assert not SchoolPaper.objects.exists()


def test_the_head_makes_the_extract_on_the_page_of_the_meeting(cast: Cast) -> None:
    meeting = meeting_of(cast)
    client, address = signed_in(cast.head), reverse("minutes_extract", args=[meeting.pk])
    assert address in client.get(reverse("meeting", args=[meeting.pk])).content.decode()
    answer = client.post(address, {FIELD: new_token()})
    assert answer["Location"] == reverse("school_paper", args=[SchoolPaper.objects.get().pk])
    assert client.get(answer["Location"]).status_code == 200


def test_another_association_does_not_see_the_extract(cast: Cast) -> None:
    paper = actions.extract_of(by=cast.head, meeting=meeting_of(cast))
    assert signed_in(cast.other_head).get(reverse("school_paper", args=[paper.pk])).status_code == 404
    assert signed_in(cast.officer).get(reverse("school_paper", args=[paper.pk])).status_code == 404


def test_the_order_is_printed_as_it_was_edited(cast: Cast) -> None:
    paper = order_of(cast)
    told = words_of(paper_pdf(paper))
    assert "БУЙРУК № ______" in told
    assert "Үзгүлтүксүз кесиптик өнүгүү боюнча иш-чараларды өткөрүү жөнүндө" in told
    assert "БУЙРУК КЫЛАМ:" in told
    for line in (*paper.text["points"], *paper.text["readers"]):
        assert line in told
    for row in paper.text["measures"]:
        assert row["what"].split()[0] in told
    assert "Тааныштым" in told


def test_the_extract_is_printed_as_it_was_edited(cast: Cast) -> None:
    paper = actions.extract_of(by=cast.head, meeting=meeting_of(cast))
    paper.text |= {"secretary": "Сыдыгалиев Н.", "decided": ["Пландар каралды деп эсептелсин."]}
    told = words_of(paper_pdf(paper))
    assert f"ПРОТОКОЛДОН КӨЧҮРМӨ № {paper.number}" in told
    assert "1. Пландар каралды деп эсептелсин." in told
    assert cast.head.person.full_name in told
    assert "Сыдыгалиев Н." in told


def test_who_takes_a_paper_stands_in_the_journal(cast: Cast) -> None:
    paper = order_of(cast)
    answer = signed_in(cast.clerk).get(reverse("school_paper_paper", args=[paper.pk]))
    assert answer["Content-Type"] == "application/pdf"
    assert paper_name(paper) == f"F10_{paper.school_year}.pdf"
    entry = AuditEntry.objects.get(event=Event.TOOK_TABLE)
    assert (entry.by, entry.institution) == (cast.clerk.person, cast.school)


# Drafts -------------------------------------------------------------------------------------------------------------


def delete(user: User, paper: SchoolPaper) -> int:
    address = reverse("school_paper_delete", args=[paper.pk])
    return signed_in(user).post(address, {FIELD: new_token()}).status_code


def test_who_drew_up_an_order_deletes_it_while_it_has_no_number(cast: Cast) -> None:
    numbered, draft = order_of(cast), order_of(cast)
    SchoolPaper.objects.filter(pk=numbered.pk).update(number="15")
    button = reverse("school_paper_delete", args=[draft.pk])
    assert button in signed_in(cast.deputy).get(draft.get_absolute_url()).content.decode()
    assert button not in signed_in(cast.director).get(draft.get_absolute_url()).content.decode()
    assert [delete(cast.director, draft), delete(cast.deputy, numbered), delete(cast.deputy, draft)] == [403, 403, 302]
    assert list(SchoolPaper.objects.all()) == [numbered]


def test_an_extract_is_not_deleted(cast: Cast) -> None:
    paper = actions.extract_of(by=cast.head, meeting=meeting_of(cast))
    SchoolPaper.objects.update(number="")
    assert delete(cast.head, paper) == 403
    assert SchoolPaper.objects.exists()


def test_an_order_that_was_given_a_number_meanwhile_is_not_deleted(cast: Cast) -> None:
    paper = order_of(cast)
    SchoolPaper.objects.update(number="15")
    with pytest.raises(ChangedMeanwhile):
        actions.delete_paper(by=cast.deputy, paper=paper)


def test_a_second_order_of_a_year_is_drawn_up_only_by_who_knows_of_the_first(cast: Cast) -> None:
    first = order_of(cast)
    client, address = signed_in(cast.deputy), reverse("school_paper_new", args=[cast.school.pk])
    wanted = {FIELD: new_token(), "kind": PaperKind.MEASURES_ORDER, "school_year": first.school_year}
    answer = client.post(address, wanted)
    assert (answer.status_code, answer.context["drawn_up"]) == (200, [first])
    assert 'name="is_another"' in answer.content.decode()
    assert SchoolPaper.objects.count() == 1
    client.post(address, wanted | {"is_another": "on"})
    assert SchoolPaper.objects.count() == 2


def test_a_measure_without_its_text_is_told_beside_its_field(cast: Cast) -> None:
    paper = order_of(cast)
    answer = signed_in(cast.deputy).post(
        reverse("school_paper_edit", args=[paper.pk]), posted(paper, **{"measure-0-what": " "})
    )
    assert answer.status_code == 200
    assert list(answer.context["measures"][0].errors) == ["what"]
    paper.refresh_from_db()
    assert paper.revision == 1


def test_no_term_lies_before_the_day_of_drafting(cast: Cast) -> None:
    schedule = factories.school_schedule(cast.school, by=cast.deputy)
    factories.sent(schedule, by=cast.deputy)
    factories.received(schedule, by=cast.officer)
    year = schedule.school_year
    ScheduleDeadline.objects.create(
        district=cast.district, school_year=year, due_on=dt.date(year, 9, 15), by=cast.officer.person
    )
    before = measures_order(cast.school, year, dt.date(year, 9, 15))
    after = measures_order(cast.school, year, dt.date(year, 10, 10))
    told = [{row["term"] for row in text["measures"]} - {""} for text in (before, after)]
    assert told[0] - told[1] == {f"сентябрь {year}-ж.", f"15-сентябрь {year}-ж.", f"5–9-октябрь {year}-ж."}
    assert len(told[1]) == 1  # the end of the school year
    assert any("15-сентябрь" in point for point in before["points"])
    assert not any("15-сентябрь" in point for point in after["points"])
    assert not any("Критериалдуу баалоо" in row["what"] for row in after["measures"])


def test_of_several_heads_the_one_who_recorded_the_meeting_signs_as_chair(cast: Cast) -> None:
    meeting = meeting_of(cast)
    second = factories.RoleFactory(
        person=cast.peer.person, role=Role.ASSOCIATION_HEAD, association=meeting.association
    )
    text = minutes_extract(meeting)
    assert (text["chair"], text["secretary"]) == (cast.head.person.full_name, "")
    Meeting.objects.update(recorded_by=second.person)
    assert minutes_extract(Meeting.objects.get())["chair"] == cast.peer.person.full_name
    Meeting.objects.update(recorded_by=cast.deputy.person)
    assert minutes_extract(Meeting.objects.get())["chair"] == cast.head.person.full_name


def test_an_association_with_two_heads_is_named_once_and_the_director_signs_once(cast: Cast) -> None:
    factories.RoleFactory(person=cast.peer.person, role=Role.ASSOCIATION_HEAD, association=cast.association)
    text = order_of(cast).text
    [told] = [point for point in text["points"] if "Табигый илимдер" in point]
    assert told.count("Табигый илимдер") == 1
    assert cast.head.person.full_name in told
    assert cast.peer.person.full_name in told
    assert text["director"] not in text["readers"]


# Meetings -----------------------------------------------------------------------------------------------------------


def test_the_head_finds_the_meetings_and_their_extracts_from_home(cast: Cast) -> None:
    meeting, client = meeting_of(cast), signed_in(cast.head)
    address = reverse("meetings", args=[cast.school.pk])
    assert address in client.get(reverse("home")).content.decode()
    shown = client.get(address).content.decode()
    assert reverse("meeting", args=[meeting.pk]) in shown
    paper = actions.extract_of(by=cast.head, meeting=meeting)
    assert paper.get_absolute_url() not in shown
    assert paper.get_absolute_url() in client.get(address).content.decode()


def test_heads_see_the_meetings_of_their_associations_alone(cast: Cast) -> None:
    address = reverse("meeting", args=[meeting_of(cast).pk])
    listed = reverse("meetings", args=[cast.school.pk])
    assert address in signed_in(cast.deputy).get(listed).content.decode()
    assert address not in signed_in(cast.other_head).get(listed).content.decode()


def test_the_history_of_a_plan_leads_to_its_meeting_whoever_may_open_it(cast: Cast) -> None:
    address = reverse("meeting", args=[meeting_of(cast).pk])
    for user, is_linked in ((cast.head, True), (cast.deputy, True), (cast.teacher, False)):
        shown = signed_in(user).get(reverse("plan", args=[cast.plan.pk])).content.decode()
        assert (address in shown) is is_linked
