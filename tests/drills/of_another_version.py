"""Run by any version of the program, in its own folder: ``python of_another_version.py dump|try``.

``dump`` prints a hash over the rows of every table, with the columns that this version knows. ``try`` opens the pages
that links lead to, as everybody who has an account, and writes every table as this version writes it; it prints what
failed. Nothing that it writes stays.
"""

import json
import os
import re
import sys
from collections import deque
from collections.abc import Iterator
from hashlib import sha256

import django

sys.path.insert(0, os.getcwd())
os.environ["DJANGO_SETTINGS_MODULE"] = "cpd.settings"
django.setup()

from django.apps import apps  # noqa: E402 - the models exist from here on
from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.db import DatabaseError, transaction  # noqa: E402
from django.db.models import Model  # noqa: E402
from django.test import Client  # noqa: E402

PAGES = 40  # of each person, the nearest to home
LINK = re.compile(r'href="(/[^"#]*)"')
NOT_OPENED = re.compile(r"/(sign-out|static)/|\.(ics|xlsx|pdf)|/p/")
NOT_COMPARED = {"sessions.session", "contenttypes.contenttype", "auth.permission", "cpd.receivedform"}
# A copy of a row that only one may be is refused by every version, and so is a second one on the same days.
IS_SECOND = re.compile(r"unique|exclusion", re.IGNORECASE)


def main(what: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    if what == "dump":
        print(json.dumps({model._meta.label_lower: told(model) for model in models()}))
    else:
        with transaction.atomic():
            told_wrong = [*pages(), *writes()]
            transaction.set_rollback(True)
        print(json.dumps(told_wrong, ensure_ascii=False))


def models() -> Iterator[type[Model]]:
    return (one for one in apps.get_models() if one._meta.managed and not one._meta.proxy)


def told(model: type[Model]) -> str:
    if model._meta.label_lower in NOT_COMPARED:
        return ""
    names = [field.attname for field in model._meta.local_concrete_fields]
    rows = sha256()
    for row in model._base_manager.order_by("pk").values_list(*names).iterator():
        rows.update(repr(row).encode())
    return rows.hexdigest()


def pages() -> Iterator[str]:
    opened = 0
    for user in get_user_model().objects.filter(is_active=True):
        client = Client(raise_request_exception=False)
        client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
        waiting, seen = deque(["/"]), {"/"}
        for _page in range(PAGES):
            if not waiting:
                break
            address = waiting.popleft()
            answer = client.get(address)
            opened += 1
            if answer.status_code >= 500:
                yield f"{user.username} {address}: {answer.status_code}"
            if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                new = [one for one in LINK.findall(answer.text) if one not in seen and not NOT_OPENED.search(one)]
                seen.update(new)
                waiting.extend(dict.fromkeys(new))
    print(f"{opened} pages", file=sys.stderr)


def writes() -> Iterator[str]:
    """Save the first row of every table as it is, and a copy of it as a new one."""
    written = 0
    for model in models():
        row = model._base_manager.order_by("pk").first()
        if row is None:
            continue
        for copies in (False, True):
            if copies and model._meta.parents:
                continue  # the copy of its parent's row is tried as the parent's
            if copies:
                row.pk = None
            try:
                with transaction.atomic():
                    row.save_base(raw=True, force_insert=copies, force_update=not copies)
                    transaction.set_rollback(True)
                written += 1
            except DatabaseError as refused:
                if not (copies and IS_SECOND.search(str(refused))):
                    yield f"{model._meta.label} {'new' if copies else 'saved'}: {refused}"
    print(f"{written} writes", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1])
