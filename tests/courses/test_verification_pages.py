"""The queue and the page of one record: what a verifier sees, and what their clicks do."""

import datetime as dt
import html
import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses import verification
from courses.choices import Block, DeliveryMode, Flag, HoursUnit, Precision, RecordAction, RecordStatus, RightBasis
from courses.facts import judgements
from courses.models import ConfirmedPair, ProviderRight, RecordDecision, TrainingRecord
from courses.scrutiny import flags_of, scrutiny_of, with_context
from cpd.dates import today
from schools.approval import Refused
from schools.models import RoleAssignment
from tests.conftest import PEOPLE, Cast
from tests.factories import ProgrammeFactory, certificate, confirmed_pair, rule_of_least_length, training_record

IN_DAYS = {"unit": HoursUnit.DAY_NIGHT, "amount": Decimal(4), "hours_text": "4 сутка"}
COUNCIL = "Окуу-методикалык кеңеш, № 4, 12.03.2026"
A_REASON = "Күбөлүктүн номери окулбайт."
DAY = dt.timedelta(days=1)


def signed_in(user: Any) -> Client:
    client = Client(headers={"accept-language": "ky"})
    client.force_login(user)
    return client


def page_of(user: Any, address: str, /, *args: Any, **query: Any) -> str:
    answer = signed_in(user).get(reverse(address, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def post(user: Any, name: str, *args: Any, **data: Any) -> Any:
    """The answer, with the messages the next page shows."""
    answer = signed_in(user).post(reverse(name, args=args), {"once": uuid.uuid4()} | data, follow=True)
    answer.text = html.unescape(answer.content.decode())
    return answer


def fresh(record: TrainingRecord) -> TrainingRecord:
    return TrainingRecord.objects.get(pk=record.pk)


def raised(record: TrainingRecord) -> list[Flag]:
    return flags_of(with_context(TrainingRecord.objects.filter(pk=record.pk)))[record.pk]


def numbers_in(page: str) -> set[int]:
    """The records a queue links to."""
    return {int(number) for number in re.findall(r"/verification/(\d+)/\"", page)}


def right_of(record: TrainingRecord, **columns: Any) -> ProviderRight:
    wanted = {"provider": record.provider, "basis": RightBasis.STATE_INSTITUTE, "starts_on": dt.date(2010, 1, 1)}
    return ProviderRight.objects.create(**wanted | columns)


@pytest.fixture
def unflagged(cast: Cast) -> TrainingRecord:
    record = training_record(cast.teacher)
    if not ProviderRight.objects.filter(provider=record.provider).exists():
        right_of(record)
    assert raised(record) == []
    return record


# The queue --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_queue_holds_what_the_person_decides_on_and_nothing_else(cast):
    ordinary = training_record(cast.teacher)
    of_deputy = training_record(cast.deputy)
    of_stranger = training_record(cast.stranger)
    for status in set(RecordStatus) - {RecordStatus.SUBMITTED}:
        training_record(cast.teacher, status=status)
    expected = {
        "deputy": {ordinary.pk},
        "second_deputy": {ordinary.pk, of_deputy.pk},
        "director": {ordinary.pk, of_deputy.pk},
        "clerk": {ordinary.pk, of_deputy.pk},
        "other_director": {of_stranger.pk},
        "officer": {of_deputy.pk},
    }
    for name in PEOPLE:
        assert numbers_in(page_of(getattr(cast, name), "verification")) == expected.get(name, set()), name


@pytest.mark.django_db
def test_the_queue_shows_the_oldest_first_with_its_flags_in_words(cast):
    newer = training_record(cast.teacher, title="Экинчи курс")
    older = training_record(cast.peer, title="Биринчи курс", **IN_DAYS)
    TrainingRecord.objects.filter(pk=older.pk).update(changed_at=newer.changed_at - DAY)
    page = page_of(cast.deputy, "verification")
    assert page.index("Биринчи курс") < page.index("Экинчи курс")
    assert str(Flag.NOT_IN_HOURS.label) in page
    assert "4 сутка" in page
    assert str(cast.peer.person) in page


@pytest.mark.django_db
def test_the_queue_is_narrowed_by_name_association_and_flags(cast, unflagged):
    of_colleague = training_record(cast.colleague, **IN_DAYS)

    def found(**query):
        return numbers_in(page_of(cast.deputy, "verification", **query))

    assert found() == {unflagged.pk, of_colleague.pk}
    assert found(name="омурали") == {unflagged.pk}
    assert found(association=cast.other_association.pk) == {of_colleague.pk}
    assert found(flags="none") == {unflagged.pk}
    assert found(flags="some") == {of_colleague.pk}
    assert found(flags="some", name="омурали") == set()
    assert found(flags="rumour", page="abc") == {unflagged.pk, of_colleague.pk}


@pytest.mark.django_db
def test_only_what_has_nothing_to_look_at_can_be_ticked(cast, unflagged):
    flagged = training_record(cast.peer, **IN_DAYS)
    page = page_of(cast.deputy, "verification")
    assert re.findall(r'name="record" value="(\d+):(\d+)"', page) == [(str(unflagged.pk), "1")]
    assert flagged.pk in numbers_in(page)


@pytest.mark.django_db
def test_several_are_verified_at_once_each_by_itself(cast, unflagged):
    second = training_record(cast.peer)
    changed = training_record(cast.colleague, title="Өзгөргөн курс")
    withdrawn = training_record(cast.head)
    flagged = training_record(cast.other_head, title="Сутка менен", **IN_DAYS)
    foreign = training_record(cast.stranger)
    TrainingRecord.objects.filter(pk=changed.pk).update(revision=2)
    TrainingRecord.objects.filter(pk=withdrawn.pk).update(status=RecordStatus.DRAFT)
    ticked = [f"{record.pk}:1" for record in (unflagged, second, changed, withdrawn, flagged, foreign)]
    answer = post(cast.deputy, "verify_many", record=ticked)
    statuses = {record: fresh(record).status for record in (unflagged, second, changed, flagged, foreign)}
    assert statuses == {
        unflagged: "verified",
        second: "verified",
        changed: "submitted",
        flagged: "submitted",
        foreign: "submitted",
    }
    assert RecordDecision.objects.count() == 2
    assert "Өзгөргөн курс" in answer.text
    assert "Сутка менен”: " in answer.text
    assert answer.redirect_chain == [(reverse("verification"), 302)]


@pytest.mark.django_db
@pytest.mark.parametrize("ticked", [["1"], ["a:b"], ["1:2:3"], [""]])
def test_nonsense_instead_of_ticks_is_a_bad_request(ticked, cast):
    answer = signed_in(cast.deputy).post(reverse("verify_many"), {"once": uuid.uuid4(), "record": ticked})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_a_number_no_record_can_have_verifies_nothing_and_stops_nothing(cast, unflagged):
    answer = post(cast.deputy, "verify_many", record=[f"{2**70}:1", "-1:1", f"{unflagged.pk}:1"])
    assert answer.status_code == 200
    assert fresh(unflagged).status == "verified"


@pytest.mark.django_db
def test_a_record_taken_back_while_the_queue_is_read_stops_neither_the_queue_nor_its_page(cast, unflagged):
    """Its owner withdraws between two queries of one request; what was read is still shown."""
    other = training_record(cast.peer)

    def withdrawn_after(sign, record):
        """Run each query, and after the first that holds ``sign`` let the owner take the record back."""
        waiting = [record]

        def run(execute, sql, params, many, context):
            found = execute(sql, params, many, context)
            if sign in sql and waiting:
                waiting.clear()
                verification.perform(record, RecordAction.WITHDRAW, by=cast.teacher, seen=record.revision)
            return found

        return connection.execute_wrapper(run)

    with withdrawn_after("has_file_twin", unflagged):
        page = page_of(cast.deputy, "verification")
    assert fresh(unflagged).status == "draft"
    assert numbers_in(page) == {unflagged.pk, other.pk}
    assert numbers_in(page_of(cast.deputy, "verification")) == {other.pk}

    verification.perform(fresh(unflagged), RecordAction.SUBMIT, by=cast.teacher, seen=2)
    with withdrawn_after("has_file_twin", fresh(unflagged)):
        assert unflagged.title in page_of(cast.deputy, "verify", unflagged.pk)
    assert signed_in(cast.deputy).get(reverse("verify", args=[unflagged.pk])).status_code == 404


@pytest.mark.django_db
def test_nothing_ticked_is_told(cast):
    assert "alert-danger" in post(cast.deputy, "verify_many").text


# One record -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_was_typed_stands_beside_what_was_read_and_every_page_of_the_scan(cast):
    file = certificate(cast.teacher.person, pages=3)
    record = training_record(cast.teacher, file=file, date_text="9-ай, 12-23-июль", **IN_DAYS)
    page = page_of(cast.deputy, "verify", record.pk)
    for text in (record.title, record.date_text, "4 сутка", record.provider_text, record.document_number):
        assert text in page
    for number in (1, 2, 3):
        assert page.count(f'src="{reverse("certificate_page", args=[file.token, number])}"') == 1
        assert page.count(f'href="{reverse("certificate_page", args=[file.token, number])}"') == 1


@pytest.mark.django_db
def test_who_verifies_reads_all_that_the_page_of_the_record_tells(cast):
    typed = {
        "goal_achieved": "Баалоону өзгөрттүм",
        "comment": "Кечки топ",
        "recognition": "№ 4, 12.03.2026",
        "block": Block.VARIATIVE,
        "delivery_mode": DeliveryMode.BLENDED,
    }
    record = training_record(
        cast.teacher, programme=ProgrammeFactory(title_ky="Реестрдеги модуль"), **typed, **IN_DAYS
    )
    post(cast.deputy, "verify_hours", record.pk, seen=1, hours="32", reason="күбөлүктө жазылган")
    labels = {"block": Block.VARIATIVE.label, "delivery_mode": DeliveryMode.BLENDED.label}
    told = {*(typed | labels).values(), "Реестрдеги модуль", record.date_text, "4 сутка", "(күбөлүктө жазылган)"}
    for user, address in ((cast.deputy, "verify"), (cast.deputy, "record"), (cast.teacher, "record")):
        page = page_of(user, address, record.pk)
        with translation.override("ky"):
            assert [str(text) for text in told if str(text) not in page] == []
        assert str(cast.deputy.person) in page, "the history"


@pytest.mark.django_db
def test_the_right_to_teach_of_that_day_is_told_with_its_basis(cast):
    record = training_record(cast.teacher)
    ProviderRight.objects.filter(provider=record.provider).delete()
    right = right_of(record, basis=RightBasis.LICENCE, number="ЛС-77", ends_on=record.ends_on)
    assert "ЛС-77" in page_of(cast.deputy, "verify", record.pk)
    right.delete()
    for elsewhere in ({"institution": cast.other_school}, {"district": cast.other_district}):
        right_of(record, basis=RightBasis.LICENCE, number="ЛС-77", **elsewhere)
    right_of(record, basis=RightBasis.LICENCE, number="ЛС-77", ends_on=record.ends_on - DAY)
    page = page_of(cast.deputy, "verify", record.pk)
    assert "ЛС-77" not in page
    assert str(Flag.PROVIDER_NOT_ELIGIBLE.label) in page


@pytest.mark.django_db
def test_who_may_not_decide_does_not_get_the_page(cast):
    record, own = training_record(cast.teacher), training_record(cast.deputy)
    draft = training_record(cast.teacher, status=RecordStatus.DRAFT)
    expected = dict.fromkeys(PEOPLE, 404) | dict.fromkeys(("deputy", "second_deputy", "director", "clerk"), 200)
    expected |= dict.fromkeys(("teacher", "head", "officer", "institute", "administrator"), 403)
    for name, status in expected.items():
        client = signed_in(getattr(cast, name))
        assert client.get(reverse("verify", args=[record.pk])).status_code == status, name
    answer = signed_in(cast.deputy).get(reverse("verify", args=[own.pk]))
    assert answer.status_code == 403
    assert "Өз жазууңузду" in html.unescape(answer.content.decode()) or "your own record" in answer.content.decode()
    assert signed_in(cast.officer).get(reverse("verify", args=[own.pk])).status_code == 200
    assert signed_in(cast.deputy).get(reverse("verify", args=[draft.pk])).status_code == 404


@pytest.mark.django_db
def test_a_role_that_ended_opens_nothing_at_the_next_request(cast):
    record = training_record(cast.teacher)
    client = signed_in(cast.deputy)
    assert client.get(reverse("verify", args=[record.pk])).status_code == 200
    RoleAssignment.objects.filter(person=cast.deputy.person).update(ends_on=today() - DAY)
    assert client.get(reverse("verify", args=[record.pk])).status_code == 404
    assert numbers_in(client.get(reverse("verification")).content.decode()) == set()
    answer = client.post(reverse("verify_move", args=[record.pk, "verify"]), {"once": uuid.uuid4(), "seen": 1})
    assert answer.status_code == 404
    assert fresh(record).status == RecordStatus.SUBMITTED


@pytest.mark.django_db
def test_after_each_decision_comes_the_next_in_the_queue(cast):
    records = [training_record(user) for user in (cast.teacher, cast.peer, cast.colleague)]
    for place, record in enumerate(records):
        TrainingRecord.objects.filter(pk=record.pk).update(changed_at=record.changed_at - DAY * (5 - place))
    first, second, third = records
    assert post(cast.deputy, "verify_move", first.pk, "verify", seen=1).redirect_chain == [
        (reverse("verify", args=[second.pk]), 302)
    ]
    assert post(cast.deputy, "verify_move", second.pk, "return", seen=1, reason=A_REASON).redirect_chain == [
        (reverse("verify", args=[third.pk]), 302)
    ]
    assert post(cast.deputy, "verify_move", third.pk, "reject", seen=1, reason=A_REASON).redirect_chain == [
        (reverse("verification"), 302)
    ]
    assert [fresh(record).status for record in records] == ["verified", "returned", "rejected"]
    answer = post(cast.deputy, "verify_move", first.pk, "reverse", seen=2, reason=A_REASON)
    assert answer.redirect_chain == [(reverse("verify", args=[first.pk]), 302)]
    assert fresh(first).status == "returned"
    assert A_REASON in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["return", "reject"])
def test_a_missing_reason_is_asked_for_beside_its_field_and_nothing_happens(action, cast):
    record = training_record(cast.teacher)
    answer = post(cast.deputy, "verify_move", record.pk, action, seen=1, reason=" ")
    assert answer.status_code == 200
    assert f'id="{action}-reason"' in answer.text
    assert "invalid-feedback" in answer.text
    assert fresh(record).status == "submitted"
    too_long = "ы" * 1001
    answer = post(cast.deputy, "verify_move", record.pk, action, seen=1, reason=too_long)
    assert too_long in answer.text
    assert fresh(record).status == "submitted"


@pytest.mark.django_db
def test_who_comes_second_is_told_on_the_page(cast):
    record = training_record(cast.teacher)
    post(cast.second_deputy, "verify_move", record.pk, "verify", seen=1)
    answer = post(cast.deputy, "verify_move", record.pk, "return", seen=1, reason=A_REASON)
    assert str(cast.second_deputy.person) in answer.text
    assert fresh(record).status == "verified"


@pytest.mark.django_db
def test_a_record_withdrawn_meanwhile_leads_back_to_the_queue(cast, monkeypatch):
    """Where it becomes a draft between two queries of one request, the page of it is nobody's but its owner's."""
    record = training_record(cast.teacher)

    def late(*_which, **_how):
        TrainingRecord.objects.filter(pk=record.pk).update(status=RecordStatus.DRAFT)
        raise Refused("кечигип калды")

    monkeypatch.setattr(verification, "perform", late)
    answer = post(cast.deputy, "verify_move", record.pk, "verify", seen=1)
    assert answer.redirect_chain == [(reverse("verification"), 302)]
    assert "кечигип калды" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["submit", "withdraw", "set_hours", "recognise", "erase"])
def test_no_other_action_has_an_address(action, cast):
    record = training_record(cast.teacher)
    answer = post(cast.deputy, "verify_move", record.pk, action, seen=1, reason=A_REASON)
    assert answer.status_code == 404


@pytest.mark.django_db
def test_a_form_without_its_revision_is_a_bad_request(cast):
    record = training_record(cast.teacher)
    url = reverse("verify_move", args=[record.pk, "verify"])
    assert signed_in(cast.deputy).post(url, {"once": uuid.uuid4()}).status_code == 400
    assert fresh(record).status == "submitted"


@pytest.mark.django_db
def test_one_form_sent_twice_decides_once(cast):
    record, waiting = training_record(cast.teacher), training_record(cast.peer)
    once = uuid.uuid4()
    first = post(cast.deputy, "verify_move", record.pk, "verify", seen=1, once=once)
    second = post(cast.deputy, "verify_move", record.pk, "verify", seen=1, once=once)
    assert first.redirect_chain == second.redirect_chain == [(reverse("verify", args=[waiting.pk]), 302)]
    assert RecordDecision.objects.count() == 1


@pytest.mark.django_db
def test_a_record_without_its_document_shows_what_is_lacking_and_no_button(cast):
    record = training_record(cast.teacher, file=None, document_number="")
    page = page_of(cast.deputy, "verify", record.pk)
    assert reverse("verify_move", args=[record.pk, "verify"]) not in page
    assert str(TrainingRecord.document_number.field.verbose_name) in page
    answer = post(cast.deputy, "verify_move", record.pk, "verify", seen=1)
    assert "alert-danger" in answer.text
    assert fresh(record).status == "submitted"


# Hours ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_hours_are_entered_from_the_document_and_then_count(cast, unflagged):
    record = training_record(cast.teacher, ends_on=today() - DAY * 100, **IN_DAYS)
    answer = post(cast.deputy, "verify_hours", record.pk, seen=1, hours="32,5 саат", reason="күбөлүктө жазылган")
    assert answer.redirect_chain == [(reverse("verify", args=[record.pk]), 302)]
    assert fresh(record).approved_hours == Decimal("32.5")
    assert fresh(record).status == "submitted"
    assert '<strong id="after">32,5</strong>' in answer.text
    post(cast.deputy, "verify_move", record.pk, "verify", seen=2)
    assert [decision.action for decision in record.decisions.all()] == ["set_hours", "verify"]


@pytest.mark.django_db
@pytest.mark.parametrize("hours", ["", "0", "-3", "2001", "4 сутка", "көп", "3,25", "NaN", "1e5"])
def test_what_is_no_number_of_hours_is_refused_beside_its_field(hours, cast):
    record = training_record(cast.teacher, **IN_DAYS)
    answer = post(cast.deputy, "verify_hours", record.pk, seen=1, hours=hours, reason="күбөлүктө жазылган")
    assert answer.status_code == 200
    assert "invalid-feedback" in answer.text
    assert f'value="{hours}"' in answer.text or not hours
    assert "күбөлүктө жазылган" in answer.text
    assert fresh(record).approved_hours is None


@pytest.mark.django_db
def test_no_hours_can_be_entered_over_those_of_the_document(cast):
    record = training_record(cast.teacher)
    assert reverse("verify_hours", args=[record.pk]) not in page_of(cast.deputy, "verify", record.pk)
    answer = post(cast.deputy, "verify_hours", record.pk, seen=1, hours="32", reason="күбөлүктө")
    assert "alert-danger" in answer.text
    assert fresh(record).approved_hours is None


# Recognition ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_school_never_sees_anything_of_recognition(cast):
    """Its rule asks for no least length (rules §2)."""
    record = training_record(cast.teacher)
    for user, address in ((cast.deputy, "verify"), (cast.deputy, "record"), (cast.teacher, "record")):
        page = page_of(user, address, record.pk)
        assert "recognition" not in page
        with translation.override("ky"):
            assert str(RecordAction.RECOGNISE.label) not in page
    answer = post(cast.deputy, "verify_recognition", record.pk, seen=1, decision=COUNCIL)
    assert "alert-danger" in answer.text
    assert fresh(record).recognition == ""


@pytest.mark.django_db
def test_a_recognised_short_course_is_told_with_its_decision_and_meets_the_rule(cast, unflagged):
    unflagged.delete()
    rule_of_least_length(cast.school)
    record = training_record(cast.teacher, amount=Decimal(24))
    page = page_of(cast.deputy, "verify", record.pk)
    before_its_form = page[: page.index(f'action="{reverse("verify_recognition", args=[record.pk])}"')]
    assert " open>" not in before_its_form[before_its_form.rindex("<details") :], "folded away"
    job = cast.teacher.person.employments.get()
    post(cast.deputy, "verify_move", record.pk, "verify", seen=1)
    assert judgements([job], today())[job.pk].frequency.event is None
    answer = post(cast.deputy, "verify_recognition", record.pk, seen=2, decision=COUNCIL)
    assert answer.redirect_chain == [(reverse("verify", args=[record.pk]), 302)]
    assert answer.text.count(COUNCIL) == 3, "in the data, in the history, and in the field where it can be corrected"
    assert (fresh(record).recognition, fresh(record).status) == (COUNCIL, "verified")
    assert judgements([job], today())[job.pk].frequency.event.id == record.pk
    assert page_of(cast.teacher, "record", record.pk).count(COUNCIL) == 2
    post(cast.deputy, "verify_move", record.pk, "reverse", seen=3, reason=A_REASON)
    assert fresh(record).recognition == ""


@pytest.mark.django_db
@pytest.mark.parametrize("decision", ["", " ", "№" * 201, "№ 4\x00"])
def test_a_decision_that_cannot_be_noted_is_refused_beside_its_field(decision, cast):
    rule_of_least_length(cast.school)
    record = training_record(cast.teacher)
    answer = post(cast.deputy, "verify_recognition", record.pk, seen=1, decision=decision)
    assert answer.status_code == 200
    assert "invalid-feedback" in answer.text
    assert 'id="recognition-decision"' in answer.text
    assert decision.strip() in answer.text
    assert fresh(record).recognition == ""


@pytest.mark.django_db
def test_a_recognition_of_a_record_that_was_changed_meanwhile_changes_nothing(cast):
    rule_of_least_length(cast.school)
    record = training_record(cast.teacher)
    post(cast.second_deputy, "verify_move", record.pk, "verify", seen=1)
    answer = post(cast.deputy, "verify_recognition", record.pk, seen=1, decision=COUNCIL)
    assert str(cast.second_deputy.person) in answer.text
    assert fresh(record).recognition == ""


# What it is about -------------------------------------------------------------------------------------------------


def twins(cast: Cast, whose: Any, **same: Any) -> tuple[TrainingRecord, TrainingRecord]:
    record = training_record(cast.teacher, document_number="БЖ № 77", **same)
    twin = training_record(whose, document_number="бж №77", title="Башка аталыш", ends_on=today() - DAY * 300)
    return record, twin


@pytest.mark.django_db
def test_the_same_document_under_another_name_in_the_school_is_shown_with_the_name(cast):
    record, twin = twins(cast, cast.colleague)
    assert Flag.DUPLICATE_DOCUMENT in raised(record)
    page = page_of(cast.deputy, "verify", record.pk)
    assert str(cast.colleague.person) in page
    assert reverse("record", args=[twin.pk]) in page


@pytest.mark.django_db
def test_the_same_document_in_another_school_is_shown_without_any_name(cast):
    record, twin = twins(cast, cast.far_stranger)
    page = page_of(cast.deputy, "verify", record.pk)
    assert str(Flag.DUPLICATE_DOCUMENT.label) in page
    for secret in ("Ыдырысов", "Тилек", "Төр-Жайлоо", "Башка аталыш", reverse("record", args=[twin.pk])):
        assert secret not in page
    [other] = scrutiny_of(with_context(TrainingRecord.objects.filter(pk=record.pk)).get(), cast.deputy).others
    assert (other.record, other.is_readable, other.is_own) == (twin, False, False)


@pytest.mark.django_db
def test_the_same_number_of_another_organisation_is_no_twin(cast):
    record, _twin = twins(cast, cast.colleague, provider=None, provider_text="Башка уюм")
    assert Flag.DUPLICATE_DOCUMENT not in raised(record)


@pytest.mark.django_db
def test_a_document_without_a_number_has_no_twins(cast):
    records = [training_record(user, document_number="б/н") for user in (cast.teacher, cast.colleague)]
    assert Flag.DUPLICATE_DOCUMENT not in raised(records[0])


@pytest.mark.django_db
@pytest.mark.parametrize("whose", ["teacher", "colleague", "far_stranger"])
def test_the_same_file_is_found_whoever_sent_it(whose, cast):
    record = training_record(cast.teacher)
    owner = getattr(cast, whose)
    copy = certificate(owner.person, original_sha256=record.file.original_sha256)
    training_record(owner, file=copy, ends_on=today() - DAY * 300)
    assert Flag.SAME_FILE in raised(record)
    assert str(Flag.SAME_FILE.label) in page_of(cast.deputy, "verify", record.pk)


@pytest.mark.django_db
def test_a_file_that_gave_way_to_another_one_is_found_and_can_be_opened(cast):
    forged = training_record(cast.colleague)
    file = forged.file
    verification.perform(forged, RecordAction.RETURN, by=cast.deputy, seen=forged.revision, reason=A_REASON)
    TrainingRecord.objects.filter(pk=forged.pk).update(file=certificate(cast.colleague.person))
    copy = certificate(cast.teacher.person, original_sha256=file.original_sha256)
    record = training_record(cast.teacher, file=copy)
    assert Flag.SAME_FILE in raised(record)
    page = page_of(cast.deputy, "verify", record.pk)
    assert cast.colleague.person.full_name in page
    assert str(Flag.SAME_FILE.label) in page
    link = f'href="{reverse("certificate_file", args=[file.token])}"'
    for whose, address in ((cast.deputy, "record"), (cast.colleague, "record")):
        assert page_of(whose, address, forged.pk).count(link) == 1
    assert link not in page

    TrainingRecord.objects.filter(pk=forged.pk).update(status=RecordStatus.DRAFT)
    assert Flag.SAME_FILE not in raised(record)


@pytest.mark.django_db
def test_a_record_without_a_file_has_no_twin_by_its_file(cast):
    other = training_record(cast.colleague, file=None)
    verification.perform(other, RecordAction.RETURN, by=cast.deputy, seen=other.revision, reason=A_REASON)
    record = training_record(cast.teacher, file=None)
    assert Flag.SAME_FILE not in raised(record)
    assert cast.colleague.person.full_name not in page_of(cast.deputy, "verify", record.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("whose", ["teacher", "colleague"])
def test_a_draft_raises_no_flag_in_another_record(whose, cast):
    record = training_record(cast.teacher)
    copy = certificate(cast.teacher.person, original_sha256=record.file.original_sha256)
    same = {"document_number": record.document_number, "file": copy, "ends_on": record.ends_on}
    training_record(getattr(cast, whose), status=RecordStatus.DRAFT, **same)
    assert not {Flag.SAME_FILE, Flag.DUPLICATE_DOCUMENT, Flag.OVERLAP} & set(raised(record))


@pytest.mark.django_db
def test_each_other_flag_is_told_in_words(cast):
    cases = {
        Flag.DATE_UNREAD: {"starts_on": None, "ends_on": None, "precision": "", "document_on": None},
        Flag.DATE_IMPRECISE: {"precision": Precision.MONTH},
        Flag.HOURS_UNREAD: {"amount": None, "unit": HoursUnit.UNKNOWN, "hours_text": "көп"},
        Flag.NOT_IN_HOURS: IN_DAYS,
        Flag.NO_DOCUMENT: {"file": None},
        Flag.PROVIDER_UNKNOWN: {"provider": None},
        Flag.DENSE: {"amount": Decimal(400)},
        Flag.DAYS_VS_HOURS: IN_DAYS,
        Flag.LATE_ENTRY: {"ends_on": today() - DAY * 800},
        Flag.BEFORE_EMPLOYMENT: {"ends_on": dt.date(2014, 5, 1)},
    }
    for flag, columns in cases.items():
        record = training_record(cast.teacher, **{"ends_on": today() - DAY * (30 + 40 * len(flag.value))} | columns)
        assert flag in raised(record), flag
        assert str(flag.label) in page_of(cast.deputy, "verify", record.pk), flag
        assert str(flag.label) in page_of(cast.deputy, "verification"), flag
        TrainingRecord.objects.filter(pk=record.pk).delete()


@pytest.mark.django_db
def test_the_same_course_again_is_shown_beside_the_earlier_one(cast):
    earlier = training_record(cast.teacher, ends_on=today() - DAY * 300)
    record = training_record(cast.teacher)
    assert Flag.SAME_COURSE_AGAIN in raised(record)
    assert reverse("record", args=[earlier.pk]) in page_of(cast.deputy, "verify", record.pk)


# Pairs, and what verifying does to the total ----------------------------------------------------------------------


@pytest.mark.django_db
def test_verifying_a_long_course_may_lower_the_total_and_says_so(cast, unflagged):
    """40 + 40 inside 50 makes 50 (rules §6)."""
    unflagged.delete()
    base = today() - DAY * 60
    for ends_on in (base - DAY * 6, base):
        training_record(
            cast.teacher, status="verified", amount=Decimal(40), starts_on=ends_on - DAY * 4, ends_on=ends_on
        )
    long = training_record(cast.teacher, amount=Decimal(50), starts_on=base - DAY * 11, ends_on=base + DAY)
    effect = scrutiny_of(with_context(TrainingRecord.objects.filter(pk=long.pk)).get(), cast.deputy).effect
    assert (effect.before.figure.total, effect.after.figure.total, effect.lowers) == (80, 50, True)
    page = page_of(cast.deputy, "verify", long.pk)
    assert '<strong id="after">50</strong>' in page
    assert "alert-warning" in page
    for other in TrainingRecord.objects.filter(status="verified"):
        data = {"seen": 1, "other_seen": 1, "reason": "Кечки убакта өткөн."}
        post(cast.deputy, "pair_confirm", long.pk, other.pk, **data)
    assert ConfirmedPair.objects.count() == 2
    page = page_of(cast.deputy, "verify", long.pk)
    assert '<strong id="after">130</strong>' in page
    assert "Кечки убакта өткөн." in page
    post(cast.deputy, "pair_revoke", long.pk, other.pk)
    assert '<strong id="after">90</strong>' in page_of(cast.deputy, "verify", long.pk)


@pytest.mark.django_db
def test_a_pair_without_a_reason_is_asked_for_one(cast):
    ends_on = today() - DAY * 60
    first, second = (training_record(cast.teacher, ends_on=ends_on) for _ in range(2))
    answer = post(cast.deputy, "pair_confirm", first.pk, second.pk, seen=1, other_seen=1, reason="")
    assert "invalid-feedback" in answer.text
    assert not ConfirmedPair.objects.exists()


@pytest.mark.django_db
def test_a_pair_with_an_unseen_record_is_not_found(cast):
    record, foreign = training_record(cast.teacher), training_record(cast.stranger)
    data = {"seen": 1, "other_seen": 1, "reason": A_REASON}
    for other in (foreign.pk, record.pk, 2**63, 2**70):
        assert post(cast.deputy, "pair_confirm", record.pk, other, **data).status_code == 404
        assert post(cast.deputy, "pair_revoke", record.pk, other).status_code == 404


@pytest.mark.django_db
def test_a_pair_with_a_record_the_person_may_not_see_any_more_is_not_found(cast):
    """It is not told whether there is one."""
    ends_on = today() - DAY * 60
    record, elsewhere = (training_record(cast.teacher, ends_on=ends_on) for _ in range(2))
    confirmed_pair(record, elsewhere, by=cast.deputy)
    TrainingRecord.objects.filter(pk=elsewhere.pk).update(status=RecordStatus.DRAFT)
    assert post(cast.deputy, "pair_revoke", record.pk, elsewhere.pk).status_code == 404
    assert ConfirmedPair.objects.filter(revoked_at=None).exists()


@pytest.mark.django_db
def test_a_course_that_will_not_count_says_why(cast, unflagged):
    record = training_record(cast.teacher, ends_on=today() - DAY * 100, **IN_DAYS)
    scrutiny = scrutiny_of(with_context(TrainingRecord.objects.filter(pk=record.pk)).get(), cast.deputy)
    assert scrutiny.effect.reason == "hours_unknown"
    assert str(scrutiny.effect.reason.label) in page_of(cast.deputy, "verify", record.pk)
