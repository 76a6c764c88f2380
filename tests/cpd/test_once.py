"""A form acts at most once, however often a phone sends it (trust, T14)."""

import json
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template import Context, Template
from django.test import RequestFactory

from cpd.models import ReceivedForm
from cpd.once import FIELD, acts_once, new_token
from schools.models import Oblast, User
from tests.conftest import at_once
from tests.factories import UserFactory, first_data

View = Callable[[HttpRequest], HttpResponse]
PHONES = 8


def request_of(user: User, method: str = "post", **fields: str) -> HttpRequest:
    request = getattr(RequestFactory(), method)("/oblasts/", fields)
    request.user = user
    request._messages = CookieStorage(request)
    return request


def add_oblast(request: HttpRequest) -> HttpResponse:
    oblast = Oblast.objects.create(title_ky=request.POST["title"])
    return HttpResponseRedirect(f"/oblasts/{oblast.pk}/")


def add_oblast_as_json(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"oblast": Oblast.objects.create(title_ky=request.POST["title"]).pk})


def refuse(request: HttpRequest) -> HttpResponse:
    Oblast.objects.create(title_ky=request.POST["title"])
    return HttpResponse("Оңдоңуз", status=200)


def post(view: View, user: User, **fields: str) -> HttpResponse:
    return view(request_of(user, **{"title": "Сыноо"} | fields))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("view", [add_oblast, add_oblast_as_json])
def test_eight_copies_of_one_form_make_one_row_and_eight_answers_alike(view):
    first_data()
    user, token = UserFactory(), new_token()
    answers = at_once(*[partial(post, acts_once(view), user, **{FIELD: token})] * PHONES)
    assert [type(answer) for answer in answers if isinstance(answer, Exception)] == []
    assert len({(answer.status_code, answer.get("Location"), answer.content) for answer in answers}) == 1
    assert Oblast.objects.count() == 1
    assert ReceivedForm.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_teeth_without_the_token_eight_copies_make_eight_rows():
    first_data()
    user, token = UserFactory(), new_token()
    answers = at_once(*[partial(post, add_oblast, user, **{FIELD: token})] * PHONES)
    assert len({answer["Location"] for answer in answers}) == PHONES
    assert Oblast.objects.count() == PHONES


@pytest.mark.django_db
def test_the_second_copy_gets_the_address_of_the_first_and_is_told_so():
    user, token = UserFactory(), new_token()
    first = post(acts_once(add_oblast), user, **{FIELD: token})
    request = request_of(user, title="Сыноо", **{FIELD: token})
    second = acts_once(add_oblast)(request)
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert len(list(get_messages(request))) == 1


@pytest.mark.django_db
def test_a_json_answer_is_given_again_word_for_word():
    user, token = UserFactory(), new_token()
    first = post(acts_once(add_oblast_as_json), user, **{FIELD: token})
    second = post(acts_once(add_oblast_as_json), user, **{FIELD: token})
    assert (second.status_code, second["Content-Type"], second.content) == (200, "application/json", first.content)
    assert json.loads(second.content) == {"oblast": Oblast.objects.get().pk}


@pytest.mark.django_db
def test_another_showing_of_the_form_is_another_form():
    user = UserFactory()
    for _copy in range(2):
        post(acts_once(add_oblast), user, **{FIELD: new_token()})
    assert Oblast.objects.count() == 2


@pytest.mark.django_db
def test_nobody_gets_the_answer_to_the_form_of_another():
    owner, stranger, token = UserFactory(), UserFactory(), new_token()
    first = post(acts_once(add_oblast), owner, **{FIELD: token})
    second = post(acts_once(add_oblast), stranger, **{FIELD: token})
    assert first["Location"] != second["Location"]


@pytest.mark.django_db
def test_a_form_sent_back_for_correction_leaves_no_trace_and_can_be_sent_again():
    user, token = UserFactory(), new_token()
    assert post(acts_once(refuse), user, **{FIELD: token}).content.decode() == "Оңдоңуз"
    assert not Oblast.objects.exists()
    assert not ReceivedForm.objects.exists()
    assert post(acts_once(add_oblast), user, **{FIELD: token}).status_code == 302
    assert Oblast.objects.count() == 1


@pytest.mark.django_db
def test_a_json_refusal_leaves_no_trace():
    def conflict(request: HttpRequest) -> HttpResponse:
        add_oblast(request)
        return JsonResponse({"error": "changed meanwhile"}, status=409)

    assert post(acts_once(conflict), UserFactory(), **{FIELD: new_token()}).status_code == 409
    assert not Oblast.objects.exists()
    assert not ReceivedForm.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("mistake", [PermissionDenied, RuntimeError])
def test_a_form_that_failed_leaves_no_trace(mistake):
    def fail(request: HttpRequest) -> HttpResponse:
        add_oblast(request)
        raise mistake

    with pytest.raises(mistake):
        post(acts_once(fail), UserFactory(), **{FIELD: new_token()})
    assert not Oblast.objects.exists()
    assert not ReceivedForm.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("token", [None, "", "1", "not-a-token", "0" * 31, "0" * 33, "\x00" * 32, "ө" * 32])
def test_a_form_without_a_token_is_a_bad_request(token):
    fields = {} if token is None else {FIELD: token}
    with pytest.raises(BadRequest):
        post(acts_once(add_oblast), UserFactory(), **fields)
    assert not Oblast.objects.exists()


@pytest.mark.django_db
def test_looking_at_a_form_needs_no_token():
    def show(request: HttpRequest) -> HttpResponse:
        return HttpResponse("форма")

    assert acts_once(show)(request_of(UserFactory(), "get")).content.decode() == "форма"
    assert not ReceivedForm.objects.exists()


def test_every_showing_of_a_form_has_a_token_of_its_own():
    shown = Template("{% once_token %}{% once_token %}").render(Context())
    assert shown.count(f'name="{FIELD}"') == 2
    assert len(set(shown.split('value="')[1:])) == 2
