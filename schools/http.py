"""What a view behind sign-in receives."""

from django.http import HttpRequest

from schools.models import User


class Request(HttpRequest):
    """A request of somebody who is signed in: ``SignedInMiddleware`` lets no other one through."""

    user: User
