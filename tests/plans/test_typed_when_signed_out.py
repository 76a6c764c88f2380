"""What was typed into the forms of needs, requests and papers when the session had ended: shown again, never lost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cpd.dates import school_year_of, today
from cpd.once import FIELD, new_token
from plans.models import Competence, TrainingOrder
from plans.school_papers.actions import draw_up_order
from schools.models import User
from tests import factories
from tests.conftest import Cast
from tests.factories import job_of

pytestmark = pytest.mark.django_db
TYPED = "Шашылыш терилген сөз"


def shown_again(user: User, name: str, *args: Any, typed: dict[str, Any]) -> str:
    """Send a form with no session, sign in, and open the page that one is led back to."""
    client, address = Client(), reverse(name, args=args)
    assert client.post(address, {FIELD: new_token()} | typed).status_code == 302
    client.post(reverse("account_login"), {"login": user.username, "password": factories.PASSWORD})
    page = client.get(address).content.decode()
    assert "системадан чыгып калганга чейин жазганыңыз" in page
    assert TYPED not in client.get(address).content.decode()  # shown once, then the page stands as it is saved
    return page


def test_a_need_told(cast: Cast) -> None:
    assert f'value="{TYPED}"' in shown_again(cast.teacher, "need_new", typed={"title": TYPED})


def test_a_need_said_anew(cast: Cast) -> None:
    found = factories.need(cast.teacher, "Инклюзия")
    assert f'value="{TYPED}"' in shown_again(cast.teacher, "need_edit", found.pk, typed={"title": TYPED})


def test_a_need_of_several_teachers(cast: Cast) -> None:
    job = job_of(cast.peer).pk
    page = shown_again(cast.deputy, "school_need_new", cast.school.pk, typed={"title": TYPED, "teachers": [job]})
    assert f'value="{TYPED}"' in page
    assert [tag for tag in page.split("<input") if f'value="{job}"' in tag and "checked" in tag]


def test_the_standard(cast: Cast) -> None:
    found = Competence.objects.get(code="A5.5")
    prefix = f"competence{found.pk}"
    typed = {f"{prefix}-seen": "x", f"{prefix}-title_ky": TYPED, f"{prefix}-title_ru": ""}
    assert f'value="{TYPED}"' in shown_again(cast.institute, "standard_edit", found.unit.standard_id, typed=typed)


def test_an_order_for_training(cast: Cast) -> None:
    order = TrainingOrder.objects.create(
        district=cast.district, school_year=2026, number=1, made_by=cast.officer.person, revision=5
    )
    page = shown_again(cast.officer, "training_order_edit", order.pk, typed={"seen": 4, "addressee": TYPED})
    assert f'value="{TYPED}"' in page
    with translation.override("ky"):  # saved elsewhere meanwhile
        assert _("The order was changed meanwhile. Save once more to keep what you typed.") in page


def test_a_paper_of_the_school(cast: Cast) -> None:
    paper = draw_up_order(by=cast.deputy, institution=cast.school, school_year=school_year_of(today()))
    typed = {"seen": 1, "director": TYPED, "measure-TOTAL_FORMS": 0, "measure-INITIAL_FORMS": 0}
    assert f'value="{TYPED}"' in shown_again(cast.deputy, "school_paper_edit", paper.pk, typed=typed)


def test_the_rows_of_a_request(cast: Cast) -> None:
    factories.need(cast.teacher, "Инклюзия")
    made = factories.needs_request(cast.school, by=cast.deputy)
    row = made.rows.get()
    typed = {"seen": 1, f"row-{row.uid}-note": TYPED, f"row-{row.uid}-title": row.title, "title": "Жалпы аталыш"}
    page = shown_again(cast.deputy, "needs_request_edit", made.pk, typed=typed)
    assert f'value="{TYPED}"' in page
    assert 'value="Жалпы аталыш"' in page
