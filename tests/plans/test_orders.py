"""A district's order for training: drawn from needs, changed, issued without small groups, replaced."""

import re
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from courses.models import Provider
from plans.invariants import orders_stay_as_issued
from plans.models import TopicAlias, TrainingOrder
from plans.needs.topics import merge_topics, unmerge
from plans.orders import actions
from plans.orders.already import already_in
from plans.orders.totals import totals
from schools.approval import ChangedMeanwhile, Refused
from schools.models.documents import digest
from tests.papers import read
from tests.plans.needs_told import YEAR, line, told

pytestmark = pytest.mark.django_db
TOPIC, OTHER, RARE = "Критерийлик баалоо", "Баалоонун критерийлери", "Инклюзивдүү билим берүү"


def drawn(cast, *titles: str) -> TrainingOrder:
    """A draft of the groups with these titles, of all of them where none is named."""
    chosen = [group.text for group in totals(cast.district, YEAR) if group.title in titles or not titles]
    order = actions.draw_up(by=cast.officer, district=cast.district, year=YEAR, chosen=chosen)
    TrainingOrder.objects.filter(pk=order.pk).update(addressee="Билим-Булак борбору")
    return now(order)


def now(order: TrainingOrder) -> TrainingOrder:
    return TrainingOrder.objects.select_related("district", "provider", "replaces").get(pk=order.pk)


def issued(cast, order: TrainingOrder) -> TrainingOrder:
    actions.issue(by=cast.officer, order=order, seen=order.revision)
    return now(order)


def numbers(order: TrainingOrder) -> dict[str, tuple[int, int]]:
    return {row.title: (row.teachers, row.schools) for row in order.rows.all()}


@pytest.fixture
def needs(cast):
    told(cast, line(TOPIC, 3, hours=36, quarter=2), line(RARE, 1), school=cast.school)
    told(cast, line(TOPIC, 4, quarter=2), line(RARE, 1), school=cast.other_school)


def test_an_order_is_drawn_from_the_groups_chosen_with_their_numbers(cast, needs):
    order = drawn(cast, TOPIC)
    [row] = order.rows.all()
    assert (row.title, row.teachers, row.schools, row.hours, row.quarter) == (TOPIC, 7, 2, 36, 2)
    assert (order.number, order.issued_at, order.made_by) == (1, None, cast.officer.person)
    assert drawn(cast).number == 2


def test_nothing_chosen_and_another_district_draw_up_nothing(cast, needs):
    with pytest.raises(Refused):
        actions.draw_up(by=cast.officer, district=cast.district, year=YEAR, chosen=["||ky|||жок"])
    with pytest.raises(PermissionDenied):
        actions.draw_up(by=cast.other_officer, district=cast.district, year=YEAR, chosen=[])
    assert not TrainingOrder.objects.exists()


def test_recounting_gives_every_line_the_numbers_of_today(cast, needs):
    order = drawn(cast)
    order.rows.filter(title=TOPIC).update(quarter=4, note="Кечки топ")
    told(cast, line(TOPIC, 2, quarter=2))
    assert actions.recount(by=cast.officer, order=order, seen=order.revision) == actions.Recount(
        came=0, changed=1, gone=0
    )
    assert numbers(order) == {TOPIC: (9, 3), RARE: (2, 2)}
    row = order.rows.get(title=TOPIC)
    assert (row.quarter, row.note) == (4, "Кечки топ")


def test_recounting_makes_one_line_of_topics_merged_since(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 4), school=cast.school)
    order = drawn(cast)
    merge_topics(by=cast.officer, where=cast.district, texts=[OTHER], title=TOPIC)
    assert actions.recount(by=cast.officer, order=order, seen=order.revision) == actions.Recount(
        came=0, changed=1, gone=1
    )
    assert numbers(order) == {TOPIC: (7, 1)}


def test_an_issued_order_holds_no_small_group_and_its_sums_none_either(cast, needs, settings):
    settings.SMALLEST_GROUP = 3
    order = issued(cast, drawn(cast))
    assert [(row["title"], row["teachers"]) for row in order.content["rows"]] == [(TOPIC, 7)]
    assert (order.content["teachers"], order.content["left_out"], order.content["left_out_teachers"]) == (7, 1, None)
    assert order.content_hash == digest(order.content)
    assert (order.issued_by, order.content["addressee"]) == (cast.officer.person, "Билим-Булак борбору")
    assert numbers(order) == {TOPIC: (7, 2), RARE: (2, 2)}


def test_what_was_issued_is_never_changed(cast, needs, settings):
    order = issued(cast, drawn(cast))
    settings.SMALLEST_GROUP = 1
    told(cast, line(TOPIC, 9))
    seen = {"by": cast.officer, "order": order, "seen": order.revision}
    writes = [
        lambda: actions.recount(**seen),
        lambda: actions.issue(**seen),
        lambda: actions.delete_draft(**seen),
        lambda: actions.save_order(**seen, columns={"addressee": "Башка"}, rows={}, removed=[]),
    ]
    for write in writes:
        with pytest.raises(ChangedMeanwhile):
            write()
    after = now(order)
    assert (after.content, after.addressee, numbers(after)) == (order.content, order.addressee, numbers(order))


def test_an_issued_order_that_was_altered_is_found(cast, needs):
    order = issued(cast, drawn(cast))
    assert list(orders_stay_as_issued()) == []
    TrainingOrder.objects.filter(pk=order.pk).update(content=order.content | {"teachers": 700})
    assert len(list(orders_stay_as_issued())) == 1


def test_an_order_to_nobody_or_of_small_groups_alone_is_not_issued(cast, needs):
    order = drawn(cast, TOPIC)
    TrainingOrder.objects.filter(pk=order.pk).update(addressee="")
    with pytest.raises(Refused):
        issued(cast, order)
    with pytest.raises(Refused):
        issued(cast, drawn(cast, RARE))
    assert not TrainingOrder.objects.issued().exists()
    TrainingOrder.objects.filter(pk=order.pk).update(provider=Provider.objects.first())
    assert issued(cast, order).content["addressee"] == Provider.objects.first().title_ky


def test_of_two_who_write_at_the_same_revision_one_is_told(cast, needs):
    order = drawn(cast)
    actions.recount(by=cast.officer, order=order, seen=order.revision)
    with pytest.raises(ChangedMeanwhile):
        actions.issue(by=cast.officer, order=order, seen=order.revision)


def test_an_order_is_replaced_once_by_another_with_its_lines(cast, needs):
    first = issued(cast, drawn(cast))
    other = actions.replace(by=cast.officer, order=first)
    assert (other.replaces, other.number, other.addressee, numbers(other)) == (
        first,
        2,
        first.addressee,
        numbers(first),
    )
    with pytest.raises(Refused):
        actions.replace(by=cast.officer, order=first)
    with pytest.raises(Refused):
        actions.replace(by=cast.officer, order=other)
    assert issued(cast, now(other)).content["replaces"] == 1


# --- pages ----------------------------------------------------------------------------------------------------


def page(user, name: str, *args, **query) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name, args=args), query, headers={"accept-language": "ky"})
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(user, name: str, *args, **data):
    client = Client()
    client.force_login(user)
    token = uuid4()
    return client.post(reverse(name, args=args), {"once": token} | data)


def test_the_district_ticks_lines_and_gets_a_draft(cast, needs):
    html = page(cast.officer, "district_needs", cast.district.pk, year=YEAR)
    assert TOPIC in html
    assert RARE in html
    texts = {group.title: group.text for group in totals(cast.district, YEAR)}
    assert f'value="{texts[TOPIC]}"' in html
    answer = send(cast.officer, "training_order_new", cast.district.pk, year=YEAR, group=[texts[TOPIC]])
    order = TrainingOrder.objects.get()
    assert answer.url == reverse("training_order_edit", args=[order.pk])
    assert numbers(order) == {TOPIC: (7, 2)}


def test_the_district_merges_ticked_topics_and_takes_it_back(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 4), school=cast.school)
    texts = [group.text for group in totals(cast.district, YEAR)]
    send(cast.officer, "district_topics_merge", cast.district.pk, year=YEAR, group=texts, title="Баалоо")
    assert [(group.title, group.teachers) for group in totals(cast.district, YEAR)] == [("Баалоо", 7)]
    alias = TopicAlias.objects.live().get(text=OTHER)
    html = page(cast.officer, "district_needs", cast.district.pk, year=YEAR)
    assert reverse("district_topic_unmerge", args=[cast.district.pk, alias.pk]) in html
    send(cast.officer, "district_topic_unmerge", cast.district.pk, alias.pk, year=YEAR)
    assert [(group.title, group.teachers) for group in totals(cast.district, YEAR)] == [("Баалоо", 3), (OTHER, 4)]


def marked(html: str) -> int:
    return html.count('class="badge state-returned"')


def test_what_an_issued_order_holds_is_marked_where_orders_are_drawn_up(cast, needs, settings):
    settings.SMALLEST_GROUP = 3
    first = drawn(cast)  # RARE is too small to leave the district
    assert marked(page(cast.officer, "district_needs", cast.district.pk, year=YEAR)) == 0
    first = issued(cast, first)
    html = page(cast.officer, "district_needs", cast.district.pk, year=YEAR)
    assert (marked(html), f'href="{first.get_absolute_url()}"' in html) == (1, True)
    merge_topics(by=cast.officer, where=cast.district, texts=[TOPIC], title="Баалоо")
    assert marked(page(cast.officer, "district_needs", cast.district.pk, year=YEAR)) == 1
    other = drawn(cast, "Баалоо")
    for name in ("training_order_edit", "training_order"):
        assert marked(page(cast.officer, name, other.pk)) == 1
    assert marked(page(cast.officer, "training_order", first.pk)) == 0


def test_an_order_is_no_bar_to_the_one_that_stands_instead_of_it(cast, needs):
    first = issued(cast, drawn(cast, TOPIC))
    other = actions.replace(by=cast.officer, order=first)
    assert marked(page(cast.officer, "training_order_edit", other.pk)) == 0
    text = first.rows.get().group
    assert already_in(cast.district, YEAR, [text]) == {text: [first]}  # while the other one is a draft
    TrainingOrder.objects.filter(pk=other.pk).update(addressee="Билим-Булак борбору")
    other = issued(cast, now(other))
    assert already_in(cast.district, YEAR, [text]) == {text: [other]}
    assert already_in(cast.district, YEAR - 1, [text]) == {text: []}


@pytest.mark.parametrize(
    ("title", "is_ticked", "told_beside"),
    [("  ", True, True), ("Узун аталыш " * 40, True, True), ("Баалоо", False, False)],
)
def test_a_refusal_keeps_ticks_the_typed_name_and_the_filter(cast, title, is_ticked, told_beside):
    told(cast, line(TOPIC, 3), line(OTHER, 4), line(RARE, 5), school=cast.school)
    texts = {group.title: group.text for group in totals(cast.district, YEAR)}
    client = Client()
    client.force_login(cast.officer)
    address = reverse("district_topics_merge", args=[cast.district.pk], query={"year": YEAR, "words": "критерий"})
    ticks = [texts[TOPIC], texts[OTHER]] if is_ticked else []
    answer = client.post(address, {"once": uuid4(), "year": YEAR, "group": ticks, "title": title})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count(" checked") == len(ticks)
    assert title.strip() in html
    assert 'value="критерий"' in html
    assert RARE not in html
    assert ("invalid-feedback" in html) == told_beside
    assert str(len(title.strip())) in html or len(title) < 400  # the true reason: how long it is
    assert "maxlength" not in html
    assert len(totals(cast.district, YEAR)) == 3


def test_nothing_ticked_draws_up_nothing_and_keeps_the_filter(cast, needs):
    client = Client()
    client.force_login(cast.officer)
    address = reverse("training_order_new", args=[cast.district.pk], query={"year": YEAR, "words": "критерий"})
    answer = client.post(address, {"once": uuid4(), "year": YEAR})
    assert answer.status_code == 422
    assert 'value="критерий"' in answer.content.decode()
    assert not TrainingOrder.objects.exists()


def test_after_a_merge_the_filter_stays_and_the_old_words_are_found(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 4), line(RARE, 5), school=cast.school)
    texts = [group.text for group in totals(cast.district, YEAR) if group.title != RARE]
    client = Client()
    client.force_login(cast.officer)
    query = {"year": YEAR, "words": "критерийлик"}
    address = reverse("district_topics_merge", args=[cast.district.pk], query=query)
    answer = client.post(address, {"once": uuid4(), "year": YEAR, "group": texts, "title": "Өлчөө"})
    assert answer.url == reverse("district_needs", args=[cast.district.pk], query=query)
    html = client.get(answer.url).content.decode()
    assert "Өлчөө" in html
    assert RARE not in html


def test_an_order_of_everything_that_the_filter_finds_holds_lines_of_all_pages(cast):
    told(cast, *[line(f"Тема {number:02}", 3) for number in range(70)], line(RARE, 4), school=cast.school)
    client = Client()
    client.force_login(cast.officer)
    address = reverse("training_order_new", args=[cast.district.pk], query={"year": YEAR, "words": "тема"})
    client.post(address, {"once": uuid4(), "year": YEAR, "all": "on"})
    order = TrainingOrder.objects.get()
    assert len(numbers(order)) == 70
    assert RARE not in numbers(order)


def test_lines_are_added_to_a_draft_even_to_an_emptied_one(cast, needs):
    order = drawn(cast, TOPIC)
    texts = {group.title: group.text for group in totals(cast.district, YEAR)}
    html = page(cast.officer, "district_needs", cast.district.pk, year=YEAR, into=order.pk)
    assert f'<option value="{order.pk}" selected' in html
    both = {"year": YEAR, "into": order.pk, "group": [texts[TOPIC], texts[RARE]]}
    answer = send(cast.officer, "training_order_new", cast.district.pk, **both)
    assert answer.url == reverse("training_order_edit", args=[order.pk])
    assert numbers(order) == {TOPIC: (7, 2), RARE: (2, 2)}
    order = now(order)
    keys = [row.pk for row in order.rows.all()]
    actions.save_order(by=cast.officer, order=order, seen=order.revision, columns={}, rows={}, removed=keys)
    send(cast.officer, "training_order_new", cast.district.pk, **both)
    assert numbers(order) == {TOPIC: (7, 2), RARE: (2, 2)}
    order = issued(cast, now(order))
    assert send(cast.officer, "training_order_new", cast.district.pk, **both).status_code == 422
    assert TrainingOrder.objects.count() == 1


def test_recounting_after_an_undone_merge_keeps_every_teacher(cast):
    told(cast, line(TOPIC, 3), line(OTHER, 4), line(RARE, 5), school=cast.school)
    merge_topics(by=cast.officer, where=cast.district, texts=[TOPIC, OTHER], title="Баалоо")
    order = drawn(cast, "Баалоо")
    assert numbers(order) == {"Баалоо": (7, 1)}
    for alias in TopicAlias.objects.live().filter(text__in=[TOPIC, OTHER]):
        unmerge(by=cast.officer, alias=alias)
    done = actions.recount(by=cast.officer, order=order, seen=order.revision)
    assert done == actions.Recount(came=1, changed=1, gone=0)
    assert numbers(order) == {TOPIC: (3, 1), OTHER: (4, 1)}


def test_lines_that_differ_in_term_only_are_one_line_of_an_order(cast):
    told(cast, line(TOPIC, 12, study_form="distance"), line(TOPIC, 6, quarter=3, study_form="distance"))
    [text, _other] = [group.text for group in totals(cast.district, YEAR)]
    order = actions.draw_up(by=cast.officer, district=cast.district, year=YEAR, chosen=[text])
    [row] = order.rows.all()
    assert (row.teachers, row.quarter, row.study_form) == (18, None, "distance")


def test_a_stale_draft_shows_what_the_other_wrote_and_can_be_saved_over_it(cast, needs):
    order = drawn(cast, TOPIC)
    mine = typed(order, **{TOPIC: {"hours": "72", "note": "Менин сөзүм"}})
    send(
        cast.officer, "training_order_edit", order.pk, **typed(order, **{TOPIC: {"hours": "36", "note": "Анын сөзү"}})
    )
    html = send(cast.officer, "training_order_edit", order.pk, **mine).content.decode()
    assert "Менин сөзүм" in html
    assert "Анын сөзү" in html
    assert order.rows.get().note == "Анын сөзү"
    [seen] = re.findall(r'name="seen" value="(\d+)"', html)
    send(cast.officer, "training_order_edit", order.pk, **mine | {"seen": seen})
    assert (order.rows.get().note, order.rows.get().hours) == ("Менин сөзүм", 72)


def test_the_table_is_narrowed_by_topic_and_by_what_is_unmet(cast, needs):
    html = page(cast.officer, "district_needs", cast.district.pk, year=YEAR, words="ИНКЛЮЗИВДУУ")
    assert RARE in html
    assert TOPIC not in html


def typed(order: TrainingOrder, **columns) -> dict:
    data = {"seen": order.revision, "addressee": "Борбор"}
    for row in order.rows.all():
        data |= {f"row{row.pk}-{name}": value for name, value in (columns.get(row.title) or {}).items()}
    return data


def test_the_draft_says_hours_form_term_and_note_and_drops_lines(cast, needs):
    order = drawn(cast)
    wanted = {"hours": "72", "study_form": "distance", "quarter": "3", "note": "Эки топ"}
    send(
        cast.officer,
        "training_order_edit",
        order.pk,
        **typed(order, **{TOPIC: wanted, RARE: {"removed": "on", "hours": "терс"}}),
    )
    [row] = order.rows.all()
    assert (row.title, row.hours, row.study_form, row.quarter, row.note) == (TOPIC, 72, "distance", 3, "Эки топ")
    assert (now(order).addressee, now(order).revision) == ("Борбор", order.revision + 1)


def test_the_hours_of_a_line_are_shown_as_people_write_them(cast, needs):
    order = drawn(cast, TOPIC)
    order.rows.update(hours=Decimal("36.5"))
    assert 'type="text" name="row' in page(cast.officer, "training_order_edit", order.pk)
    assert 'value="36,5"' in page(cast.officer, "training_order_edit", order.pk)


def test_bad_hours_are_told_beside_the_field_and_nothing_typed_is_lost(cast, needs):
    order = drawn(cast, TOPIC)
    answer = send(
        cast.officer, "training_order_edit", order.pk, **typed(order, **{TOPIC: {"hours": "-5", "note": "Эки топ"}})
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="-5"' in html
    assert "Эки топ" in html
    assert "invalid-feedback" in html
    assert order.rows.get().hours == 36


def test_the_paper_and_the_file_leave_small_groups_out_and_name_the_form(cast, needs, settings):
    settings.SMALLEST_GROUP = 3
    order = issued(cast, drawn(cast))
    client = Client()
    client.force_login(cast.institute)
    text = read(client.get(reverse("training_order_paper", args=[order.pk])).content).text
    assert "№ 1" in text
    assert TOPIC in text
    assert "Билим-Булак борбору" in text
    assert RARE not in text
    book = load_workbook(BytesIO(client.get(reverse("training_order_xlsx", args=[order.pk])).content))
    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell is not None]
    assert TOPIC in cells
    assert "7" in cells
    assert not any(RARE in cell or cell == "9" for cell in cells)
    assert RARE not in page(cast.institute, "training_order", order.pk)


def test_outside_the_district_no_sum_of_all_lines_is_shown(cast, settings):
    settings.SMALLEST_GROUP = 5
    told(cast, line(TOPIC, 640), line(RARE, 3), school=cast.school)
    order = issued(cast, drawn(cast))
    for name, args in (
        ("training_orders", [cast.district.pk]),
        ("country_orders", []),
        ("training_order", [order.pk]),
    ):
        html = page(cast.institute, name, *args)
        assert "640" in html
        assert "643" not in html
    assert "643" not in page(cast.officer, "training_orders", cast.district.pk)  # as the order says


def test_a_draft_is_the_districts_alone(cast, needs):
    order = drawn(cast)
    client = Client()
    for user in (cast.institute, cast.administrator, cast.other_officer):
        client.force_login(user)
        assert client.get(reverse("training_order", args=[order.pk])).status_code == 404
    assert TOPIC in page(cast.officer, "training_order", order.pk)


def test_the_page_of_a_correction_names_lines_that_would_give_a_small_group_away(cast, needs):
    first = issued(cast, drawn(cast))
    told(cast, line(TOPIC, 1, quarter=2))
    other = actions.replace(by=cast.officer, order=first)
    assert "alert-warning" not in page(cast.officer, "training_order", other.pk)
    actions.recount(by=cast.officer, order=other, seen=other.revision)
    assert "alert-warning" in page(cast.officer, "training_order", other.pk)
