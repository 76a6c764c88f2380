"""The pages of the registers as people use them: link a text, enter what is missing, keep rights to teach."""

import re
import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.validators import ProhibitNullCharactersValidator
from django.test import Client
from django.urls import reverse

from courses.choices import RecordStatus, RightBasis
from courses.models import Programme, Provider, ProviderAlias, ProviderRight, TrainingRecord
from cpd.dates import today
from cpd.templatetags.cpd import moment
from tests import factories

pytestmark = pytest.mark.django_db
TYPED = "Билим-Булак ОБ"


def get(user, name: str, *args: Any, **query: Any) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(user, name: str, *args: Any, **data: Any) -> Any:
    client = Client()
    client.force_login(user)
    return client.post(reverse(name, args=args), {"once": uuid.uuid4(), **data})


def messages_of(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def offered(page: str) -> list[int]:
    """The entries that buttons on the page would link to."""
    return [int(pk) for pk in re.findall(r'name="target"\s+value="(\d+)"', page)]


def typed(user, text=TYPED, **columns) -> TrainingRecord:
    return factories.training_record(user, provider=None, provider_text=text, **columns)


def test_a_deputy_links_a_text_with_one_press_and_it_leaves_the_list(cast):
    record, entry = typed(cast.teacher), factories.provider(title_ky="Билим-Булак окуу борбору")
    assert offered(get(cast.deputy, "unlinked")) == [entry.pk]
    answer = post(cast.deputy, "link_provider", place=f"institution-{cast.school.pk}", text=TYPED, target=entry.pk)
    assert answer.status_code == 302
    record.refresh_from_db()
    assert record.provider == entry
    assert f'value="{TYPED}"' not in get(cast.deputy, "unlinked")


def test_the_page_says_how_many_verified_records_may_change(cast):
    for status in (RecordStatus.VERIFIED, RecordStatus.VERIFIED, RecordStatus.SUBMITTED):
        typed(cast.teacher, status=status)
    client = Client()
    client.force_login(cast.deputy)
    for name, query in (("unlinked", {}), ("link_provider", {"text": TYPED})):
        use = client.get(reverse(name), query).context
        figures = use["use"] if name == "link_provider" else use["texts"][0][0]
        assert {key: figures[key] for key in ("records", "people", "verified")} == {
            "records": 3,
            "people": 1,
            "verified": 2,
        }


def test_drafts_are_not_shown_to_anybody_else(cast):
    typed(cast.teacher, status=RecordStatus.DRAFT)
    assert TYPED not in get(cast.deputy, "unlinked")
    assert TYPED not in get(cast.administrator, "unlinked")


def test_a_new_organisation_is_entered_and_linked_at_once(cast):
    record = typed(cast.teacher)
    answer = post(
        cast.deputy,
        "link_provider",
        text=TYPED,
        **{"new-title_ky": "Билим-Булак окуу борбору", "new-kind": "licensed"},
    )
    assert answer.status_code == 302
    entry = Provider.objects.get(title_ky="Билим-Булак окуу борбору")
    assert (entry.institution, entry.kind, entry.entered_by) == (cast.school, "licensed", cast.deputy.person)
    record.refresh_from_db()
    assert (record.provider, record.provider_text) == (entry, TYPED)


def test_a_form_that_lacks_something_keeps_what_was_typed(cast):
    typed(cast.teacher)
    page = post(cast.deputy, "link_provider", text=TYPED, **{"new-title_ky": "", "new-title_ru": "Новый центр"})
    assert page.status_code == 200
    assert "Новый центр" in page.content.decode()
    assert set(page.context["form"].errors) == {"title_ky", "kind"}
    assert not ProviderAlias.objects.filter(text=TYPED)


def test_a_title_that_the_register_has_is_refused_beside_the_field(cast):
    for title in ("gIZ", "рпк кжки"):
        page = post(cast.deputy, "provider_new", title_ky=title, kind="other")
        assert set(page.context["form"].errors) == {"title_ky"}
    elsewhere = factories.provider(title_ky="Башка мектептики", institution=cast.other_school)
    ProviderAlias.objects.create(target=elsewhere, text=elsewhere.title_ky, institution=cast.other_school)
    assert post(cast.deputy, "provider_new", title_ky="Башка мектептики", kind="other").status_code == 302


def test_an_entry_s_own_title_is_no_rival(cast):
    post(cast.deputy, "provider_new", title_ky="Илим үйү", kind="other")
    entry = Provider.objects.get(title_ky="Илим үйү")
    answer = post(cast.clerk, "provider", entry.pk, title_ky="Илим үйү", title_ru="Дом науки", kind="university")
    assert answer.status_code == 302
    assert Provider.objects.values("title_ru", "kind").get(pk=entry.pk) == {
        "title_ru": "Дом науки",
        "kind": "university",
    }


def test_choosing_searches_titles_and_other_names_that_hold_in_the_place(cast):
    stranger = factories.provider(title_ky="Ысык-Көл лагери", institution=cast.other_school)
    page = get(cast.deputy, "link_provider", text=TYPED, q="иссык-кульский")
    [oblast] = Provider.objects.filter(title_ky__startswith="Ысык-Көл облустук")
    assert offered(page) == [oblast.pk]
    assert stranger.title_ky not in get(cast.deputy, "link_provider", text=TYPED, q="лагери")
    answer = post(cast.deputy, "link_provider", text=TYPED, target=stranger.pk)
    assert answer.status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "а" * 501])
def test_no_text_or_an_endless_one_stands_for_nothing(text, cast):
    before = ProviderAlias.objects.count()
    answer = post(cast.deputy, "link_provider", text=text, target=Provider.objects.first().pk)
    assert answer.status_code == 302
    assert ProviderAlias.objects.count() == before
    client = Client()
    client.force_login(cast.deputy)
    assert client.get(reverse("link_provider"), {"text": text}).status_code == 404


NUL = "Билим\x00Булак"


def test_a_sign_that_cannot_be_kept_is_told_and_writes_nothing(cast):
    """PostgreSQL keeps no NUL; SQLite would."""
    giz, before = Provider.objects.get(title_ky="GIZ"), ProviderAlias.objects.count()
    for name, entry in (("link_provider", giz), ("link_programme", factories.ProgrammeFactory())):
        answer = post(cast.deputy, name, text=NUL, target=entry.pk)
        assert answer.status_code == 302
        [message] = messages_of(answer)
        assert message == str(ProhibitNullCharactersValidator.message)
    assert ProviderAlias.objects.count() == before
    client = Client()
    client.force_login(cast.deputy)
    assert client.get(reverse("link_provider"), {"text": NUL}).status_code == 404


def test_a_search_that_cannot_be_made_is_told_beside_its_field(cast):
    client = Client()
    client.force_login(cast.deputy)
    for words in (NUL, "а" * 201):
        page = client.get(reverse("link_provider"), {"text": TYPED, "q": words})
        assert page.status_code == 200
        [mistake] = page.context["search"].errors["q"]
        assert mistake in page.content.decode()
        for name in ("providers", "programmes"):
            assert client.get(reverse(name), {"q": words}).context["form"].errors["q"] == [mistake]


@pytest.mark.parametrize("target", ["9" * 5000, str(2**70), str(2**63), "0", "-1", "x", NUL])
def test_an_entry_that_no_button_names_is_not_found(target, cast):
    record = typed(cast.teacher)
    assert post(cast.deputy, "link_provider", text=TYPED, target=target).status_code == 404
    record.refresh_from_db()
    assert record.provider is None
    client = Client()
    client.force_login(cast.deputy)
    assert client.get(f"/registers/providers/{target.replace(NUL, '%00')}/").status_code == 404


def test_a_text_that_is_the_title_of_another_is_refused_and_nothing_is_entered(cast):
    post(cast.deputy, "provider_new", title_ky=TYPED, kind="other")
    before = Provider.objects.count()
    for data in ({"target": Provider.objects.get(title_ky="GIZ").pk}, {"new-title_ky": "Жаңы", "new-kind": "other"}):
        answer = post(cast.deputy, "link_provider", text=TYPED, **data)
        assert answer.status_code == 302
        [message] = messages_of(answer)
        assert TYPED in message
    assert Provider.objects.count() == before
    assert ProviderAlias.objects.get(text=TYPED).target.title_ky == TYPED


def test_a_district_officer_links_for_the_district(cast):
    records = [typed(cast.teacher), typed(cast.stranger), typed(cast.far_stranger)]
    entry = Provider.objects.get(title_ky="GIZ")
    assert post(cast.officer, "link_provider", text=TYPED, target=entry.pk).status_code == 302
    for record in records:
        record.refresh_from_db()
    assert [record.provider for record in records] == [entry, entry, None]
    assert ProviderAlias.objects.get(text=TYPED).district == cast.district


def test_who_keeps_two_places_chooses_one(cast):
    factories.RoleFactory(person=cast.administrator.person, institution=cast.school)
    typed(cast.teacher, "Мектептики")
    typed(cast.far_stranger, "Алыстагы")
    country, school = get(cast.administrator, "unlinked"), f"institution-{cast.school.pk}"
    assert "Алыстагы" in country
    own = get(cast.administrator, "unlinked", place=school)
    assert "Мектептики" in own
    assert "Алыстагы" not in own
    post(cast.administrator, "provider_new", title_ky="Илим үйү", kind="other", place=school)
    assert Provider.objects.get(title_ky="Илим үйү").institution == cast.school


def test_a_name_is_added_and_taken_away_on_the_organisation_s_page(cast):
    record, entry = typed(cast.teacher), Provider.objects.get(title_ky="GIZ")
    post(cast.deputy, "link_provider", text=TYPED, target=entry.pk, place=f"institution-{cast.school.pk}")
    alias = ProviderAlias.objects.get(text=TYPED)
    page = get(cast.deputy, "provider", entry.pk)
    assert reverse("provider_alias_remove", args=[alias.pk]) in page
    assert "ГИЗ" in page  # the country's name is shown, and is not the school's to remove
    assert page.count("/remove/") == 1
    for other in (cast.stranger, cast.other_director):
        assert TYPED not in get(other, "provider", entry.pk)
    assert post(cast.deputy, "provider_alias_remove", alias.pk).status_code == 302
    record.refresh_from_db()
    assert record.provider is None
    alias.refresh_from_db()
    for user in (cast.deputy, cast.teacher):
        page = get(user, "provider", entry.pk)
        assert "/remove/" not in page
        assert f"{cast.deputy.person}, {moment(alias.removed_at)}" in page
    assert TYPED not in get(cast.stranger, "provider", entry.pk)
    again = post(cast.clerk, "provider_alias_remove", alias.pk)
    assert (again.status_code, len(messages_of(again))) == (302, 1)
    alias.refresh_from_db()
    assert alias.removed_by == cast.deputy.person


def test_a_title_s_own_name_is_not_offered_for_removal(cast):
    post(cast.deputy, "provider_new", title_ky="Илим үйү", title_ru="Дом науки", kind="other")
    entry = Provider.objects.get(title_ky="Илим үйү")
    assert "/remove/" not in get(cast.deputy, "provider", entry.pk)
    for alias in entry.aliases.all():
        answer = post(cast.deputy, "provider_alias_remove", alias.pk)
        assert answer.status_code == 302
        [message] = messages_of(answer)
        assert "Илим үйү" in message
    assert entry.aliases.live().count() == 2


def test_a_school_enters_a_right_of_the_country_s_organisation_for_itself(cast):
    giz = Provider.objects.get(title_ky="GIZ")
    data = {
        "right-basis": "licence",
        "right-number": "",
        "right-starts_on": "2020-01-01",
        "right-ends_on": "2019-01-01",
    }
    page = post(cast.deputy, "right_new", giz.pk, **data)
    assert set(page.context["right_form"].errors) == {"number", "ends_on"}
    assert 'value="2019-01-01"' in page.content.decode()
    data |= {"right-number": "ЛС 7", "right-ends_on": ""}
    assert post(cast.deputy, "right_new", giz.pk, **data).status_code == 302
    right = ProviderRight.objects.get(provider=giz)
    assert (right.institution, right.number, right.entered_by) == (cast.school, "ЛС 7", cast.deputy.person)
    again = post(cast.deputy, "right_new", giz.pk, **data)
    assert (again.status_code, ProviderRight.objects.filter(provider=giz).count()) == (302, 1)
    assert "ЛС 7" in get(cast.teacher, "provider", giz.pk)
    assert "ЛС 7" not in get(cast.stranger, "provider", giz.pk)


def test_a_right_is_ended_by_a_date_and_stays_in_sight(cast):
    right = factories.ProviderRightFactory(
        provider=factories.provider(right=False), basis=RightBasis.UNIVERSITY, institution=cast.school
    )
    wrong = post(cast.deputy, "right_end", right.pk, **{f"end{right.pk}-ends_on": "2010-01-01"})
    assert wrong.status_code == 200
    [row] = wrong.context["rights"]
    assert set(row["form"].errors) == {"ends_on"}
    assert post(cast.deputy, "right_end", right.pk, **{f"end{right.pk}-ends_on": today()}).status_code == 302
    right.refresh_from_db()
    assert right.ends_on == today()
    page = get(cast.teacher, "provider", right.provider_id)
    assert right.number in page
    assert f"{cast.deputy.person}, {moment(right.ended_at)}" in page


def test_lists_show_and_count_only_what_one_may_see(cast):
    own, other = (
        factories.provider(title_ky=title, institution=place)
        for title, place in (("Өзүбүздүкү", cast.school), ("Алардыкы", cast.other_school))
    )
    factories.training_record(cast.teacher, provider=own)
    factories.training_record(cast.colleague, provider=own)
    factories.training_record(cast.colleague, provider=own, status=RecordStatus.DRAFT)
    client = Client()
    for user, expected in ((cast.deputy, 2), (cast.teacher, 1), (cast.peer, 0)):
        client.force_login(user)
        rows = {row["entry"]: row["used"] for row in client.get(reverse("providers"), {"q": "дуку"}).context["rows"]}
        assert rows == {own: expected}
    assert "Алардыкы" not in get(cast.deputy, "programme_new")
    assert other.title_ky in get(cast.other_director, "programme_new")


def test_a_list_is_narrowed_by_kind(cast):
    page = get(cast.teacher, "providers", kind="international")
    assert "GIZ" in page
    assert "облустук" not in page


def test_a_programme_is_entered_with_all_that_is_known_of_it(cast):
    subject = factories.SubjectFactory()
    known = {
        "title_ky": "Сынчыл ойлом",
        "title_ru": "Критическое мышление",
        "provider": Provider.objects.get(title_ky="GIZ").pk,
        "block": "variative",
        "hours": "36,5",
        "study_forms": ["distance", "workplace"],
        "audience": "химия мугалимдери",
        "subject": subject.pk,
        "expert_body": "Эксперттик кеңеш",
        "expert_number": "4",
        "expert_on": "2024-03-01",
    }
    assert set(post(cast.deputy, "programme_new", **known | {"hours": "-1"}).context["form"].errors) == {"hours"}
    endless = post(cast.deputy, "programme_new", **known | {"hours": "2001"})
    assert set(endless.context["form"].errors) == {"hours"}
    late = post(cast.deputy, "programme_new", **known | {"expert_on": "2090-01-01"})
    assert set(late.context["form"].errors) == {"expert_on"}
    assert post(cast.deputy, "programme_new", **known).status_code == 302
    page = get(cast.teacher, "programme", Programme.objects.get().pk)
    for word in ("Критическое мышление", "GIZ", "36,5", "химия мугалимдери", subject.title_ky, "Эксперттик кеңеш"):
        assert word in page


def test_titles_of_courses_are_linked_on_the_same_page(cast):
    record = factories.training_record(cast.teacher, title="Сынчыл ойлом боюнча курс")
    entry = factories.ProgrammeFactory(title_ky="Сынчыл ойлом")
    assert offered(get(cast.deputy, "unlinked", register="programme")) == [entry.pk]
    post(cast.deputy, "link_programme", text=record.title, target=entry.pk)
    record.refresh_from_db()
    assert record.programme == entry
