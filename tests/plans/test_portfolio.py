"""The portfolio: everything a teacher has, by the units of the standard, for nobody but the teacher."""

import datetime as dt
import io
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image
from pypdf import PdfReader

from courses.choices import HoursUnit
from courses.models import CertificateFile, SharingEvent
from cpd.dates import today
from cpd.storage import file_store
from plans.erasing import erase
from plans.models import (
    Competence,
    Fulfilment,
    InductionMark,
    InductionPlan,
    OfferingTopic,
    PortfolioEntry,
    ProfessionalStandard,
    StandardUnit,
)
from plans.portfolio import scans
from plans.portfolio.facts import Entry, portfolio_of
from plans.standard.access import is_referred_to
from plans.standard.actions import new_version
from schools.choices import DocumentKind, Kept
from schools.merging import merge_people
from schools.models import Document, Employment, Mentorship, RetentionPeriod, User
from tests import factories
from tests.conftest import Cast

PAGE, SAVE, PAPER = "portfolio", "portfolio_save", "portfolio_paper"


def entries(user: User) -> dict[str, Entry]:
    return {entry.key: entry for entry in portfolio_of(factories.again(user)).entries}


def shared(record: Any, user: User, **columns: Any) -> SharingEvent:
    wanted = {"kind": "seminar", "topic": "Тажрыйба бөлүшүү", "held_on": today(), "present_count": 12} | columns
    return SharingEvent.objects.create(
        record=record, institution=factories.job_of(user).institution, entered_by=user.person, **wanted
    )


def mentorship(cast: Cast, **columns: Any) -> Mentorship:
    wanted = {"mentor": cast.head.person, "mentee": cast.teacher.person, "starts_on": dt.date(2024, 9, 2)} | columns
    return Mentorship.objects.create(
        institution=cast.school, order_number="14-К", ordered_on=dt.date(2024, 9, 1), **wanted
    )


def unit(code: str) -> StandardUnit:
    return StandardUnit.objects.get(standard=ProfessionalStandard.objects.in_force(today()), code=code)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(user: User, said: dict[str, tuple[str, bool]]) -> Any:
    """Send the form with these entries on it: a unit, and whether the box is ticked."""
    data = {f"{key}-unit": code for key, (code, _is_in) in said.items()}
    data |= {f"{key}-is_in": "on" for key, (_code, is_in) in said.items() if is_in}
    return signed_in(user).post(reverse(SAVE), data)


def read(user: User, query: str = "") -> PdfReader:
    answer = signed_in(user).get(reverse(PAPER) + query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return PdfReader(io.BytesIO(answer.content))


def flat(text: str) -> str:
    return " ".join(text.split())


def text_of(user: User, query: str = "") -> str:
    return flat(" ".join(page.extract_text() for page in read(user, query).pages))


def certificate(user: User, *colours: str) -> CertificateFile:
    """A scan in the store, one page for each colour: a photo where it is one, else a PDF with its pictures."""
    pictures = []
    for colour in colours:
        written = io.BytesIO()
        Image.new("RGB", (300, 400), colour).save(written, "JPEG")
        pictures.append(written.getvalue())
    file = factories.certificate(user.person, pages=len(colours))
    if len(pictures) > 1:
        file.content_type = "application/pdf"
        file.stored_as = file.stored_as.rpartition(".")[0] + ".pdf"
        file.save()
    names = [name for name in scans.names_of(file) if name.endswith(".jpg")]
    for name, data in zip(names, pictures, strict=True):
        file_store().save(name, ContentFile(data))
    return file


# What stands in it ------------------------------------------------------------------------------------------------


def test_everything_a_teacher_has_stands_in_it(cast: Cast) -> None:
    plan = factories.approved(cast.plan)
    verified = factories.training_record(cast.teacher, status="verified")
    waiting = factories.training_record(cast.teacher, status="submitted", title="Инклюзивдик билим берүү")
    sharing = shared(verified, cast.teacher)
    pair = mentorship(cast)
    sheet = factories.assessment(cast.teacher)
    factories.answer(sheet, "A1.1", level=3)
    keys = [f"record-{verified.pk}", f"record-{waiting.pk}", f"sharing-{sharing.pk}", f"document-{plan.pk}"]
    assert sorted(entries(cast.teacher)) == sorted([*keys, f"mentorship-{pair.pk}", f"assessment-{sheet.pk}"])


def test_learning_beside_courses_stands_in_it_too(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, kind="self_study", category="informal", status="noted")
    assert entries(cast.teacher)[f"record-{record.pk}"].thing.kind == record.get_kind_display()


def test_what_it_gave_stands_on_the_page_and_on_paper(cast: Cast) -> None:
    factories.beside(cast.teacher, goal_achieved="Топтук иштер өзгөрдү")
    assert "Топтук иштер өзгөрдү" in signed_in(cast.teacher).get(reverse(PAGE)).content.decode()
    assert "Топтук иштер өзгөрдү" in text_of(cast.teacher)


def test_hours_are_told_alike_and_other_units_as_they_are_written(cast: Cast) -> None:
    one = factories.training_record(cast.teacher, amount=Decimal("72.5"), hours_text="72,5 с.")
    other = factories.training_record(cast.teacher, amount=4, unit=HoursUnit.DAY, hours_text="4 күн")
    found = entries(cast.teacher)
    assert "72,5 саат" in found[f"record-{one.pk}"].thing.about
    assert "4 күн" in found[f"record-{other.pk}"].thing.about


@pytest.mark.parametrize("status", ["draft", "returned", "rejected"])
def test_what_no_paper_may_name_does_not(cast: Cast, status: str) -> None:
    factories.training_record(cast.teacher, status=status)
    assert entries(cast.teacher) == {}


def test_plans_not_approved_yet_and_sharings_only_planned_do_not(cast: Cast) -> None:
    factories.submitted(cast.plan)
    record = factories.training_record(cast.teacher, status="verified")
    shared(record, cast.teacher, held_on=None, present_count=None)
    assert list(entries(cast.teacher)) == [f"record-{record.pk}"]


def test_a_mentorship_stands_with_both_from_its_first_day_on(cast: Cast) -> None:
    pair = mentorship(cast)
    mentorship(cast, mentee=cast.peer.person, starts_on=today() + dt.timedelta(days=1))
    assert list(entries(cast.head)) == list(entries(cast.teacher)) == [f"mentorship-{pair.pk}"]
    assert cast.teacher.person.full_name in entries(cast.head)[f"mentorship-{pair.pk}"].thing.title
    assert "14-К" in " ".join(entries(cast.teacher)[f"mentorship-{pair.pk}"].thing.about)


def test_what_is_of_others_does_not_stand_in_it(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    shared(record, cast.teacher)
    factories.approved(cast.plan)
    for name in ("head", "deputy", "director", "officer", "institute", "administrator"):
        assert entries(cast.people[name]) == {}, name


def test_the_newest_stands_first_and_what_has_no_date_last(cast: Cast) -> None:
    days = [dt.date(2021, 3, 5), None, dt.date(2023, 3, 5)]
    records = [
        factories.training_record(
            cast.teacher, status="verified", starts_on=day, ends_on=day, precision="day" if day else ""
        )
        for day in days
    ]
    assert list(entries(cast.teacher)) == [f"record-{records[place].pk}" for place in (2, 0, 1)]


def test_the_plan_of_the_first_years_tells_how_much_is_marked_as_done(cast: Cast) -> None:
    plan = factories.approved(cast.plan)
    Document.objects.filter(pk=plan.pk).update(kind=DocumentKind.INDUCTION_PLAN)
    induction = InductionPlan(document_ptr_id=plan.pk)
    induction.save_base(raw=True)
    for _time in range(2):
        InductionMark.objects.create(plan=induction, uid=uuid4(), done_on=today(), by=cast.head.person)
    told = entries(cast.teacher)[f"document-{plan.pk}"].thing.about
    assert told[-1].endswith(": 2")


# What goes in, and where --------------------------------------------------------------------------------------------


def test_everything_goes_in_until_its_owner_says_otherwise_but_the_self_assessment(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    sheet = factories.assessment(cast.teacher)
    factories.answer(sheet, "A1.1", level=3)
    found = entries(cast.teacher)
    assert (found[f"record-{record.pk}"].is_in, found[f"assessment-{sheet.pk}"].is_in) == (True, False)


def test_unit_and_tick_are_saved_and_shown_again(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    key = f"record-{record.pk}"
    assert save(cast.teacher, {key: ("A3", False)}).status_code == 302
    row = PortfolioEntry.objects.get()
    assert (row.person, row.record, row.unit, row.is_in) == (cast.teacher.person, record, unit("A3"), False)
    found = entries(cast.teacher)[key]
    assert (found.unit, found.is_in) == (unit("A3"), False)


def test_saved_twice_it_is_saved_once(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    for _time in range(2):
        save(cast.teacher, {f"record-{record.pk}": ("A3", True)})
    assert PortfolioEntry.objects.count() == 1


def test_what_says_nothing_new_writes_nothing(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    save(cast.teacher, {f"record-{record.pk}": ("", True)})
    assert not PortfolioEntry.objects.exists()


def test_an_entry_that_the_page_did_not_show_stays_as_it_is(cast: Cast) -> None:
    old, new = (factories.training_record(cast.teacher, status="verified") for _time in range(2))
    save(cast.teacher, {f"record-{old.pk}": ("A1", True)})
    assert entries(cast.teacher)[f"record-{new.pk}"].is_in


def test_what_is_of_others_is_not_written(cast: Cast) -> None:
    record = factories.training_record(cast.peer, status="verified")
    save(cast.teacher, {f"record-{record.pk}": ("A1", False)})
    assert not PortfolioEntry.objects.exists()


def test_many_entries_stand_on_several_pages_each_saved_by_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plans.views.portfolio.ON_A_PAGE", 2)
    days = [today() - dt.timedelta(days=number) for number in range(5)]
    keys = [
        f"record-{factories.training_record(cast.teacher, status='verified', ends_on=day, file=None).pk}"
        for day in days
    ]
    found = signed_in(cast.teacher).get(reverse(PAGE), {"page": 2})
    shown = [form.entry.key for _unit, forms in found.context["sections"] for form in forms]
    everything = list(entries(cast.teacher))
    assert shown == everything[2:4]
    answer = save(cast.teacher, dict.fromkeys(shown, ("A3", True)))
    assert answer.url == f"{reverse(PAGE)}?page=2"
    assert {entry.key for entry in entries(cast.teacher).values() if entry.unit} == set(shown)
    assert set(keys) <= set(everything)


def test_a_unit_that_is_none_is_told_beside_its_field_and_nothing_is_saved(cast: Cast) -> None:
    one, other = (factories.training_record(cast.teacher, status="verified") for _time in range(2))
    answer = save(cast.teacher, {f"record-{one.pk}": ("A9", False), f"record-{other.pk}": ("A2", False)})
    assert answer.status_code == 422
    assert f'id="record-{one.pk}-unit_error"' in answer.content.decode()
    forms = [form for _unit, forms in answer.context["sections"] for form in forms]
    assert {form.entry.key: form["unit"].value() for form in forms}[f"record-{other.pk}"] == "A2"
    assert not PortfolioEntry.objects.exists()


def test_what_was_typed_before_the_session_ended_is_shown_again(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    client = Client()
    client.post(reverse(SAVE), {f"record-{record.pk}-unit": "A4"})
    client.post(reverse("account_login"), {"login": cast.teacher.username, "password": factories.PASSWORD})
    page = client.get(reverse(SAVE))
    [form] = [form for _unit, forms in page.context["sections"] for form in forms]
    assert (form["unit"].value(), form["is_in"].value()) == ("A4", False)
    assert not PortfolioEntry.objects.exists()


# What is proposed ---------------------------------------------------------------------------------------------------


def competence(code: str) -> Competence:
    return Competence.objects.get(unit__standard=ProfessionalStandard.objects.in_force(today()), code=code)


def test_the_need_behind_the_item_it_fulfils_proposes_a_unit(cast: Cast) -> None:
    item = cast.plan.rows.get(position=0)
    item.need = factories.need(cast.teacher, "Ата-энелер менен иш", competence=competence("A4.1"))
    item.save()
    record = factories.training_record(cast.teacher, status="verified")
    other = factories.training_record(cast.teacher, status="verified")
    Fulfilment.objects.create(plan=cast.plan, uid=item.uid, record=record, by=cast.teacher.person)
    found = entries(cast.teacher)
    assert (found[f"record-{record.pk}"].unit, found[f"record-{record.pk}"].is_proposed) == (unit("A4"), True)
    assert found[f"record-{other.pk}"].unit is None


def test_being_evidence_in_the_self_assessment_proposes_a_unit(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    factories.answer(factories.assessment(cast.teacher), "A2.1", level=3, evidence=record)
    assert entries(cast.teacher)[f"record-{record.pk}"].unit == unit("A2")


def test_another_ones_evidence_proposes_nothing(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    factories.answer(factories.assessment(cast.peer), "A2.1", level=3, evidence=record)
    assert entries(cast.teacher)[f"record-{record.pk}"].unit is None


def test_a_need_of_the_same_words_or_topic_proposes_a_unit(cast: Cast) -> None:
    factories.need(cast.teacher, "Критерийлик баалоо", competence=competence("A5.1"))
    same = factories.training_record(cast.teacher, status="verified", title="Критерийлик Баалоо")
    topic = factories.training_record(cast.teacher, status="verified", title="Башка аталыш")
    offering = factories.offering(cast)
    factories.SeatFactory(
        offering=offering, employment=factories.job_of(cast.teacher), given_by=cast.officer.person, record=topic
    )
    assert entries(cast.teacher)[f"record-{topic.pk}"].unit is None
    OfferingTopic.objects.create(offering=offering, title="Критерийлик баалоо", by=cast.officer.person)
    found = entries(cast.teacher)
    assert [found[f"record-{one.pk}"].unit for one in (same, topic)] == [unit("A5"), unit("A5")]


def test_a_sharing_is_proposed_where_its_course_stands(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    sharing = shared(record, cast.teacher)
    save(cast.teacher, {f"record-{record.pk}": ("A3", True)})
    found = entries(cast.teacher)[f"sharing-{sharing.pk}"]
    assert (found.unit, found.is_proposed) == (unit("A3"), True)


def test_a_proposal_says_where_it_is_from_and_saved_it_is_chosen(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    factories.answer(factories.assessment(cast.teacher), "A2.1", level=3, evidence=record)
    key = f"record-{record.pk}"
    page = signed_in(cast.teacher).get(reverse(PAGE)).content.decode()
    assert entries(cast.teacher)[key].thing.why in page
    save(cast.teacher, {key: ("A2", True)})
    found = entries(cast.teacher)[key]
    assert (found.unit, found.is_proposed) == (unit("A2"), False)


def test_a_proposal_may_be_declined(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    factories.answer(factories.assessment(cast.teacher), "A2.1", level=3, evidence=record)
    save(cast.teacher, {f"record-{record.pk}": ("", True)})
    assert entries(cast.teacher)[f"record-{record.pk}"].unit is None


# A new version of the standard --------------------------------------------------------------------------------------


def next_standard(cast: Cast) -> ProfessionalStandard:
    earlier = ProfessionalStandard.objects.in_force(today())
    assert earlier is not None
    earlier.starts_on = today() - dt.timedelta(days=400)
    earlier.save()
    return new_version(
        by=cast.institute, earlier=earlier, number="2", source="Сынак", starts_on=today() - dt.timedelta(days=1)
    )


def test_units_of_an_earlier_version_are_those_of_the_same_code(cast: Cast) -> None:
    one, other = (factories.training_record(cast.teacher, status="verified") for _time in range(2))
    save(cast.teacher, {f"record-{one.pk}": ("A3", True), f"record-{other.pk}": ("A5", True)})
    new = next_standard(cast)
    new.units.filter(code="A5").update(code="A9")
    found = entries(cast.teacher)
    assert found[f"record-{one.pk}"].unit == new.units.get(code="A3")
    assert found[f"record-{other.pk}"].unit is None


def test_a_version_that_entries_name_is_not_taken_away(cast: Cast) -> None:
    new = next_standard(cast)
    record = factories.training_record(cast.teacher, status="verified")
    assert not is_referred_to(new)
    save(cast.teacher, {f"record-{record.pk}": ("A3", True)})
    assert is_referred_to(new)


# The paper ----------------------------------------------------------------------------------------------------------


def test_the_paper_names_its_owner_and_what_is_ticked(cast: Cast) -> None:
    shown = factories.training_record(cast.teacher, status="verified", title="Критерийлик баалоо")
    hidden = factories.training_record(cast.teacher, status="verified", title="Жашыруун машыгуу")
    save(cast.teacher, {f"record-{shown.pk}": ("A1", True), f"record-{hidden.pk}": ("A2", False)})
    text = text_of(cast.teacher)
    assert cast.teacher.person.full_name in text
    assert cast.school.title_ky in text
    assert "Критерийлик баалоо" in text
    assert "Жашыруун машыгуу" not in text
    assert unit("A1").title_ky in text
    assert unit("A2").title_ky not in text


def test_the_self_assessment_is_printed_only_where_it_was_asked_for(cast: Cast) -> None:
    sheet = factories.assessment(cast.teacher)
    factories.answer(sheet, "A1.1", level=3, note="Өзүмө гана")
    factories.answer(sheet, "A1.2", level=4)
    assert "3,5" not in text_of(cast.teacher)
    save(cast.teacher, {f"assessment-{sheet.pk}": ("", True)})
    text = text_of(cast.teacher)
    assert "А1: 3,5" in text
    assert "Өзүмө гана" not in text


def test_an_empty_portfolio_is_a_page_and_a_paper(cast: Cast) -> None:
    assert signed_in(cast.institute).get(reverse(PAGE)).status_code == 200
    assert cast.institute.person.full_name in text_of(cast.institute)


def test_the_contents_tell_the_page_of_each_part_and_scan(cast: Cast) -> None:
    for number in range(60):
        factories.training_record(cast.teacher, status="verified", title=f"Курс {number}", file=None)
    scanned = factories.training_record(
        cast.teacher, status="verified", title="Скандуу курс", file=certificate(cast.teacher, "red", "blue")
    )
    said = {key: (f"A{place % 5 + 1}", True) for place, key in enumerate(entries(cast.teacher))}
    save(cast.teacher, said | {f"record-{scanned.pk}": ("A5", True)})
    reader = read(cast.teacher, "?scans=yes")
    targets = {
        name: reader.get_destination_page_number(target) + 1 for name, target in reader.named_destinations.items()
    }
    wanted = [f"unit-A{number}" for number in range(1, 6)] + [f"scan-record-{scanned.pk}"]
    assert sorted(targets) == sorted(wanted)
    for code in ("A1", "A5"):
        assert unit(code).title_ky in flat(reader.pages[targets[f"unit-{code}"] - 1].extract_text())
    assert "Скандуу курс" in reader.pages[targets[wanted[-1]] - 1].extract_text()
    lines = reader.pages[1].extract_text().splitlines()
    listed = [line for line in lines if line.startswith("А") or "Скандуу курс" in line]
    assert [int(line.split()[-1]) for line in listed] == [targets[name] for name in wanted]
    links = [link.get_object() for link in reader.pages[1]["/Annots"]]
    assert {link["/Dest"] for link in links} == set(wanted)


def test_of_very_many_entries_the_newest_are_printed_and_both_say_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in ("plans.portfolio.paper", "plans.views.portfolio"):
        monkeypatch.setattr(f"{where}.MOST_ENTRIES", 1)
    factories.training_record(cast.teacher, status="verified", title="Жаңы курс", file=None, ends_on=today())
    old = dt.date(2020, 3, 5)
    factories.training_record(cast.teacher, status="verified", title="Эски курс", file=None, ends_on=old)
    text = text_of(cast.teacher)
    assert "Жаңы курс" in text
    assert "Эски курс" not in text
    total = len(portfolio_of(factories.again(cast.teacher)).chosen)
    with translation.override("ky"):
        told = gettext("Only the newest %(entries)s entries of %(chosen)s are printed.")
        on_page = gettext("Only the newest %(most_entries)s of them are printed.")
    assert told % {"entries": 1, "chosen": total} in text
    assert on_page % {"most_entries": 1} in signed_in(cast.teacher).get(reverse(PAGE)).content.decode()


def test_scans_stand_on_the_last_pages_in_the_order_of_their_entries(cast: Cast) -> None:
    two = factories.training_record(cast.teacher, status="verified", file=certificate(cast.teacher, "red", "blue"))
    one = factories.training_record(cast.teacher, status="verified", file=certificate(cast.teacher, "lime"))
    save(cast.teacher, {f"record-{two.pk}": ("A1", True), f"record-{one.pk}": ("A2", True)})
    reader = read(cast.teacher, "?scans=yes")
    seen = [[image.image.convert("RGB").getpixel((9, 9)) for image in page.images] for page in reader.pages]
    wanted = [(255, 0, 0), (0, 0, 255), (0, 255, 0)]
    assert [len(images) for images in seen] == [0] * (len(seen) - 3) + [1, 1, 1]
    for [found], colour in zip(seen[-3:], wanted, strict=True):
        assert found == pytest.approx(colour, abs=4)


def test_without_being_asked_for_scans_are_not_enclosed(cast: Cast) -> None:
    factories.training_record(cast.teacher, status="verified", file=certificate(cast.teacher, "red"))
    assert not any(page.images for page in read(cast.teacher).pages)


def test_scans_of_what_does_not_go_in_are_not_enclosed(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified", file=certificate(cast.teacher, "red"))
    save(cast.teacher, {f"record-{record.pk}": ("A1", False)})
    assert not any(page.images for page in read(cast.teacher, "?scans=yes").pages)


@pytest.mark.parametrize(("bound", "least"), [("MOST_PAGES", 2), ("MOST_BYTES", 2000)])
def test_what_does_not_fit_is_named_and_smaller_ones_still_go_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, bound: str, least: int
) -> None:
    big = certificate(cast.teacher, *["red"] * 3)
    factories.training_record(cast.teacher, status="verified", title="Чоң скан", file=big)
    small = certificate(cast.teacher, "blue")
    factories.training_record(
        cast.teacher, status="verified", title="Кичи скан", file=small, ends_on=dt.date(2020, 3, 5)
    )
    sizes = [file_store().open(name).size for name in scans.names_of(big) if name.endswith(".jpg")]
    monkeypatch.setattr(scans, bound, 2 if bound == "MOST_PAGES" else sum(sizes) - 1)
    reader = read(cast.teacher, "?scans=yes")
    assert sum(len(page.images) for page in reader.pages) == 1
    assert "1. Чоң скан" in flat(reader.pages[1].extract_text().partition("2. Кичи скан")[2])


def test_a_scan_that_the_store_has_lost_is_named_and_the_rest_is_printed(cast: Cast) -> None:
    factories.training_record(cast.teacher, status="verified", title="Жоголгон скан")
    reader = read(cast.teacher, "?scans=yes")
    assert not any(page.images for page in reader.pages)
    assert "1. Жоголгон скан" in flat(reader.pages[1].extract_text())


# Whose it is --------------------------------------------------------------------------------------------------------


def test_nobody_reads_another_ones_entries(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    save(cast.teacher, {f"record-{record.pk}": ("A3", True)})
    for name, user in cast.people.items():
        if user is not None:
            found = PortfolioEntry.objects.visible_to(factories.again(user))
            assert found.exists() == (name == "teacher"), name


def test_entries_go_with_a_record_that_is_deleted(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified")
    save(cast.teacher, {f"record-{record.pk}": ("A3", True)})
    record.delete()
    assert not PortfolioEntry.objects.exists()


def test_entries_go_on_with_the_person_after_a_merge(cast: Cast) -> None:
    twin = factories.PersonFactory.create(
        **{name: getattr(cast.teacher.person, name) for name in ("family_name", "given_name", "fathers_name")},
        born_on=dt.date(1985, 7, 15),
    )
    cast.teacher.person.born_on = twin.born_on
    cast.teacher.person.save()
    factories.EmploymentFactory.create(person=twin, institution=cast.school)
    record = factories.training_record(twin, status="verified")
    PortfolioEntry.objects.create(person=twin, record=record, unit=unit("A4"), is_in=False)
    merge_people(kept=cast.teacher.person, gone=twin, reason="Эки жолу киргизилген", by=cast.director)
    found = entries(cast.teacher)[f"record-{record.pk}"]
    assert (found.unit, found.is_in) == (unit("A4"), False)


def test_entries_go_when_their_owner_is_made_nameless(cast: Cast) -> None:
    record = factories.training_record(cast.teacher, status="verified", file=None)
    save(cast.teacher, {f"record-{record.pk}": ("A3", True)})
    RetentionPeriod.objects.update_or_create(kept=Kept.PEOPLE, defaults={"years": 5, "source": "Сынак"})
    jobs = Employment.objects.filter(person=cast.teacher.person)
    jobs.update(starts_on=dt.date(1998, 9, 1), ends_on=dt.date(1999, 5, 31))
    assert erase(cast.teacher.person)
    assert not PortfolioEntry.objects.exists()
