"""The journal: what is noted of whom, who reads it, and in which words."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from courses.files import keep_upload
from cpd.dates import today
from schools import audit
from schools.choices import Event, LeaveKind
from schools.journal_filters import GROUPS
from schools.journal_words import Change, changes
from schools.models import AuditEntry, User
from tests import factories
from tests.conftest import Cast
from tests.factories import PASSWORD
from tests.uploads import jpeg

pytestmark = pytest.mark.django_db


def get(user: User, url: str, **asked: Any) -> Any:
    client = Client()
    client.force_login(user)
    answer = client.get(url, asked)
    assert answer.status_code == 200, answer.status_code
    return answer


def entries_read(user: User, **asked: Any) -> list[AuditEntry]:
    """What the journal's page shows."""
    return [entry for entry, _changes in get(user, reverse("journal"), **asked).context["lines"]]


def noted(*events: Event) -> list[tuple[str, str, str]]:
    """Event, by whom and on what, in the order of writing."""
    entries = AuditEntry.objects.filter(event__in=events or Event.values).order_by("pk")
    return list(entries.values_list("event", "by_name", "what"))


def entry(cast: Cast, **columns: Any) -> AuditEntry:
    wanted = {"by": cast.deputy, "subject": cast.teacher.person, "institution": cast.school, "what": "Жазуу"}
    return audit.note(columns.pop("event", Event.PERSON_CHANGED), **wanted | columns)


# What is noted ------------------------------------------------------------------------------------------------------


def test_signing_in_is_noted_with_the_address_it_came_from(cast: Cast) -> None:
    Client(REMOTE_ADDR="10.20.30.40").post(reverse("account_login"), {"login": "teacher", "password": PASSWORD})
    [entry] = AuditEntry.objects.all()
    assert (entry.event, entry.by, entry.subject) == (Event.SIGNED_IN, cast.teacher.person, cast.teacher.person)
    assert (entry.address, entry.institution) == ("10.20.30.40", None)
    assert audit.network_address.get() is None


def test_a_header_does_not_forge_the_address(cast: Cast) -> None:
    client = Client(REMOTE_ADDR="10.20.30.40", headers={"x-forwarded-for": "1.2.3.4"})
    client.post(reverse("account_login"), {"login": "teacher", "password": PASSWORD})
    assert AuditEntry.objects.get().address == "10.20.30.40"


def test_a_wrong_password_is_not_a_sign_in(cast: Cast) -> None:
    Client().post(reverse("account_login"), {"login": "teacher", "password": "жок"})
    assert noted() == []


def test_a_changed_password_is_noted_and_stands_nowhere_in_the_entry(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.teacher)
    new = "Тоодогу-таза-суу-2026"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), sent)
    [entry] = AuditEntry.objects.filter(event=Event.PASSWORD_CHANGED)
    assert entry.subject == cast.teacher.person
    assert new not in str(entry.__dict__)


def test_each_step_of_a_plan_is_noted_with_its_decision(cast: Cast) -> None:
    """T13: state changes = rows of the journal, difference 0."""
    plan = factories.approved(cast.plan)
    decisions = factories.decisions_of(plan)
    entries = list(AuditEntry.objects.filter(event=Event.DOCUMENT_MOVED).order_by("pk"))
    assert [one.after["decisions"] for one in entries] == [[[made.pk, made.chain_hash]] for made in decisions]
    assert [(one.before["state"], one.after["state"]) for one in entries] == [
        ("draft", "submitted"),
        ("submitted", "considered"),
        ("considered", "approved"),
    ]
    assert {(one.subject, one.institution, one.what) for one in entries} == {
        (cast.teacher.person, cast.school, str(plan))
    }


def test_what_is_noted_goes_with_a_step_that_fails(cast: Cast) -> None:
    cast.plan.refresh_from_db()
    client = Client()
    client.force_login(cast.colleague)
    client.post(reverse("plan_move", args=[cast.plan.pk, "submit"]), {"seen": cast.plan.revision, "once": "x"})
    assert noted(Event.DOCUMENT_MOVED) == []


PAGES_ABOUT_A_PERSON = ("person_hours", "record_paper", "attestation_paper", "record", "verify", "plan", "plan_paper")


def address_of(name: str, cast: Cast) -> str:
    if name in ("record", "verify"):
        return reverse(name, args=[factories.training_record(cast.teacher).pk])
    if name.startswith("plan"):
        return reverse(name, args=[factories.submitted(cast.plan).pk])
    return reverse(name, args=[cast.teacher.person_id])


@pytest.mark.parametrize("name", PAGES_ABOUT_A_PERSON)
def test_who_looks_at_anothers_page_is_noted_once_a_day(name: str, cast: Cast, monkeypatch: Any) -> None:
    url = address_of(name, cast)
    before = AuditEntry.objects.count()
    for _again in range(3):
        get(cast.deputy, url)
    [seen] = AuditEntry.objects.order_by("pk")[before:]
    assert (seen.by, seen.subject, seen.institution) == (cast.deputy.person, cast.teacher.person, cast.school)
    assert seen.event in GROUPS["looked"]
    assert seen.what
    monkeypatch.setattr(audit, "today", lambda: today() + dt.timedelta(days=1))
    get(cast.deputy, url)
    assert AuditEntry.objects.count() == before + 2


@pytest.mark.parametrize("name", [name for name in PAGES_ABOUT_A_PERSON if name != "verify"])
def test_nobody_is_noted_for_looking_at_their_own(name: str, cast: Cast) -> None:
    url = address_of(name, cast)
    before = AuditEntry.objects.count()
    get(cast.teacher, url)
    assert AuditEntry.objects.count() == before


def everything() -> dict[str, list[Any]]:
    """Every row of every table but those that a GET may write: the journal and sessions."""
    noted = ("auditentry", "session", "usersession")
    models = [model for model in apps.get_models() if model._meta.model_name not in noted]
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("name", [*PAGES_ABOUT_A_PERSON, "journal", "home"])
def test_reading_writes_the_journal_and_nothing_else(name: str, cast: Cast) -> None:
    """T18, ADR 5: a GET leaves the database as it is."""
    url = reverse(name) if name in ("journal", "home") else address_of(name, cast)
    client = Client()
    client.force_login(cast.deputy)
    before = everything()
    assert client.get(url).status_code == 200
    assert everything() == before


def test_another_reader_another_thing_and_another_person_are_noted_each(cast: Cast) -> None:
    first, second = (factories.training_record(cast.teacher, title=title) for title in ("Биринчи", "Экинчи"))
    for user, record in ((cast.deputy, first), (cast.deputy, second), (cast.director, first)):
        get(user, reverse("record", args=[record.pk]))
    assert noted() == [
        (Event.SAW_RECORD, cast.deputy.person.full_name, "Биринчи"),
        (Event.SAW_RECORD, cast.deputy.person.full_name, "Экинчи"),
        (Event.SAW_RECORD, cast.director.person.full_name, "Биринчи"),
    ]


def test_a_certificate_is_noted_under_its_record(cast: Cast) -> None:
    file = keep_upload(SimpleUploadedFile("scan.jpg", jpeg()), by=cast.teacher)
    factories.training_record(cast.teacher, file=file)
    for user in (cast.teacher, cast.deputy):
        get(user, reverse("certificate_file", args=[file.token]))
        get(user, reverse("certificate_page", args=[file.token, 1]))
    assert noted() == [(Event.SAW_RECORD, cast.deputy.person.full_name, "Критерийлик баалоо")]


TABLES = {"xlsx": ("staff_hours_xlsx", "perspective_plan_xlsx"), "pdf": ("staff_hours_paper", "perspective_plan")}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_about_many_that_are_taken_away_are_noted(kind: str, cast: Cast) -> None:
    for name in TABLES[kind]:
        get(cast.deputy, reverse(name, args=[cast.school.pk]))
    taken = AuditEntry.objects.order_by("pk")
    assert [(one.event, one.by, one.subject, one.institution) for one in taken] == [
        (Event.TOOK_TABLE, cast.deputy.person, None, cast.school)
    ] * 2


@pytest.mark.parametrize("name", ["home", "plans", "institutions", "verification", "journal"])
def test_lists_note_nobody(name: str, cast: Cast) -> None:
    factories.submitted(cast.plan)
    factories.training_record(cast.teacher)
    before = AuditEntry.objects.count()
    get(cast.deputy, reverse(name))
    assert AuditEntry.objects.count() == before


def test_things_are_called_alike_whatever_the_readers_language(cast: Cast) -> None:
    url = reverse("person_hours", args=[cast.teacher.person_id])
    User.objects.filter(pk=cast.director.pk).update(language="ru")
    get(cast.deputy, url)
    get(User.objects.get(pk=cast.director.pk), url)
    assert len({what for _event, _by, what in noted()}) == 1


def test_names_stay_as_they_were(cast: Cast) -> None:
    made = entry(cast)
    old = cast.teacher.person.full_name
    cast.teacher.person.family_name = "Жаңы"
    cast.teacher.person.save()
    made = AuditEntry.objects.get(pk=made.pk)
    assert (made.subject_name, made.subject.full_name != old) == (old, True)


def test_secrets_are_left_out_and_numbers_of_people_masked(cast: Cast) -> None:
    columns = {"password": "а", "token_hash": "б", "salt": "в", "personal_number": "21505197800123", "is_main": True}
    made = AuditEntry.objects.get(pk=entry(cast, before=columns, after={"born_on": today(), "nested": columns}).pk)
    shown = {"personal_number": "…123", "is_main": True}
    assert (made.before, made.after) == (shown, {"born_on": today().isoformat(), "nested": shown})


# Who reads it -------------------------------------------------------------------------------------------------------


READERS = {
    "teacher": ["about"],
    "colleague": [],
    "clerk": [],
    "head": [],
    "deputy": ["about", "here"],
    "director": ["about", "here"],
    "other_director": ["there"],
    "officer": ["about", "here", "there", "district"],
    "other_officer": ["far"],
    "institute": [],
    "administrator": ["about", "here", "there", "far", "district", "nowhere"],
}


@pytest.mark.parametrize("who", READERS)
def test_everybody_reads_what_concerns_them_and_leaders_what_happened_in_their_places(who: str, cast: Cast) -> None:
    entry(cast, what="about")
    entry(cast, what="here", subject=None)
    entry(cast, what="there", subject=None, institution=cast.other_school)
    entry(cast, what="far", subject=None, institution=cast.far_school)
    entry(cast, what="district", subject=None, institution=None, district=cast.district)
    entry(cast, what="nowhere", subject=None, institution=None)
    assert [one.what for one in reversed(entries_read(getattr(cast, who)))] == READERS[who]


def test_a_role_that_ended_opens_nothing(cast: Cast) -> None:
    entry(cast, subject=None)
    cast.deputy.person.roles.update(ends_on=today() - dt.timedelta(days=1))
    assert entries_read(cast.deputy) == []


def test_network_addresses_are_shown_to_oneself_and_to_administrators(cast: Cast) -> None:
    token = audit.network_address.set("10.20.30.40")
    entry(cast)
    audit.network_address.reset(token)
    shown = {who: b"10.20.30.40" in get(getattr(cast, who), reverse("journal")).content for who in READERS}
    assert {who for who, is_shown in shown.items() if is_shown} == {"deputy", "administrator"}


# What is found in it ------------------------------------------------------------------------------------------------


def whats(user: User, **asked: Any) -> list[str]:
    return sorted(one.what for one in entries_read(user, **asked))


def test_it_is_searched_by_names_and_things_whatever_the_keyboard(cast: Cast) -> None:
    entry(cast, what="Өмүрзаков үчүн")
    entry(cast, what="Башка", subject=cast.colleague.person)
    assert whats(cast.deputy, words="омурзаков учун") == ["Өмүрзаков үчүн"]
    assert whats(cast.deputy, words=cast.colleague.person.family_name.upper()) == ["Башка"]
    assert whats(cast.deputy, words="жок сөз") == []


def test_it_is_narrowed_by_event_institution_days_and_to_oneself(cast: Cast) -> None:
    entry(cast, what="а", event=Event.SAW_RECORD)
    entry(cast, what="б", institution=cast.other_school, subject=None)
    old = entry(cast, what="в", subject=cast.officer.person)
    with_old_day = timezone.make_aware(dt.datetime(2026, 3, 15, 23, 30))
    put_at(old, with_old_day)
    assert whats(cast.officer) == ["а", "б", "в"]
    assert whats(cast.officer, group="looked") == ["а"]
    assert whats(cast.officer, institution=cast.other_school.pk) == ["б"]
    assert whats(cast.officer, institution=cast.far_school.pk) == ["а", "б", "в"], "not theirs: no choice at all"
    assert whats(cast.officer, first="2026-03-15", last="2026-03-15") == ["в"]
    assert whats(cast.officer, first="2026-03-16", last=today().isoformat()) == ["а", "б"]
    assert whats(cast.officer, mine="on") == ["в"]


def put_at(entry: AuditEntry, at: dt.datetime) -> None:
    """Behind the queryset that refuses it."""
    assert QuerySet(AuditEntry).filter(pk=entry.pk).update(at=at) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-02-30"},
        {"last": "9999-01-01"},
        {"group": "башка"},
        {"institution": "99999999999999999999"},
        {"words": "\x00"},
    ],
)
def test_what_cannot_be_read_narrows_nothing_and_its_field_says_why(asked: dict[str, str], cast: Cast) -> None:
    entry(cast)
    answer = get(cast.officer, reverse("journal"), **asked)
    assert len(answer.context["lines"]) == 1
    assert set(answer.context["form"].errors) == set(asked)


@pytest.mark.parametrize("before", ["0", "-1", "99999999999999999999", "абв", "\x00"])
def test_a_page_below_no_entry_is_the_first(before: str, cast: Cast) -> None:
    entry(cast)
    assert len(entries_read(cast.deputy, before=before)) == 1


def test_pages_follow_each_other_without_a_gap_though_entries_come_in(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("schools.views.journal.ON_A_PAGE", 3)
    at = timezone.now()
    for number in range(7):
        put_at(entry(cast, what=str(number)), at)  # all at one moment
    answer = get(cast.deputy, reverse("journal"))
    read: list[str] = []
    while answer.context["last"]:
        read += [one.what for one, _changes in answer.context["lines"]]
        entry(cast, what="новая")
        answer = get(cast.deputy, reverse("journal"), before=answer.context["last"].pk)
    read += [one.what for one, _changes in answer.context["lines"]]
    assert read == ["6", "5", "4", "3", "2", "1", "0"]


def test_the_page_of_an_entry_one_may_not_see_is_the_first(cast: Cast) -> None:
    entry(cast)
    theirs = entry(cast, institution=cast.far_school, subject=None)
    entry(cast)
    assert len(entries_read(cast.deputy, before=theirs.pk)) == 2


# In words -----------------------------------------------------------------------------------------------------------


def test_every_event_is_in_one_group_and_has_words() -> None:
    grouped = [event for events in GROUPS.values() for event in events]
    assert sorted(grouped) == sorted(Event)


def test_columns_are_told_in_the_words_of_forms(cast: Cast) -> None:
    made = entry(
        cast,
        event=Event.EMPLOYMENT_CHANGED,
        before={"starts_on": dt.date(2026, 9, 1), "is_main": True, "position": "мугалим"},
        after={"starts_on": None, "is_main": False, "position": "химия мугалими"},
    )
    with translation.override("en"):
        assert changes(made, cast.deputy) == [
            Change("From", "01.09.2026", ""),
            Change("Main job", "yes", "no"),
            Change("Position held", "мугалим", "химия мугалими"),
        ]


def test_states_and_choices_are_told_by_their_labels_and_hashes_not_at_all(cast: Cast) -> None:
    factories.submitted(cast.plan)
    moved = AuditEntry.objects.get(event=Event.DOCUMENT_MOVED)
    with translation.override("en"):
        told = changes(moved, cast.deputy)
    assert told == [Change("Status", "Draft", "Submitted"), Change("Action", "", "Submit for consideration")]


def test_the_counts_of_an_import_are_told_in_its_own_words(cast: Cast) -> None:
    after = {"import": 7, "counts": {"staff": {"new": 2, "matched": 1}, "records": {"refused": 3}}}
    made = entry(cast, event=Event.IMPORT_APPLIED, after=after)
    with translation.override("en"):
        assert changes(made, cast.deputy) == [
            Change("Counts", "", "Staff: New: 2, Already there: 1; Past courses: Refused: 3")
        ]


def test_what_no_column_is_called_is_told_as_it_was_written(cast: Cast) -> None:
    made = entry(cast, event=Event.REFERENCE_CHANGED, before={"бир": "а"}, after={"бир": "2026-13-01"})
    with translation.override("en"):
        assert changes(made, cast.deputy) == [Change("Бир", "а", "2026-13-01")]


def test_what_only_the_office_keeps_is_not_shown_to_the_district(cast: Cast) -> None:
    born = entry(cast, before={"born_on": "1980-01-02"}, after={"born_on": "1980-02-01"})
    leave = entry(cast, event=Event.LEAVE_CHANGED, after={"kind": LeaveKind.ILLNESS})
    for user in (cast.officer, cast.administrator):
        assert [change.is_hidden for one in (born, leave) for change in changes(one, user)] == [True, True]
        page = get(user, reverse("journal")).content.decode()
        assert "02.01.1980" not in page
        assert str(LeaveKind.ILLNESS.label) not in page
    for user in (cast.deputy, cast.teacher):
        assert [change.is_hidden for one in (born, leave) for change in changes(one, user)] == [False, False]
        assert "02.01.1980 → 01.02.1980" in get(user, reverse("journal")).content.decode()


# Whose it is --------------------------------------------------------------------------------------------------------


def test_what_was_noted_of_a_record_that_was_merged_is_shown_under_the_one_that_goes_on(cast: Cast) -> None:
    second = factories.PersonFactory.create(merged_into=cast.teacher.person)
    entry(cast, subject=second, what="экинчи")
    entry(cast, what="биринчи")
    assert whats(cast.teacher) == whats(cast.teacher, mine="on") == ["биринчи", "экинчи"]
    answer = get(cast.teacher, reverse("journal"))
    assert len(answer.context["mine"]) == 2
    assert whats(cast.peer) == []
    [mine, _other] = answer.context["lines"]
    assert entries_read(cast.teacher, before=mine[0].pk) == [_other[0]]


def test_the_page_says_about_whom_and_where_apart(cast: Cast) -> None:
    entry(cast, subject=None)
    page = get(cast.deputy, reverse("journal")).content.decode()
    with translation.override("ky"):
        about, where = translation.pgettext("journal", "About whom"), translation.gettext("Where")
    assert f'<td data-label="{about}"></td>' in page
    assert f'<td data-label="{where}">{cast.school}</td>' in page


def test_who_was_made_nameless_is_so_on_the_page_and_in_the_search_too(cast: Cast) -> None:
    person = cast.teacher.person
    name = person.family_name
    changed = {"before": {"position": "мугалим"}, "after": {"position": "химия мугалими"}}
    entry(cast, what=f"{person.full_name}, план", **changed)
    entry(cast, by=cast.teacher, subject=cast.colleague.person, what="Тааныш")
    person.family_name, person.given_name, person.fathers_name = "—", f"№ {person.pk}", ""
    person.erased_at = timezone.now()
    person.save()
    entry(cast, what="кийин", event=Event.ERASED)
    page = get(cast.deputy, reverse("journal")).content.decode()
    assert name not in page
    assert "химия мугалими" not in page
    assert page.count(person.full_name) == 3
    assert whats(cast.deputy, words=name) == []
    assert whats(cast.deputy, words="Тааныш") == []
    assert whats(cast.deputy, words=f"№ {person.pk}") == ["кийин"]
    assert AuditEntry.objects.filter(subject_name__contains=name).exists(), "what is sealed stays as it is"


def test_columns_are_named_by_the_table_that_has_them_all_and_counts_in_words(cast: Cast) -> None:
    period = audit.note(Event.REFERENCE_CHANGED, by=cast.administrator, after={"kept": "people", "years": 5})
    loaded = audit.note(Event.REFERENCE_CHANGED, by=None, after={"lists": ["places"], "added": 2})
    with translation.override("en"):
        assert changes(period, cast.administrator) == [
            Change("What is kept", "", "Personal data, after a person's last employment"),
            Change("Years", "", "5"),
        ]
        assert changes(loaded, cast.administrator) == [Change("Lists", "", "places"), Change("Rows added", "", "2")]


def test_the_entry_for_a_school_says_how_many_courses_an_import_brought(cast: Cast) -> None:
    entry = audit.note(Event.IMPORT_APPLIED, by=cast.deputy, after={"import": 1, "decisions": [[1, "a"], [2, "b"]]})
    with translation.override("en"):
        assert changes(entry, cast.deputy) == [Change("Past courses", "", "2")]
