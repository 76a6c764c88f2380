"""What the processes of the press are forked from: imported once, in a process of its own that does nothing else.

It knows no secret of the site, and reaches no network where the system lets it give that up.
"""

import ctypes
import gc
import os
import secrets

import django

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000  # linux/sched.h

# What the settings ask for, in place of the site's own; a .env file fills in only what is not named here.
BARE = {
    "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
    "SECRET_KEY": secrets.token_urlsafe(40),
    "DATABASE_URL": "sqlite:////nonexistent",
    "FILES_URL": "file:///tmp",
}
os.environ.clear()
os.environ.update(BARE)
ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWNET)  # a network of its own, with nobody in it

# Pango starts short-lived threads. With memory pools of their own, as the C library would give them, they take up the
# address space that a process of the press may have.
M_ARENA_MAX = -8
ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)

django.setup()

from courses.books import papers  # noqa: E402, F401 - the settings exist from here on; what the jobs name is read now
from cpd.pdf import pdf_of  # noqa: E402

pdf_of("<p>Ңң Өө Үү <b>Ңң</b>")  # fonts and style sheets are looked up once for all
gc.collect()
gc.freeze()
