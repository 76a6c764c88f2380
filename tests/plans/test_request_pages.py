"""The pages of requests on learning needs, and of the district's list of them."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from pypdf import PdfReader

from cpd.dates import today
from cpd.once import new_token
from plans.choices import NeedOrigin
from plans.models import LearningNeed, NeedsRequest, TopicAlias
from plans.requests import actions
from plans.views.home import SHOWN
from schools import approval
from schools.choices import Action, State, Work
from schools.delegations import hand_over
from schools.models import AuditEntry, Document, Notice, User
from schools.notices import collect_events
from tests import factories
from tests.conftest import Cast
from tests.factories import need, next_school_year

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def made_of(cast: Cast, *titles: str) -> NeedsRequest:
    for user, title in zip((cast.teacher, cast.peer, cast.colleague), titles, strict=False):
        need(user, title)
    return factories.needs_request(cast.school, by=cast.deputy)


def posted(client: Client, made: NeedsRequest, seen: int | None = None, **data: Any) -> Any:
    now = Document.objects.get(pk=made.pk).revision if seen is None else seen
    return client.post(reverse("needs_request_edit", args=[made.pk]), {"seen": now, "once": factories.uuid4()} | data)


def typed(made: NeedsRequest, title: str, **columns: Any) -> dict[str, Any]:
    """The fields of one row as its form sends them."""
    uid = made.rows.get(title=title).uid
    wanted = {"title": title, "quarter": "", "study_form": "", "block": "", "hours": "", "note": ""} | columns
    return {f"row-{uid}-{name}": value for name, value in wanted.items()}


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_year_whose_request_is_still_to_be_made_stands_first(cast: Cast) -> None:
    client, following = signed_in(cast.deputy), next_school_year()

    def years() -> list[int]:
        [(_school, _makes, offered)] = client.get(reverse("needs_requests")).context["schools"]
        return [year for year, _made in offered]

    assert years() == [following - 1, following]
    factories.needs_request(cast.school, by=cast.deputy)
    assert years() == [following - 1, following]
    factories.needs_request(cast.school, by=cast.deputy, year=following - 1)
    assert years() == [following, following - 1]


def test_the_deputy_starts_a_request_once(cast: Cast) -> None:
    need(cast.teacher, "Инклюзия")
    client = signed_in(cast.deputy)
    assert cast.school.title in client.get(reverse("needs_requests")).content.decode()
    data = {"institution": cast.school.pk, "year": next_school_year()}
    answer = client.post(reverse("needs_request_start"), data | {"once": factories.uuid4()})
    made = NeedsRequest.objects.get()
    assert answer["Location"] == reverse("needs_request_edit", args=[made.pk])
    assert [row.title for row in made.rows.all()] == ["Инклюзия"]
    again = client.post(reverse("needs_request_start"), data | {"once": factories.uuid4()})
    assert again["Location"] == reverse("needs_request", args=[made.pk])
    assert NeedsRequest.objects.count() == 1


def test_what_is_typed_is_saved_and_merged_in_one_go(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия", "Инклюзив")
    ticks = [str(row.uid) for row in made.rows.all()]
    data = typed(made, "Инклюзия", note="Кечинде", quarter="2") | typed(made, "Инклюзив", hours="24 саат")
    answer = posted(signed_in(cast.deputy), made, then="merge", tick=ticks, title="Инклюзивдик билим", **data)
    assert answer.status_code == 302
    row = made.rows.get()
    assert (row.title, row.note, row.quarter, row.hours) == ("Инклюзивдик билим", "Кечинде", 2, 24)


def test_a_wrong_number_is_told_beside_its_field_and_nothing_is_saved(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия")
    answer = posted(signed_in(cast.deputy), made, then="save", **typed(made, "Инклюзия", hours="көп", note="Кечинде"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="көп"' in page
    assert "Кечинде" in page
    assert made.rows.get().note == ""


def test_merging_nothing_or_without_a_title_is_told_and_keeps_what_was_typed(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия", "Инклюзив")
    client, data = signed_in(cast.deputy), typed(made, "Инклюзия", note="Кечинде")
    for more in ({"title": "Аталыш"}, {"tick": [str(made.rows.first().uid)], "title": " "}):
        answer = posted(client, made, then="merge", **data, **more)
        assert answer.status_code == 422
        page = answer.content.decode()
        beside = page[page.index('id="merged-title"') :]
        assert answer.context["errors"]["merge"] in beside  # where the button is, not far above
        assert "is-invalid" in page
        assert not list(answer.context["messages"])
        assert "Кечинде" in answer.content.decode()
    assert made.rows.count() == 2


def test_the_second_of_two_deputies_sees_what_stands_and_loses_nothing_typed(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия", "Инклюзив", "Баалоо")
    ticks = [str(made.rows.get(title=title).uid) for title in ("Инклюзия", "Инклюзив")]
    data = typed(made, "Инклюзив", note="Борборго жакын") | typed(made, "Баалоо", note="Эки жолу")
    assert posted(signed_in(cast.deputy), made, then="merge", tick=ticks, title="Инклюзия").status_code == 302
    answer = posted(signed_in(cast.second_deputy), made, seen=1, then="merge", tick=ticks, title="Башкача", **data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Борборго жакын" in page  # the row it was typed for is gone
    assert 'value="Эки жолу"' in page  # the row is there: it stands in its field
    assert 'value="Башкача"' in page
    assert {row.title for row in made.rows.all()} == {"Инклюзия", "Баалоо"}
    assert made.rows.get(title="Баалоо").note == ""


def test_every_button_of_the_page_does_what_it_says(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия", "Баалоо")
    client = signed_in(cast.deputy)
    late = need(cast.colleague, "Тил")
    assert "Тил" in client.get(reverse("needs_request_edit", args=[made.pk])).content.decode()
    posted(client, made, then="collect", need=[late.pk])
    assert {row.title for row in made.rows.all()} == {"Инклюзия", "Баалоо", "Тил"}
    posted(client, made, remove=str(made.rows.get(title="Тил").uid))
    posted(client, made, take_out=LearningNeed.objects.get(title="Баалоо").pk)
    assert {row.title for row in made.rows.all()} == {"Инклюзия"}
    posted(client, made, then="collect_all")
    posted(client, made, then="merge", tick=[str(row.uid) for row in made.rows.all()], title="Баары")
    assert {row.title for row in made.rows.all()} == {"Баары"}
    alias = TopicAlias.objects.get(text="Тил", removed_at=None)
    posted(client, made, undo=alias.pk)
    assert {row.title for row in made.rows.all()} == {"Баары", "Тил"}
    posted(client, made, then="submit")
    assert Document.objects.get(pk=made.pk).state == State.SUBMITTED


def test_the_director_looks_at_the_paper_and_signs_and_the_district_receives(cast: Cast) -> None:
    made = factories.submitted_request(made_of(cast, "Инклюзия"), by=cast.deputy)
    director, officer = signed_in(cast.director), signed_in(cast.officer)
    page = director.get(reverse("needs_request", args=[made.pk])).content.decode()
    assert reverse("needs_request_version_paper", args=[made.pk, 1]) in page
    assert reverse("needs_request_move", args=[made.pk, "agree"]) in page
    assert cast.teacher.person.full_name in page
    assert officer.get(reverse("needs_request", args=[made.pk])).status_code == 404
    data = {"seen": made.revision, "once": factories.uuid4()}
    director.post(reverse("needs_request_move", args=[made.pk, "agree"]), data)
    page = officer.get(reverse("needs_request", args=[made.pk])).content.decode()
    assert reverse("needs_request_move", args=[made.pk, "approve"]) in page
    data = {"seen": Document.objects.get(pk=made.pk).revision, "once": factories.uuid4()}
    officer.post(reverse("needs_request_move", args=[made.pk, "approve"]), data)
    assert Document.objects.get(pk=made.pk).state == State.APPROVED


def test_nothing_the_district_opens_holds_a_name(cast: Cast) -> None:
    made = factories.signed_request(made_of(cast, "Инклюзия", "Баалоо"), by=cast.deputy, director=cast.director)
    names = [name for user in (cast.teacher, cast.peer) for name in (user.person.family_name, user.person.given_name)]
    client = signed_in(cast.officer)
    for is_received in (False, True):
        if is_received:
            factories.received_request(made, by=cast.officer)
        told = client.get(reverse("needs_request", args=[made.pk])).content.decode()
        told += client.get(reverse("needs_request_version", args=[made.pk, 1])).content.decode()
        told += client.get(reverse("district_requests", args=[cast.district.pk])).content.decode()
        pdf = client.get(reverse("needs_request_paper", args=[made.pk])).content
        told += text_of(pdf) + str(PdfReader(io.BytesIO(pdf)).metadata)
        xlsx = zipfile.ZipFile(io.BytesIO(client.get(reverse("needs_request_xlsx", args=[made.pk])).content))
        told += "".join(xlsx.read(name).decode() for name in xlsx.namelist())
        assert "Инклюзия" in told
        assert not [name for name in names if name in told]
        assert client.get(reverse("needs_request_annex", args=[made.pk])).status_code == 403
        assert client.get(reverse("needs_request_version_annex", args=[made.pk, 1])).status_code == 403


def test_the_institute_opens_no_request_of_a_school(cast: Cast) -> None:
    made = factories.signed_request(made_of(cast, "Сынып башкаруу"), by=cast.deputy, director=cast.director)
    made = factories.received_request(made, by=cast.officer)
    client = signed_in(cast.institute)
    paths = ("", "_paper", "_xlsx", "_annex")
    pages = [reverse(f"needs_request{path}", args=[made.pk]) for path in paths]
    pages += [reverse(f"needs_request_version{path}", args=[made.pk, 1]) for path in paths]
    assert [client.get(page).status_code for page in pages] == [404] * len(pages)
    assert client.get(reverse("district_requests", args=[cast.district.pk])).status_code == 403
    assert not Document.objects.visible_to(factories.again(cast.institute)).filter(pk=made.pk).exists()
    hours = client.get(reverse("district_hours", args=[cast.district.pk])).content.decode()
    assert reverse("district_requests", args=[cast.district.pk]) not in hours  # nor leads a link there


def test_the_annex_names_them_and_who_took_it_stands_in_the_journal(cast: Cast) -> None:
    made = factories.signed_request(made_of(cast, "Инклюзия"), by=cast.deputy, director=cast.director)
    text = text_of(signed_in(cast.director).get(reverse("needs_request_annex", args=[made.pk])).content)
    assert cast.teacher.person.family_name in text
    entry = AuditEntry.objects.get(event="took_table")
    assert (entry.by, entry.institution) == (cast.director.person, cast.school)


def test_the_paper_has_the_columns_of_the_form_and_the_signatures(cast: Cast) -> None:
    need(cast.peer, "Инклюзия", origin="attestation")
    made = made_of(cast, "Инклюзия")
    draft = text_of(signed_in(cast.deputy).get(reverse("needs_request_paper", args=[made.pk])).content)
    assert "БЕКИТИЛГЕН ЭМЕС" in draft
    made = factories.signed_request(made, by=cast.deputy, director=cast.director)
    text = text_of(signed_in(cast.officer).get(reverse("needs_request_paper", args=[made.pk])).content)
    with translation.override("ky"):
        ground = f"{NeedOrigin.ATTESTATION.label}: 1"
    for part in ("Инклюзия", ground, cast.school.title_ky, cast.director.person.full_name):
        assert part in text
    assert "БЕКИТИЛГЕН ЭМЕС" not in text
    assert cast.officer.person.full_name not in text
    factories.received_request(made, by=cast.officer)
    received = text_of(signed_in(cast.officer).get(reverse("needs_request_paper", args=[made.pk])).content)
    assert cast.officer.person.full_name in received


def test_what_differs_from_the_earlier_version_is_shown(cast: Cast) -> None:
    made = factories.signed_request(made_of(cast, "Инклюзия"), by=cast.deputy, director=cast.director)
    made = factories.received_request(made, by=cast.officer)
    approval.perform(made, Action.AMEND, by=cast.deputy, seen=made.revision)
    need(cast.peer, "Баалоо")
    client = signed_in(cast.deputy)
    posted(client, made, then="collect_all")
    posted(client, made, then="submit", change_note="Жаңы мугалим келди")
    page = client.get(reverse("needs_request_version", args=[made.pk, 2])).content.decode()
    assert 'id="differences"' in page
    assert "Жаңы мугалим келди" in page
    officer = signed_in(cast.officer)
    assert officer.get(reverse("needs_request_version", args=[made.pk, 2])).status_code == 404  # not signed yet
    assert 'id="differences"' not in officer.get(reverse("needs_request", args=[made.pk])).content.decode()


def test_who_has_the_work_from_the_deputy_makes_the_request(cast: Cast) -> None:
    need(cast.teacher, "Инклюзия")
    client = signed_in(cast.clerk)
    assert client.post(reverse("needs_request_start"), {"institution": cast.school.pk, "year": next_school_year(),
                                                         "once": factories.uuid4()}).status_code == 403  # fmt: skip
    hand_over(
        institution=cast.school, taker=cast.clerk.person, works=[Work.NEEDS], starts_on=today(), ends_on=today(),
        by=cast.deputy,
    )  # fmt: skip
    made = factories.needs_request(cast.school, by=cast.clerk)
    assert client.get(reverse("needs_request_edit", args=[made.pk])).status_code == 200
    decision = actions.submit_request(request=made, by=factories.again(cast.clerk), seen=1)
    assert decision.in_place_of == cast.deputy.person


def test_the_district_receives_several_at_once(cast: Cast) -> None:
    need(cast.stranger, "Тил")
    first = factories.signed_request(made_of(cast, "Инклюзия"), by=cast.deputy, director=cast.director)
    second = factories.submitted_request(
        factories.needs_request(cast.other_school, by=cast.other_director), by=cast.other_director
    )
    client = signed_in(cast.officer)
    page = client.get(reverse("district_requests", args=[cast.district.pk])).content.decode()
    assert f'value="{first.pk}:{first.revision}"' in page
    ticked = [f"{first.pk}:{first.revision}", f"{second.pk}:{second.revision - 1}"]
    data = {"year": next_school_year(), "needs_request": ticked, "once": factories.uuid4()}
    client.post(reverse("requests_receive", args=[cast.district.pk]), data)
    states = [Document.objects.get(pk=one.pk).state for one in (first, second)]
    assert states == [State.APPROVED, State.SUBMITTED]  # the second was told: its revision had moved on


def test_a_school_that_sent_nothing_stands_in_the_list_and_a_draft_shows_nothing(cast: Cast) -> None:
    made_of(cast, "Инклюзия")
    page = signed_in(cast.officer).get(reverse("district_requests", args=[cast.district.pk])).content.decode()
    assert cast.school.title in page
    assert "needs-requests/" not in page.split("<main")[1]


def test_the_director_is_told_what_waits_and_the_deputy_what_was_decided(cast: Cast) -> None:
    made = factories.submitted_request(made_of(cast, "Инклюзия"), by=cast.deputy)
    collect_events(LONG_AGO)
    path = reverse("needs_request", args=[made.pk])
    assert Notice.objects.filter(path=path, person=cast.director.person, kind="waiting").count() == 1
    approval.perform(made, Action.RETURN, by=cast.director, seen=made.revision, reason="Толуктаңыз.")
    collect_events(LONG_AGO)
    told = Notice.objects.filter(path=path, kind="returned").values_list("person", flat=True)
    assert set(told) == {cast.deputy.person_id, cast.second_deputy.person_id}


def test_the_first_page_leads_to_the_request_that_waits_for_a_signature(cast: Cast) -> None:
    made = factories.submitted_request(made_of(cast, "Инклюзия"), by=cast.deputy)
    link = f'href="{reverse("needs_request", args=[made.pk])}"'
    assert link in signed_in(cast.director).get(reverse("home")).content.decode()
    for user in (cast.deputy, cast.second_deputy, cast.officer, cast.teacher):
        assert link not in signed_in(user).get(reverse("home")).content.decode()


def test_who_was_handed_that_work_finds_it_on_the_first_page(cast: Cast) -> None:
    works, days = [Work.NEEDS], {"starts_on": today(), "ends_on": today()}
    hand_over(institution=cast.school, taker=cast.peer.person, works=works, by=cast.deputy, **days)
    client = signed_in(cast.peer)
    assert reverse("needs_requests") in client.get(reverse("home")).content.decode()
    assert cast.school.title in client.get(reverse("needs_requests")).content.decode()
    need(cast.teacher, "Инклюзия")
    made = factories.needs_request(cast.school, by=cast.peer)
    page = client.get(reverse("needs_request_edit", args=[made.pk])).content.decode()
    assert cast.teacher.person.full_name in page


def test_numbers_in_the_excel_file_are_numbers(cast: Cast) -> None:
    made = made_of(cast, "=Инклюзия")
    made.rows.update(hours=24)
    file = signed_in(cast.deputy).get(reverse("needs_request_xlsx", args=[made.pk])).content
    cells = [cell for row in load_workbook(io.BytesIO(file)).active.iter_rows() for cell in row]
    assert [(cell.value, cell.data_type) for cell in cells if cell.value in (24, "=Инклюзия")] == [
        ("=Инклюзия", "s"),
        (24, "n"),
    ]


def test_what_is_typed_into_a_request_handed_in_meanwhile_is_shown_with_the_reason(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия", "Баалоо")
    gone = typed(made, "Баалоо", note="Эки жолу")
    actions.take_out_row(request=made, by=cast.deputy, seen=1, row=made.rows.get(title="Баалоо").uid)
    factories.submitted_request(NeedsRequest.objects.get(pk=made.pk), by=cast.deputy)
    data = typed(made, "Инклюзия", note="Кечинде", quarter="2") | gone | {"title": "Жалпы аталыш"}
    answer = posted(signed_in(cast.second_deputy), made, seen=2, then="save", **data)
    page = answer.content.decode()
    assert answer.status_code == 409
    with translation.override("ky"):
        assert _("This is not possible now. Status: %(state)s.") % {"state": "Жөнөтүлдү"} in page
    for words in ("Кечинде", "2-чейрек", "Эки жолу", "Жалпы аталыш"):
        assert words in page
    assert made.rows.get().note == ""


def test_what_is_typed_when_the_request_was_saved_elsewhere_after_sign_in_is_told(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия")
    client, address = Client(), reverse("needs_request_edit", args=[made.pk])
    client.post(address, {"once": factories.uuid4(), "seen": 1} | typed(made, "Инклюзия", note="Кечинде"))
    actions.save_rows(request=made, by=cast.second_deputy, seen=1, rows={})
    client.force_login(cast.deputy)
    page = client.get(address)
    assert 'value="Кечинде"' in page.content.decode()
    assert page.context["conflict"]
    assert f'name="seen" value="{page.context["schedule"].revision}"' in page.content.decode()


def test_merging_names_what_was_wished_differently_with_both_values(cast: Cast) -> None:
    made = made_of(cast, "Инклюзия", "Инклюзив")
    ticks = [str(row.uid) for row in made.rows.all()]
    data = typed(made, "Инклюзия", hours="36", study_form="distance")
    data |= typed(made, "Инклюзив", hours="72,5", study_form="distance")
    client = signed_in(cast.deputy)
    page = client.get(posted(client, made, then="merge", tick=ticks, title="Инклюзия", **data)["Location"])
    told = [str(message) for message in page.context["messages"]]
    assert [words for words in told if "36 / 72,5" in words or "72,5 / 36" in words]
    assert (made.rows.get().hours, made.rows.get().study_form) == (None, "distance")


def test_a_return_without_a_reason_opens_its_box_and_one_that_comes_late_keeps_the_reason(cast: Cast) -> None:
    made = factories.submitted_request(made_of(cast, "Инклюзия"), by=cast.deputy)
    client, address = signed_in(cast.director), reverse("needs_request_move", args=[made.pk, "return"])
    answer = client.post(address, {"seen": made.revision, "once": factories.uuid4(), "reason": " "})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "open" in page[page.rindex("<details", 0, page.index('name="reason"')) : page.index('name="reason"')]
    assert answer.context["reason_form"].errors["reason"][0] in page
    late = client.post(address, {"seen": made.revision - 1, "once": factories.uuid4(), "reason": "Толуктаңыз."})
    assert late.status_code == 409
    assert "Толуктаңыз." in late.content.decode()
    assert Document.objects.get(pk=made.pk).state == State.SUBMITTED


def test_a_change_that_was_begun_is_told_and_can_be_given_up_by_a_button(cast: Cast) -> None:
    made = factories.signed_request(made_of(cast, "Инклюзия"), by=cast.deputy, director=cast.director)
    made = factories.received_request(made, by=cast.officer)
    client = signed_in(cast.deputy)

    def moved(action: str) -> Any:
        seen = Document.objects.get(pk=made.pk).revision
        address = reverse("needs_request_move", args=[made.pk, action])
        return client.post(address, {"seen": seen, "once": factories.uuid4()}, follow=True)

    page = moved("amend").content.decode()
    discard = f'action="{reverse("needs_request_move", args=[made.pk, "discard"])}"'
    assert page.index(discard) < page.index("row-")  # above the topics, however many they are
    with translation.override("ky"):
        begun = _("A change was begun. What the district received stays in force; you can discard the change here.")
    assert begun in page
    moved("discard")
    assert Document.objects.get(pk=made.pk).state == State.APPROVED


def test_a_sum_that_is_smaller_than_its_lines_is_explained(cast: Cast) -> None:
    for title in ("Инклюзия", "Баалоо"):
        need(cast.teacher, title)
    made = factories.needs_request(cast.school, by=cast.deputy)
    client = signed_in(cast.deputy)
    with translation.override("ky"):
        why = _("Each teacher is counted once in all, and once in each topic that they need.")
    assert why in client.get(reverse("needs_request_edit", args=[made.pk])).content.decode()
    assert why in text_of(client.get(reverse("needs_request_paper", args=[made.pk])).content)
    file = client.get(reverse("needs_request_xlsx", args=[made.pk])).content
    assert why in [cell.value for row in load_workbook(io.BytesIO(file)).active.iter_rows() for cell in row]
    LearningNeed.objects.filter(title="Баалоо").update(row=None)
    assert why not in client.get(reverse("needs_request_edit", args=[made.pk])).content.decode()


def test_a_teacher_who_wrote_a_merged_topic_in_two_ways_is_read_once(cast: Cast) -> None:
    for title in ("Инклюзия", "Инклюзив"):
        need(cast.teacher, title)
    made = factories.needs_request(cast.school, by=cast.deputy)
    client, ticks = signed_in(cast.deputy), [str(row.uid) for row in made.rows.all()]
    posted(client, made, then="merge", tick=ticks, title="Инклюзия")
    page = client.get(reverse("needs_request_edit", args=[made.pk])).content.decode()
    names = page.replace(f'hidden">: {cast.teacher.person}', "").count(str(cast.teacher.person))
    assert names == 1
    assert page.count('name="take_out"') == 2
    factories.submitted_request(NeedsRequest.objects.get(pk=made.pk), by=cast.deputy)
    page = client.get(reverse("needs_request", args=[made.pk])).content.decode()
    assert page.count(f"{cast.teacher.person}") == 1
    assert "Инклюзив</span>" in page


def test_the_request_does_not_wait_behind_plans_and_says_for_whom_it_waits(cast: Cast) -> None:
    for _number in range(SHOWN + 1):
        job = factories.EmploymentFactory.create(institution=cast.school, association=cast.association)
        plan = factories.submitted(factories.individual_plan(factories.UserFactory.create(person=job.person)))
        Document.objects.filter(pk=plan.pk).update(awaiting_role="director")
    made = factories.submitted_request(made_of(cast, "Инклюзия"), by=cast.deputy)
    link = f'href="{reverse("needs_request", args=[made.pk])}"'
    client = signed_in(cast.director)
    home = client.get(reverse("home"))
    assert len(home.context["queue"]) == SHOWN
    assert link in home.content.decode()
    assert made.get_awaiting_role_display() in client.get(reverse("needs_requests")).content.decode()
    approval.perform(made, Action.RETURN, by=cast.director, seen=made.revision, reason="Толуктаңыз.")
    for user in (cast.deputy, cast.second_deputy):
        assert link in signed_in(user).get(reverse("home")).content.decode()


def test_topics_are_counted_as_topics_and_the_district_finds_its_way_back(cast: Cast) -> None:
    need(cast.teacher, "Баалоо", language="ky")
    need(cast.peer, "Баалоо", language="ru")
    made = factories.signed_request(
        factories.needs_request(cast.school, by=cast.deputy), by=cast.deputy, director=cast.director
    )
    assert made.current_version is not None
    assert made.current_version.content["rows"] == 2
    officer = signed_in(cast.officer)
    desk = reverse("district_requests", args=[cast.district.pk])
    with translation.override("ky"):
        label = _("Topics")
    html = officer.get(reverse("needs_request", args=[made.pk])).content.decode()
    assert f"{label}: <strong>1</strong>" in html
    assert f'href="{desk}?year={made.school_year}"' in html
    assert f'data-label="{label}">1</td>' in officer.get(desk, {"year": made.school_year}).content.decode()
    assert (
        f'href="{desk}?' not in signed_in(cast.director).get(reverse("needs_request", args=[made.pk])).content.decode()
    )


def test_a_reason_that_is_too_long_is_told_beside_its_field_and_not_cut(cast: Cast) -> None:
    need(cast.teacher)
    made = factories.signed_request(
        factories.needs_request(cast.school, by=cast.deputy), by=cast.deputy, director=cast.director
    )
    officer, reason = signed_in(cast.officer), "Себеби бар " * 200
    assert "maxlength" not in officer.get(reverse("needs_request", args=[made.pk])).content.decode()
    made.refresh_from_db()
    data = {"once": new_token(), "seen": made.revision, "reason": reason}
    answer = officer.post(reverse("needs_request_move", args=[made.pk, "return"]), data)
    html = answer.content.decode()
    assert "error_1_id_reason" in html
    assert reason.strip() in html
    made.refresh_from_db()
    assert made.state == State.AGREED


def test_home_names_each_page_of_the_district_once(cast: Cast) -> None:
    html = signed_in(cast.officer).get(reverse("home")).content.decode()
    for name in ("district_requests", "district_needs", "training_orders"):
        assert html.count(f'href="{reverse(name, args=[cast.district.pk])}"') == 1
