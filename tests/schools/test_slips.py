"""Slips on paper: what stands on them, and that their square leads where it says."""

import io
import re
from typing import Any

import pypdf
import pytest
import segno
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translated

from cpd.qr import QUIET, qr_path
from schools.choices import Event
from schools.invitations import in_groups, make_invitations, token_of
from schools.models import AuditEntry, Invitation, Person
from schools.slips import slips_pdf
from tests import factories
from tests.conftest import Cast


def invited(cast: Cast, count: int) -> list[Invitation]:
    people = [factories.EmploymentFactory(institution=cast.school).person for _ in range(count)]
    return make_invitations(people, by=cast.deputy, institution=cast.school)


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_a_slip_says_all_that_is_needed(cast: Cast) -> None:
    [slip] = invited(cast, 1)
    [text] = pages_of(slips_pdf([slip], {slip.person_id: cast.school.title_ky}))
    host = settings.SITE_URL.split("://")[1]
    for part in (slip.person.full_name, cast.school.title_ky, in_groups(token_of(slip)), f"{host}/i/", "synoochu"):
        assert part in text
    assert f"{timezone.localdate(slip.expires_at):%d.%m.%Y}" in text


def test_only_an_account_that_is_there_has_a_username_of_its_own_on_the_slip(cast: Cast) -> None:
    """Who has none yet chooses one: the slip proposes one, in the step where it is chosen."""
    [without] = invited(cast, 1)
    [with_one] = make_invitations([cast.teacher.person], by=cast.deputy, institution=cast.school)
    [proposed], [known] = (pages_of(slips_pdf([slip], {})) for slip in (without, with_one))
    assert proposed.count("synoochu") == 2, "once in each language"
    assert known.count(cast.teacher.username) == 1
    own = f"{translated('Username')}:"
    assert (own in proposed, own in known) == (False, True)


def test_a_slip_speaks_both_languages(cast: Cast) -> None:
    [slip] = invited(cast, 1)
    [text] = pages_of(slips_pdf([slip], {}))
    assert len(re.findall(r"^\s*3\.", text, re.MULTILINE)) == 2


def test_a_school_of_sixty_fits_on_eight_pages(cast: Cast) -> None:
    slips = invited(cast, 60)
    pages = pages_of(slips_pdf(slips, {}))
    assert len(pages) == 8
    codes = [in_groups(token_of(slip)) for slip in slips]
    assert [code for code in codes if not any(code in page for page in pages)] == []


def test_a_long_name_and_school_push_no_code_off_the_slip(cast: Cast) -> None:
    names = {"family_name": "Абдыкалыкбердиева" * 4, "given_name": "Бегимай" * 6, "fathers_name": "С" * 60}
    long = factories.PersonFactory(**names)
    factories.EmploymentFactory(person=long, institution=cast.school)
    [slip] = make_invitations([long], by=cast.deputy, institution=cast.school)
    [text] = pages_of(slips_pdf([slip], {long.pk: "Узун аталышы бар мектеп " * 8}))
    assert in_groups(token_of(slip)) in text


def test_the_square_is_the_code_of_the_configured_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever host the request named: the address is the site's own."""
    asked: list[str] = []
    make = segno.make
    monkeypatch.setattr(segno, "make", lambda text, **options: asked.append(text) or make(text, **options))
    [slip] = invited(cast, 1)
    client = Client()
    client.force_login(cast.deputy)
    client.get(reverse("invitation_slips", args=[cast.school.pk]), headers={"x-forwarded-host": "evil.example"})
    assert asked == [f"{settings.SITE_URL}/i/{token_of(slip)}/"]


def test_the_path_draws_every_dark_module_and_no_other() -> None:
    text = "https://cpd.example.kg/i/ABCDEFGHJKMNPQRSTVWXYZ0123/"
    path, side = qr_path(text)
    matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    drawn = [[0] * side for _ in range(side)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        for step in range(int(run)):
            drawn[int(y)][int(x) + step] = 1
    inside = [row[QUIET:-QUIET] for row in drawn[QUIET:-QUIET]]
    assert inside == matrix
    assert sum(map(sum, drawn)) == sum(map(sum, matrix)), "nothing in the quiet zone"


def slips_for(client: Client, cast: Cast, query: str = "") -> Any:
    return client.get(reverse("invitation_slips", args=[cast.school.pk]) + query)


def test_ticked_people_get_their_slips_and_others_do_not(cast: Cast) -> None:
    first, second, third = invited(cast, 3)
    client = Client()
    client.force_login(cast.deputy)
    answer = slips_for(client, cast, f"?person={first.person_id}&person={third.person_id}")
    [text] = pages_of(answer.content)
    assert [in_groups(token_of(slip)) in text for slip in (first, second, third)] == [True, False, True]


def test_slips_of_people_above_are_not_printed(cast: Cast) -> None:
    make_invitations([cast.director.person], by=cast.officer, institution=None)
    client = Client()
    client.force_login(cast.deputy)
    answer = slips_for(client, cast, f"?person={cast.director.person_id}")
    assert answer.status_code == 302


def test_a_paper_stored_nowhere_and_printing_is_kept_in_the_journal(cast: Cast) -> None:
    invited(cast, 1)
    client = Client()
    client.force_login(cast.deputy)
    assert slips_for(client, cast).headers["Cache-Control"] == "private, no-store"
    assert (
        AuditEntry.objects.filter(event=Event.TOOK_TABLE, institution=cast.school, by=cast.deputy.person).count() == 1
    )


def test_a_used_slip_is_not_printed_again(cast: Cast) -> None:
    [slip] = invited(cast, 1)
    Invitation.objects.filter(pk=slip.pk).update(revoked_at=slip.made_at)
    client = Client()
    client.force_login(cast.deputy)
    assert slips_for(client, cast).status_code == 302


@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "١"])
def test_a_key_that_no_row_has_prints_nothing(value: str, cast: Cast) -> None:
    invited(cast, 1)
    client = Client()
    client.force_login(cast.deputy)
    assert slips_for(client, cast, f"?person={value}").status_code == 302
    assert Person.objects.exists()
