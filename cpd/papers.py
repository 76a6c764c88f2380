"""What official papers have in common (forms §0)."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Approval:
    """One approval block. Until the step is taken, name, minutes and date are empty and lines stand for them.

    Where a meeting considered the paper, ``heard_by`` says so, and minutes stand instead of a signer. Where an order
    of the director approves it (``by_order``), its number and date do.
    """

    word: str = ""
    post: str = ""
    heard_by: tuple[str, ...] = ()
    name: str = ""
    minutes: str = ""
    by_order: bool = False
    order: str = ""
    on: dt.date | None = None
