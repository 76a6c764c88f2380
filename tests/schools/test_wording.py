"""Who works in a college or university reads its words: on pages, on papers, in messages and in the journal."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from courses.pdf import attestation_pdf, record_pdf
from courses.sharing.paper import sharing_pdf
from cpd.dates import today
from cpd.wording import speaking
from plans.perspective import perspective_table
from plans.portfolio.paper import portfolio_pdf
from schools import audit
from schools.choices import Event, NoticeKind
from schools.digest import send_digests
from schools.models import Notice, User
from schools.wording import words_of
from tests.campus import Campus
from tests.factories import job_of
from tests.papers import read

# What is read of one's own house nowhere in a college or university.
SCHOOL_WORDS = {
    "ky": re.compile(r"мекте[пб]\w*|мугалим\w*|бирикме\w*", re.IGNORECASE),
    "ru": re.compile(r"\bшкол\w*|\bучител\w*|методобъединени\w*|методическ\w+ объединени\w*", re.IGNORECASE),
}
LINK = re.compile(r'href="(/[^"#?]*)')
NOT_FOLLOWED = ("/static/", "/accounts/", "/mentoring/questions/")  # questions are quoted from the handbook
MOST_PAGES = 60


@pytest.mark.parametrize("language", ["ky", "ru"])
@pytest.mark.parametrize(
    "who",
    ["lecturer", "head", "dean", "quality", "vice_rector", "rector", "hr", "college_lecturer", "college_director"],
)
def test_nobody_there_reads_the_words_of_schools(who: str, language: str, campus: Campus) -> None:
    user = getattr(campus, who)
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    campus.both.person.employments.filter(
        institution=campus.school
    ).delete()  # of another house its own words are read
    read: set[str] = set()
    found: dict[str, set[str]] = {}
    to_read = [reverse("home")]
    while to_read and len(read) < MOST_PAGES:
        address = to_read.pop(0)
        if address in read or address.startswith(NOT_FOLLOWED):
            continue
        read.add(address)
        answer = client.get(address)
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        to_read += LINK.findall(page)
        assert f'<html lang="{language}">' in page
        assert answer["Content-Language"] == language
        if said := set(SCHOOL_WORDS[language].findall(page)):
            found[address] = said
    assert len(read) > 5
    assert found == {}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ky", "ru"])
def test_who_is_not_signed_in_reads_the_words_of_no_kind_of_institution(language: str) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    addresses = [reverse("account_login"), reverse("invitation_code"), reverse("invitation", args=["А" * 20])]
    pages = [client.get(address) for address in addresses]
    assert [page.status_code for page in pages] == [200, 200, 404]
    texts = [page.content.decode() for page in pages]
    said = [word for text in texts for word in SCHOOL_WORDS[language].findall(text)]
    assert said == []
    assert not any("директор" in text.lower() for text in texts)


def test_words_are_those_of_the_main_job_and_of_schools_where_there_is_none(campus: Campus) -> None:
    people = campus.people
    of = {name: people[name].scope.words for name in ("lecturer", "dean", "college_hr", "both", "officer")}
    assert of == {"lecturer": "uni", "dean": "uni", "college_hr": "college", "both": "", "officer": ""}
    assert [words_of(one) for one in (campus.school, campus.college, campus.university, None)] == [
        "",
        "college",
        "uni",
        "",
    ]


@pytest.mark.parametrize("name", ["institution", "school_roles", "staff_hours", "school_accounts"])
def test_what_a_page_tells_of_an_institution_it_tells_in_the_words_of_its_kind(name: str, campus: Campus) -> None:
    """Also to the district, whose menu keeps its own words."""
    client = Client()
    client.force_login(campus.officer)
    for place, is_school in ((campus.college, False), (campus.university, False), (campus.school, True)):
        answer = client.get(reverse(name, args=[place.pk]))
        assert answer.status_code == 200
        told = answer.content.decode().split("<main")[1].split("</main>")[0].replace(str(place), "")
        assert bool(SCHOOL_WORDS["ky"].findall(told)) is is_school, place


@pytest.mark.parametrize("who", ["lecturer", "college_lecturer"])
def test_papers_speak_the_words_of_the_institution_they_are_about(who: str, campus: Campus) -> None:
    user = campus.people[who]
    job = job_of(user)
    with translation.override("ru"):  # whatever language and words the reader's screen speaks
        papers = [
            record_pdf(user.person, job),
            attestation_pdf(user.person, job, today()),
            sharing_pdf([], of=user.person.full_name, school=job.institution, signs="teacher", year=None),
            sharing_pdf([], of="", school=job.institution, signs="deputy", year=2026),
            portfolio_pdf(user, with_scans=False),
        ]
        table = perspective_table(user, job.institution, today(), [2026])
    texts = [*(read(paper).text for paper in papers), table.title, *(column.heading for column in table.columns)]
    assert [said for text in texts for said in SCHOOL_WORDS["ky"].findall(text)] == []
    assert table.title.startswith("Окутуучулардын")


@pytest.mark.parametrize("who", ["lecturer", "college_lecturer"])
def test_a_paper_about_nothing_yet_speaks_the_words_of_the_main_job(who: str, campus: Campus) -> None:
    user = campus.people[who]
    client = Client()
    client.force_login(user)
    text = read(client.get(reverse("sharing_paper", args=[user.person_id])).content).text
    assert "Окутуучу" in text
    assert SCHOOL_WORDS["ky"].findall(text) == []


def test_the_journal_calls_things_as_the_institution_does(campus: Campus) -> None:
    hours = gettext_lazy("Hours of the teachers")
    with translation.override("ru-college"):
        of = {
            place: audit.entry_of(Event.TOOK_TABLE, by=campus.officer, institution=place, what=hours).what
            for place in (campus.university, campus.university.pk, campus.school, None)
        }
    assert list(of.values()) == [
        "Окутуучулардын сааттары",
        "Окутуучулардын сааттары",
        "Мугалимдердин сааттары",
        "Мугалимдердин сааттары",
    ]


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("lecturer", "Бир иш ордунан экинчисине которулуу: 1"),
        ("college_lecturer", "Бир иш ордунан экинчисине которулуу: 1"),
        ("school_deputy", "Мектептер арасында которуу: 1"),
    ],
)
def test_messages_speak_the_words_of_whoever_reads_them(who: str, said: str, campus: Campus) -> None:
    user = campus.people[who]
    User.objects.filter(pk=user.pk).update(email="reader@example.kg")
    Notice.objects.create(
        person=user.person, kind=NoticeKind.MOVE, key="job-1", path="/", facts={"what": "second_job"}
    )
    with speaking("college", "ru"):
        assert send_digests(today()).sent == 1
    (message,) = mail.outbox
    assert said in message.body
