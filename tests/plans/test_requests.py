"""A school's request on learning needs: how needs become rows, what is frozen, and what totals are summed over."""

import datetime as dt
import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cpd.dates import today
from plans.invariants import lines_say_what_requests_say, needs_are_counted_once
from plans.models import CountedNeed, LearningNeed, NeedsRequest, RequestLine
from plans.needs.topics import merge_topics, merged_in, titles_for
from plans.requests import actions
from plans.requests.content import content_of, differences, gathered
from plans.requests.grouping import Differing, not_in
from plans.requests.lines import lines_of
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, Role, State, Work
from schools.delegations import hand_over
from schools.models import AuditEntry, Decision, Document, Employment, Merge, Person, RoleAssignment, Subject
from tests import factories
from tests.conftest import Cast
from tests.factories import need, next_school_year

pytestmark = pytest.mark.django_db


def counted(request: NeedsRequest) -> list[tuple[str, str, str, int]]:
    """Topic, subject, language and number of teachers of every row, in the order of the paper."""
    return [
        (one.row.title, one.row.subject.title_ky if one.row.subject else "", one.row.language, one.teachers)
        for one in gathered(request)
    ]


def again(request: NeedsRequest) -> NeedsRequest:
    return NeedsRequest.objects.get(pk=request.pk)


def rows_of(request: NeedsRequest) -> dict[str, uuid.UUID]:
    return {row.title: row.uid for row in request.rows.all()}


def test_a_draft_counts_what_was_passed_on_by_topic_subject_and_language(cast: Cast) -> None:
    maths, biology = Subject.objects.create(title_ky="Математика"), Subject.objects.create(title_ky="Биология")
    need(cast.teacher, "Критерийлик баалоо", subject=maths)
    need(cast.peer, "критерийлик  БААЛОО", subject=maths)
    need(cast.head, "Критерийлик баалоо", subject=biology)
    need(cast.colleague, "Критерийлик баалоо", subject=maths, language="ru")
    need(cast.teacher, "Инклюзия")
    need(cast.peer, "Өзүм гана", passed_on_at=None)
    need(cast.peer, "Кайтарып алдым", withdrawn_at=timezone.now())
    need(cast.peer, "Башка жыл", school_year=next_school_year() - 1)
    need(cast.stranger, "Башка мектеп")
    made = factories.needs_request(cast.school, by=cast.deputy)
    assert counted(made) == [
        ("Инклюзия", "", "ky", 1),
        ("Критерийлик баалоо", "Биология", "ky", 1),
        ("Критерийлик баалоо", "Математика", "ky", 2),
        ("Критерийлик баалоо", "Математика", "ru", 1),
    ]


def test_a_new_row_wishes_what_all_who_named_something_wish(cast: Cast) -> None:
    need(cast.teacher, study_form="distance", quarter=2)
    need(cast.peer, study_form="distance", quarter=3)
    need(cast.head)
    made = factories.needs_request(cast.school, by=cast.deputy)
    assert [(row.study_form, row.quarter) for row in made.rows.all()] == [("distance", None)]


def test_a_request_is_started_once_a_year_by_who_makes_it(cast: Cast) -> None:
    for user in (cast.teacher, cast.head, cast.clerk, cast.officer, cast.other_director):
        with pytest.raises(PermissionDenied):
            factories.needs_request(cast.school, by=user)
    factories.needs_request(cast.school, by=cast.deputy)
    with pytest.raises(Refused):
        factories.needs_request(cast.school, by=cast.director)
    assert NeedsRequest.objects.count() == 1


def test_ticked_topics_become_one_for_this_school_alone(cast: Cast) -> None:
    need(cast.teacher, "Инклюзия")
    need(cast.peer, "Инклюзивдик окутуу")
    need(cast.peer, "Баалоо")
    need(cast.stranger, "Инклюзия")
    need(cast.other_director, "Инклюзивдик окутуу")
    made = factories.needs_request(cast.school, by=cast.deputy)
    theirs = factories.needs_request(cast.other_school, by=cast.other_director)
    uids = rows_of(made)
    actions.merge_rows(
        request=made,
        by=cast.deputy,
        seen=1,
        rows=[uids["Инклюзия"], uids["Инклюзивдик окутуу"]],
        title="Инклюзивдик билим берүү",
    )
    assert counted(made) == [("Баалоо", "", "ky", 1), ("Инклюзивдик билим берүү", "", "ky", 2)]
    assert titles_for(cast.school, {"инклюзия"}) == {
        "инклюзия": ("инклюзивдик билим беруу", "Инклюзивдик билим берүү")
    }
    assert titles_for(cast.other_school, {"инклюзия"}) == {}
    need(cast.head, "инклюзия")
    actions.collect_needs(request=again(made), by=cast.deputy, seen=2)
    assert counted(made) == [("Баалоо", "", "ky", 1), ("Инклюзивдик билим берүү", "", "ky", 3)]
    assert [row[0] for row in counted(theirs)] == ["Инклюзивдик окутуу", "Инклюзия"]
    assert set(LearningNeed.objects.values_list("title", flat=True)) >= {"Инклюзия", "инклюзия"}  # as they wrote it


def test_what_was_typed_into_a_row_stays_when_it_joins_another(cast: Cast) -> None:
    need(cast.teacher, "Инклюзия")
    need(cast.peer, "Инклюзивдик окутуу")
    made = factories.needs_request(cast.school, by=cast.deputy)
    uids = rows_of(made)
    actions.save_rows(
        request=made,
        by=cast.deputy,
        seen=1,
        rows={uids["Инклюзия"]: {"note": "Кечинде"}, uids["Инклюзивдик окутуу"]: {"quarter": 2}},
    )
    actions.merge_rows(request=made, by=cast.deputy, seen=2, rows=uids.values(), title="Инклюзия")
    row = made.rows.get()
    assert (row.uid, row.title, row.note, row.quarter) == (uids["Инклюзия"], "Инклюзия", "Кечинде", 2)


def test_wishes_that_differ_stay_empty_and_are_told_and_parting_gives_each_topic_its_own_needs_back(
    cast: Cast,
) -> None:
    need(cast.teacher, "Критериалдуу", study_form="distance")
    need(cast.peer, "Критериалдык", study_form="full_time", quarter=1)
    made = factories.needs_request(cast.school, by=cast.deputy)
    uids = rows_of(made)
    typed = {uids["Критериалдуу"]: {"hours": 72}, uids["Критериалдык"]: {"note": "Кечинде"}}
    actions.save_rows(request=made, by=cast.deputy, seen=1, rows=typed)
    found = actions.merge_rows(request=made, by=cast.deputy, seen=2, rows=uids.values(), title="Критериалдуу")
    assert found == [Differing("Критериалдуу", "study_form", ("distance", "full_time"))]
    row = made.rows.get()
    assert (row.title, row.study_form, row.quarter, row.hours, row.note) == ("Критериалдуу", "", 1, 72, "Кечинде")
    [alias] = merged_in(cast.school)
    assert actions.undo_merge(request=made, by=cast.deputy, seen=3, alias=alias) == []
    first, second = made.rows.get(title="Критериалдуу"), made.rows.get(title="Критериалдык")
    assert (first.study_form, first.quarter, first.hours, first.note) == ("distance", None, 72, "Кечинде")
    assert (second.study_form, second.quarter, second.hours, second.note) == ("full_time", 1, None, "")


def test_merging_a_merged_topic_brings_everything_along_and_each_can_be_parted(cast: Cast) -> None:
    for user, title in ((cast.teacher, "А"), (cast.peer, "Б"), (cast.head, "В")):
        need(user, title)
    made = factories.needs_request(cast.school, by=cast.deputy)
    uids = rows_of(made)
    actions.merge_rows(request=made, by=cast.deputy, seen=1, rows=[uids["А"], uids["Б"]], title="Г")
    uids = rows_of(made)
    actions.merge_rows(request=made, by=cast.deputy, seen=2, rows=[uids["Г"], uids["В"]], title="Д")
    assert counted(made) == [("Д", "", "ky", 3)]
    names = {alias.text: alias for alias in merged_in(cast.school)}
    assert set(names) == {"А", "Б", "В", "Г"}
    actions.undo_merge(request=made, by=cast.deputy, seen=3, alias=names["А"])
    assert counted(made) == [("А", "", "ky", 1), ("Д", "", "ky", 2)]
    entry = AuditEntry.objects.filter(event="reference_changed").latest("pk")
    assert (entry.by, entry.institution, entry.what, entry.before) == (
        cast.deputy.person, cast.school, "Д", {"texts": ["А"]},
    )  # fmt: skip


def test_a_district_merges_for_itself_and_the_schools_read_it_unless_they_read_otherwise(cast: Cast) -> None:
    merge_topics(by=cast.officer, where=cast.district, texts=["Инклюзия", "Инклюзив"], title="Инклюзивдик билим")
    merge_topics(by=cast.deputy, where=cast.school, texts=["Инклюзия"], title="Баары үчүн мектеп")
    assert titles_for(cast.district, {"инклюзия"})["инклюзия"][1] == "Инклюзивдик билим"
    assert titles_for(cast.school, {"инклюзия"})["инклюзия"][1] == "Баары үчүн мектеп"
    assert titles_for(cast.other_school, {"инклюзия"})["инклюзия"][1] == "Инклюзивдик билим"
    assert titles_for(cast.other_district, {"инклюзия"}) == {}
    with pytest.raises(PermissionDenied):
        merge_topics(by=cast.deputy, where=cast.district, texts=["А"], title="Б")
    with pytest.raises(PermissionDenied):
        merge_topics(by=cast.officer, where=cast.school, texts=["А"], title="Б")


def test_of_two_deputies_who_merge_at_once_the_second_is_told(cast: Cast) -> None:
    need(cast.teacher, "Инклюзия")
    need(cast.peer, "Инклюзивдик окутуу")
    made = factories.needs_request(cast.school, by=cast.deputy)
    uids = rows_of(made)
    actions.merge_rows(request=made, by=cast.deputy, seen=1, rows=uids.values(), title="Инклюзия")
    with pytest.raises(ChangedMeanwhile):
        actions.merge_rows(request=made, by=cast.second_deputy, seen=1, rows=uids.values(), title="Башкача")
    assert counted(made) == [("Инклюзия", "", "ky", 2)]


def test_a_need_taken_back_is_counted_no_more_and_an_empty_row_is_not_handed_in(cast: Cast) -> None:
    gone = need(cast.teacher, "Инклюзия")
    need(cast.peer, "Баалоо")
    made = factories.needs_request(cast.school, by=cast.deputy)
    LearningNeed.objects.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    assert counted(made) == [("Баалоо", "", "ky", 1), ("Инклюзия", "", "ky", 0)]
    assert [line["title"] for line in content_of(made)["lines"]] == ["Баалоо"]


def test_a_need_or_a_whole_topic_can_be_left_out_and_collected_again(cast: Cast) -> None:
    first, second = need(cast.teacher, "Инклюзия"), need(cast.peer, "Инклюзия")
    need(cast.peer, "Баалоо")
    made = factories.needs_request(cast.school, by=cast.deputy)
    actions.take_out_need(request=made, by=cast.deputy, seen=1, need=first.pk)
    assert counted(made) == [("Баалоо", "", "ky", 1), ("Инклюзия", "", "ky", 1)]
    actions.take_out_need(request=made, by=cast.deputy, seen=2, need=second.pk)
    actions.take_out_row(request=made, by=cast.deputy, seen=3, row=rows_of(made)["Баалоо"])
    assert counted(made) == []
    assert actions.collect_needs(request=made, by=cast.deputy, seen=4, needs=[first.pk]) == 1
    assert actions.collect_needs(request=made, by=cast.deputy, seen=5) == 2
    assert not not_in(made).exists()


def test_who_no_longer_works_at_the_school_is_not_collected(cast: Cast) -> None:
    need(cast.teacher)
    need(cast.peer)
    left = factories.job_of(cast.teacher)
    Employment.objects.filter(pk=left.pk).update(ends_on=today() - dt.timedelta(days=1))
    made = factories.needs_request(cast.school, by=cast.deputy)
    assert [one.teachers for one in gathered(made)] == [1]
    assert not not_in(made).exists()
    again_there = factories.EmploymentFactory(person=cast.teacher.person, institution=cast.school, starts_on=today())
    assert not_in(made).count() == 1, "who works there again does"
    again_there.delete()


def test_who_left_is_marked_and_drops_out_at_the_next_collecting(cast: Cast) -> None:
    need(cast.teacher)
    need(cast.peer)
    made = factories.needs_request(cast.school, by=cast.deputy)
    client = Client()
    client.force_login(cast.deputy)
    page = reverse("needs_request_edit", args=[made.pk])
    assert client.get(page).context["former"] == set()
    job = factories.job_of(cast.teacher)
    Employment.objects.filter(pk=job.pk).update(ends_on=today() - dt.timedelta(days=1))
    answer = client.get(page)
    assert answer.context["former"] == {job.needs.get().pk}
    assert answer.content.decode().count("text-bg-warning") == 1
    assert [one.teachers for one in gathered(made)] == [2]
    client.post(page, {"seen": made.revision, "once": uuid.uuid4(), "then": "collect"})
    assert [one.teachers for one in gathered(made)] == [1]
    assert client.get(page).context["former"] == set()


def test_a_request_without_needs_is_not_handed_in(cast: Cast) -> None:
    made = factories.needs_request(cast.school, by=cast.deputy)
    with pytest.raises(Refused):
        factories.submitted_request(made, by=cast.deputy)
    assert again(made).state == State.DRAFT


def test_handing_in_freezes_numbers_and_writes_the_lines_that_totals_are_summed_over(cast: Cast) -> None:
    first, second = need(cast.teacher, "Инклюзия"), need(cast.peer, "Инклюзия", origin="attestation")
    made = factories.needs_request(cast.school, by=cast.deputy)
    uid = rows_of(made)["Инклюзия"]
    columns = {"quarter": 1, "study_form": "distance", "block": "variative", "hours": 24, "note": "Кечинде"}
    actions.save_rows(request=made, by=cast.deputy, seen=1, rows={uid: columns})
    version = factories.submitted_request(made, by=cast.deputy).submitted_version
    assert version.content["lines"] == [
        {
            "uid": str(uid),
            "title": "Инклюзия",
            "grounds": [["attestation", [], 1], ["own_wish", [], 1]],
            "subject": "",
            "subject_key": None,
            "language": "ky",
            "teachers": 2,
            "study_form": "distance",
            "quarter": 1,
            "block": "variative",
            "hours": "24",
            "note": "Кечинде",
            "needs": [first.pk, second.pk],
        }
    ]
    line = RequestLine.objects.get()
    assert [one.need for one in line.counted.order_by("need")] == [first, second]
    assert (line.version, line.institution, line.school_year) == (version, cast.school, next_school_year())
    assert (line.uid, line.title_key, line.teachers, line.hours, line.quarter) == (uid, "инклюзия", 2, 24, 1)


def test_lines_that_were_altered_are_found(cast: Cast) -> None:
    need(cast.teacher, "Критерийлик баалоо")
    need(cast.peer, "Инклюзия")
    made = factories.needs_request(cast.school, by=cast.deputy)
    made.rows.update(hours=36)
    factories.submitted_request(made, by=cast.deputy)
    assert list(lines_say_what_requests_say()) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE plans_requestline SET teachers = 7 WHERE title = %s", ["Инклюзия"])
    assert len(list(lines_say_what_requests_say())) == 1
    assert list(needs_are_counted_once()) == []
    first, second = CountedNeed.objects.order_by("pk")
    CountedNeed.objects.create(line=second.line, need=first.need)
    assert list(needs_are_counted_once()) == [
        f"need {first.need_id}: 2 lines of version {first.line.version_id} count it"
    ]


@pytest.mark.parametrize(
    "altered",
    [
        "DELETE FROM plans_countedneed WHERE id = (SELECT MIN(id) FROM plans_countedneed)",
        "UPDATE plans_countedneed SET need_id = {other} WHERE id = (SELECT MIN(id) FROM plans_countedneed)",
        "UPDATE plans_learningneed SET employment_id = {job} WHERE title = 'Инклюзия'",
    ],
)
def test_needs_of_a_line_that_were_altered_are_found(cast: Cast, altered: str) -> None:
    need(cast.teacher, "Инклюзия")
    need(cast.peer, "инклюзия")
    factories.submitted_request(factories.needs_request(cast.school, by=cast.deputy), by=cast.deputy)
    other = need(cast.colleague, "Баалоо", passed_on_at=None)
    assert list(lines_say_what_requests_say()) == []
    job = factories.job_of(cast.peer).pk
    with connection.cursor() as cursor:
        cursor.execute("UPDATE plans_learningneed SET title_key = 'башка' WHERE title = 'инклюзия'")
        cursor.execute(altered.format(other=other.pk, job=job))
    assert len(list(lines_say_what_requests_say())) == 1


def test_a_line_keeps_the_number_of_its_day_when_two_records_are_found_to_be_one_person(cast: Cast) -> None:
    twin = factories.PersonFactory(family_name=cast.teacher.person.family_name, born_on=cast.teacher.person.born_on)
    job = factories.EmploymentFactory(person=twin, institution=cast.school)
    need(cast.teacher, "Инклюзия")
    need(cast.peer, "Инклюзия", employment=job)
    factories.submitted_request(factories.needs_request(cast.school, by=cast.deputy), by=cast.deputy)
    Merge.objects.create(kept=cast.teacher.person, gone=twin, reason="Бир эле адам", by=cast.director.person)
    Person.objects.filter(pk=twin.pk).update(merged_into=cast.teacher.person)
    assert RequestLine.objects.get().teachers == 2
    assert list(lines_say_what_requests_say()) == []
    Merge.objects.all().delete()
    assert len(list(lines_say_what_requests_say())) == 1


def test_no_version_holds_a_name(cast: Cast) -> None:
    for user in (cast.teacher, cast.peer, cast.colleague):
        need(user, "Инклюзия", note="Балдарым үчүн")
    made = factories.needs_request(cast.school, by=cast.deputy)
    text = json.dumps(factories.submitted_request(made, by=cast.deputy).submitted_version.content, ensure_ascii=False)
    for user in (cast.teacher, cast.peer, cast.colleague):
        assert user.person.family_name not in text
    assert "Балдарым" not in text


def test_a_teacher_who_wrote_a_need_in_two_ways_counts_once(cast: Cast) -> None:
    need(cast.teacher, "Инклюзия")
    need(cast.teacher, "Инклюзив")
    made = factories.needs_request(cast.school, by=cast.deputy)
    actions.merge_rows(request=made, by=cast.deputy, seen=1, rows=rows_of(made).values(), title="Инклюзия")
    content = content_of(made)
    assert ([line["teachers"] for line in content["lines"]], content["teachers"]) == ([1], 1)


def one(cast: Cast) -> NeedsRequest:
    need(cast.teacher, "Инклюзия")
    return factories.needs_request(cast.school, by=cast.deputy)


def test_the_deputy_hands_in_the_director_signs_the_district_receives(cast: Cast) -> None:
    made = factories.submitted_request(one(cast), by=cast.deputy)
    assert (made.state, made.awaiting_role) == (State.SUBMITTED, Role.DIRECTOR)
    assert not lines_of(cast.district, next_school_year()).exists()  # nothing was sent yet
    approval.perform(made, Action.AGREE, by=cast.director, seen=made.revision)
    made = again(made)
    assert (made.state, made.awaiting_role) == (State.AGREED, Role.DISTRICT_OFFICER)
    assert lines_of(cast.district, next_school_year()).count() == 1
    assert not lines_of(cast.district, next_school_year(), is_accepted_only=True).exists()
    made = factories.received_request(made, by=cast.officer)
    assert (made.state, made.in_force) == (State.APPROVED, made.current_version)
    assert lines_of(cast.district, next_school_year(), is_accepted_only=True).count() == 1
    assert lines_of(None, next_school_year(), is_accepted_only=True).count() == 1
    assert not lines_of(cast.other_district, next_school_year()).exists()
    assert not lines_of(cast.district, next_school_year() + 1).exists()


def test_a_director_who_made_it_has_signed_it_by_handing_it_in(cast: Cast) -> None:
    made = factories.submitted_request(one(cast), by=cast.director)
    assert (made.state, made.awaiting_role) == (State.SUBMITTED, Role.DISTRICT_OFFICER)
    assert [step["action"] for step in made.submitted_version.route] == ["approve"]
    assert lines_of(cast.district, next_school_year()).count() == 1
    assert factories.received_request(made, by=cast.officer).state == State.APPROVED


def test_without_a_director_it_waits_until_there_is_one(cast: Cast) -> None:
    RoleAssignment.objects.filter(person=cast.director.person, role=Role.DIRECTOR).delete()
    made = factories.submitted_request(one(cast), by=cast.deputy)
    assert made.awaiting_role == Role.DIRECTOR
    for user in (cast.deputy, cast.second_deputy, cast.officer):
        with pytest.raises(PermissionDenied):
            approval.perform(made, Action.AGREE, by=factories.again(user), seen=made.revision)
    assert not lines_of(cast.district, next_school_year()).exists()
    newcomer = factories.RoleFactory(person=cast.colleague.person, role=Role.DIRECTOR, institution=cast.school)
    approval.perform(made, Action.AGREE, by=factories.again(cast.colleague), seen=made.revision)
    assert Decision.objects.get(action=Action.AGREE).by == newcomer.person


def test_without_a_director_no_deputy_signs_what_a_helper_made(cast: Cast) -> None:
    RoleAssignment.objects.filter(person=cast.director.person, role=Role.DIRECTOR).delete()
    hand_over(
        by=factories.again(cast.deputy), taker=cast.peer.person, institution=cast.school, works=[Work.NEEDS],
        starts_on=today(), ends_on=today(),
    )  # fmt: skip
    need(cast.teacher)
    made = factories.submitted_request(factories.needs_request(cast.school, by=cast.peer), by=cast.peer)
    assert made.awaiting_role == Role.DIRECTOR
    for user in (cast.deputy, cast.second_deputy, cast.officer, cast.peer):
        with pytest.raises(PermissionDenied):
            approval.perform(made, Action.AGREE, by=factories.again(user), seen=made.revision)


def test_what_the_director_returns_was_never_sent(cast: Cast) -> None:
    made = factories.submitted_request(one(cast), by=cast.deputy)
    approval.perform(made, Action.RETURN, by=cast.director, seen=made.revision, reason="Толуктаңыз.")
    assert again(made).state == State.RETURNED
    assert not lines_of(cast.district, next_school_year()).exists()


def test_a_change_replaces_what_is_in_force_only_from_its_sending_on(cast: Cast) -> None:
    made = factories.signed_request(one(cast), by=cast.deputy, director=cast.director)
    made = factories.received_request(made, by=cast.officer)
    approval.perform(made, Action.AMEND, by=cast.deputy, seen=made.revision)
    need(cast.peer, "Инклюзия")
    made = again(made)
    actions.collect_needs(request=made, by=cast.deputy, seen=made.revision)
    made = factories.submitted_request(again(made), by=cast.deputy)
    year = next_school_year()
    assert [line.teachers for line in lines_of(cast.district, year)] == [1]
    approval.perform(made, Action.AGREE, by=cast.director, seen=made.revision)
    assert [line.teachers for line in lines_of(cast.district, year)] == [2]
    assert [line.teachers for line in lines_of(cast.district, year, is_accepted_only=True)] == [1]
    made = again(made)
    approval.perform(made, Action.RETURN, by=cast.officer, seen=made.revision, reason="Көп.")
    assert [line.teachers for line in lines_of(cast.district, year)] == [1]
    first, second = made.versions.order_by("number")
    assert [
        (change.kind, [(column.name, column.before, column.after) for column in change.columns])
        for change in differences(first.content, second.content)
    ] == [("changed", [("grounds", [["own_wish", [], 1]], [["own_wish", [], 2]]), ("teachers", 1, 2)])]


def test_a_change_without_a_difference_is_not_handed_in(cast: Cast) -> None:
    made = factories.signed_request(one(cast), by=cast.deputy, director=cast.director)
    made = factories.received_request(made, by=cast.officer)
    approval.perform(made, Action.AMEND, by=cast.deputy, seen=made.revision)
    with pytest.raises(Refused):
        factories.submitted_request(made, by=cast.deputy)


def test_a_change_that_is_given_up_leaves_the_rows_of_the_version_in_force(cast: Cast) -> None:
    made = factories.signed_request(one(cast), by=cast.deputy, director=cast.director)
    made = factories.received_request(made, by=cast.officer)
    before = content_of(made)
    approval.perform(made, Action.AMEND, by=cast.deputy, seen=made.revision)
    made = again(made)
    actions.take_out_row(request=made, by=cast.deputy, seen=made.revision, row=rows_of(made)["Инклюзия"])
    need(cast.peer, "Баалоо")
    made = again(made)
    actions.collect_needs(request=made, by=cast.deputy, seen=made.revision, needs=[LearningNeed.objects.last().pk])
    made = again(made)
    actions.discard_change(request=made, by=cast.deputy, seen=made.revision)
    assert content_of(again(made)) == before
    assert Document.objects.get(pk=made.pk).state == State.APPROVED
