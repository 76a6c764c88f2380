"""Whom the schools' requests on learning needs name for an offered course: told to the queue for its places."""

from plans.needs.matching import named_people

NAMED = named_people
