"""What the processes of the press are forked from: imported once, in a process of its own that does nothing else."""

import ctypes
import gc

import django

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
