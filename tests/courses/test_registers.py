"""Keeping the registers: what a typed text stands for in which place, and who may say so."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate

from courses import actions, registers
from courses.choices import ProviderKind, Reason, RecordStatus, RightBasis
from courses.facts import judgement_of
from courses.forms import RecordForm
from courses.models import Programme, ProgrammeAlias, Provider, ProviderAlias, ProviderRight, TrainingRecord
from courses.registers import PROGRAMMES, PROVIDERS, Place
from cpd.dates import today
from schools.approval import ChangedMeanwhile, Refused
from tests import factories

pytestmark = pytest.mark.django_db
TYPED = "Билим-Булак ОБ"


def typed(user, text=TYPED, **columns) -> TrainingRecord:
    """A record whose organisation the register does not know."""
    return factories.training_record(user, provider=None, provider_text=text, **columns)


def school(cast) -> Place:
    return Place(institution=cast.school)


def provider_of(*records) -> list[str | None]:
    found = [TrainingRecord.objects.select_related("provider").get(pk=record.pk) for record in records]
    return [record.provider and record.provider.title_ky for record in found]


def link(cast, entry, *, by=None, place=None, text=TYPED) -> int:
    return registers.link(PROVIDERS, by=by or cast.deputy, place=place or school(cast), text=text, entry=entry)


# Who keeps what ---------------------------------------------------------------------------------------------------


def test_schools_keep_for_the_school_offices_for_the_district_administrators_for_the_country(cast):
    for who in ("deputy", "second_deputy", "director", "clerk"):
        assert registers.places_of(getattr(cast, who)) == [school(cast)]
    assert registers.places_of(cast.officer) == [Place(district=cast.district)]
    assert registers.places_of(cast.administrator) == [Place()]
    for who in ("teacher", "head", "stranger", "institute"):
        assert registers.places_of(getattr(cast, who)) == []


@pytest.mark.parametrize("who", ["teacher", "head", "other_director", "officer", "other_officer", "institute"])
def test_nobody_writes_for_a_place_they_do_not_keep(who, cast):
    record, entry, user = typed(cast.teacher), factories.provider(), getattr(cast, who)
    alias = ProviderAlias.objects.create(target=entry, text="ББ", institution=cast.school)
    right = ProviderRight.objects.create(provider=entry, basis=RightBasis.UNIVERSITY, institution=cast.school)
    for write in (
        lambda: link(cast, entry, by=user),
        lambda: registers.unlink(PROVIDERS, by=user, alias=alias),
        lambda: registers.save_entry(PROVIDERS, by=user, place=school(cast), columns={"title_ky": "ББ-2"}),
        lambda: registers.add_right(
            by=user, place=school(cast), provider=entry, columns={"basis": RightBasis.UNIVERSITY}
        ),
        lambda: registers.end_right(right, by=user, ends_on=today()),
    ):
        with pytest.raises(PermissionDenied):
            write()
    assert provider_of(record) == [None]
    assert ProviderAlias.objects.filter(institution=cast.school).get() == alias


def test_a_school_does_not_change_what_the_country_keeps(cast):
    entry = factories.provider()
    with pytest.raises(PermissionDenied):
        registers.save_entry(PROVIDERS, by=cast.deputy, place=school(cast), columns={"title_ky": "Башка"}, entry=entry)
    with pytest.raises(PermissionDenied):
        registers.unlink(PROVIDERS, by=cast.deputy, alias=factories.ProviderAliasFactory(target=entry))
    with pytest.raises(PermissionDenied):
        registers.end_right(entry.rights.get(), by=cast.deputy, ends_on=today())


# Linking ----------------------------------------------------------------------------------------------------------


def test_one_act_links_all_who_typed_it_in_the_school_however_they_wrote_it(cast):
    entry = factories.provider()
    ours = [typed(cast.teacher), typed(cast.colleague, "БИЛИМ-БУЛАК  об"), typed(cast.peer, status="verified")]
    other_text, elsewhere = typed(cast.teacher, "Башка уюм"), typed(cast.stranger)
    assert link(cast, entry) == 3
    assert provider_of(*ours) == [entry.title_ky] * 3
    assert provider_of(other_text, elsewhere) == [None, None]
    alias = ProviderAlias.objects.get(target=entry)
    assert (alias.text, alias.institution, alias.district, alias.entered_by) == (
        TYPED,
        cast.school,
        None,
        cast.deputy.person,
    )


def test_linking_leaves_what_was_written_and_decided_as_it_is(cast):
    record = typed(cast.teacher, status=RecordStatus.VERIFIED)
    before = TrainingRecord.objects.filter(pk=record.pk).values()[0]
    entry = factories.provider()
    link(cast, entry)
    assert TrainingRecord.objects.filter(pk=record.pk).values()[0] == before | {"provider_id": entry.pk}


def test_the_next_record_typed_so_is_linked_when_it_is_saved(cast):
    entry = factories.provider()
    link(cast, entry)
    columns = {
        "institution": cast.school,
        "title": "Курс",
        "date_text": "03.02.2026",
        "provider_text": "билим-булак об",
    }
    for user, expected in ((cast.colleague, entry), (cast.stranger, None)):
        place = factories.job_of(user).institution
        saved = actions.save_record(
            by=user, record=None, seen=None, columns=columns | {"institution": place}, file=None, submit=False
        )
        assert saved.provider == expected


def test_a_draft_is_linked_unseen_and_not_counted(cast):
    draft = typed(cast.teacher, status=RecordStatus.DRAFT)
    entry = factories.provider()
    assert not registers.unlinked(PROVIDERS, school(cast), by=cast.deputy)
    assert link(cast, entry) == 0
    assert provider_of(draft) == [entry.title_ky]


def test_the_district_links_its_schools_and_leaves_alone_what_a_school_reads_otherwise(cast):
    own, district_wide = factories.provider(institution=cast.school), factories.provider(district=cast.district)
    ours, theirs, far = typed(cast.teacher), typed(cast.stranger), typed(cast.far_stranger)
    link(cast, own)
    place = Place(district=cast.district)
    assert link(cast, district_wide, by=cast.officer, place=place) == 1
    assert provider_of(ours, theirs, far) == [own.title_ky, district_wide.title_ky, None]
    country_wide = factories.provider()
    assert link(cast, country_wide, by=cast.administrator, place=Place()) == 1
    assert provider_of(ours, theirs, far) == [own.title_ky, district_wide.title_ky, country_wide.title_ky]


def test_a_wrong_link_is_moved_to_another_entry(cast):
    wrong, right = factories.provider(), factories.provider()
    record = typed(cast.teacher)
    link(cast, wrong)
    assert link(cast, right, by=cast.clerk) == 1
    assert provider_of(record) == [right.title_ky]
    before, now = ProviderAlias.objects.filter(institution=cast.school).order_by("pk")
    assert (before.target, before.entered_by, before.removed_by) == (wrong, cast.deputy.person, cast.clerk.person)
    assert (now.target, now.entered_by, now.removed_by, now.removed_at) == (right, cast.clerk.person, None, None)


def test_linking_again_what_is_linked_already_leaves_who_did_it_first(cast):
    entry = factories.provider()
    link(cast, entry)
    link(cast, entry, by=cast.clerk, text="билим-булак ОБ")
    alias = ProviderAlias.objects.get(institution=cast.school)
    assert (alias.text, alias.entered_by, alias.removed_at) == (TYPED, cast.deputy.person, None)


def test_a_name_taken_away_unlinks_those_it_linked_and_no_others(cast):
    entry = factories.provider()
    by_name, otherwise = typed(cast.teacher), typed(cast.teacher, "Башка уюм")
    link(cast, entry)
    TrainingRecord.objects.filter(pk=otherwise.pk).update(provider=entry)
    alias = ProviderAlias.objects.get(institution=cast.school)
    assert registers.unlink(PROVIDERS, by=cast.deputy, alias=alias) == 1
    assert provider_of(by_name, otherwise) == [None, entry.title_ky]
    alias = ProviderAlias.objects.get(institution=cast.school)
    assert (alias.entered_by, alias.removed_by) == (cast.deputy.person, cast.deputy.person)
    assert today() == localdate(alias.removed_at)


def test_a_name_taken_away_means_nothing_more(cast):
    entry, columns = factories.provider(), {"institution": cast.school, "title": "Курс", "provider_text": TYPED}
    link(cast, entry)
    registers.unlink(PROVIDERS, by=cast.clerk, alias=ProviderAlias.objects.get(institution=cast.school))
    key = registers.key_of(TYPED)
    assert ProviderAlias.objects.nearest(cast.school, {key}) == {}
    assert registers.proposals(PROVIDERS, school(cast), [key]) == {key: []}
    assert not registers.named_like(PROVIDERS, Provider.objects.all(), TYPED, by=cast.deputy)
    saved = actions.save_record(
        by=cast.teacher, record=None, seen=None, columns=columns | {"date_text": "2026"}, file=None, submit=False
    )
    assert saved.provider is None
    assert TYPED not in RecordForm(user=cast.teacher).known_providers()
    wide = factories.provider()
    link(cast, wide, by=cast.officer, place=Place(district=cast.district))
    assert provider_of(saved) == [wide.title_ky]  # no nearer reading stands in the way any more


def test_a_name_taken_away_may_be_given_again(cast):
    first, other = factories.provider(), factories.provider()
    record = typed(cast.teacher)
    for entry in (first, other, first):
        link(cast, entry)
        registers.unlink(PROVIDERS, by=cast.deputy, alias=ProviderAlias.objects.live().get(institution=cast.school))
    link(cast, other, by=cast.clerk)
    assert provider_of(record) == [other.title_ky]
    told = ProviderAlias.objects.filter(institution=cast.school).order_by("pk").values_list("target", "removed_at")
    assert [(target, moment is None) for target, moment in told] == [
        (first.pk, False),
        (other.pk, False),
        (first.pk, False),
        (other.pk, True),
    ]


def test_a_name_is_taken_away_once(cast):
    link(cast, factories.provider())
    alias = ProviderAlias.objects.get(institution=cast.school)
    registers.unlink(PROVIDERS, by=cast.clerk, alias=alias)
    with pytest.raises(ChangedMeanwhile):
        registers.unlink(PROVIDERS, by=cast.deputy, alias=alias)
    alias.refresh_from_db()
    assert alias.removed_by == cast.clerk.person


def test_the_title_of_an_entry_is_not_taken_from_it(cast):
    record = typed(cast.teacher)
    columns = {"title_ky": "Билим Булак окуу борбору", "title_ru": TYPED}
    entry = registers.save_entry(PROVIDERS, by=cast.deputy, place=school(cast), columns=columns)
    for alias in ProviderAlias.objects.filter(target=entry):
        with pytest.raises(Refused):
            registers.unlink(PROVIDERS, by=cast.deputy, alias=alias)
    with pytest.raises(Refused):
        link(cast, factories.provider())
    assert provider_of(record) == [entry.title_ky]
    registers.save_entry(PROVIDERS, by=cast.deputy, place=school(cast), columns={"title_ru": ""}, entry=entry)
    assert registers.unlink(PROVIDERS, by=cast.deputy, alias=ProviderAlias.objects.live().get(text=TYPED)) == 1
    assert provider_of(record) == [None]


def test_a_school_may_read_the_title_of_the_country_s_entry_in_its_own_way(cast):
    giz, other = Provider.objects.get(title_ky="GIZ"), factories.provider()
    record = typed(cast.teacher, "GIZ")
    for entry in (other, giz):
        link(cast, entry, text="GIZ")
        assert provider_of(record) == [entry.title_ky]
    own = ProviderAlias.objects.live().get(institution=cast.school)
    assert registers.unlink(PROVIDERS, by=cast.deputy, alias=own) == 0
    assert provider_of(record) == ["GIZ"]


@pytest.mark.parametrize("has_district_reading", [False, True])
def test_without_the_school_s_own_reading_the_next_wider_one_holds(has_district_reading, cast):
    own, wide, widest = factories.provider(), factories.provider(), factories.provider()
    record = typed(cast.teacher)
    link(cast, own)
    link(cast, widest, by=cast.administrator, place=Place())
    if has_district_reading:
        link(cast, wide, by=cast.officer, place=Place(district=cast.district))
    assert provider_of(record) == [own.title_ky]
    registers.unlink(PROVIDERS, by=cast.deputy, alias=ProviderAlias.objects.get(institution=cast.school))
    assert provider_of(record) == [wide.title_ky if has_district_reading else widest.title_ky]


def test_a_text_cannot_stand_for_an_entry_that_does_not_hold_there(cast):
    far = factories.provider(institution=cast.other_school)
    record = typed(cast.teacher)
    for by, place in ((cast.deputy, school(cast)), (cast.officer, Place(district=cast.district))):
        with pytest.raises(Refused):
            link(cast, far, by=by, place=place)
    with pytest.raises(Refused):
        link(cast, factories.provider(district=cast.district), by=cast.administrator, place=Place())
    assert provider_of(record) == [None]


def test_linking_changes_the_hours_that_count(cast):
    """Rules §3, C6: an organisation that the register does not know has no right to teach."""
    record = typed(cast.teacher, status=RecordStatus.VERIFIED)

    def reason() -> tuple:
        found = judgement_of(cast.teacher.person, cast.school, today())
        [row] = [row for row in found.figure.rows if row.record.id == record.pk]
        return row.reason, found.figure.total

    assert reason() == (Reason.PROVIDER_NOT_ELIGIBLE, 0)
    link(cast, factories.provider())
    assert reason() == (Reason.COUNTED, 24)


def test_titles_are_linked_to_programmes_alike(cast):
    record = factories.training_record(cast.teacher, title="Критерийлик баалоо модулу")
    entry = factories.ProgrammeFactory()
    assert (
        registers.link(PROGRAMMES, by=cast.deputy, place=school(cast), text="критерийлик баалоо модулу", entry=entry)
        == 1
    )
    record.refresh_from_db()
    assert (record.programme, record.title) == (entry, "Критерийлик баалоо модулу")
    assert registers.unlink(PROGRAMMES, by=cast.deputy, alias=ProgrammeAlias.objects.get()) == 1
    record.refresh_from_db()
    assert record.programme is None


def test_a_title_of_five_hundred_letters_is_linked_and_found_again(cast):
    title = "Кесиптик көндүмдөр " * 26
    record = factories.training_record(cast.teacher, title=title[:500])
    registers.link(
        PROGRAMMES, by=cast.deputy, place=school(cast), text=title[:500], entry=factories.ProgrammeFactory()
    )
    record.refresh_from_db()
    assert record.programme is not None
    assert ProgrammeAlias.objects.get().key == record.title_key


# What is typed and not known ----------------------------------------------------------------------------------------


def texts(place, by) -> list[tuple]:
    found = registers.unlinked(PROVIDERS, place, by=by)
    return [(row["text"], row["records"], row["people"], row["verified"]) for row in found]


def test_texts_are_grouped_however_they_are_written_the_most_used_first(cast):
    for text in ("Алтын уя", "АЛТЫН УЯ ", "алтын  уя"):
        typed(cast.teacher, text, status=RecordStatus.VERIFIED if text.isupper() else RecordStatus.SUBMITTED)
    typed(cast.colleague, "Алтын уя")
    typed(cast.teacher, TYPED)
    typed(cast.stranger, "Көрүнбөйт")
    factories.training_record(cast.teacher)
    found = texts(school(cast), cast.deputy)
    assert [row[1:] for row in found] == [(4, 2, 1), (1, 1, 0)]
    assert found[1][0] == TYPED
    assert [row[0] for row in texts(Place(district=cast.district), cast.officer)][1:] == [TYPED, "Көрүнбөйт"]


def test_entries_with_common_words_are_proposed_and_only_those_that_hold_here(cast):
    oblast = Provider.objects.get(title_ky__startswith="Жалал-Абад")
    stranger = factories.provider(title_ky="Жалал-Абад облус БББ борбору", institution=cast.other_school)
    key = registers.key_of("Жалал-Абад облус БББ")
    [first, *rest] = registers.proposals(PROVIDERS, school(cast), [key])[key]
    assert first == oblast
    assert stranger not in rest
    assert registers.proposals(PROVIDERS, school(cast), ["xyz"]) == {"xyz": []}


def test_a_search_reads_any_keyboard_and_other_names(cast):
    found = registers.named_like(PROVIDERS, Provider.objects.all(), "кжки рпк", by=cast.deputy)
    assert [entry.kind for entry in found] == [ProviderKind.REPUBLICAN_INSTITUTE]
    found = registers.named_like(PROVIDERS, Provider.objects.all(), "ысык-кол", by=cast.deputy)
    assert [entry.title_ky[:8] for entry in found] == ["Ысык-Көл"]
    entry = factories.provider()
    ProviderAlias.objects.create(target=entry, text="купуя ат", institution=cast.other_school)
    assert not registers.named_like(PROVIDERS, Provider.objects.all(), "купуя", by=cast.deputy)


# Entries and rights -------------------------------------------------------------------------------------------------


def test_a_new_entry_holds_where_it_is_entered_and_answers_to_both_its_titles(cast):
    record, in_russian = typed(cast.teacher, "Илим үйү"), typed(cast.peer, "Дом науки")
    columns = {"title_ky": "Илим үйү", "title_ru": "Дом науки", "kind": ProviderKind.OTHER}
    entry = registers.save_entry(PROVIDERS, by=cast.director, place=school(cast), columns=columns)
    assert (entry.institution, entry.entered_by) == (cast.school, cast.director.person)
    assert provider_of(record, in_russian) == ["Илим үйү"] * 2
    seeing = [name for name, user in cast.people.items() if user and entry in Provider.objects.visible_to(user)]
    ours = ["teacher", "colleague", "peer", "head", "other_head", "deputy", "second_deputy", "director", "clerk"]
    assert seeing == [*ours, "officer", "institute", "administrator"]


def test_a_new_title_is_one_more_name(cast):
    entry = registers.save_entry(PROVIDERS, by=cast.deputy, place=school(cast), columns={"title_ky": "Илим үйү"})
    registers.save_entry(
        PROVIDERS, by=cast.deputy, place=school(cast), columns={"title_ky": "Ачык сабак"}, entry=entry
    )
    assert sorted(entry.aliases.values_list("text", flat=True)) == ["Ачык сабак", "Илим үйү"]
    assert Provider.objects.get(pk=entry.pk).title_ky == "Ачык сабак"


def test_a_right_holds_where_it_was_entered_and_until_its_last_day(cast):
    giz = Provider.objects.get(title_ky="GIZ")
    for user in (cast.teacher, cast.stranger):
        factories.training_record(user, provider=giz, status=RecordStatus.VERIFIED)

    def totals() -> list:
        return [
            judgement_of(user.person, place, today()).figure.total
            for user, place in ((cast.teacher, cast.school), (cast.stranger, cast.other_school))
        ]

    assert totals() == [0, 0]
    columns = {"basis": RightBasis.RIGHT_TO_TEACH, "number": "№ 5", "starts_on": dt.date(2020, 1, 1)}
    right = registers.add_right(by=cast.deputy, place=school(cast), provider=giz, columns=columns)
    assert totals() == [24, 0]
    registers.end_right(right, by=cast.clerk, ends_on=today() - dt.timedelta(days=61))
    assert totals() == [0, 0]
    registers.end_right(right, by=cast.clerk, ends_on=today() - dt.timedelta(days=60))
    assert totals() == [24, 0]
    right = ProviderRight.objects.get(pk=right.pk)
    assert (right.entered_by, right.ended_by) == (cast.deputy.person, cast.clerk.person)
    assert localdate(right.ended_at) == today()


def test_who_let_a_right_hold_on_is_told_too(cast):
    columns = {"basis": RightBasis.RIGHT_TO_TEACH, "starts_on": dt.date(2020, 1, 1), "ends_on": dt.date(2021, 1, 1)}
    right = registers.add_right(
        by=cast.deputy, place=school(cast), provider=factories.provider(right=False), columns=columns
    )
    assert (right.ended_by, right.ended_at) == (None, None)
    registers.end_right(right, by=cast.director, ends_on=None)
    right.refresh_from_db()
    assert (right.ends_on, right.entered_by, right.ended_by) == (None, cast.deputy.person, cast.director.person)


def test_a_programme_keeps_what_the_experts_said(cast):
    columns = {"title_ky": "Сынчыл ойлом", "expert_body": "Эксперттик кеңеш", "expert_number": "4"}
    entry = registers.save_entry(PROGRAMMES, by=cast.officer, place=Place(district=cast.district), columns=columns)
    assert Programme.objects.values("title_ky", "expert_body", "expert_number", "district").get() == columns | {
        "district": cast.district.pk
    }
    assert str(entry) == "Сынчыл ойлом"
