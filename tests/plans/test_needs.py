"""Learning needs: told, passed on, taken back, planned by one tap, entered by the school; and who reads them."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cpd.dates import school_year_of, today
from plans import actions as plan_actions
from plans.changes import changes
from plans.choices import NeedOrigin
from plans.content import content_of
from plans.erasing import erase
from plans.models import Competence, LearningNeed, NeedsRequest, PlanItem, SelfAssessment
from plans.needs import actions, planning
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import EndReason, Event, Kept, Work
from schools.delegations import hand_over
from schools.leaving import what_hangs
from schools.merging import merge_people, undo_merge
from schools.models import AuditEntry, Employment, Person, RetentionPeriod, Subject, User
from schools.staffing import end_employment
from schools.transfers import confirm_transfer, propose_transfer
from tests import factories
from tests.conftest import Cast
from tests.factories import again, fresh, job_of

pytestmark = pytest.mark.django_db
TOPIC = "Критериалдуу баалоо"


def tell(by: User, title: str = TOPIC, **columns) -> LearningNeed:
    wanted = {"school_year": school_year_of(today()), "origin": NeedOrigin.OWN_WISH} | columns
    return actions.tell_need(by=by, title=title, employment=wanted.pop("employment", None) or job_of(by), **wanted)


def seen_by(user: User) -> set[int]:
    return set(LearningNeed.objects.visible_to(again(user)).values_list("pk", flat=True))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(user: User, name: str, *args, **data):
    return signed_in(user).post(reverse(name, args=args), {"once": uuid4()} | data)


# Telling and passing on -------------------------------------------------------------------------------------------


def test_a_need_is_the_teachers_alone_until_it_is_passed_on(cast: Cast) -> None:
    need = tell(cast.teacher)
    everybody = [user for user in cast.people.values() if user]
    assert [user for user in everybody if need.pk in seen_by(user)] == [cast.teacher]
    actions.pass_on_need(need=need, by=cast.teacher)
    names = {name for name, user in cast.people.items() if user and need.pk in seen_by(user)}
    assert names == {"teacher", "head", "deputy", "second_deputy", "director", "clerk"}


def test_who_has_the_work_on_needs_reads_them_too(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    assert need.pk not in seen_by(cast.colleague)
    hand_over(
        by=again(cast.deputy), taker=cast.colleague.person, institution=cast.school, works=[Work.NEEDS],
        starts_on=today(), ends_on=today(),
    )  # fmt: skip
    assert need.pk in seen_by(cast.colleague)


def test_the_same_need_told_twice_is_one_and_passed_on_by_the_second_time(cast: Cast) -> None:
    first = tell(cast.teacher)
    again_told = actions.pass_on(
        by=cast.teacher, employment=job_of(cast.teacher), school_year=first.school_year, origin=NeedOrigin.OWN_WISH,
        title="  критериалдуу БААЛОО ",
    )  # fmt: skip
    assert again_told.pk == first.pk
    assert again_told.passed_on_at is not None
    assert LearningNeed.objects.count() == 1


def test_a_need_that_was_taken_back_can_be_told_again(cast: Cast) -> None:
    first = tell(cast.teacher)
    actions.withdraw(need=first, by=cast.teacher)
    assert tell(cast.teacher).pk != first.pk


def test_nobody_tells_a_need_for_somebody_else_but_who_leads_the_school(cast: Cast) -> None:
    for by in (cast.peer, cast.head, cast.clerk, cast.other_director, cast.officer):
        with pytest.raises(PermissionDenied):
            tell(by, employment=job_of(cast.teacher))
    need = tell(cast.deputy, employment=job_of(cast.teacher), origin=NeedOrigin.ATTESTATION)
    assert need.passed_on_at is not None
    assert (need.employment.person, need.entered_by) == (cast.teacher.person, cast.deputy.person)


def test_what_the_school_says_too_stands_beside_what_the_teacher_keeps(cast: Cast) -> None:
    private = tell(cast.teacher, note="Мага кыйын.")
    before = LearningNeed.objects.filter(pk=private.pk).values().get()
    schools = tell(cast.deputy, employment=job_of(cast.teacher), origin=NeedOrigin.SCHOOL_PROGRAMME)
    assert schools.pk != private.pk
    assert (schools.note, schools.entered_by) == ("", cast.deputy.person)
    assert LearningNeed.objects.filter(pk=private.pk).values().get() == before
    assert seen_by(cast.deputy) == {schools.pk}
    actions.change_need(need=private, by=cast.teacher, columns={"note": "Башкача"})  # it is the teacher's still
    with pytest.raises(Refused):
        actions.change_need(need=tell(cast.teacher, "Инклюзия"), by=cast.teacher, columns={"title": TOPIC})


def test_passing_on_what_the_school_entered_takes_the_teachers_own_back(cast: Cast) -> None:
    private = tell(cast.teacher, note="Мага кыйын.")
    schools = tell(cast.deputy, employment=job_of(cast.teacher), origin=NeedOrigin.SCHOOL_PROGRAMME)
    answer = post(cast.teacher, "need_pass_on", private.pk)
    assert answer["Location"] == reverse("need", args=[schools.pk])
    private.refresh_from_db()
    assert (private.passed_on_at, private.note) == (None, "Мага кыйын.")
    assert private.withdrawn_at is not None
    assert list(LearningNeed.objects.passed_on()) == [schools]
    assert tell(cast.teacher, is_passed_on=True) == schools  # told anew it is that one


def test_a_need_that_was_taken_back_is_read_by_its_teacher_alone(cast: Cast) -> None:
    need = factories.need(cast.teacher, note="Мага кыйын.")
    assert need.pk in seen_by(cast.deputy)
    actions.withdraw(need=need, by=cast.teacher)
    names = {name for name, user in cast.people.items() if user and need.pk in seen_by(user)}
    assert names == {"teacher"}
    for user in (cast.deputy, cast.director, cast.clerk, cast.head):
        assert signed_in(user).get(reverse("need", args=[need.pk])).status_code == 404
    assert signed_in(cast.teacher).get(reverse("need", args=[need.pk])).status_code == 200


def test_a_head_reads_the_needs_of_present_members_alone(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    assert need.pk in seen_by(cast.head)
    Employment.objects.filter(pk=need.employment_id).update(ends_on=today() - dt.timedelta(days=1))
    assert need.pk not in seen_by(cast.head)
    assert need.pk in seen_by(cast.deputy)  # what was told to the school stays there


def test_passing_on_twice_is_told(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    with pytest.raises(ChangedMeanwhile):
        actions.pass_on_need(need=need, by=cast.teacher)
    with pytest.raises(PermissionDenied):
        actions.pass_on_need(need=need, by=cast.deputy)


def test_a_topic_of_blanks_is_none(cast: Cast) -> None:
    with pytest.raises(Refused):
        tell(cast.teacher, "   ")


# Taking back and changing -----------------------------------------------------------------------------------------


def test_a_need_leaves_a_request_that_is_being_made_and_its_maker_sees_that(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    request = factories.needs_request(cast.school, by=cast.deputy)
    assert LearningNeed.objects.get(pk=need.pk).row is not None
    actions.withdraw(need=need, by=cast.teacher)
    assert LearningNeed.objects.get(pk=need.pk).row is None
    assert NeedsRequest.objects.get(pk=request.pk).revision == request.revision + 1


def test_what_a_submitted_request_counts_is_not_taken_back_nor_changed(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    request = factories.needs_request(cast.school, by=cast.deputy)
    signed = factories.signed_request(request, by=cast.deputy, director=cast.director)
    factories.received_request(signed, by=cast.officer)
    for act in (
        lambda: actions.withdraw(need=need, by=cast.teacher),
        lambda: actions.change_need(need=need, by=cast.teacher, columns={"title": "Башка"}),
    ):
        with pytest.raises(Refused):
            act()
    assert LearningNeed.objects.get().withdrawn_at is None


def test_what_the_school_entered_is_the_schools_to_take_back(cast: Cast) -> None:
    need = factories.need(cast.teacher, entered_by=cast.deputy.person)
    with pytest.raises(PermissionDenied):
        actions.withdraw(need=need, by=cast.teacher)
    with pytest.raises(PermissionDenied):
        actions.withdraw(need=need, by=cast.clerk)
    actions.withdraw(need=need, by=cast.director)
    assert LearningNeed.objects.get().withdrawn_at is not None


def test_the_school_does_not_change_a_teachers_own_words(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    with pytest.raises(PermissionDenied):
        actions.change_need(need=need, by=cast.deputy, columns={"title": "Башка"})


def test_a_changed_topic_is_folded_anew_and_not_told_twice(cast: Cast) -> None:
    need, other = tell(cast.teacher), tell(cast.teacher, "Инклюзия")
    actions.change_need(need=need, by=cast.teacher, columns={"title": "STEM-окутуу"})
    assert LearningNeed.objects.get(pk=need.pk).title_key == "stem-окутуу"
    with pytest.raises(Refused):
        actions.change_need(need=other, by=cast.teacher, columns={"title": "stem-ОКУТУУ"})


# The plan ---------------------------------------------------------------------------------------------------------


def competence_need(cast: Cast) -> LearningNeed:
    competence = Competence.objects.get(code="A2.1")
    return factories.need(
        cast.teacher,
        title=competence.title_ky,
        origin=NeedOrigin.SELF_ASSESSMENT,
        competence=competence,
        school_year=school_year_of(today()),
    )


def test_one_tap_makes_one_item_which_says_where_it_comes_from(cast: Cast) -> None:
    need, rows = competence_need(cast), cast.plan.rows.count()
    for _tap in range(2):
        assert post(cast.teacher, "need_plan", need.pk).url.startswith(reverse("plan_edit", args=[cast.plan.pk]))
    item = PlanItem.objects.get(need=need)
    assert (item.programme_title, item.school_year) == (need.title, need.school_year)
    assert item.rationale.endswith(", А2.1"), "with the Cyrillic letter, as on paper"
    assert (item.plan_id, item.position) == (cast.plan.pk, rows)


def test_without_a_plan_the_teacher_is_led_to_start_one(cast: Cast) -> None:
    answer = post(cast.teacher, "need_plan", competence_need(cast).pk)
    assert answer.url == reverse("plan_start", args=["individual_plan"])
    assert not PlanItem.objects.exists()


def test_an_approved_plan_is_not_written_into(cast: Cast) -> None:
    plan = factories.approved(cast.plan)
    answer = post(cast.teacher, "need_plan", competence_need(cast).pk)
    assert answer.url == reverse("plan", args=[plan.pk])
    assert not PlanItem.objects.filter(need__isnull=False).exists()


def test_a_plan_under_decision_is_not_written_into(cast: Cast) -> None:
    need = competence_need(cast)
    plan = factories.submitted(cast.plan)
    with pytest.raises(ChangedMeanwhile):
        planning.plan_need(need=need, plan=plan, by=cast.teacher)
    client = signed_in(cast.teacher)
    answer = client.post(reverse("need_plan", args=[need.pk]), {"once": uuid4()}, follow=True)
    assert answer.redirect_chain[0][0] == reverse("plan", args=[plan.pk])
    with translation.override("ky"):  # what to do, instead of what happened meanwhile
        told = _("The plan is handed in. Withdraw it, or wait for the decision, then take the need into the plan.")
    assert told in answer.content.decode()
    assert not PlanItem.objects.filter(need=need).exists()


def test_nobody_plans_with_somebody_elses_need(cast: Cast) -> None:
    need = competence_need(cast)
    assert cast.plan
    assert post(cast.deputy, "need_plan", need.pk).status_code == 403
    assert post(cast.stranger, "need_plan", need.pk).status_code == 404


def test_the_item_keeps_its_origin_through_saving_versions_and_giving_up_a_change(cast: Cast) -> None:
    need = competence_need(cast)
    item = planning.plan_need(need=need, plan=cast.plan, by=cast.teacher)
    item.hours, item.month, item.direction, item.provider_text = 24, 10, "Усул", "Институт"
    item.study_form = "full_time"
    item.block = "variative"
    item.save()
    [row] = [row for row in content_of(fresh(cast.plan))["rows"] if row["uid"] == str(item.uid)]
    assert row["from_need"] == {"key": need.pk, "origin": "self_assessment", "code": "A2.1"}
    plan = factories.amended(factories.approved(fresh(cast.plan)))
    rows = [
        {"uid": str(one.uid), "programme_title": one.programme_title}
        for one in plan.rows.all()
        if one.need_id != need.pk
    ]
    plan_actions.save_plan(plan=plan, by=again(cast.teacher), seen=plan.revision, header={}, rows=rows)
    assert not PlanItem.objects.filter(need=need).exists()
    plan = fresh(plan)
    plan_actions.discard_change(plan=plan, by=again(cast.teacher), seen=plan.revision)
    assert PlanItem.objects.get(need=need).uid == item.uid
    assert PlanItem.objects.filter(plan=plan, need=None).count() == len(rows)


def test_saving_the_form_and_copying_a_year_keep_the_origin(cast: Cast) -> None:
    need = competence_need(cast)
    item = planning.plan_need(need=need, plan=cast.plan, by=cast.teacher)
    plan = fresh(cast.plan)
    rows = [{"uid": str(item.uid), "programme_title": "Башка аталыш", "school_year": need.school_year}]
    seen = plan_actions.save_plan(plan=plan, by=cast.teacher, seen=plan.revision, header={}, rows=rows)
    plan_actions.copy_school_year(plan=plan, by=cast.teacher, seen=seen, source=need.school_year)
    kept = PlanItem.objects.filter(need=need).order_by("position")
    assert [one.programme_title for one in kept] == ["Башка аталыш"] * 2


def test_where_an_item_comes_from_is_no_change_of_the_plan(cast: Cast) -> None:
    planning.plan_need(need=competence_need(cast), plan=cast.plan, by=cast.teacher)
    after = content_of(fresh(cast.plan))
    before = after | {"rows": [{k: v for k, v in row.items() if k != "from_need"} for row in after["rows"]]}
    assert before != after
    assert changes(before, after) == []


def test_the_page_of_a_plan_says_where_an_item_comes_from(cast: Cast) -> None:
    planning.plan_need(need=competence_need(cast), plan=cast.plan, by=cast.teacher)
    text = signed_in(cast.teacher).get(reverse("plan", args=[cast.plan.pk])).content.decode()
    assert text.count("need-planned") == 1


# Pages ------------------------------------------------------------------------------------------------------------


def test_a_need_is_told_on_one_page_with_nothing_typed_but_the_topic(cast: Cast) -> None:
    subject = Subject.objects.create(title_ky="Физика")
    job = job_of(cast.teacher)
    job.subjects.set([subject])
    form = signed_in(cast.teacher).get(reverse("need_new")).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: getattr(value, "pk", value) for name, value in typed.items() if value not in (None, "")}
    answer = post(cast.teacher, "need_new", **typed | {"title": TOPIC})
    assert answer.status_code == 302, answer.context["form"].errors
    need = LearningNeed.objects.get()
    assert (need.title, need.subject, need.language, need.employment) == (TOPIC, subject, "ky", job)
    assert need.passed_on_at is not None


def test_what_was_typed_stays_beside_its_mistake(cast: Cast) -> None:
    typed = {"title": "а" * 201, "note": "Бир сүйлөм.", "origin": "own_wish", "language": "ky"}
    answer = post(
        cast.teacher, "need_new", **typed, employment=job_of(cast.teacher).pk, school_year=school_year_of(today())
    )
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"title"}
    assert "Бир сүйлөм." in answer.content.decode()
    assert not LearningNeed.objects.exists()


def test_nobody_tells_a_need_at_a_place_they_do_not_work(cast: Cast) -> None:
    answer = post(
        cast.teacher, "need_new", title=TOPIC, origin="own_wish", language="ky",
        employment=job_of(cast.stranger).pk, school_year=school_year_of(today()),
    )  # fmt: skip
    assert set(answer.context["form"].errors) == {"employment"}


def test_my_needs_show_my_own_and_nobody_elses(cast: Cast) -> None:
    factories.need(cast.teacher, title="Менин муктаждыгым")
    factories.need(cast.peer, title="Башканын муктаждыгы")
    text = signed_in(cast.head).get(reverse("needs")).content.decode()
    assert "муктаждыгым" not in text
    text = signed_in(cast.teacher).get(reverse("needs")).content.decode()
    assert "Менин муктаждыгым" in text
    assert "Башканын муктаждыгы" not in text


def test_a_competence_is_called_in_the_language_of_the_reader(cast: Cast) -> None:
    need = competence_need(cast)
    assert need.competence
    cast.teacher.language = "ru"
    cast.teacher.save()
    text = signed_in(cast.teacher).get(reverse("need", args=[need.pk])).content.decode()
    assert need.competence.title_ru in text
    with translation.override("ky"):
        assert need.competence.title == need.title


def test_who_looks_at_anothers_need_is_noted(cast: Cast) -> None:
    need = factories.need(cast.teacher)
    signed_in(cast.teacher).get(reverse("need", args=[need.pk]))
    signed_in(cast.head).get(reverse("need", args=[need.pk]))
    entry = AuditEntry.objects.get(event=Event.SAW_PERSON)
    assert (entry.by, entry.subject) == (cast.head.person, cast.teacher.person)


def test_the_school_sees_who_needs_what_and_who_has_told_nothing(cast: Cast) -> None:
    year = school_year_of(today())
    factories.need(cast.teacher, school_year=year)
    tell(cast.peer, "Жеке нерсе")
    answer = signed_in(cast.deputy).get(reverse("school_needs", args=[cast.school.pk]))
    assert [chain.need.employment.person for chain in answer.context["page"]] == [cast.teacher.person]
    assert answer.context["stages"] == [("passed_on", 1)]
    silent = {job.person for job in answer.context["silent"]}
    assert cast.peer.person in silent
    assert cast.teacher.person not in silent
    assert "Жеке нерсе" not in answer.content.decode()


def test_a_head_sees_the_members_of_the_association_alone(cast: Cast) -> None:
    year = school_year_of(today())
    factories.need(cast.teacher, school_year=year)
    factories.need(cast.colleague, school_year=year)
    page = signed_in(cast.head).get(reverse("school_needs", args=[cast.school.pk])).context
    assert {chain.need.employment.person for chain in page["page"]} == {cast.teacher.person}
    assert {job.association_id for job in page["silent"]} == {cast.association.pk}


def test_the_list_is_narrowed_by_name_origin_and_stage(cast: Cast) -> None:
    year = school_year_of(today())
    factories.need(cast.teacher, school_year=year, origin=NeedOrigin.ATTESTATION)
    factories.need(cast.peer, school_year=year)

    def shown(**asked) -> list[Person]:
        page = signed_in(cast.deputy).get(reverse("school_needs", args=[cast.school.pk]), asked).context["page"]
        return [chain.need.employment.person for chain in page]

    assert shown(name=cast.peer.person.family_name) == [cast.peer.person]
    assert shown(origin="attestation") == [cast.teacher.person]
    assert shown(stage="received") == []
    assert len(shown(stage="passed_on")) == 2
    assert shown(year=year + 1) == []
    assert len(shown(year="былтыр")) == 2


def test_one_topic_for_several_teachers_each_in_their_own_subject(cast: Cast) -> None:
    physics = Subject.objects.create(title_ky="Физика")
    job_of(cast.teacher).subjects.set([physics])
    Employment.objects.filter(pk=job_of(cast.peer).pk).update(teaching_language="ru")
    factories.need(cast.colleague, school_year=school_year_of(today()), title=TOPIC)
    teachers = [job_of(user).pk for user in (cast.teacher, cast.peer, cast.colleague)]
    answer = post(
        cast.deputy, "school_need_new", cast.school.pk, title=TOPIC, origin="school_programme",
        school_year=school_year_of(today()), teachers=teachers,
    )  # fmt: skip
    assert answer.url == f"{reverse('school_needs', args=[cast.school.pk])}?year={school_year_of(today())}"
    made = LearningNeed.objects.filter(origin=NeedOrigin.SCHOOL_PROGRAMME).order_by("pk")
    told = {(need.employment.person, need.subject, need.language) for need in made}
    assert told == {(cast.teacher.person, physics, "ky"), (cast.peer.person, None, "ru")}


def test_a_topic_is_for_all_subjects_by_itself_only_where_no_teacher_has_one(cast: Cast) -> None:
    address = reverse("school_need_new", args=[cast.school.pk])
    assert signed_in(cast.deputy).get(address).context["form"]["is_for_all_subjects"].value() is True
    job_of(cast.teacher).subjects.set([Subject.objects.create(title_ky="Физика")])
    assert signed_in(cast.deputy).get(address).context["form"]["is_for_all_subjects"].value() is False


def test_who_enters_needs_for_next_year_reads_that_years_list(cast: Cast) -> None:
    answer = post(
        cast.deputy, "school_need_new", cast.school.pk, title=TOPIC, origin="school_programme",
        school_year=school_year_of(today()) + 1, teachers=[job_of(cast.teacher).pk],
    )  # fmt: skip
    page = signed_in(cast.deputy).get(answer.url)
    assert page.context["year"] == school_year_of(today()) + 1
    assert TOPIC in page.content.decode()


def test_what_somebody_else_entered_at_the_same_moment_is_not_counted_as_new(cast: Cast) -> None:
    year, entered = school_year_of(today()), []

    def meanwhile(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if "plans_learningneed" in sql and not entered:
            entered.append(cast.second_deputy)
            factories.need(cast.teacher, TOPIC, school_year=year, entered_by=cast.second_deputy.person)
        return found

    with connection.execute_wrapper(meanwhile):
        made = actions.enter_for_teachers(
            by=cast.deputy,
            employments=[job_of(cast.teacher), job_of(cast.peer)],
            school_year=year,
            origin=NeedOrigin.SCHOOL_PROGRAMME,
            title=TOPIC,
            is_for_all_subjects=True,
        )
    assert [need.employment for need in made] == [job_of(cast.peer)]
    assert LearningNeed.objects.count() == 2


def test_a_need_of_the_school_asks_for_at_least_one_teacher_of_that_school(cast: Cast) -> None:
    typed = {"title": TOPIC, "origin": "school_programme", "school_year": school_year_of(today())}
    for teachers in ([], [job_of(cast.stranger).pk], ["9" * 30, job_of(cast.teacher).pk], ["көп"]):
        answer = post(cast.deputy, "school_need_new", cast.school.pk, **typed, teachers=teachers)
        assert set(answer.context["form"].errors) == {"teachers"}
    assert not LearningNeed.objects.exists()


# People who go ----------------------------------------------------------------------------------------------------


def test_who_moves_takes_the_own_needs_along_and_passes_them_on_anew(cast: Cast) -> None:
    year = school_year_of(today())
    own = factories.need(cast.teacher, school_year=year)
    asked = factories.need(cast.teacher, school_year=year, title="Мектептики", entered_by=cast.deputy.person)
    request = factories.needs_request(cast.school, by=cast.deputy, year=year)
    transfer = propose_transfer(
        employment=job_of(cast.teacher), institution=cast.other_school, by=again(cast.deputy), position="мугалим",
        moves_on=today() + dt.timedelta(days=3),
    )  # fmt: skip
    new = confirm_transfer(transfer=transfer, by=again(cast.other_director))
    own.refresh_from_db()
    asked.refresh_from_db()
    assert (own.employment, own.passed_on_at, own.row) == (new, None, None)
    assert (asked.employment.institution, asked.row is None) == (cast.school, False)
    assert NeedsRequest.objects.get(pk=request.pk).revision == request.revision + 1


def test_what_a_request_counts_stays_with_the_school_that_handed_it_in(cast: Cast) -> None:
    year = school_year_of(today())
    need = factories.need(cast.teacher, school_year=year)
    request = factories.needs_request(cast.school, by=cast.deputy, year=year)
    factories.signed_request(request, by=cast.deputy, director=cast.director)
    transfer = propose_transfer(
        employment=job_of(cast.teacher), institution=cast.other_school, by=again(cast.deputy), position="мугалим",
        moves_on=today() + dt.timedelta(days=3),
    )  # fmt: skip
    confirm_transfer(transfer=transfer, by=again(cast.other_director))
    need.refresh_from_db()
    assert need.employment.institution == cast.school


def test_whoever_ends_an_employment_is_told_of_the_needs(cast: Cast) -> None:
    year = school_year_of(today())
    factories.need(cast.teacher, school_year=year)
    factories.need(cast.teacher, school_year=year - 1)
    told = [one.url for one in what_hangs(job_of(cast.teacher), today())]
    assert told.count(f"{reverse('school_needs', args=[cast.school.pk])}?year={year}") == 1
    assert not [url for url in told if url.endswith(f"year={year - 1}")]


def test_who_left_no_longer_stands_among_those_who_told_nothing(cast: Cast) -> None:
    end_employment(
        employment=job_of(cast.peer), by=again(cast.deputy), last_day=today() - dt.timedelta(days=1),
        reason=EndReason.LEFT,
    )  # fmt: skip
    silent = signed_in(cast.deputy).get(reverse("school_needs", args=[cast.school.pk])).context["silent"]
    assert cast.peer.person not in {job.person for job in silent}


def test_two_records_of_one_person_become_one_with_the_needs_of_both(cast: Cast) -> None:
    born_on = dt.date(1985, 7, 15)
    Person.objects.filter(pk=cast.teacher.person_id).update(born_on=born_on)
    factories.need(cast.teacher)
    factories.assessment(cast.teacher)
    twin = factories.UserFactory(person__born_on=born_on)
    factories.EmploymentFactory(person=twin.person, institution=cast.school, starts_on=today())
    same, own = factories.need(twin), factories.need(twin, title="Инклюзия")
    factories.assessment(twin)
    kept = Person.objects.get(pk=cast.teacher.person_id)
    merge = merge_people(kept=kept, gone=twin.person, reason="Эки жолу.", by=again(cast.deputy))
    own.refresh_from_db()
    same.refresh_from_db()
    assert own.employment == job_of(cast.teacher)
    assert own.entered_by == kept
    assert same.employment.person == twin.person, "the like of it stays with the record that ended"
    assert SelfAssessment.objects.filter(person=kept).count() == 1
    undo_merge(merge=merge, by=again(cast.deputy))
    own.refresh_from_db()
    assert own.employment.person == twin.person


def test_of_somebody_made_nameless_the_self_assessment_and_the_sentences_go(cast: Cast) -> None:
    RetentionPeriod.objects.update_or_create(kept=Kept.PEOPLE, defaults={"years": 5, "source": "Сынак"})
    need = factories.need(cast.teacher, note="Мага кыйын.")
    factories.answer(factories.assessment(cast.teacher), "A1.1", level=2, note="Кыйын.")
    long_ago = dt.date(1999, 1, 1)
    Employment.objects.filter(person=cast.teacher.person).update(starts_on=long_ago, ends_on=long_ago)
    assert erase(cast.teacher.person)
    need.refresh_from_db()
    assert (need.note, need.title) == ("", "Критерийлик баалоо")
    assert not SelfAssessment.objects.exists()
