"""Invitations on paper: several slips on a page, to be cut apart and handed out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from cpd.pdf import render_pdf
from cpd.qr import qr_path
from schools.accounts import propose_usernames
from schools.invitations import in_groups, token_of
from schools.models import Invitation


@dataclass(frozen=True)
class Slip:
    """One person's slip. ``qr`` is the path of its dark modules in a square of ``qr_side``.

    ``username`` is that of the account, or one that is free for who has none yet.
    """

    name: str
    school: str
    username: str
    has_account: bool
    code: str
    good_until: dt.date
    qr: str
    qr_side: int


def slips_pdf(invitations: Sequence[Invitation], schools: dict[int, str]) -> bytes:
    """The slips of open invitations; ``schools`` names each person's, by the person's key."""
    proposed = propose_usernames([one.person for one in invitations if not hasattr(one.person, "user")])
    slips = [_slip(one, schools.get(one.person_id, ""), proposed) for one in invitations]
    address = settings.SITE_URL.split("://")[-1] + reverse("invitation_code")
    return render_pdf("pdf/slips.html", {"slips": slips, "address": address})


def _slip(invitation: Invitation, school: str, proposed: dict[int, str]) -> Slip:
    token = token_of(invitation)
    account = getattr(invitation.person, "user", None)
    path, side = qr_path(settings.SITE_URL + reverse("invitation", args=[token]))
    return Slip(
        name=invitation.person.full_name,
        school=school,
        username=account.username if account else proposed[invitation.person_id],
        has_account=account is not None,
        code=in_groups(token),
        good_until=timezone.localdate(invitation.expires_at),
        qr=path,
        qr_side=side,
    )
