"""Writes of a district's orders for training: drawing one up, counting it anew, changing, issuing and replacing it.

A draft may be changed by any officer of the district; each write names the revision it was read at. What was issued is
never changed: another order stands instead of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.models import OrderRow, TrainingOrder
from plans.needs.topics import key_of
from plans.orders.access import can_draw_up
from plans.orders.content import addressee, content_of
from plans.orders.totals import BETWEEN, Group, called_today, ordered_as, totals_of_orders
from schools import audit
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Event
from schools.models import District, User
from schools.models.documents import digest

COPIED = (
    "group", "texts", "title", "subject", "language", "block", "quarter", "study_form", "hours", "schools", "teachers",
    "note",
)  # fmt: skip


@dataclass(frozen=True)
class Recount:
    """How many lines of an order are new, since a topic was parted; have other numbers now; were taken out, since
    nobody needs them any more or they are one with another line.
    """

    came: int
    changed: int
    gone: int


def draw_up(*, by: User, district: District, year: int, chosen: Collection[str]) -> TrainingOrder:
    """A draft of the groups chosen by their texts, with today's numbers. Raises ``Refused`` where none is chosen."""
    _check_draws_up(by, district)
    groups = _chosen(district, year, chosen)
    with transaction.atomic():
        order = _numbered(by, district, year)
        OrderRow.objects.bulk_create(_row(order, group) for group in groups)
    return order


def add_lines(*, by: User, order: TrainingOrder, chosen: Collection[str]) -> int:
    """Put more groups into a draft, by their texts; how many were not in it yet."""
    _check_draws_up(by, order.district)
    groups = _chosen(order.district, order.school_year, chosen)
    with transaction.atomic():
        _take(order, order.revision)
        held = set(order.rows.values_list("group", flat=True))
        rows = [_row(order, group) for group in groups if group.text not in held]
        OrderRow.objects.bulk_create(rows)
    return len(rows)


def save_order(
    *,
    by: User,
    order: TrainingOrder,
    seen: int,
    columns: Mapping[str, Any],
    rows: Mapping[int, Mapping[str, Any]],
    removed: Collection[int],
) -> None:
    """Write what was typed of the draft and of its lines, by key; take the ``removed`` ones out."""
    _check_draws_up(by, order.district)
    with transaction.atomic():
        _take(order, seen)
        TrainingOrder.objects.filter(pk=order.pk).update(**columns)
        order.rows.filter(pk__in=removed).delete()
        for row in order.rows.filter(pk__in=rows):
            for name, value in rows[row.pk].items():
                setattr(row, name, value)
            row.save(update_fields=[*rows[row.pk]])


def recount(*, by: User, order: TrainingOrder, seen: int) -> Recount:
    """Give every line the numbers of today's requests.

    Of lines whose topics the district has merged since, one stays. What the district has parted since comes in as
    lines of its own: no teacher who was in the order is lost.
    """
    _check_draws_up(by, order.district)
    groups = {group.text: group for group in totals_of_orders(order.district, order.school_year)}
    with transaction.atomic():
        _take(order, seen)
        rows = list(order.rows.all())
        called = called_today(order.district, [row.group for row in rows])
        kept: dict[str, OrderRow] = {}
        for row in sorted(rows, key=lambda row: called[row.group] != row.group):  # whose name still holds comes first
            if called[row.group] in groups:
                kept.setdefault(called[row.group], row)
        parts = _parts(order, rows)
        for row in rows:  # a line whose name holds no more goes on as one of its parts
            if row not in kept.values() and (left := [one for one in parts[row.pk] if one in groups.keys() - kept]):
                kept[left[0]] = row
        came = {one for row in rows for one in parts[row.pk]} & groups.keys() - kept.keys()
        gone, _tables = order.rows.exclude(pk__in=[row.pk for row in kept.values()]).delete()
        changed = sum(_count(row, groups[text]) for text, row in kept.items())
        OrderRow.objects.bulk_create(_row(order, groups[text]) for text in sorted(came))
    return Recount(len(came), changed, gone)


def issue(*, by: User, order: TrainingOrder, seen: int) -> None:
    """Freeze the order as it leaves the district. Raises ``Refused`` where it says nothing or goes to nobody."""
    _check_draws_up(by, order.district)
    with transaction.atomic():
        _take(order, seen)
        now = TrainingOrder.objects.select_related("district", "provider", "replaces").get(pk=order.pk)
        if not addressee(now):
            raise Refused(_("Say to whom the order goes."))
        content = content_of(now)
        if not content["rows"]:
            raise Refused(_("The order has no line that may leave the district."))
        TrainingOrder.objects.filter(pk=order.pk).update(
            content=content, content_hash=digest(content), issued_by=by.person, issued_at=timezone.now()
        )
        audit.note(Event.DOCUMENT_MOVED, by=by, district=order.district, what=_named(now))


def replace(*, by: User, order: TrainingOrder) -> TrainingOrder:
    """A draft to stand instead of an issued order, with its lines. Raises ``Refused`` where there is one already."""
    _check_draws_up(by, order.district)
    if order.issued_at is None:
        raise Refused(_("Only an issued order can be replaced: change the draft itself."))
    if TrainingOrder.objects.filter(replaces=order.pk).exists():
        raise Refused(_("There is an order instead of this one already."))
    with transaction.atomic():
        columns = {"replaces": order, "provider": order.provider, "addressee": order.addressee}
        other = _numbered(by, order.district, order.school_year, **columns)
        OrderRow.objects.bulk_create(
            OrderRow(order=other, **{name: getattr(row, name) for name in COPIED})
            for row in order.rows.select_related("subject")
        )
    return other


def delete_draft(*, by: User, order: TrainingOrder, seen: int) -> None:
    _check_draws_up(by, order.district)
    with transaction.atomic():
        _take(order, seen)
        order.delete()


def _chosen(district: District, year: int, chosen: Collection[str]) -> list[Group]:
    """The groups as an order asks for them; a group of the table brings along all that one line of an order holds."""
    wanted = {ordered_as(text) for text in chosen}
    groups = [group for group in totals_of_orders(district, year) if group.text in wanted]
    if not groups:
        raise Refused(_("Choose at least one line."))
    return groups


def _parts(order: TrainingOrder, rows: list[OrderRow]) -> dict[int, list[str]]:
    """What each way of writing the topic of a line is called today, by the line's key."""
    named = {row.pk: [_named_by(row, key) for key in row.texts] for row in rows}
    called = called_today(order.district, {text for texts in named.values() for text in texts})
    return {row: [called[text] for text in texts] for row, texts in named.items()}


def _named_by(row: OrderRow, key: str) -> str:
    return BETWEEN.join([*row.group.split(BETWEEN, 4)[:4], key])


def _keys(group: Group) -> list[str]:
    return sorted({key_of(text) for text in group.texts})


def _count(row: OrderRow, group: Group) -> bool:
    """Write what the group says by now; whether anything that the order tells is another."""
    now = {"title": group.title, "schools": group.schools, "teachers": group.teachers}
    is_another = any(getattr(row, name) != value for name, value in now.items())
    now |= {"group": group.text, "texts": _keys(group)}
    for name, value in now.items():
        setattr(row, name, value)
    row.save(update_fields=[*now, "title_key"])
    return is_another


def _check_draws_up(user: User, district: District) -> None:
    if not can_draw_up(user, district):
        raise PermissionDenied


def _take(order: TrainingOrder, seen: int) -> None:
    """Let one of two writers through. Call inside the writing transaction."""
    mine = TrainingOrder.objects.filter(pk=order.pk, revision=seen, issued_at=None)
    if not mine.update(revision=F("revision") + 1):
        raise ChangedMeanwhile(_("The order was changed or issued meanwhile. Look at it again."))


def _numbered(by: User, district: District, year: int, **columns: Any) -> TrainingOrder:
    """A draft with the next number of the district's year."""
    last = TrainingOrder.objects.filter(district=district, school_year=year).aggregate(last=Max("number"))["last"]
    try:
        with transaction.atomic():
            return TrainingOrder.objects.create(
                district=district, school_year=year, number=(last or 0) + 1, made_by=by.person, **columns
            )
    except IntegrityError:
        raise ChangedMeanwhile(_("Somebody else drew up an order at the same moment. Do it once more.")) from None


def _row(order: TrainingOrder, group: Group) -> OrderRow:
    return OrderRow(
        order=order,
        group=group.text,
        texts=_keys(group),
        title=group.title,
        subject=group.subject,
        language=group.key.language,
        block=group.agreed.get("block", ""),
        quarter=group.agreed.get("quarter"),
        study_form=group.agreed.get("study_form", ""),
        hours=group.hours,
        schools=group.schools,
        teachers=group.teachers,
    )


def _named(order: TrainingOrder) -> str:
    return _("Order for training No. %(number)s") % {"number": order.number}
