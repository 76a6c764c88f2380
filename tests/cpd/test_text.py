"""Kyrgyz order and search, the same on every database."""

import functools
import random

import pytest

from cpd.text import ALPHABET, SIGNS, compare, fold, kyrgyz_order, sort_key
from schools.models import Person, Subject
from tests.factories import PersonFactory

# ң after н, ө after о, ү after у, ё after е; breaks and signs before digits, digits before letters, № as Latin «no».
IN_ORDER = [
    "«Ак-Бата» мектеби",
    "1-сабак",
    "10-сабак",
    "2-сабак",
    "авыл",
    "Ак Бата",
    "Ак-Бата",
    "Акбата",
    "ала",
    "алма",
    "Алма",
    "алмаз",
    "Бек",
    "Бөкөн",
    "Бүбү",
    "Гүлзат",
    "ежик",
    "ёлка",
    "Жаңыл",
    "Жаңылык",
    "Йулдуз",
    "карга",
    "нан",
    "нур",
    "Нур",
    "Нуржан",
    "Ңа",
    "ой",
    "Окуу жана жазуу",
    "Окуу китеби",
    "окуучу",
    "оюн",
    "өзөн",
    "Өзөн",
    "Өмүр",
    "Өс",
    "пахта",
    "суу",
    "тоо",
    "төө",
    "тузак",
    "туу",
    "түз",
    "Түн",
    "уул",
    "ушак",
    "үй",
    "Үмүт",
    "физика",
    "цирк",
    "чий",
    "шамал",
    "щётка",
    "ыр",
    "Эл",
    "юбилей",
    "ярмарка",
    "Anna",
    "№5 мектеп",
    "Zamira",
]


WORDS = """Өмүралиев Омуралиев Өмүрбеков Омурбеков Оморов Ёлкин Елкин Ершова Жээнбаев Женбаев Ңаров Наров Үсөнов
    Усенов Усөнов Узбеков Ыдырысов Йулдузов Иванов Эсенов Щукин Шукуров Цой Чоробаев Юсупов Яковлев Айгүл айгүл
    Айгуль Бөлөк Болот Гүлзат Гулзат Өмүр өмүр Омур Үмүт Умут Каниметқызы Ғаниев Ўсаров Anna bob №5 12 2 10 уулу
    кызы"""


def mixed_names(how_many: int) -> list[str]:
    """Thousands of names with every letter, sign and case; the same ones at every run."""
    chance = random.Random(72)
    alphabet = ALPHABET + ALPHABET.upper() + SIGNS + "0123456789abcXYZ№…\u00a0"
    names = set()
    while len(names) < how_many:
        if len(names) % 2:
            name = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 6)))
        else:
            name = chance.choice([" ", "-", " - ", ". ", "/"]).join(
                chance.choices(WORDS.split(), k=chance.randint(1, 3))
            )
        names.add(chance.choice([str, str.lower, str.upper, str.swapcase])(name))
    return sorted(names)


@pytest.mark.django_db
def test_the_database_sorts_as_the_kyrgyz_alphabet_does():
    shuffled = IN_ORDER[::2] + IN_ORDER[1::2][::-1]
    Subject.objects.bulk_create(Subject(title_ky=title) for title in shuffled)
    assert list(Subject.objects.order_by(kyrgyz_order("title_ky")).values_list("title_ky", flat=True)) == IN_ORDER
    assert list(Subject.objects.values_list("title_ky", flat=True)) == IN_ORDER, "the model's own order"


@pytest.mark.django_db
def test_every_database_sorts_thousands_of_names_by_the_same_key():
    names = mixed_names(4_000)
    Subject.objects.bulk_create(Subject(title_ky=name) for name in names)
    found = list(Subject.objects.order_by(kyrgyz_order("title_ky")).values_list("title_ky", flat=True))
    assert found == sorted(names, key=sort_key)


@pytest.mark.django_db
def test_the_order_can_be_turned_round():
    Subject.objects.bulk_create(Subject(title_ky=title) for title in ("Өзөн", "ой", "пахта"))
    backwards = Subject.objects.order_by(kyrgyz_order("title_ky").desc()).values_list("title_ky", flat=True)
    assert list(backwards) == ["пахта", "Өзөн", "ой"]


@pytest.mark.django_db
def test_people_are_listed_by_family_name_then_given_name():
    for family, given in (
        ("Өмүров", "Асан"),
        ("Оморов", "Үсөн"),
        ("Оморов", "Улан"),
        ("Пазылов", "Айгүл"),
    ):
        PersonFactory(family_name=family, given_name=given)
    assert [person.short_name for person in Person.objects.all()] == [
        "Оморов Улан",
        "Оморов Үсөн",
        "Өмүров Асан",
        "Пазылов Айгүл",
    ]


def test_the_letters_are_the_36_of_kyrgyz_and_those_of_the_neighbours():
    kyrgyz = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"
    assert [letter for letter in ALPHABET if letter in kyrgyz] == list(kyrgyz)


def test_comparing_is_an_order():
    names = mixed_names(60)
    assert sorted(names, key=functools.cmp_to_key(compare)) == sorted(names, key=sort_key)
    for left in names:
        assert compare(left, left) == 0
        for right in names:
            assert compare(left, right) == -compare(right, left)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("айгуль", "АЙГУЛЬ"),
        ("айгуль", "Айгуль"),
        ("айгул", "Айгүл"),
        ("АЙГҮЛ", "айгүл"),
        ("омурбеков", "Өмүрбеков"),
        ("ӨМҮРБЕКОВ", "Омурбеков"),
        ("нуржан", "Ңуржан"),
        ("еркин", "Ёркин"),
        ("  турат   беков ", "Турат Беков"),
        ("бай", "Жээнбай"),
        ("и\u0306", "Й"),
    ],
)
@pytest.mark.django_db
def test_a_name_is_found_however_it_is_typed(typed, stored):
    wanted = PersonFactory(family_name=stored, given_name="Хан")
    PersonFactory(family_name="Цхх", given_name="Хан")
    assert list(Person.objects.named_like(typed)) == [wanted]


@pytest.mark.django_db
def test_all_words_must_be_found_in_any_order():
    wanted = PersonFactory(family_name="Өмүрбеков", given_name="Айгүл", fathers_name="Эсен кызы")
    PersonFactory(family_name="Өмүрбеков", given_name="Жылдыз", fathers_name="Эсен кызы")
    assert list(Person.objects.named_like("айгул кызы омур")) == [wanted]
    assert not Person.objects.named_like("айгул жылдыз").exists()


@pytest.mark.django_db
def test_signs_of_the_database_search_for_themselves():
    PersonFactory(family_name="Өмүрбеков")
    assert not Person.objects.named_like("%").exists()
    assert not Person.objects.named_like("_").exists()
    assert not Person.objects.named_like("'; --").exists()


@pytest.mark.django_db
def test_the_search_column_follows_every_way_of_writing():
    saved = PersonFactory(family_name="Өмүров", given_name="Үсөн", fathers_name="Аскарович")
    assert saved.search_key == "омуров усон аскарович"
    saved.family_name = "Ёлкин"
    saved.save()
    saved.refresh_from_db()
    assert saved.search_key == "елкин усон аскарович"
    [bulk] = Person.objects.bulk_create([Person(family_name="ҢАРОВ", given_name="Гүл")])
    bulk.refresh_from_db()
    assert bulk.search_key == "наров гул"


@pytest.mark.django_db
def test_the_longest_name_has_room_in_the_search_column():
    person = PersonFactory(family_name="Ө" * 80, given_name="ß" * 80, fathers_name="Ү" * 80)
    person.refresh_from_db()
    assert person.search_key == f"{'о' * 80} {'s' * 160} {'у' * 80}"


def test_folding_twice_changes_nothing():
    for name in mixed_names(500):
        assert fold(fold(name)) == fold(name)
