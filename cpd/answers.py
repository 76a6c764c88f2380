"""What every answer of the site carries, whoever made it: a page, a file, a redirect, an error."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]

# Nothing here looks, listens, locates or pays; passkeys belong to our own pages alone.
NOT_ASKED_FOR = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
OWN_ALONE = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS = ", ".join([f"{name}=()" for name in NOT_ASKED_FOR] + [f"{name}=(self)" for name in OWN_ALONE])

HEADERS = {
    # Django sets these too, but not where it refuses a request before it has looked at it.
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    # Who does not say how long an answer may be kept means: not at all. Static files say it.
    "Cache-Control": "private, no-store",
}


class EveryAnswerMiddleware:
    """The outermost: what stands here reaches refusals of the other layers as well.

    A request that is refused before its person is known is answered in the language of the phone, not in that of
    whoever was served before.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(language_of_phone(request))
        answer = self.get_response(request)
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        return answer


def language_of_phone(request: HttpRequest) -> str:
    """The language chosen on this phone; Kyrgyz where none was."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
