"""The Kyrgyz and Russian catalogues: whole, true to every placeholder, and in Kyrgyz and Russian indeed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core import validators
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories import PASSWORD

ROOT = Path(__file__).parent.parent
FORMS_OF_A_NUMBER = {"ky": 1, "ru": 4}
CATALOGUES = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
BORROWED = "cpd/borrowed_texts.py"
LIBRARIES = [
    *(Path(django.__path__[0]) / app for app in ("conf", "contrib/auth", "contrib/admin")),
    Path(allauth.__path__[0]),
]

FIELD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)', re.MULTILINE)
PLACEHOLDER = re.compile(r"%\((?P<name>\w+)\)[sdr]|%[sd]|\{\w*\}")
MARKUP = re.compile(r"<[^>]+>")
WORD = re.compile(r"[^\W\d_]+")
CYRILLIC, LATIN = re.compile(r"[Ѐ-ӿ]"), re.compile(r"[a-zA-Z]")

# A hyphen may join a number to its noun: «2026-2027-окуу жылы», «3-бет», «25-сентябрь».
NUMBERS = {"number", "year", "years", "label", "day", "page", "clause", "row"}
AFTER_A_NUMBER = ("версия", "жылдын", "жылдар", "ЖЫЛДАРГА", "окуу жыл", "ж.", "бет", "сап", "пункт", "%(month)s")
WITHOUT_LETTERS = {"№"}
FOREIGN_WORDS = {"PDF", "ZIP", "Excel", "xlsx", "xls", "JPEG", "PNG", "HEIC", "Control", "Command", "Mac", "IT"}
RUSSIAN_WORDS = {"и", "или", "для", "не", "на", "в", "во", "с", "со", "по", "от", "из", "при", "что", "это", "г"}
# One word per concept: words that begin so have another name here (domain.md X23; ky_terms.csv).
OTHER_WORDS = {
    "ky": ("купуя", "эмейл", "деректир", "жекече", "завуч"),
    "ru": ("логин", "аккаунт", "завуч"),
}


@dataclass(frozen=True)
class Entry:
    """One text of a catalogue; ``texts`` are its translations, one per plural form."""

    language: str
    msgids: tuple[str, ...]
    texts: tuple[str, ...]
    comments: str

    def __str__(self) -> str:
        return f"{self.language}: {self.msgids[0]}"


def entries_of(path: Path) -> Iterator[Entry]:
    """All but the header."""
    for block in path.read_text().split("\n\n"):
        comments = "\n".join(line for line in block.splitlines() if line.startswith("#"))
        fields = {name: "".join(map(ast.literal_eval, text.splitlines())) for name, text in FIELD.findall(block)}
        if fields.get("msgid"):
            msgids = tuple(text for name, text in fields.items() if name.startswith("msgid"))
            texts = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
            yield Entry(language_of(path), msgids, texts, comments)


def language_of(path: Path) -> str:
    """Of its whole catalogue, or of the one that holds only the words of universities: ``locale/ky_Uni``."""
    return path.parent.parent.name.partition("_")[0]


ENTRIES = [entry for path in CATALOGUES for entry in entries_of(path)]
KYRGYZ = [entry for entry in ENTRIES if entry.language == "ky"]


def words(text: str) -> list[str]:
    return WORD.findall(MARKUP.sub(" ", PLACEHOLDER.sub(" ", text)))


def placeholders(*texts: str) -> set[str]:
    return {found[0] for text in texts for found in PLACEHOLDER.finditer(text)}


def breaking(entries: list[Entry], is_wrong: Any) -> list[str]:
    """The entries with a translation of which ``is_wrong`` holds, for a readable failure."""
    return [f"{entry} → {text}" for entry in entries for text in entry.texts if is_wrong(text)]


def test_there_is_a_catalogue_for_every_language_of_the_site() -> None:
    files = {path.relative_to(ROOT / "locale").as_posix() for path in CATALOGUES}
    assert files >= {f"{code}/LC_MESSAGES/django.po" for code, _name in settings.LANGUAGES}
    assert {entry.language for entry in ENTRIES} == {code for code, _name in settings.LANGUAGES}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_the_header_says_the_language_and_names_nobody(path: Path) -> None:
    header = path.read_text().split("\n\n")[0]
    assert f'"Language: {path.parent.parent.name}\\n"' in header
    assert f"nplurals={FORMS_OF_A_NUMBER[language_of(path)]}; plural=" in header
    assert not re.search(r"FIRST AUTHOR|FULL NAME|YEAR|PACKAGE|Translator|Generator|@", header)


def test_no_text_is_empty_fuzzy_or_left_over() -> None:
    assert breaking(ENTRIES, lambda text: not text.strip()) == []
    assert [str(entry) for entry in ENTRIES if re.search(r"^#,.*\bfuzzy\b", entry.comments, re.MULTILINE)] == []
    assert [path.as_posix() for path in CATALOGUES if re.search(r"^#~", path.read_text(), re.MULTILINE)] == []


def test_every_text_has_the_plural_forms_of_its_language() -> None:
    wanted = {True: FORMS_OF_A_NUMBER, False: dict.fromkeys(FORMS_OF_A_NUMBER, 1)}
    wrong = [entry for entry in ENTRIES if len(entry.texts) != wanted[len(entry.msgids) > 1][entry.language]]
    assert list(map(str, wrong)) == []


def test_every_placeholder_stands_in_every_translation() -> None:
    wrong = [
        f"{entry} → {text}"
        for entry in ENTRIES
        for text in entry.texts
        if placeholders(text) != placeholders(*entry.msgids)
    ]
    assert wrong == []


def test_spaces_at_the_ends_are_kept() -> None:
    def ends(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [str(entry) for entry in ENTRIES for text in entry.texts if ends(text) != ends(entry.msgids[0])] == []


def glues_an_ending(text: str) -> bool:
    """A letter after a placeholder is an ending whose vowels fit half of the values only; so is most after «-»."""
    for found in PLACEHOLDER.finditer(text):
        rest = text[found.end() :].lstrip("»”\"'")
        if WORD.match(rest):
            return True
        is_counted = found["name"] in NUMBERS and (rest == "-жыл" or rest[1:].startswith(AFTER_A_NUMBER))
        if rest.startswith("-") and not is_counted:
            return True
    return False


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("%(name)sдын планы", True),
        ("«%(name)s»нын планы", True),
        ("%(name)s-нын планы", True),
        ("%sга жөнөтүлдү", True),
        ("{name}ны өчүрүү", True),
        ("%(years)s-жылга", True),
        ("%(number)s-жыл", False),
        ("%(name)s-бет", True),
        ("%(name)s: планы", False),
        ("%(year)s-жылдын %(day)s-%(month)s", False),
        ("«%(day)s»-%(month)s %(year)s-ж.", False),
        ("%(page)s-бет, баары %(total)s бет", False),
    ],
)
def test_a_glued_ending_is_recognised(text: str, is_wrong: bool) -> None:
    assert glues_an_ending(text) is is_wrong


def test_no_kyrgyz_ending_is_glued_to_a_placeholder() -> None:
    assert breaking(KYRGYZ, glues_an_ending) == []


def test_every_translation_is_written_in_cyrillic() -> None:
    assert breaking(ENTRIES, lambda text: not CYRILLIC.search(text) and text not in WITHOUT_LETTERS) == []
    assert breaking(ENTRIES, lambda text: {word for word in words(text) if LATIN.search(word)} - FOREIGN_WORDS) == []


def test_no_word_mixes_latin_and_cyrillic_letters() -> None:
    mixed = [word for entry in ENTRIES for text in (*entry.msgids, *entry.texts) for word in words(text)]
    assert [word for word in mixed if LATIN.search(word) and CYRILLIC.search(word)] == []


def test_kyrgyz_holds_no_russian_words_and_russian_no_kyrgyz_letters() -> None:
    assert breaking(KYRGYZ, lambda text: {word.lower() for word in words(text)} & RUSSIAN_WORDS) == []
    russian = [entry for entry in ENTRIES if entry.language == "ru"]
    assert breaking(russian, lambda text: re.search(r"[ңөүҢӨҮ]", text)) == []


def test_one_word_stands_for_one_concept() -> None:
    for language, others in OTHER_WORDS.items():
        own = [entry for entry in ENTRIES if entry.language == language]
        wrong = breaking(own, lambda text, others=others: any(word.lower().startswith(others) for word in words(text)))
        assert wrong == []


def test_borrowed_texts_are_still_texts_of_the_libraries() -> None:
    theirs = {
        entry.msgids for library in LIBRARIES for entry in entries_of(library / "locale/en/LC_MESSAGES/django.po")
    }
    borrowed = [entry for entry in KYRGYZ if BORROWED in entry.comments]
    assert borrowed
    assert [str(entry) for entry in borrowed if entry.msgids not in theirs] == []


def test_what_fields_say_of_mistakes_is_said_in_our_words() -> None:
    used = (
        *(forms.CharField, forms.IntegerField, forms.DecimalField, forms.DateField, forms.BooleanField),
        *(forms.ChoiceField, forms.MultipleChoiceField, forms.EmailField, forms.UUIDField),
        *(forms.ModelChoiceField, forms.ModelMultipleChoiceField, forms.BaseFormSet),
    )
    with translation.override(None):
        said = {str(text) for field in used for text in getattr(field, "default_error_messages", {}).values()}
        said |= {str(text) for text in validators.DecimalValidator.messages.values() if isinstance(text, str)}
        said |= {str(limit.message) for limit in (validators.MinValueValidator, validators.MaxValueValidator)}
    said.discard("")  # a text with a number, which Django cannot say without one
    assert len(said) > 10
    assert said - {msgid for entry in KYRGYZ for msgid in entry.msgids} == set()


@pytest.mark.parametrize("language", FORMS_OF_A_NUMBER)
def test_a_weak_password_is_refused_in_the_language_of_the_page(language: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        validate_password("admin")
    with translation.override(language):
        said = refused.value.messages + password_validators_help_texts()
    assert len(said) == 6
    assert [text for text in said if LATIN.search(text)] == []


# What must be read where, in both languages.
SIGN_IN_PAGE = {
    "ky": ["Үзгүлтүксүз кесиптик өнүгүү", "Колдонуучунун аты", "Сырсөз", "Кирүү", "Негизги мазмунга өтүү"],
    "ru": ["Непрерывное профессиональное развитие", "Имя пользователя", "Пароль", "Войти"],
}
NOTHING_TYPED = {"ky": "Бул талааны толтуруу милдеттүү.", "ru": "Это поле обязательно для заполнения."}
WRONG_PASSWORD = {"ky": "Колдонуучунун аты же сырсөз туура эмес.", "ru": "Неверное имя пользователя или пароль."}
LOST_PAGE = {"ky": "Барак табылган жок.", "ru": "Страница не найдена."}
PASSWORD_PAGE = {
    "ky": ["Азыркы сырсөз", "Жаңы сырсөз", "Сырсөздө кеминде 8 белги болушу керек.", "Сырсөздү өзгөртүү"],
    "ru": ["Текущий пароль", "Новый пароль", "В пароле должно быть не менее 8 знаков.", "Сменить пароль"],
}
OTHER_PASSWORD = {"ky": ["Эки сырсөз дал келген жок."], "ru": ["Пароли не совпадают."]}
HOME_PAGE = {"ky": ["Башкы бет", "Менин пландарым", "Менин сааттарым"], "ru": ["Главная", "Мои планы", "Мои часы"]}
ADMINISTRATION = {
    "ky": ["ҮКӨ · Башкаруу", "Мектептер жана кызматкерлер", "Усулдук бирикмелер", "Кошуу"],
    "ru": ["НПР · Администрирование", "Школы и сотрудники", "Методические объединения", "Добавить"],
}


@pytest.fixture(params=FORMS_OF_A_NUMBER)
def language(request: pytest.FixtureRequest) -> str:
    return request.param


def visitor(language: str) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def signed_in(person: Any, language: str) -> Client:
    person.language = language
    person.save()
    client = Client()
    client.force_login(person)
    return client


def assert_reads(answer: Any, phrases: list[str]) -> None:
    page = answer.content.decode()
    assert [phrase for phrase in phrases if phrase not in page] == []


def test_the_sign_in_page_speaks_the_language(language: str) -> None:
    assert_reads(visitor(language).get(reverse("account_login")), SIGN_IN_PAGE[language])


def test_sign_in_says_what_is_wrong_in_the_language(language: str, cast: Any) -> None:
    client = visitor(language)
    assert_reads(client.post(reverse("account_login"), {}), [NOTHING_TYPED[language]])
    wrong = client.post(reverse("account_login"), {"login": "teacher", "password": "x"})
    assert_reads(wrong, [WRONG_PASSWORD[language]])


def test_the_password_page_speaks_the_language(language: str, cast: Any) -> None:
    client = signed_in(cast.teacher, language)
    address = reverse("account_change_password")
    assert_reads(client.get(address), PASSWORD_PAGE[language])
    typed = {"oldpassword": PASSWORD, "password1": "узун-сырсөз-2026", "password2": "башка-сырсөз-2026"}
    assert_reads(client.post(address, typed), OTHER_PASSWORD[language])


def test_home_and_a_lost_page_speak_the_language(language: str, cast: Any) -> None:
    client = signed_in(cast.teacher, language)
    assert_reads(client.get(reverse("home")), HOME_PAGE[language])
    lost = client.get("/nothing-is-here/")
    assert lost.status_code == 404
    assert_reads(lost, [LOST_PAGE[language]])


def test_administration_speaks_the_language(language: str, cast: Any) -> None:
    client = signed_in(cast.administrator, language)
    page = client.get(reverse("admin:index"))
    assert_reads(page, ADMINISTRATION[language])
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.content.decode(), flags=re.DOTALL)
    assert {word for word in WORD.findall(text) if LATIN.search(word)} == {cast.administrator.username}
