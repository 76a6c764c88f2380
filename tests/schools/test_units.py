"""Faculties, departments and who leads them."""


def test_a_dean_has_the_faculty_and_a_head_the_department(campus):
    assert campus.dean.scope.faculties == {campus.faculty.pk}
    assert campus.head.scope.associations == {campus.department.pk}
    assert campus.quality.scope.served == {campus.university.pk}


def test_pages_speak_in_the_words_of_the_main_job(campus):
    assert campus.lecturer.scope.words == "uni"
    assert campus.college_lecturer.scope.words == "college"
    assert (campus.both.scope.words, campus.both.scope.kinds) == ("", ("school", "college"))
