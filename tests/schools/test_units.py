"""Faculties, departments and who leads them."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from courses.models import TrainingRecord
from cpd.dates import today
from schools.access import can_keep_staff, can_read_staff, can_see_numbers, roles_to_give
from schools.accounts import in_care_of
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, Event, Role
from schools.models import AuditEntry, Employment, Institution, Leave, MethodicalAssociation, RoleAssignment
from schools.role_forms import RoleForm
from schools.roles import end_role, give_role, posts_of, roles_in
from schools.second_factor import roles_of
from schools.staff_forms import HireForm
from schools.staffing import end_employment
from schools.unit_forms import UnitForm
from schools.units import lines_of, save_unit
from tests import factories
from tests.campus import Campus
from tests.factories import again, job_of


def staff_seen_by(user) -> set[str]:
    return set(Employment.objects.overseen_by(again(user)).values_list("person__user__username", flat=True))


def test_a_dean_has_the_faculty_and_a_head_the_department(campus: Campus):
    assert campus.dean.scope.faculties == {campus.faculty.pk}
    assert campus.dean.scope.associations == frozenset()
    assert campus.head.scope.associations == {campus.department.pk}
    assert campus.quality.scope.served == {campus.university.pk}


def test_pages_speak_in_the_words_of_the_main_job(campus: Campus):
    assert campus.lecturer.scope.words == "uni"
    assert campus.college_lecturer.scope.words == "college"
    assert (campus.both.scope.words, campus.both.scope.kinds) == ("", ("school", "college"))


# Giving roles -----------------------------------------------------------------------------------------------------


def test_the_roles_given_are_those_there_are_at_the_institution(campus: Campus):
    above = {Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.QUALITY_OFFICER, Role.CLERK, Role.DEAN, Role.ASSOCIATION_HEAD}
    given = {name: set(roles_to_give(user, campus.university)) for name, user in campus.people.items()}
    assert {name: roles for name, roles in given.items() if roles} == {
        "officer": above,
        "rector": above - {Role.DIRECTOR},
        "vice_rector": {Role.CLERK, Role.ASSOCIATION_HEAD},
    }
    at_college = {Role.DIRECTOR, Role.DEPUTY_DIRECTOR, Role.CLERK, Role.ASSOCIATION_HEAD}
    assert set(roles_to_give(campus.officer, campus.college)) == at_college


def test_a_dean_is_given_a_faculty_and_a_head_a_department(campus: Campus):
    form = RoleForm(institution=campus.university, roles=roles_to_give(campus.rector, campus.university))
    offered = [value for value, _label in form.fields["post"].choices if ":" in value]
    units = {Role.DEAN: [campus.faculty, campus.strange_faculty]}
    units[Role.ASSOCIATION_HEAD] = [campus.other_department, campus.strange_department, campus.department]
    assert sorted(offered) == sorted(f"{role}:{unit.pk}" for role, places in units.items() for unit in places)


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (Role.DEAN, "department"),
        (Role.DEAN, "university"),
        (Role.ASSOCIATION_HEAD, "faculty"),
        (Role.QUALITY_OFFICER, "faculty"),
    ],
)
def test_a_role_is_refused_where_it_does_not_belong(role, place, campus: Campus):
    with pytest.raises(Refused):
        give_role(
            person=campus.colleague.person,
            role=role,
            place=getattr(campus, place),
            starts_on=today(),
            by=campus.rector,
        )


def test_a_college_has_neither_deans_nor_a_quality_department(campus: Campus):
    for role, place in ((Role.DEAN, campus.commission), (Role.QUALITY_OFFICER, campus.college)):
        with pytest.raises(PermissionDenied):
            give_role(
                person=campus.college_lecturer.person, role=role, place=place, starts_on=today(), by=campus.officer
            )


def test_a_second_dean_is_given_and_ended_with_the_journal_telling(campus: Campus):
    assignment = give_role(
        person=campus.colleague.person, role=Role.DEAN, place=campus.faculty, starts_on=today(), by=campus.rector
    )
    assert again(campus.colleague).scope.faculties == {campus.faculty.pk}
    end_role(assignment=assignment, by=again(campus.rector), last_day=None)
    assert again(campus.colleague).scope.faculties == frozenset()
    noted = AuditEntry.objects.filter(subject=campus.colleague.person, institution=campus.university)
    assert list(noted.order_by("pk").values_list("event", flat=True)) == [Event.ROLE_GIVEN, Event.ROLE_ENDED]


def test_a_list_of_roles_begins_with_who_leads(campus: Campus):
    roles = [role.role for role in roles_in(campus.university)]
    assert roles == [
        Role.DIRECTOR,
        Role.DEPUTY_DIRECTOR,
        Role.QUALITY_OFFICER,
        Role.CLERK,
        *[Role.DEAN] * 2,
        *[Role.ASSOCIATION_HEAD] * 2,
    ]


def test_thin_posts_name_deans_and_the_quality_department_where_there_are_any(campus: Campus):
    university = {(post.role, post.place) for post in posts_of([campus.university])}
    assert university == {
        (Role.DIRECTOR, campus.university.title),
        (Role.DEPUTY_DIRECTOR, campus.university.title),
        (Role.QUALITY_OFFICER, campus.university.title),
        (Role.DEAN, campus.faculty.title),
        (Role.DEAN, campus.strange_faculty.title),
        (Role.ASSOCIATION_HEAD, campus.department.title),
        (Role.ASSOCIATION_HEAD, campus.other_department.title),
        (Role.ASSOCIATION_HEAD, campus.strange_department.title),
    }
    assert [post.role for post in posts_of([campus.college])] == [
        Role.DEPUTY_DIRECTOR,
        Role.DIRECTOR,
        Role.ASSOCIATION_HEAD,
    ]


def test_the_posts_of_many_institutions_are_read_in_two_queries(campus: Campus, django_assert_num_queries):
    with django_assert_num_queries(2):
        posts_of([campus.university, campus.college, campus.school])


def test_a_second_factor_can_be_demanded_of_deans(campus: Campus):
    assert roles_of(campus.dean.scope) == {Role.DEAN}
    assert roles_of(campus.quality.scope) == {Role.QUALITY_OFFICER}


def test_nobody_keeps_the_account_of_who_may_do_more(campus: Campus):
    """A vice-rector gives no dean and no quality officer, so no slip that would open their accounts either."""
    kept = set(in_care_of(campus.vice_rector, campus.university))
    people = {name: user.person in kept for name, user in campus.people.items()}
    assert people["lecturer"]
    assert people["head"]
    assert people["hr"]
    assert not people["dean"]
    assert not people["quality"]
    assert not people["rector"]
    assert {campus.dean.person, campus.quality.person} <= set(in_care_of(campus.rector, campus.university))
    assert {campus.dean.person, campus.quality.person} <= set(in_care_of(campus.officer, campus.university))


# What they read ---------------------------------------------------------------------------------------------------


def test_a_dean_reads_of_the_departments_of_the_faculty(campus: Campus):
    of_faculty = {"lecturer", "colleague", "head", "dean", "other_lecturer", "other_head"}
    assert staff_seen_by(campus.dean) == of_faculty
    assert staff_seen_by(campus.strange_dean) == {"strange_lecturer", "strange_dean"}
    assert set(Institution.objects.visible_to(campus.dean)) == {campus.university}
    units = MethodicalAssociation.objects.read_by(campus.dean)
    assert set(units) == {campus.department, campus.other_department}


def test_a_dean_of_a_faculty_without_a_department_yet_finds_the_university(campus: Campus):
    campus.strange_department.part_of = None
    campus.strange_department.save()
    assert set(Institution.objects.visible_to(campus.strange_dean)) == {campus.university}
    assert staff_seen_by(campus.strange_dean) == set()


def test_a_dean_reads_records_and_verifies_none(campus: Campus):
    record = factories.training_record(campus.lecturer)
    assert record in TrainingRecord.objects.visible_to(campus.dean)
    assert record not in TrainingRecord.objects.visible_to(campus.strange_dean)
    assert not TrainingRecord.objects.awaiting(campus.dean).exists()


def test_the_quality_department_reads_and_keeps_nothing(campus: Campus):
    record = factories.training_record(campus.lecturer)
    Leave.objects.create(
        employment=job_of(campus.colleague), kind="illness", starts_on=today(), entered_by=campus.hr.person
    )
    quality, university = campus.quality, campus.university
    assert record in TrainingRecord.objects.visible_to(quality)
    assert not TrainingRecord.objects.awaiting(quality).exists()
    assert TrainingRecord.objects.awaiting(campus.hr).get() == record
    assert can_read_staff(quality, university)
    assert not can_keep_staff(quality, university)
    assert not can_see_numbers(quality, campus.lecturer.person)
    assert can_see_numbers(campus.hr, campus.lecturer.person)
    assert not Leave.objects.visible_to(quality).exists()
    assert Leave.objects.visible_to(campus.hr).exists()


def test_a_dean_who_leaves_is_dean_no_more(campus: Campus):
    end_employment(employment=job_of(campus.dean), by=campus.rector, last_day=today(), reason=EndReason.LEFT)
    role = RoleAssignment.objects.get(person=campus.dean.person)
    assert (role.role, role.ends_on) == (Role.DEAN, today())


# Keeping the units ------------------------------------------------------------------------------------------------


def post(client, user, address: str, **typed):
    client.force_login(user)
    return client.post(address, {"once": uuid4()} | typed)


def test_the_list_shows_departments_under_their_faculty(campus: Campus, client):
    lines = [(line.unit, line.people, line.faculty) for line in lines_of(campus.university)]
    assert lines == [
        (campus.faculty, 6, None),
        (campus.department, 4, campus.faculty),
        (campus.other_department, 2, campus.faculty),
        (campus.strange_faculty, 2, None),
        (campus.strange_department, 2, campus.strange_faculty),
    ]
    client.force_login(campus.vice_rector)
    page = client.get(reverse("school_units", args=[campus.university.pk]))
    assert [line.unit for line in page.context["lines"]] == [unit for unit, _people, _faculty in lines]


def test_a_department_is_added_to_a_faculty_and_the_journal_tells(campus: Campus, client):
    address = reverse("unit_new", args=[campus.university.pk])
    answer = post(client, campus.rector, address, title_ky="Химия кафедрасы", part_of=campus.faculty.pk)
    assert answer.status_code == 302
    unit = MethodicalAssociation.objects.get(title_ky="Химия кафедрасы")
    assert (unit.institution, unit.part_of) == (campus.university, campus.faculty)
    noted = AuditEntry.objects.get(event=Event.REFERENCE_CHANGED)
    assert (noted.institution, noted.by) == (campus.university, campus.rector.person)
    assert noted.after == {"title_ky": "Химия кафедрасы", "title_ru": "", "part_of": campus.faculty.title_ky}


def test_a_new_title_and_another_faculty_are_noted_as_they_changed(campus: Campus, client):
    address = reverse("unit_edit", args=[campus.department.pk])
    post(client, campus.rector, address, title_ky="Экология кафедрасы", part_of=campus.strange_faculty.pk)
    campus.department.refresh_from_db()
    assert (campus.department.title_ky, campus.department.part_of) == ("Экология кафедрасы", campus.strange_faculty)
    noted = AuditEntry.objects.get(event=Event.REFERENCE_CHANGED)
    assert noted.before == {"title_ky": "Биология кафедрасы", "part_of": campus.faculty.title_ky}
    assert noted.after == {"title_ky": "Экология кафедрасы", "part_of": campus.strange_faculty.title_ky}
    assert "lecturer" in staff_seen_by(campus.strange_dean)
    assert "lecturer" not in staff_seen_by(campus.dean)


def test_what_is_saved_without_a_change_is_not_noted(campus: Campus, client):
    address = reverse("unit_edit", args=[campus.department.pk])
    typed = {"title_ky": campus.department.title_ky, "part_of": campus.faculty.pk}
    assert post(client, campus.rector, address, **typed).status_code == 302
    assert not AuditEntry.objects.filter(event=Event.REFERENCE_CHANGED).exists()


def test_a_title_twice_is_told_beside_the_field(campus: Campus, client):
    typed = {"title_ky": campus.department.title_ky}
    page = post(client, campus.rector, reverse("unit_new", args=[campus.university.pk]), **typed)
    assert page.context["form"].errors.keys() == {"title_ky"}


@pytest.mark.parametrize("chosen", ["other_department", "commission", "school_association"])
def test_a_faculty_is_chosen_among_the_faculties_of_the_institution(chosen, campus: Campus, client):
    page = post(
        client,
        campus.rector,
        reverse("unit_new", args=[campus.university.pk]),
        title_ky="Химия кафедрасы",
        part_of=getattr(campus, chosen).pk,
    )
    assert page.context["form"].errors.keys() == {"part_of"}


def test_a_department_with_people_of_its_own_is_no_faculty(campus: Campus, client):
    campus.strange_department.part_of = None
    campus.strange_department.save()
    typed = {"title_ky": "Химия кафедрасы", "part_of": campus.strange_department.pk}
    page = post(client, campus.rector, reverse("unit_new", args=[campus.university.pk]), **typed)
    assert page.context["form"].errors.keys() == {"part_of"}


def test_what_a_dean_leads_is_part_of_nothing(campus: Campus, client):
    MethodicalAssociation.objects.filter(pk=campus.strange_department.pk).update(part_of=None)
    typed = {"title_ky": campus.strange_faculty.title_ky, "part_of": campus.faculty.pk}
    page = post(client, campus.rector, reverse("unit_edit", args=[campus.strange_faculty.pk]), **typed)
    assert page.context["form"].errors.keys() == {"part_of"}


def test_a_faculty_and_a_commission_are_asked_for_no_faculty(campus: Campus):
    assert "part_of" not in UnitForm(instance=campus.faculty).fields
    assert "part_of" not in UnitForm(instance=campus.commission).fields
    assert "part_of" in UnitForm(instance=campus.department).fields


def test_of_two_changes_at_once_the_second_one_sees_the_first(campus: Campus):
    """A unit that has just become a department cannot become a faculty by a form that was checked before."""
    form = UnitForm(
        {"title_ky": "Химия кафедрасы", "part_of": campus.strange_faculty.pk},
        instance=MethodicalAssociation(institution=campus.university),
    )
    assert form.is_valid()
    MethodicalAssociation.objects.filter(part_of=campus.strange_faculty).update(part_of=None)
    MethodicalAssociation.objects.filter(pk=campus.strange_faculty.pk).update(part_of=campus.faculty)
    with pytest.raises(ChangedMeanwhile):
        save_unit(unit=form.instance, by=campus.rector)


def test_newcomers_are_put_into_departments(campus: Campus):
    offered = HireForm(institution=campus.university).fields["association"].queryset
    assert set(offered) == {campus.department, campus.other_department, campus.strange_department}


# Staff ------------------------------------------------------------------------------------------------------------


def test_the_academic_degree_is_asked_where_a_form_has_a_column_for_it(campus: Campus, client):
    for user, by, is_asked in (
        (campus.lecturer, campus.hr, True),
        (campus.college_lecturer, campus.college_hr, False),
        (campus.both, campus.school_deputy, False),
    ):
        client.force_login(by)
        form = client.get(reverse("person_edit", args=[user.person_id])).context["form"]
        assert ("academic_degree" in form.fields) is is_asked


def test_the_degree_is_kept_and_the_journal_tells(campus: Campus, client):
    typed = {"academic_degree": "биология илимдеринин кандидаты", "category": "none"}
    answer = post(client, campus.hr, reverse("person_edit", args=[campus.lecturer.person_id]), **typed)
    assert answer.status_code == 302
    noted = AuditEntry.objects.get(event=Event.PERSON_CHANGED)
    assert noted.after == {"academic_degree": "биология илимдеринин кандидаты"}
    page = client.get(reverse("employment", args=[job_of(campus.lecturer).pk]))
    assert "биология илимдеринин кандидаты" in page.content.decode()


def test_young_specialists_are_asked_for_at_schools_only(campus: Campus):
    for place, is_asked in ((campus.university, False), (campus.college, False), (campus.school, True)):
        assert ("is_young_specialist" in HireForm(institution=place).fields) is is_asked


def test_a_post_at_a_university_is_saved_without_what_is_not_asked_there(campus: Campus, client):
    job = job_of(campus.lecturer)
    typed = {"position": "доцент", "association": job.association_id, "is_teaching": "on", "starts_on": job.starts_on}
    answer = post(client, campus.hr, reverse("employment_edit", args=[job.pk]), **typed)
    assert answer.status_code == 302
    job.refresh_from_db()
    assert (job.position, job.is_young_specialist) == ("доцент", None)
