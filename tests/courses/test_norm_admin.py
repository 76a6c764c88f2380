"""A norm in the administration: tried on one real teacher before it is saved (rules §2)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.test import Client
from django.urls import reverse

from courses.choices import HoursStatus, NormStatus, RecordStatus
from courses.models import HoursPolicy
from cpd.dates import today
from schools.models import Employment
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def rule(cast) -> HoursPolicy:
    factories.training_record(cast.teacher, status=RecordStatus.VERIFIED)
    return HoursPolicy.objects.get(code="SCHOOL_72_5Y")


def typed(rule: HoursPolicy, **changes: Any) -> dict[str, Any]:
    """The form's values as the page shows them, with what is typed over them."""
    values = model_to_dict(rule) | changes
    return {name: value for name, value in values.items() if value not in (None, False)}


def send(cast, data: dict[str, Any], *, rule: HoursPolicy | None = None, language: str = "ky") -> Any:
    client = Client(headers={"accept-language": language})
    client.force_login(cast.administrator)
    name, args = ("change", [rule.pk]) if rule else ("add", [])
    return client.post(reverse(f"admin:courses_hourspolicy_{name}", args=args), data)


def example(cast, rule: HoursPolicy, **changes: Any) -> Any:
    return send(cast, typed(rule, teacher=cast.teacher.person_id, _example="1", **changes), rule=rule)


def hours_of(rule: HoursPolicy) -> Decimal | None:
    return HoursPolicy.objects.get(pk=rule.pk).required_hours


def test_the_example_shows_the_teacher_before_and_after_and_saves_nothing(cast, rule):
    page = example(cast, rule, required_hours="24")
    assert page.status_code == 200
    [day] = page.context["example"].days
    assert (day.day, day.before.required, day.after.required) == (today(), 72, 24)
    assert (day.before.figure.total, day.after.figure.total) == (24, 24)
    assert (day.before.status, day.after.status) == (HoursStatus.OVERDUE, HoursStatus.MET)
    assert day.differs
    text = page.content.decode()
    assert cast.teacher.person.full_name in text
    assert 'value="24"' in text
    assert hours_of(rule) == 72


def test_a_rule_in_force_is_saved_after_its_example_and_not_before(cast, rule):
    refused = send(cast, typed(rule, required_hours="24"), rule=rule)
    assert set(refused.context["adminform"].form.errors) == {"teacher"}
    assert hours_of(rule) == 72
    seen = example(cast, rule, required_hours="24").context["fingerprint"]
    answer = send(cast, typed(rule, required_hours="24", example=seen), rule=rule)
    assert answer.status_code == 302
    assert hours_of(rule) == 24


def test_an_example_of_other_values_does_not_count(cast, rule):
    seen = example(cast, rule, required_hours="24").context["fingerprint"]
    refused = send(cast, typed(rule, required_hours="25", example=seen, teacher=cast.teacher.person_id), rule=rule)
    assert set(refused.context["adminform"].form.errors) == {"teacher"}
    [day] = refused.context["example"].days  # the one that does is shown at once
    assert day.after.required == 25
    assert hours_of(rule) == 72
    shown = refused.context["fingerprint"]
    assert send(cast, typed(rule, required_hours="25", example=shown), rule=rule).status_code == 302


def test_a_rule_that_has_begun_cannot_become_a_draft_again(cast, rule):
    answer = send(cast, typed(rule, status=NormStatus.DRAFT), rule=rule)
    assert set(answer.context["adminform"].form.errors) == {"status"}
    HoursPolicy.objects.update(valid_from=today() + dt.timedelta(days=1))
    page = example(cast, rule, valid_from=today() + dt.timedelta(days=1), status=NormStatus.DRAFT)
    assert not page.context["adminform"].form.errors


def test_taking_a_rule_out_of_force_needs_the_example_too(cast, rule):
    status = NormStatus.REPEALED
    assert send(cast, typed(rule, status=status), rule=rule).status_code == 200
    page = example(cast, rule, status=status)
    [day] = page.context["example"].days
    assert (day.before.status, day.after.status) == (HoursStatus.OVERDUE, HoursStatus.NO_RULE)


def test_a_rule_to_come_is_tried_on_its_first_day_and_one_to_end_on_the_day_after(cast, rule):
    begins = today() + dt.timedelta(days=90)
    new = HoursPolicy.objects.get(code="ANNUAL")
    days = example(cast, new, status="in_force", valid_from=begins, required_hours="36").context["example"].days
    assert [(day.day, day.after.policy.code, day.differs) for day in days] == [
        (today(), "SCHOOL_72_5Y", False),
        (begins, "ANNUAL", True),
    ]
    days = example(cast, rule, valid_to=begins).context["example"].days
    assert [(day.day, day.after.status) for day in days] == [
        (today(), HoursStatus.OVERDUE),
        (begins + dt.timedelta(days=1), HoursStatus.NO_RULE),
    ]


def test_a_draft_changes_nobody_and_is_saved_without_an_example(cast, rule):
    draft = HoursPolicy.objects.get(code="ANNUAL")
    [day] = example(cast, draft, required_hours="500").context["example"].days
    assert not day.differs
    assert send(cast, typed(draft, required_hours="500"), rule=draft).status_code == 302
    assert hours_of(draft) == 500


def test_where_nobody_works_there_is_no_example_to_look_at(cast, rule):
    Employment.objects.all().delete()
    assert send(cast, typed(rule, required_hours="80"), rule=rule).status_code == 302
    assert hours_of(rule) == 80
    college = HoursPolicy.objects.get(code="COLLEGE_36_3Y")
    assert send(cast, typed(college, warn_days="90"), rule=college).status_code == 302


def test_a_teacher_the_rule_does_not_speak_of_is_no_example(cast, rule):
    college = HoursPolicy.objects.get(code="COLLEGE_36_3Y")
    page = example(cast, college)
    assert set(page.context["adminform"].form.errors) == {"teacher"}
    page = example(cast, rule, institution=cast.other_school.pk)
    assert set(page.context["adminform"].form.errors) == {"teacher"}
    page = send(cast, typed(rule, _example="1"), rule=rule)
    assert set(page.context["adminform"].form.errors) == {"teacher"}


def test_only_teaching_posts_are_examples(cast, rule):
    cast.teacher.person.employments.update(is_teaching=False)
    page = example(cast, rule)
    assert set(page.context["adminform"].form.errors) == {"teacher"}
    assert page.context["example"] is None
    Employment.objects.update(is_teaching=False)
    assert send(cast, typed(rule, required_hours="80"), rule=rule).status_code == 302


def test_the_page_says_what_leave_does(cast, rule):
    client = Client()
    client.force_login(cast.administrator)
    page = client.get(reverse("admin:courses_hourspolicy_change", args=[rule.pk])).content.decode()
    assert str(HoursPolicy._meta.get_field("leave_extends").help_text) in page


def test_two_equal_rules_are_told_beside_the_field(cast, rule):
    page = send(cast, typed(rule, code="RIVAL", id="", teacher=cast.teacher.person_id))
    form = page.context["adminform"].form
    assert set(form.errors) == {"valid_from"}
    assert HoursPolicy.objects.filter(code="RIVAL").count() == 0


def test_a_new_rule_is_added_after_its_example(cast, rule):
    values = typed(rule, code="OWN", institution=cast.school.pk, required_hours="30", teacher=cast.teacher.person_id)
    page = send(cast, values | {"_example": "1"})
    assert [day.after.policy.code for day in page.context["example"].days] == ["OWN"]
    assert send(cast, values | {"example": page.context["fingerprint"]}).status_code == 302
    assert HoursPolicy.objects.get(code="OWN").institution == cast.school


def test_every_parameter_of_a_rule_stands_on_its_page(cast, rule):
    client = Client()
    client.force_login(cast.administrator)
    page = client.get(reverse("admin:courses_hourspolicy_change", args=[rule.pk]))
    shown = {name for fieldset in page.context["adminform"].fieldsets for name in fieldset[1]["fields"]}
    assert shown == {field.name for field in HoursPolicy._meta.fields} - {"id"} | {"teacher"}


def test_the_page_of_a_rule_with_a_draft_beside_it_says_so(cast, rule):
    client = Client()
    client.force_login(cast.administrator)
    for code, expected in (("SCHOOL_72_5Y", True), ("UNI_72_5Y", False), ("ANNUAL", False)):
        found = HoursPolicy.objects.get(code=code)
        page = client.get(reverse("admin:courses_hourspolicy_change", args=[found.pk]))
        assert page.context["is_under_revision"] is expected


def test_only_drafts_are_deleted(cast, rule):
    client = Client()
    client.force_login(cast.administrator)
    for code, status in (("SCHOOL_72_5Y", 403), ("ANNUAL", 302)):
        found = HoursPolicy.objects.get(code=code)
        answer = client.post(reverse("admin:courses_hourspolicy_delete", args=[found.pk]), {"post": "yes"})
        assert answer.status_code == status
    ticked = {"action": "delete_selected", "_selected_action": [rule.pk], "post": "yes"}
    client.post(reverse("admin:courses_hourspolicy_changelist"), ticked)
    assert HoursPolicy.objects.filter(pk=rule.pk).exists()
    assert not HoursPolicy.objects.filter(code="ANNUAL").exists()
