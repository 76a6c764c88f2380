"""What the processes of the press are forked from: imported once, in a process of its own that does nothing else."""

import gc

import django

django.setup()

from cpd.pdf import pdf_of  # noqa: E402 - the settings exist from here on

pdf_of("<p>Ңң Өө Үү <b>Ңң</b>")  # fonts and style sheets are looked up once for all
gc.collect()
gc.freeze()
