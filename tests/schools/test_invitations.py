"""Slips: what they open, once and for whom; what they never give away."""

import datetime as dt
import logging
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpd.dates import today
from cpd.logs import HideSecrets
from schools import invitations
from schools.accounts import (
    Standing,
    close_account,
    in_care_of,
    leaders_in_care_of,
    open_account,
    people_of,
    standing,
)
from schools.approval import Refused
from schools.choices import EndReason, Event, Role, Work
from schools.delegations import hand_over
from schools.invitations import (
    ALPHABET,
    SIGNS,
    in_groups,
    make_invitations,
    read_token,
    revoke_of,
    token_of,
    use_invitation,
)
from schools.models import (
    AuditEntry,
    Delegation,
    Employment,
    Institution,
    Invitation,
    Person,
    RoleAssignment,
    User,
)
from tests import factories
from tests.conftest import Cast, at_once, make_cast
from tests.factories import PASSWORD

CHOSEN = "Көк-Жайык-2027"
DAY = dt.timedelta(days=1)


@pytest.fixture
def newcomer(cast: Cast) -> Person:
    """Works at school A and has no account yet."""
    person: Person = factories.PersonFactory(family_name="Жумабаева", given_name="Чолпон")
    factories.EmploymentFactory(person=person, institution=cast.school)
    return person


def slip_for(person: Person, cast: Cast) -> Invitation:
    [slip] = make_invitations([person], by=cast.deputy, institution=cast.school)
    return slip


def address(slip: Invitation) -> str:
    return reverse("invitation", args=[token_of(slip)])


def accept(slip: Invitation, client: Client | None = None, **typed: Any) -> Any:
    data = {"username": "cholpon", "password": CHOSEN, "again": CHOSEN} | typed
    return (client or Client()).post(address(slip), data)


def opens(slip: Invitation) -> bool:
    return Client().get(address(slip)).status_code == 200


def hand(work: Work, taker: User, giver: User, day: dt.date) -> None:
    """Hand a part of one's work over for one day."""
    school = factories.job_of(giver).institution
    hand_over(institution=school, taker=taker.person, works=[work], starts_on=day, ends_on=day, by=giver)


# What is on paper -------------------------------------------------------------------------------------------------


def test_a_token_has_130_bits_and_is_the_same_each_time_it_is_printed(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    again = Invitation.objects.get(pk=slip.pk)
    assert token_of(slip) == token_of(again)
    assert (len(token_of(slip)), set(token_of(slip)) <= set(ALPHABET)) == (SIGNS, True)
    assert SIGNS * 5 >= 128


def test_the_database_alone_gives_no_token_away(cast: Cast, newcomer: Person) -> None:
    token = token_of(slip_for(newcomer, cast))
    row = Invitation.objects.values_list(flat=False).get()
    assert not [value for value in row if token in str(value).upper()]


def test_without_the_key_it_was_made_with_no_slip_is_printed_again(
    cast: Cast, newcomer: Person, settings: Any
) -> None:
    slip = slip_for(newcomer, cast)
    assert token_of(slip)
    settings.SECRET_KEY = "another-" * 6
    with pytest.raises(LookupError):
        token_of(slip)


@pytest.mark.parametrize(
    "typed",
    [
        "abcde-fghjk-mnpqr-stvwx-yz0123",
        "ABCDE FGHJK MNPQR STVWX YZ0123",
        "АBСDЕ-FGНJК-МNРQR-SТVWХ-УZО123",  # letters of a Cyrillic keyboard that look alike
        "abcdefghjkmnpqrstvwxyzOi23",
    ],
)
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    assert read_token(typed) == "ABCDEFGHJKMNPQRSTVWXYZ0123"


def test_a_code_stands_in_groups() -> None:
    assert in_groups("ABCDEFGHJKMNPQRSTVWXYZ0123") == "ABCDE-FGHJK-MNPQR-STVWX-YZ0123"


def test_a_code_typed_by_hand_leads_to_the_page_of_the_slip(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    answer = Client().post(reverse("invitation_code"), {"code": in_groups(token_of(slip)).lower()})
    assert answer.headers["Location"] == address(slip)


def test_a_code_that_is_too_short_is_told_beside_the_field(db: None) -> None:
    answer = Client().post(reverse("invitation_code"), {"code": "ABC"})
    assert answer.status_code == 200
    assert str(SIGNS) in answer.context["form"].errors["code"][0]


# What it opens ----------------------------------------------------------------------------------------------------


def test_a_slip_makes_the_account_and_signs_in(cast: Cast, newcomer: Person) -> None:
    client = Client()
    answer = accept(slip_for(newcomer, cast), client, username="Cholpon.J")
    assert answer.headers["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200
    account = User.objects.get(person=newcomer)
    assert (account.username, account.check_password(CHOSEN), account.must_change_password) == (
        "cholpon.j",
        True,
        False,
    )


def test_looking_at_a_slip_changes_nothing(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    for _ in range(3):
        assert opens(slip)
    assert not User.objects.filter(person=newcomer).exists()
    assert Invitation.objects.get().used_at is None


def test_the_form_proposes_a_name_in_latin_letters(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    assert Client().get(address(slip)).context["form"].initial["username"] == "jumabaeva.c"
    User.objects.filter(pk=cast.peer.pk).update(username="Jumabaeva.C")
    assert Client().get(address(slip)).context["form"].initial["username"] == "jumabaeva.c2"


def test_a_name_that_is_taken_in_any_case_leaves_the_slip_open(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    answer = accept(slip, username="TEACHER")
    assert answer.context["form"].errors.keys() == {"username"}
    assert opens(slip)


def test_a_name_taken_at_the_same_moment_leaves_the_slip_open(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    with pytest.raises(invitations.NameTaken):
        use_invitation(token_of(slip), username="Teacher", password=CHOSEN, language="ky")
    assert opens(slip)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"again": "Башка-2027-сөз"}, "again"),
        ({"password": "12345678", "again": "12345678"}, "password"),
        ({"password": "cholpon", "again": "cholpon"}, "password"),
        ({"username": "bosh orun"}, "username"),
        ({"username": "ТЕАЧЕР"}, "username"),
        ({"username": "teаcher"}, "username"),  # its "а" is Cyrillic
        ({"username": "a@b"}, "username"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_field(
    typed: dict[str, str], field: str, cast: Cast, newcomer: Person
) -> None:
    slip = slip_for(newcomer, cast)
    answer = accept(slip, **typed)
    assert field in answer.context["form"].errors
    assert opens(slip)


def test_columns_that_nobody_asked_for_are_not_taken(cast: Cast, newcomer: Person) -> None:
    extra = {
        "role": "director",
        "is_staff": "on",
        "person": cast.director.person_id,
        "is_active": "",
        "language": "en",
    }
    accept(slip_for(newcomer, cast), **extra)
    account = User.objects.get(username="cholpon")
    assert (account.person, account.is_active, account.language) == (newcomer, True, "ky")
    assert not newcomer.roles.exists()


def test_a_slip_for_an_account_gives_it_a_new_password_and_ends_its_sessions(cast: Cast) -> None:
    phone = Client()
    phone.post(reverse("account_login"), {"login": "teacher", "password": PASSWORD})
    slip = slip_for(cast.teacher.person, cast)
    assert phone.get(reverse("home")).status_code == 200, "until the slip is used the old password holds"
    accept(slip)
    account = User.objects.get(pk=cast.teacher.pk)
    assert (account.username, account.check_password(CHOSEN)) == ("teacher", True)
    assert phone.get(reverse("home")).status_code == 302


# What it does not open --------------------------------------------------------------------------------------------


def spoil_used(slip: Invitation, cast: Cast) -> None:
    accept(slip)


def spoil_expired(slip: Invitation, cast: Cast) -> None:
    Invitation.objects.filter(pk=slip.pk).update(expires_at=timezone.now())


def spoil_revoked(slip: Invitation, cast: Cast) -> None:
    invitations.revoke_invitation(slip, by=cast.deputy, institution=cast.school)


def spoil_replaced(slip: Invitation, cast: Cast) -> None:
    slip_for(slip.person, cast)


def spoil_merged(slip: Invitation, cast: Cast) -> None:
    Person.objects.filter(pk=slip.person_id).update(merged_into=cast.peer.person_id)


def spoil_erased(slip: Invitation, cast: Cast) -> None:
    Person.objects.filter(pk=slip.person_id).update(erased_at=timezone.now())


def spoil_dead(slip: Invitation, cast: Cast) -> None:
    Employment.objects.filter(person=slip.person_id).update(end_reason=EndReason.DIED, ends_on=today())


def spoil_promoted(slip: Invitation, cast: Cast) -> None:
    factories.RoleFactory(person=slip.person, role=Role.DIRECTOR, institution=cast.school)


SPOILT = [
    spoil_promoted,
    spoil_used,
    spoil_expired,
    spoil_revoked,
    spoil_replaced,
    spoil_merged,
    spoil_erased,
    spoil_dead,
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_a_spoilt_slip_opens_nothing_and_looks_like_an_unknown_one(spoil: Any, cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    spoil(slip, cast)
    accounts = User.objects.count()
    nothing = reverse("invitation", args=["0" * SIGNS])
    typed = {"username": "another", "password": CHOSEN, "again": CHOSEN}
    for unknown, answer in (
        (Client().get(nothing), Client().get(address(slip))),
        (Client().post(nothing, typed), Client().post(address(slip), typed)),
    ):
        assert answer.status_code == unknown.status_code == 404
        assert plain(answer) == plain(unknown)
    assert User.objects.count() == accounts


def plain(answer: Any) -> str:
    """The page without the tokens of its forms."""
    tokens = {str(value) for value in (answer.context.get("csrf_token"),)}
    text = answer.content.decode()
    for token in tokens:
        text = text.replace(token, "")
    path = answer.wsgi_request.path
    return text.replace(f'<input type="hidden" name="next" value="{path}">', "")


def test_a_closed_account_is_not_opened_by_a_slip(cast: Cast) -> None:
    slip = slip_for(cast.teacher.person, cast)
    close_account(cast.teacher, by=cast.deputy, institution=cast.school)
    assert not opens(slip)
    with pytest.raises(Refused):
        slip_for(Person.objects.get(pk=cast.teacher.person_id), cast)
    open_account(cast.teacher, by=cast.deputy, institution=cast.school)
    assert not opens(slip), "revoked with the account"


def test_somebody_else_signed_in_at_that_phone_does_not_use_it(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    client = Client()
    client.force_login(cast.peer)
    assert accept(slip, client).status_code == 200
    assert not User.objects.filter(person=newcomer).exists()
    assert opens(slip)


def test_guessing_is_stopped(cast: Cast, newcomer: Person, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"invitation": "3/m/ip"}
    slip = slip_for(newcomer, cast)
    wrong = reverse("invitation", args=["0" * SIGNS])
    answers = [Client().get(wrong).status_code for _ in range(5)]
    assert answers == [404, 404, 404, 429, 429]
    assert Client().get(address(slip)).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_ten_phones_with_one_slip_make_one_account() -> None:
    cast = make_cast()
    person = factories.PersonFactory()
    factories.EmploymentFactory(person=person, institution=cast.school)
    token = token_of(slip_for(person, cast))
    answers = at_once(
        *(
            partial(use_invitation, token, username=f"phone{number}", password=CHOSEN, language="ky")
            for number in range(10)
        )
    )
    assert [type(answer).__name__ for answer in answers].count("User") == 1
    assert [type(answer).__name__ for answer in answers].count("Refused") == 9
    assert User.objects.filter(person=person).count() == 1
    assert AuditEntry.objects.filter(event=Event.ACCOUNT_MADE, subject=person).count() == 1


def test_a_slip_does_not_outlive_what_its_maker_may(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    RoleAssignment.objects.filter(person=cast.deputy.person).update(ends_on=today() - DAY)
    assert not opens(slip)
    again_made = make_invitations([newcomer], by=cast.director, institution=cast.school)
    User.objects.filter(pk=cast.director.pk).update(is_active=False)
    assert [opens(one) for one in again_made] == [False]


def test_a_slip_that_opens_nothing_is_told_in_no_list(cast: Cast, newcomer: Person) -> None:
    slip_for(newcomer, cast)
    invited = standing(people_of(cast.school), Standing.INVITED)
    assert list(invited) == [newcomer]
    RoleAssignment.objects.filter(person=cast.deputy.person).update(ends_on=today() - DAY)
    assert list(invited.all()) == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_slip_of_accounts_that_were_handed_over_holds_as_long_as_they_are(
    whole: bool, cast: Cast, newcomer: Person
) -> None:
    works = [Work.ACCOUNTS]
    hand_over(
        institution=cast.school,
        taker=cast.clerk.person,
        works=works,
        starts_on=today(),
        ends_on=today(),
        by=cast.deputy,
    )
    [slip] = make_invitations([newcomer], by=factories.again(cast.clerk), institution=cast.school)
    if not whole:
        Delegation.objects.update(ended_at=timezone.now(), ended_by=cast.deputy.person)
    assert opens(slip) == whole


@pytest.mark.parametrize("maker", ["officer", "administrator"])
def test_a_slip_of_an_office_opens_the_account_of_a_leader(maker: str, cast: Cast) -> None:
    [slip] = make_invitations([cast.director.person], by=getattr(cast, maker), institution=None)
    assert opens(slip)
    Employment.objects.filter(person=cast.director.person).update(institution=cast.far_school)
    RoleAssignment.objects.filter(person=cast.director.person).update(institution=cast.far_school)
    assert opens(slip) == (maker == "administrator")


def test_a_slip_of_a_school_opens_nothing_once_the_person_left_it(cast: Cast) -> None:
    slip = slip_for(cast.teacher.person, cast)
    Employment.objects.filter(person=cast.teacher.person).update(ends_on=today() - DAY)
    assert not opens(slip)


def test_the_slips_of_one_office_are_revoked_and_no_other(cast: Cast) -> None:
    slip = slip_for(cast.teacher.person, cast)
    revoke_of(cast.teacher.person, cast.other_school)
    revoke_of(cast.peer.person, cast.school)
    assert opens(slip)
    revoke_of(cast.teacher.person, cast.school)
    assert not opens(slip)


# Who makes it for whom --------------------------------------------------------------------------------------------


def cared_for(user: User, school: Institution, cast: Cast) -> set[str]:
    people = set(in_care_of(factories.again(user), school).values_list("pk", flat=True))
    return {name for name, account in cast.people.items() if account and account.person_id in people}


def test_nobody_keeps_the_account_of_an_equal_or_of_somebody_above(cast: Cast) -> None:
    teachers = {"teacher", "colleague", "peer", "head", "other_head", "clerk"}
    assert cared_for(cast.deputy, cast.school, cast) == teachers
    assert cared_for(cast.director, cast.school, cast) == teachers | {"deputy", "second_deputy"}
    assert cared_for(cast.officer, cast.school, cast) == teachers | {"deputy", "second_deputy", "director"}
    assert cared_for(cast.administrator, cast.school, cast) == teachers | {"deputy", "second_deputy", "director"}


def test_whoever_was_only_handed_the_accounts_keeps_those_of_people_without_any_role(cast: Cast) -> None:
    assert cared_for(cast.clerk, cast.school, cast) == {"teacher", "colleague", "peer"}


def test_a_role_elsewhere_puts_an_account_out_of_a_schools_hands(cast: Cast) -> None:
    factories.RoleFactory(person=cast.teacher.person, role=Role.DISTRICT_OFFICER, district=cast.other_district)
    assert "teacher" not in cared_for(cast.director, cast.school, cast)
    assert "teacher" not in cared_for(cast.officer, cast.school, cast)
    assert "teacher" in cared_for(cast.administrator, cast.school, cast)


def test_a_role_that_begins_tomorrow_counts_already(cast: Cast) -> None:
    tomorrow = today() + dt.timedelta(days=1)
    factories.RoleFactory(person=cast.teacher.person, role=Role.DIRECTOR, institution=cast.school, starts_on=tomorrow)
    assert "teacher" not in cared_for(cast.deputy, cast.school, cast)


@pytest.mark.parametrize("days", [0, 30])
@pytest.mark.parametrize(
    ("giver", "keepers"),
    [
        ("director", {"director", "officer", "administrator"}),
        ("deputy", {"deputy", "director", "officer", "administrator"}),
    ],
)
def test_whoever_does_somebody_s_work_stands_as_high(giver: str, keepers: set[str], days: int, cast: Cast) -> None:
    """The clerk keeps accounts that the deputy handed over: with one of them nobody decides as the deputy."""
    works = [Work.ACCOUNTS]
    hand_over(
        institution=cast.school,
        taker=cast.clerk.person,
        works=works,
        starts_on=today(),
        ends_on=today(),
        by=cast.deputy,
    )
    hand(Work.PLANS, cast.peer, getattr(cast, giver), today() + days * DAY)
    users = ("clerk", "second_deputy", "deputy", "director", "officer", "administrator")
    assert {name for name in users if "peer" in cared_for(getattr(cast, name), cast.school, cast)} == keepers
    assert "teacher" in cared_for(cast.clerk, cast.school, cast)


def test_work_that_was_given_back_hides_no_account(cast: Cast) -> None:
    hand(Work.PLANS, cast.peer, cast.director, today())
    Delegation.objects.update(ended_at=timezone.now(), ended_by=cast.director.person)
    assert "peer" in cared_for(cast.deputy, cast.school, cast)


def test_a_second_job_gives_no_hold_of_the_account(cast: Cast) -> None:
    for user in (cast.stranger, cast.far_stranger):
        factories.EmploymentFactory(person=user.person, institution=cast.school, is_main=False)
    assert cared_for(cast.director, cast.school, cast) & {"stranger", "far_stranger"} == set()
    assert cared_for(cast.officer, cast.school, cast) & {"stranger", "far_stranger"} == {"stranger"}
    assert cared_for(cast.administrator, cast.school, cast) >= {"stranger", "far_stranger"}
    assert "stranger" in cared_for(cast.other_director, cast.other_school, cast)
    Employment.objects.filter(person=cast.stranger.person, is_main=True).update(ends_on=today() - DAY)
    assert "stranger" in cared_for(cast.director, cast.school, cast), "there is no main job elsewhere any more"


def test_an_account_is_kept_where_the_main_job_is_until_the_day_of_the_move(cast: Cast) -> None:
    job = factories.job_of(cast.teacher)
    Employment.objects.filter(pk=job.pk).update(ends_on=today())
    factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school, starts_on=today() + DAY)
    assert "teacher" in cared_for(cast.deputy, cast.school, cast)
    assert "teacher" not in cared_for(cast.other_director, cast.other_school, cast)
    Employment.objects.filter(pk=job.pk).update(ends_on=today() - DAY)
    assert "teacher" in cared_for(cast.other_director, cast.other_school, cast)


def test_a_second_job_opens_no_slip_that_was_made_before(cast: Cast) -> None:
    slip = slip_for(cast.teacher.person, cast)
    Employment.objects.filter(person=cast.teacher.person).update(is_main=False)
    assert opens(slip)
    factories.EmploymentFactory(person=cast.teacher.person, institution=cast.other_school)
    assert not opens(slip)


def test_the_page_of_a_second_job_says_who_keeps_the_account(cast: Cast) -> None:
    factories.EmploymentFactory(person=cast.stranger.person, institution=cast.school, is_main=False)
    client = Client()
    client.force_login(cast.deputy)
    answer = client.get(reverse("school_account", args=[cast.school.pk, cast.stranger.person_id]))
    assert (answer.context["is_kept_elsewhere"], answer.context["is_in_care"]) == (True, False)
    assert reverse("account_close", args=[cast.school.pk, cast.stranger.person_id]) not in answer.content.decode()


def test_an_officer_keeps_the_leaders_of_the_district_and_no_other_officer(cast: Cast) -> None:
    factories.RoleFactory(person=cast.peer.person, role=Role.DISTRICT_OFFICER, district=cast.district)
    people = set(leaders_in_care_of(cast.officer, cast.district))
    leaders = (cast.director, cast.deputy, cast.second_deputy, cast.other_director)
    assert people == {user.person for user in leaders}
    assert cast.peer.person in leaders_in_care_of(cast.administrator, cast.district)


def test_ticking_somebody_above_makes_no_slip(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.deputy)
    data = {
        "once": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4b001",
        "person": [cast.director.person_id, cast.teacher.person_id],
    }
    client.post(reverse("invitations_make", args=[cast.school.pk]), data)
    assert [slip.person for slip in Invitation.objects.all()] == [cast.teacher.person]


def test_everybody_without_an_account_is_invited_at_once(cast: Cast, newcomer: Person) -> None:
    client = Client()
    client.force_login(cast.deputy)
    data = {"once": "0b5d2c3e-6a51-4a35-9f0c-52f7a3a4b002", "everybody": "1"}
    client.post(reverse("invitations_make", args=[cast.school.pk]), data)
    [slip] = Invitation.objects.all()
    assert (slip.person, slip.institution, slip.made_by) == (newcomer, cast.school, cast.deputy.person)
    days = dt.timedelta(days=settings.INVITATION_DAYS)
    assert slip.expires_at - slip.made_at == days


# What is told of it -----------------------------------------------------------------------------------------------


def test_the_journal_keeps_every_step_and_no_token(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    accept(slip)
    invitations.revoke_invitation(slip_for(cast.peer.person, cast), by=cast.deputy, institution=cast.school)
    entries = AuditEntry.objects.filter(institution=cast.school).order_by("pk")
    steps = [Event.INVITED, Event.ACCOUNT_MADE, Event.INVITED, Event.INVITATION_REVOKED]
    assert [entry.event for entry in entries] == steps
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM schools_auditentry WHERE what LIKE %s", [f"%{token_of(slip)}%"])
        assert cursor.fetchone()[0] == 0


def test_what_an_office_invites_to_stands_in_the_journal_of_the_school(cast: Cast, newcomer: Person) -> None:
    factories.RoleFactory(person=newcomer, role=Role.DIRECTOR, institution=cast.other_school)
    [slip] = make_invitations([newcomer], by=cast.officer, institution=None)
    accept(slip)
    entries = AuditEntry.objects.filter(subject=newcomer).exclude(event=Event.SIGNED_IN).order_by("pk")
    assert [(entry.event, entry.institution, entry.district) for entry in entries] == [
        (Event.INVITED, cast.other_school, cast.district),
        (Event.ACCOUNT_MADE, cast.other_school, cast.district),
    ]


@pytest.mark.parametrize("line", ['"GET /i/{} HTTP/1.1" 200', "Not Found: /i/{}/", "Referer: https://cpd.kg/i/{}/"])
def test_no_token_stands_in_the_log(line: str) -> None:
    token = "ABCDEFGHJKMNPQRSTVWXYZ0123"
    record = logging.LogRecord("django", logging.INFO, "", 1, "%s", (line.format(token),), None)
    HideSecrets().filter(record)
    assert token not in record.getMessage()
    assert "/i/…" in record.getMessage()


def test_no_page_of_a_slip_tells_its_address_to_the_next(cast: Cast, newcomer: Person) -> None:
    slip = slip_for(newcomer, cast)
    for answer in (Client().get(address(slip)), accept(slip), Client().get(address(slip))):
        assert answer.headers["Referrer-Policy"] == "strict-origin"


def test_a_new_key_of_the_site_spoils_no_slip(cast: Cast, newcomer: Person, settings: Any) -> None:
    slip = slip_for(newcomer, cast)
    printed, former = token_of(slip), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [former]
    assert invitations.usable(printed) == slip
    assert token_of(slip) == printed  # also when it is printed again
    settings.SECRET_KEY_FALLBACKS = []
    assert invitations.usable(printed) == slip
    assert not invitations.can_be_printed(slip)


def test_a_new_key_of_the_site_signs_nobody_out(cast: Cast, settings: Any) -> None:
    client, former = Client(), settings.SECRET_KEY
    client.force_login(cast.teacher)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [former]
    assert client.get(reverse("plans")).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []  # the first request has signed the session with the new key
    assert client.get(reverse("plans")).status_code == 200


def test_a_slip_of_a_forgotten_key_is_not_printed_as_if_it_opened_something(
    cast: Cast, newcomer: Person, client: Client, settings: Any
) -> None:
    slip_for(newcomer, cast)
    settings.SECRET_KEY = "n" * 50
    client.force_login(cast.deputy)
    answer = client.get(reverse("invitation_slips", args=[cast.school.pk]), follow=True)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert [message.level_tag for message in answer.context["messages"]] == ["warning", "info"]
