"""The professional standard as data: its first text, who changes it, versions, and the scale."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cpd.dates import school_year_of, today
from cpd.once import FIELD, new_token
from plans.models import Competence, ProfessionalStandard, SelfAssessment, StandardUnit, TopicAlias
from plans.needs.topics import key_of, merge_topics, titles_for
from plans.orders.country import Asked, needs
from plans.orders.totals import totals
from plans.standard import actions
from plans.standard.actions import Change, columns_of, mark_of
from plans.standard.rows import competences_of, named_like, units_of
from schools.approval import Refused
from schools.choices import Event
from schools.models import AuditEntry, User
from tests.conftest import Cast
from tests.plans.needs_told import YEAR, line, told

LONGEST_LABEL = 90  # signs that a phone shows on three lines


@pytest.fixture
def standard(cast: Cast) -> ProfessionalStandard:
    return ProfessionalStandard.objects.get()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def competence(code: str) -> Competence:
    return Competence.objects.get(code=code)


def change(entry: Any, **wanted: Any) -> Change:
    """What somebody makes of an entry that they see as it is kept now."""
    columns = columns_of(entry)
    return Change(entry, columns | wanted, mark_of(columns))


def test_the_first_standard_has_five_units_of_five_competences(standard: ProfessionalStandard) -> None:
    units = units_of(standard)
    assert [unit.code for unit in units] == ["A1", "A2", "A3", "A4", "A5"]
    codes = [one.code for one in competences_of(units)]
    assert codes == [f"A{unit}.{place}" for unit in range(1, 6) for place in range(1, 6)]
    assert [group.code for group in standard.groups.all()] == ["B1", "B2", "B3", "B4", "B5", "B6"]
    assert [level.value for level in standard.levels.all()] == [1, 2, 3, 4]


def test_every_label_is_short_and_in_both_languages(standard: ProfessionalStandard) -> None:
    units = units_of(standard)
    entries = [*units, *competences_of(units), *standard.groups.all(), *standard.levels.all()]
    for entry in entries:
        assert 0 < len(entry.title_ky) <= LONGEST_LABEL
        assert 0 < len(entry.title_ru) <= LONGEST_LABEL
    assert len({entry.title_ky for entry in entries}) == len(entries)


def test_every_competence_has_a_tag_and_every_group_a_competence(standard: ProfessionalStandard) -> None:
    tags = [{group.code for group in one.groups.all()} for one in competences_of(units_of(standard))]
    assert all(tags)
    assert set.union(*tags) == {"B1", "B2", "B3", "B4", "B5", "B6"}


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("А 2.1.", ["A2.1"]),
        ("A4", ["A4.1", "A4.2", "A4.3", "A4.4", "A4.5"]),
        ("инклюзия", ["A1.1"]),
        ("рефлексии", ["A3.2"]),  # in Russian
        ("ата-энелер онокто", ["A4.3"]),  # without a Kyrgyz keyboard
        ("A9.9", []),
    ],
)
def test_competences_are_found_by_code_and_by_words(
    standard: ProfessionalStandard, words: str, codes: list[str]
) -> None:
    assert [one.code for one in named_like(units_of(standard), words)] == codes


def test_a_group_finds_the_competences_that_bear_its_tag(standard: ProfessionalStandard) -> None:
    found = named_like(units_of(standard), "В.3.")
    assert found
    assert all("B3" in {group.code for group in one.groups.all()} for one in found)


def test_a_changed_label_is_kept_and_stands_in_the_journal(cast: Cast, standard: ProfessionalStandard) -> None:
    found = competence("A2.1")
    changes = [change(found, title_ru="Планирование урока"), change(competence("A2.2"))]
    assert actions.change_entries(by=cast.institute, standard=standard, changes=changes) == 1
    assert competence("A2.1").title_ru == "Планирование урока"
    entry = AuditEntry.objects.get(event=Event.REFERENCE_CHANGED)
    assert entry.before == {"title_ru": found.title_ru}
    assert entry.after == {"title_ru": "Планирование урока"}
    assert "A2.1" in entry.what
    assert standard.number in entry.what


def mend(cast: Cast, standard: ProfessionalStandard, code: str, label: str) -> None:
    changes = [change(competence(code), title_ky=label)]
    assert actions.change_entries(by=cast.institute, standard=standard, changes=changes) == 1


def test_the_old_and_the_mended_label_are_one_topic_in_the_whole_country(
    cast: Cast, standard: ProfessionalStandard
) -> None:
    first = competence("A2.1").title_ky
    mend(cast, standard, "A2.1", "Сабакты пландоо")
    mend(cast, standard, "A2.1", "Сабакты пландаштыруу")
    wanted = dict.fromkeys(map(key_of, (first, "Сабакты пландоо", "Сабакты пландаштыруу")))
    for where in (cast.school, cast.far_school, cast.district, cast.other_district):
        found = titles_for(where, wanted)
        assert {title for _key, title in found.values()} == {"Сабакты пландаштыруу"}
        assert len(found) == 3
    mend(cast, standard, "A2.1", first)  # and back
    assert {title for _key, title in titles_for(cast.school, wanted).values()} == {first}


def test_the_district_counts_needs_told_by_the_old_and_by_the_mended_label_together(
    cast: Cast, standard: ProfessionalStandard
) -> None:
    old = competence("A2.1").title_ky
    told(cast, line(old, 1), school=cast.school)
    mend(cast, standard, "A2.1", "Сабакты пландоо")
    told(cast, line("Сабакты пландоо", 2))
    [group] = totals(cast.district, YEAR)
    assert (group.title, group.teachers, group.schools) == ("Сабакты пландоо", 3, 2)
    assert [(one.title, one.teachers) for one in needs(Asked(YEAR)).lines] == [("Сабакты пландоо", 3)]


def test_what_a_place_says_of_one_label_it_says_of_the_other(cast: Cast, standard: ProfessionalStandard) -> None:
    old, new = competence("A2.1").title_ky, "Сабакты пландоо"
    merge_topics(by=cast.officer, where=cast.district, texts=[old], title="Пландоо")
    merge_topics(by=cast.other_officer, where=cast.other_district, texts=[new], title="Ар башка")
    mend(cast, standard, "A2.1", new)
    keys = {key_of(old), key_of(new)}
    assert {title for _key, title in titles_for(cast.district, keys).values()} == {"Пландоо"}
    assert len(titles_for(cast.district, keys)) == 2
    assert {title for _key, title in titles_for(cast.other_district, keys).values()} == {"Ар башка"}


def test_labels_that_two_competences_exchange_stay_two_topics(cast: Cast, standard: ProfessionalStandard) -> None:
    first, second = competence("A2.1"), competence("A2.2")
    changes = [change(first, title_ky=second.title_ky), change(second, title_ky=first.title_ky)]
    assert actions.change_entries(by=cast.institute, standard=standard, changes=changes) == 2
    assert not TopicAlias.objects.exists()
    mend(cast, standard, "A3.1", competence("A2.1").title_ky)
    assert not TopicAlias.objects.exists()


def test_tags_are_changed_by_their_codes(cast: Cast, standard: ProfessionalStandard) -> None:
    changes = [change(competence("A2.4"), groups=["B1", "B6"])]
    actions.change_entries(by=cast.institute, standard=standard, changes=changes)
    assert [group.code for group in competence("A2.4").groups.all()] == ["B1", "B6"]
    assert AuditEntry.objects.get(event=Event.REFERENCE_CHANGED).after == {"groups": ["B1", "B6"]}


def test_what_somebody_else_changed_meanwhile_is_refused_whole(cast: Cast, standard: ProfessionalStandard) -> None:
    late = [change(competence("A1.1"), title_ky="Кечиккен"), change(competence("A1.2"), title_ky="Башка")]
    Competence.objects.filter(code="A1.1").update(title_ky="Мурдараак")
    with pytest.raises(actions.EntriesChangedMeanwhile) as refused:
        actions.change_entries(by=cast.institute, standard=standard, changes=late)
    assert refused.value.entries == [competence("A1.1")]
    assert competence("A1.1").title_ky == "Мурдараак"
    assert competence("A1.2").title_ky != "Башка"
    assert not AuditEntry.objects.filter(event=Event.REFERENCE_CHANGED).exists()


def test_a_label_that_was_only_shown_does_not_undo_what_another_wrote(
    cast: Cast, standard: ProfessionalStandard
) -> None:
    untouched = change(competence("A1.1"))
    Competence.objects.filter(code="A1.1").update(title_ky="Мурдараак")
    assert actions.change_entries(by=cast.institute, standard=standard, changes=[untouched]) == 0
    assert competence("A1.1").title_ky == "Мурдараак"


def test_a_new_version_is_a_copy_and_ends_the_earlier_one(cast: Cast, standard: ProfessionalStandard) -> None:
    day = today() + dt.timedelta(days=30)
    made = actions.new_version(by=cast.institute, earlier=standard, number="2", source="Буйрук", starts_on=day)
    standard.refresh_from_db()
    assert standard.ends_on == day - dt.timedelta(days=1)
    assert ProfessionalStandard.objects.in_force(standard.ends_on) == standard
    assert ProfessionalStandard.objects.in_force(day) == made
    assert made.entered_by == cast.institute.person
    earlier, copied = (competences_of(units_of(version)) for version in (standard, made))
    assert [columns_of(one) for one in copied] == [columns_of(one) for one in earlier]
    assert not {one.pk for one in earlier} & {one.pk for one in copied}
    assert {group.standard for one in copied for group in one.groups.all()} == {made}
    assert list(made.levels.values_list("value", "title_ky")) == list(standard.levels.values_list("value", "title_ky"))


def test_only_the_version_that_goes_on_is_followed_by_a_new_one(cast: Cast, standard: ProfessionalStandard) -> None:
    actions.new_version(by=cast.institute, earlier=standard, number="2", source="Буйрук", starts_on=today())
    later = today() + dt.timedelta(days=1)
    with pytest.raises(Refused):
        actions.new_version(by=cast.institute, earlier=standard, number="3", source="Буйрук", starts_on=later)
    assert ProfessionalStandard.objects.count() == 2


def test_the_scale_changes_only_while_nobody_has_answered_on_it(cast: Cast, standard: ProfessionalStandard) -> None:
    made = actions.add_level(by=cast.institute, standard=standard, title_ky="Беш", title_ru="Пять")
    assert made.value == 5
    actions.remove_level(by=cast.institute, standard=standard)
    assert [level.value for level in standard.levels.all()] == [1, 2, 3, 4]
    SelfAssessment.objects.create(person=cast.teacher.person, standard=standard, school_year=school_year_of(today()))
    with pytest.raises(Refused):
        actions.add_level(by=cast.institute, standard=standard, title_ky="Беш", title_ru="")
    with pytest.raises(Refused):
        actions.remove_level(by=cast.institute, standard=standard)
    assert standard.levels.count() == 4


def test_a_scale_keeps_two_levels(cast: Cast, standard: ProfessionalStandard) -> None:
    for _time in range(2):
        actions.remove_level(by=cast.institute, standard=standard)
    with pytest.raises(Refused):
        actions.remove_level(by=cast.institute, standard=standard)
    assert standard.levels.count() == 2


# Pages --------------------------------------------------------------------------------------------------------------


def page(user: User, name: str, standard: ProfessionalStandard, **query: str) -> str:
    return signed_in(user).get(reverse(name, args=[standard.pk]), query).content.decode()


def posted_from(html: str) -> dict[str, Any]:
    """What the form of the editing page would send as it stands."""
    posted: dict[str, Any] = {FIELD: new_token()}
    for tag in re.findall(r"<input[^>]*>", html):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" not in given or given["name"] in (FIELD, "csrfmiddlewaretoken"):
            continue
        if given.get("type") == "checkbox":
            if "checked" in tag:
                posted.setdefault(given["name"], []).append(given["value"])
        else:
            posted[given["name"]] = given.get("value", "")
    return posted


def test_every_teacher_reads_the_standard_in_either_language(cast: Cast, standard: ProfessionalStandard) -> None:
    text = page(cast.teacher, "standard", standard)
    assert competence("A3.5").title_ky in text
    assert "А3.5" in text  # with the Cyrillic letter
    assert reverse("standard_edit", args=[standard.pk]) not in text
    User.objects.filter(pk=cast.teacher.pk).update(language="ru")
    client = signed_in(cast.teacher)
    client.cookies["django_language"] = "ru"
    assert competence("A3.5").title_ru in client.get(reverse("standard", args=[standard.pk])).content.decode()


def test_a_search_narrows_the_page(cast: Cast, standard: ProfessionalStandard) -> None:
    text = page(cast.teacher, "standard", standard, q="а 3.5.")
    assert competence("A3.5").title_ky in text
    assert competence("A3.4").title_ky not in text


def test_the_institute_changes_one_label_of_the_whole_page(cast: Cast, standard: ProfessionalStandard) -> None:
    address = reverse("standard_edit", args=[standard.pk])
    found = competence("A5.5")
    before = {one.pk: columns_of(one) for one in competences_of(units_of(standard))}
    posted = posted_from(page(cast.institute, "standard_edit", standard))
    posted[f"competence{found.pk}-title_ky"] = "Мугалимдин адеби"
    assert signed_in(cast.institute).post(address, posted).status_code == 302
    after = {one.pk: columns_of(one) for one in competences_of(units_of(standard))}
    assert after == before | {found.pk: before[found.pk] | {"title_ky": "Мугалимдин адеби"}}


def test_a_quicker_change_is_shown_beside_what_was_typed(cast: Cast, standard: ProfessionalStandard) -> None:
    unit = StandardUnit.objects.get(code="A1")
    client, address = signed_in(cast.institute), reverse("standard_edit", args=[standard.pk])
    posted = posted_from(page(cast.institute, "standard_edit", standard))
    posted[f"standardunit{unit.pk}-title_ky"] = "Менин сөзүм"
    StandardUnit.objects.filter(pk=unit.pk).update(title_ky="Анын сөзү")
    answer = client.post(address, posted)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Менин сөзүм" in text
    assert "Анын сөзү" in text
    unit.refresh_from_db()
    assert unit.title_ky == "Анын сөзү"
    assert client.post(address, posted_from(text)).status_code == 302  # seen by now, and kept anyway
    unit.refresh_from_db()
    assert unit.title_ky == "Менин сөзүм"


def test_an_empty_label_is_sent_back_with_a_sentence(cast: Cast, standard: ProfessionalStandard) -> None:
    found = competence("A1.1")
    posted = posted_from(page(cast.institute, "standard_edit", standard))
    posted[f"competence{found.pk}-title_ky"] = " "
    posted[f"competence{found.pk}-title_ru"] = "Набрано"
    answer = signed_in(cast.institute).post(reverse("standard_edit", args=[standard.pk]), posted)
    assert answer.status_code == 200
    assert "Набрано" in answer.content.decode()
    assert competence("A1.1").title_ru == found.title_ru


def test_a_version_that_begins_too_early_is_sent_back(cast: Cast, standard: ProfessionalStandard) -> None:
    posted = {FIELD: new_token(), "number": "2", "source": "Буйрук", "starts_on": standard.starts_on}
    answer = signed_in(cast.institute).post(reverse("standard_new_version", args=[standard.pk]), posted)
    assert answer.status_code == 200
    assert ProfessionalStandard.objects.count() == 1
    posted["starts_on"] = today()
    answer = signed_in(cast.institute).post(reverse("standard_new_version", args=[standard.pk]), posted)
    made = ProfessionalStandard.objects.get(number="2")
    assert answer["Location"] == reverse("standard_edit", args=[made.pk])


def test_a_level_is_added_and_taken_away_by_the_page(cast: Cast, standard: ProfessionalStandard) -> None:
    client = signed_in(cast.institute)
    client.post(reverse("scale_level_add", args=[standard.pk]), {FIELD: new_token(), "level-title_ky": "Жаңы деңгээл"})
    assert standard.levels.last().title_ky == "Жаңы деңгээл"
    client.post(reverse("scale_level_remove", args=[standard.pk]), {FIELD: new_token()})
    assert standard.levels.count() == 4


@pytest.mark.parametrize("name", ["standard_edit", "standard_new_version"])
def test_a_school_does_not_change_the_standard(cast: Cast, standard: ProfessionalStandard, name: str) -> None:
    assert signed_in(cast.director).get(reverse(name, args=[standard.pk])).status_code == 403


def second_version(cast: Cast, standard: ProfessionalStandard, days: int = 30) -> ProfessionalStandard:
    day = today() + dt.timedelta(days=days)
    return actions.new_version(by=cast.institute, earlier=standard, number="2", source="Буйрук", starts_on=day)


def test_a_level_comes_and_goes_without_losing_what_was_typed_into_the_labels(
    cast: Cast, standard: ProfessionalStandard
) -> None:
    client, found = signed_in(cast.institute), competence("A1.1")
    for name, text, count in (("scale_level_add", "Биринчи жазуу", 5), ("scale_level_remove", "Экинчи жазуу", 4)):
        posted = posted_from(page(cast.institute, "standard_edit", standard)) | {"level-title_ky": "Бешинчи деңгээл"}
        posted[f"competence{found.pk}-title_ky"] = text
        answer = client.post(reverse(name, args=[standard.pk]), posted)
        assert answer["Location"] == reverse("standard_edit", args=[standard.pk])
        assert competence("A1.1").title_ky == text
        assert standard.levels.count() == count


@pytest.mark.parametrize("name", ["", "Д" * 400])
def test_a_level_name_that_cannot_be_is_told_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, standard: ProfessionalStandard, name: str
) -> None:
    found = competence("A1.1")
    html = page(cast.institute, "standard_edit", standard)
    assert "maxlength" not in html
    posted = posted_from(html) | {"level-title_ky": name, "level-title_ru": "Пятый"}
    posted[f"competence{found.pk}-title_ky"] = "Менин сөзүм"
    text = signed_in(cast.institute).post(reverse("scale_level_add", args=[standard.pk]), posted).content.decode()
    assert 'id="error_1_id_level-title_ky"' in text
    assert "Менин сөзүм" in text
    assert "Пятый" in text
    assert name in text
    assert standard.levels.count() == 4
    assert competence("A1.1").title_ky == found.title_ky


def test_a_version_that_nobody_answered_is_corrected_and_the_earlier_one_ends_accordingly(
    cast: Cast, standard: ProfessionalStandard
) -> None:
    made = second_version(cast, standard, days=300)
    client, address = signed_in(cast.institute), reverse("standard_version", args=[made.pk])
    assert address in page(cast.institute, "standard", made)
    posted = {FIELD: new_token(), "number": "2а", "source": "Буйрук № 7", "starts_on": standard.starts_on}
    answer = client.post(address, posted)
    assert answer.status_code == 200
    assert "Буйрук № 7" in answer.content.decode()
    day = today() + dt.timedelta(days=9)
    assert client.post(address, posted | {"starts_on": day}).status_code == 302
    made.refresh_from_db()
    standard.refresh_from_db()
    assert (made.number, made.source, made.starts_on) == ("2а", "Буйрук № 7", day)
    assert standard.ends_on == day - dt.timedelta(days=1)
    entry = AuditEntry.objects.filter(event=Event.REFERENCE_CHANGED).latest("pk")
    assert (entry.before["number"], entry.after["number"]) == ("2", "2а")


def test_a_version_that_nobody_answered_is_deleted_and_the_earlier_one_goes_on_again(
    cast: Cast, standard: ProfessionalStandard
) -> None:
    made = second_version(cast, standard)
    answer = signed_in(cast.institute).post(reverse("standard_delete", args=[made.pk]), {FIELD: new_token()})
    assert answer["Location"] == reverse("standard", args=[standard.pk])
    standard.refresh_from_db()
    assert (ProfessionalStandard.objects.get(), standard.ends_on) == (standard, None)
    assert AuditEntry.objects.filter(event=Event.REFERENCE_CHANGED).latest("pk").before["number"] == "2"


def test_a_version_with_answers_and_the_only_one_stay_as_they_are(cast: Cast, standard: ProfessionalStandard) -> None:
    with pytest.raises(Refused):
        actions.delete_version(by=cast.institute, standard=standard)
    made = second_version(cast, standard, days=0)
    SelfAssessment.objects.create(person=cast.teacher.person, standard=made, school_year=school_year_of(today()))
    with pytest.raises(Refused):
        actions.delete_version(by=cast.institute, standard=made)
    wanted = {"number": "3", "source": made.source, "starts_on": made.starts_on}
    with pytest.raises(Refused):
        actions.correct_version(by=cast.institute, standard=made, **wanted)
    assert reverse("standard_version", args=[made.pk]) not in page(cast.institute, "standard", made)
    made.refresh_from_db()
    assert made.number == "2"
