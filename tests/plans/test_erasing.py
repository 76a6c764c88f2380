"""People whose data is past its time become nameless; what was decided stays whole."""

import datetime as dt

import pytest
from django.core.management import call_command

from courses.choices import RecordAction
from courses.models import CertificateFile, TrainingRecord
from courses.verification import perform
from cpd.dates import add_years, today
from cpd.storage import file_store
from plans.dossier import data_of
from plans.erasing import NAMELESS, erase, past_their_time
from plans.pdf import plan_pdf
from schools.choices import Kept, Role
from schools.models import (
    AuditEntry,
    Decision,
    DocumentVersion,
    Employment,
    Person,
    RetentionPeriod,
    RoleAssignment,
    User,
)
from tests import factories
from tests.conftest import Cast
from tests.factories import approved, certificate, training_record

YEARS = 5


@pytest.fixture
def period(db: None) -> RetentionPeriod:
    found, _new = RetentionPeriod.objects.update_or_create(
        kept=Kept.PEOPLE, defaults={"years": YEARS, "source": "Сынак"}
    )
    return found


def left(user: User, on: dt.date) -> None:
    jobs = Employment.objects.filter(person=user.person)
    jobs.update(starts_on=add_years(on, -3), ends_on=on)


def test_people_are_past_their_time_the_day_after_the_last_year(cast: Cast, period: RetentionPeriod) -> None:
    left(cast.teacher, add_years(today(), -YEARS))
    assert cast.teacher.person not in past_their_time()
    left(cast.teacher, add_years(today(), -YEARS) - dt.timedelta(days=1))
    assert list(past_their_time()) == [cast.teacher.person]


def test_without_a_fixed_period_nobody_is(cast: Cast, period: RetentionPeriod) -> None:
    left(cast.teacher, dt.date(1999, 1, 1))
    RetentionPeriod.objects.update(years=None)
    assert not past_their_time()


def test_who_works_somewhere_or_holds_a_role_is_not(cast: Cast, period: RetentionPeriod) -> None:
    left(cast.teacher, dt.date(1999, 1, 1))
    job = factories.EmploymentFactory.create(person=cast.teacher.person, starts_on=today())
    assert not past_their_time()
    job.delete()
    RoleAssignment.objects.create(
        person=cast.teacher.person, role=Role.INSTITUTE_VIEWER, starts_on=dt.date(1999, 1, 1)
    )
    assert not past_their_time()


@pytest.fixture
def erased(cast: Cast, django_capture_on_commit_callbacks) -> Person:
    """A teacher with an approved plan, a verified record and an account, made nameless."""
    approved(cast.plan)
    cast.teacher.email = "mugalim@example.kg"
    cast.teacher.save()
    file = certificate(cast.teacher.person)
    columns = {"comment": "Пайдалуу болду.", "document_number": "КЖ-77", "ends_on": today()}
    record = training_record(cast.teacher, file=file, status="draft", **columns)
    perform(record, RecordAction.SUBMIT, by=cast.teacher, seen=1)
    perform(record, RecordAction.VERIFY, by=cast.deputy, seen=2)
    with django_capture_on_commit_callbacks(execute=True):
        erase(Person.objects.get(pk=cast.teacher.person_id))
    return Person.objects.get(pk=cast.teacher.person_id)


def test_nothing_names_the_person_any_more(cast: Cast, erased: Person) -> None:
    was = cast.teacher.person.full_name
    assert erased.family_name == NAMELESS
    told = str(data_of(erased)["tables"] | {"schools.AuditEntry": ""})
    assert was not in told
    assert "mugalim@example.kg" not in told
    assert "Пайдалуу болду." not in told
    assert "КЖ-77" not in told
    assert AuditEntry.objects.get(event="erased").subject_name == erased.full_name


def test_the_account_is_closed_and_its_name_is_free(cast: Cast, erased: Person) -> None:
    user = User.objects.get(pk=cast.teacher.pk)
    assert (user.is_active, user.has_usable_password(), user.username) == (False, False, f"erased-{user.pk}")


def test_the_file_goes_and_its_row_says_so(cast: Cast, erased: Person) -> None:
    file = CertificateFile.objects.get()
    assert (file.size, file.sha256) == (0, "")
    with pytest.raises(OSError):  # noqa: PT011 - whatever the store says of what is not there
        file_store().open(file.stored_as)


def test_what_was_decided_stays_and_can_be_printed(cast: Cast, erased: Person) -> None:
    version = DocumentVersion.objects.get()
    assert Decision.objects.filter(version=version).count() > 1
    assert version.content["rows"]
    assert plan_pdf(cast.plan, version).startswith(b"%PDF")
    assert TrainingRecord.objects.get().amount is not None


def test_the_invariants_hold_of_nameless_people(erased: Person) -> None:
    call_command("check_invariants")


def test_the_command_tells_how_many_and_a_dry_run_changes_nothing(
    cast: Cast, period: RetentionPeriod, capsys: pytest.CaptureFixture[str]
) -> None:
    left(cast.teacher, dt.date(1999, 1, 1))
    call_command("anonymise", "--dry-run")
    assert Person.objects.filter(erased_at=None, pk=cast.teacher.person_id).exists()
    call_command("anonymise")
    call_command("anonymise")
    out = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in out] == ["1", "1", "0"]
