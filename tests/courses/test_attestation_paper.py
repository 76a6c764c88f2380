"""F29, the information sheet for attestation, read back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses.choices import Block, DeliveryMode, DocumentType, Precision, RecordStatus, Unfit
from courses.models import HoursPolicy, TrainingRecord
from courses.pdf import attestation_pdf
from cpd.dates import today
from schools.choices import InstitutionKind
from schools.models import User
from tests import factories
from tests.conftest import Cast
from tests.papers import Paper, hostile_markup, listening, read

TITLE = "Аттестация үчүн маалымкат: кесиптик чеберчиликти жогорулатуу"
HEADINGS = "№ Курстун аталышы Уюм Мөөнөтү Саат Түрмөгү Документ (түрү, №, датасы) Эсепке алынды"
DAY = dt.date(2023, 3, 1)
NOTHING = "Эсепке алынды: милдеттүү түрмөк — 0 саат, вариативдүү түрмөк — 0 саат, жалпы — 0 саат"


def paper_of(user: User, on: dt.date = DAY) -> Paper:
    return read(attestation_pdf(user.person, factories.job_of(user), on))


def attended(user: User, **columns: Any) -> TrainingRecord:
    """A verified course that ended in the middle of the five years, online, so that no other one overlaps it."""
    wanted = {"status": RecordStatus.VERIFIED, "delivery_mode": DeliveryMode.ONLINE, "ends_on": dt.date(2021, 5, 14)}
    return factories.training_record(user, **(wanted | columns))


def totals(compulsory: str, variative: str, both: str) -> str:
    return (
        f"Эсепке алынды: милдеттүү түрмөк — {compulsory} саат, вариативдүү түрмөк — {variative} саат, "
        f"жалпы — {both} саат"
    )


def test_an_empty_sheet_names_the_teacher_the_day_the_period_and_the_rule(cast: Cast) -> None:
    person = cast.teacher.person
    with translation.override("ru"):  # whatever language the reader's screen speaks
        paper = paper_of(cast.teacher)
    assert not paper.is_landscape
    assert paper.language == "ky"
    assert paper.title == f"Аттестация үчүн маалымкат, {person.full_name}"
    assert paper.text.startswith(f"{TITLE} {person.full_name} ")
    assert f"Иш орду {cast.school.title_ky} Ээлеген кызматы биология мугалими" in paper.text
    assert "1-март 2023-ж." in paper.text
    assert "1-март 2018-ж. – 1-март 2023-ж." in paper.text
    assert str(HoursPolicy.objects.get(code="SCHOOL_72_5Y")) in paper.text
    assert f"{HEADINGS} Маалымат жок {NOTHING}" in paper.text
    assert "Директордун окуу-тарбия иштери боюнча орун басары (колу) (Ф.А.А.)" in paper.text
    assert "Кадрлар бөлүмү (колу) (Ф.А.А.)" in paper.text


def test_a_row_says_what_where_when_how_much_and_by_which_document(cast: Cast) -> None:
    attended(
        cast.teacher,
        title="Критерийлик баалоо",
        provider_text="ПККЖ КРИ",
        date_text="3-14-май 2021",
        hours_text="24 саат",
        document_type=DocumentType.CERTIFICATE,
        document_number="К-17",
        document_on=dt.date(2021, 5, 20),
    )
    kind = DocumentType.CERTIFICATE.label
    with translation.override("ky"):
        row = (
            f"1 Критерийлик баалоо ПККЖ КРИ 3-14-май 2021 24 саат Милдеттүү түрмөк {kind}, № К-17, 20.05.2021 24 саат"
        )
    assert row in paper_of(cast.teacher).text


def test_five_years_back_the_anniversary_is_inside_and_the_day_before_is_not(cast: Cast) -> None:
    attended(cast.teacher, title="Кеч калган", ends_on=dt.date(2018, 2, 28))
    attended(cast.teacher, title="Үлгүргөн", ends_on=dt.date(2018, 3, 1))
    attended(cast.teacher, title="Кийин болот", ends_on=dt.date(2023, 3, 2))
    text = paper_of(cast.teacher).text
    assert "Үлгүргөн" in text
    assert "Кеч калган" not in text
    assert "Кийин болот" not in text
    assert totals("24", "0", "24") in text


def test_the_period_has_the_years_of_the_rule(cast: Cast) -> None:
    HoursPolicy.objects.filter(code="SCHOOL_72_5Y").update(years=2)
    attended(cast.teacher, ends_on=dt.date(2021, 2, 28))
    text = paper_of(cast.teacher).text
    assert "1-март 2021-ж. – 1-март 2023-ж." in text
    assert totals("0", "0", "0") in text


def test_hours_of_an_earlier_plan_count_although_the_new_plan_begins_with_nothing(cast: Cast) -> None:
    plan = factories.approved(cast.plan)
    attended(cast.teacher, amount=Decimal(100), ends_on=plan.starts_on - dt.timedelta(days=1))
    assert totals("100", "0", "100") in paper_of(cast.teacher, today()).text


def test_both_blocks_and_what_names_none_add_up(cast: Cast) -> None:
    attended(cast.teacher, amount=Decimal(36))
    attended(cast.teacher, amount=Decimal("24.5"), block=Block.VARIATIVE)
    attended(cast.teacher, amount=Decimal(8), block="")
    assert totals("36", "24,5", "68,5") in paper_of(cast.teacher).text


def test_what_does_not_count_says_why_and_only_what_was_handed_in_is_named(cast: Cast) -> None:
    attended(cast.teacher, title="Күтүүдө", status=RecordStatus.SUBMITTED)
    attended(cast.teacher, title="Укуксуз", provider=None)
    attended(cast.teacher, title="Купуя", status=RecordStatus.DRAFT)
    attended(cast.teacher, title="Четтетилди", status=RecordStatus.REJECTED)
    attended(cast.teacher, title="Кайтарылды", status=RecordStatus.RETURNED)
    attended(
        cast.teacher,
        title="Жылы гана",
        precision=Precision.YEAR,
        starts_on=dt.date(2018, 1, 1),
        ends_on=dt.date(2018, 12, 31),
    )
    with translation.override("ru"):
        text = paper_of(cast.teacher).text
    assert "жок: Жазуу тастыктала элек" in text
    assert "жок: Уюмдун окутуу укугу тастыкталган эмес" in text
    assert "Жылы гана" in text
    assert "жок: Так датасы белгисиз" in text
    assert "Купуя" not in text
    assert "Четтетилди" not in text
    assert "Кайтарылды" not in text
    assert NOTHING in text


def test_without_a_document_nothing_is_attested_even_where_the_rule_asks_for_none(cast: Cast) -> None:
    HoursPolicy.objects.update(require_document=False)
    attended(cast.teacher, file=None)
    text = paper_of(cast.teacher).text
    assert "жок: Ырастоочу документ жок" in text
    assert NOTHING in text


def test_where_no_rule_ever_was_the_sheet_has_no_period(cast: Cast) -> None:
    HoursPolicy.objects.all().delete()
    attended(cast.teacher)
    text = paper_of(cast.teacher).text
    assert "2018-ж." not in text
    assert totals("24", "0", "24") in text


@pytest.mark.parametrize("count", [1, 9, 40])
def test_headings_repeat_on_every_page_and_a_row_stays_on_one(count: int, cast: Cast) -> None:
    for number in range(count):
        attended(cast.teacher, title=f"Курс{number}ө", provider_text="Облустук институт " * 6 + f"Соңу{number}ө")
    paper = paper_of(cast.teacher)
    with_rows = [page for page in paper.pages if "ө Облустук" in page]
    assert all("Курстун аталышы" in page for page in with_rows)
    for number in range(count):
        assert [f"Курс{number}ө" in page and f"Соңу{number}ө" in page for page in paper.pages].count(True) == 1
    assert totals(str(24 * count), "0", str(24 * count)) in paper.pages[-1]


def test_words_without_a_space_stay_whole_and_inside_the_paper(cast: Cast) -> None:
    long = "Ө" * 100
    attended(
        cast.teacher, title=long, provider_text=long, date_text=long, document_number="Ө" * 60, hours_text="9" * 50
    )
    text = paper_of(cast.teacher).text.replace(" ", "")
    assert text.count("Ө") == len(long) * 3 + 60 + 2  # and the name's, under the title and at the foot
    assert "9" * 50 in text


def test_no_text_makes_the_sheet_fetch_anything(cast: Cast) -> None:
    with listening() as heard:
        tricks = hostile_markup(heard.address)
        cast.teacher.person.employments.update(position=tricks[0][:120])
        for trick in tricks:
            texts = {"date_text": trick[:120], "hours_text": trick[:60], "document_number": trick[:60]}
            attended(cast.teacher, title=trick[:500], provider_text=trick[:300], **texts)
        paper = paper_of(cast.teacher)
    assert heard.asked == []
    assert paper.attachments == []
    shown = paper.text.replace(" ", "")
    for trick in tricks:
        assert trick.replace(" ", "")[:40] in shown


# --- the address --------------------------------------------------------------------------------------------------


def ask(cast: Cast, **query: Any) -> Any:
    client = Client()
    client.force_login(cast.deputy)
    return client.get(reverse("attestation_paper", args=[cast.teacher.person_id]), query)


def test_the_day_is_asked_for_in_the_address_and_names_the_file(cast: Cast) -> None:
    answer = ask(cast, on="2023-03-01")
    assert answer["Content-Type"] == "application/pdf"
    assert "2023-03-01" in answer["Content-Disposition"]
    assert "1-март 2018-ж." in read(answer.content).text


@pytest.mark.parametrize("day", ["эртең", "2023-02-30", "0001-01-01"])
def test_a_day_that_cannot_be_leads_back_with_a_sentence(day: str, cast: Cast) -> None:
    answer = ask(cast, on=day)
    assert answer.status_code == 302
    assert answer.url == reverse("person_hours", args=[cast.teacher.person_id])


def test_each_post_has_its_own_sheet(cast: Cast) -> None:
    college = factories.InstitutionFactory.create(kind=InstitutionKind.COLLEGE, district=cast.district)
    job = factories.EmploymentFactory.create(person=cast.teacher.person, institution=college, is_main=False)
    attended(cast.teacher, ends_on=dt.date(2019, 5, 14))
    own = read(ask(cast, on="2023-03-01", job=job.pk).content).text
    assert college.title_ky in own
    assert "1-март 2020-ж. – 1-март 2023-ж." in own
    assert totals("24", "0", "24") in read(ask(cast, on="2023-03-01").content).text
    assert "Маалымат жок" in own


# --- where the rule asks for one event ----------------------------------------------------------------------------


def of_a_college(cast: Cast) -> User:
    """Somebody who teaches at a college only: at least 36 hours at once, in three years."""
    college = factories.InstitutionFactory.create(kind=InstitutionKind.COLLEGE, district=cast.district)
    user = factories.UserFactory.create()
    factories.EmploymentFactory.create(person=user.person, institution=college)
    return user


def test_where_one_event_is_asked_for_each_row_says_whether_it_is_one_and_nothing_is_added_up(cast: Cast) -> None:
    user = of_a_college(cast)
    attended(user, title="Кыска", amount=Decimal(18), hours_text="18 саат", ends_on=dt.date(2022, 5, 14))
    attended(user, title="Узун", amount=Decimal(40), hours_text="40 саат", ends_on=dt.date(2022, 6, 14))
    attended(user, title="Даража", kind="degree", amount=None, hours_text="", ends_on=dt.date(2022, 7, 14))
    attended(user, title="Эски", amount=Decimal(40), hours_text="40 саат", ends_on=dt.date(2020, 2, 28))
    with translation.override("ky"):
        short = str(Unfit.TOO_SHORT.label)
    paper = paper_of(user)
    assert "№ Курстун аталышы Уюм Мөөнөтү Саат Документ (түрү, №, датасы) Эсепке алынды" in paper.text
    assert f"жок: {short}" in paper.text
    assert paper.text.count(" ооба") == 2
    for absent in ("Эски", "Түрмөгү", "түрмөк", "жалпы —", "18 саат 18", "40 саат 40"):
        assert absent not in paper.text
    hours = Client()
    hours.force_login(user)
    page = hours.get(reverse("my_hours"), {"on": "2023-03-01"}, headers={"accept-language": "ky"}).content.decode()
    assert short in page


def test_of_an_event_too_a_document_is_asked_for_at_attestation(cast: Cast) -> None:
    HoursPolicy.objects.update(require_document=False)
    user = of_a_college(cast)
    attended(user, amount=Decimal(40), ends_on=dt.date(2022, 5, 14), file=None)
    assert "жок: Ырастоочу документ жок" in paper_of(user).text


@pytest.mark.parametrize("job", ["0", "99999999999999999999", "x"])
def test_a_post_of_somebody_else_is_not_asked_for(job: str, cast: Cast) -> None:
    stranger = factories.job_of(cast.stranger)
    for asked in (job, str(stranger.pk)):
        assert cast.school.title_ky in read(ask(cast, on="2023-03-01", job=asked).content).text


def test_who_never_taught_has_no_sheet(cast: Cast) -> None:
    cast.teacher.person.employments.update(is_teaching=False)
    assert ask(cast).status_code == 302
