"""Writes of requests: starting one, its rows, merging topics, handing it in, and giving up a change."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cpd.dates import school_year
from plans.models import CountedNeed, LearningNeed, NeedsRequest, RequestLine, RequestRow, TopicAlias
from plans.needs.topics import merge_topics, unmerge
from plans.requests.content import Content, columns_of, content_of, differences, lacking
from plans.requests.grouping import Differing, leave_out_former_staff, not_in, put_in, regroup
from schools import approval
from schools.approval import ChangedMeanwhile, Refused
from schools.choices import Action, DocumentKind
from schools.models import Decision, Document, Institution, User


def start_request(*, by: User, institution: Institution, year: int) -> NeedsRequest:
    """A draft for one school year that counts every need passed on for it.

    Raises ``Refused`` where it was started already: the database keeps one per school and year.
    """
    period = school_year(year)
    request = NeedsRequest(
        kind=DocumentKind.NEEDS_REQUEST,
        institution=institution,
        author=by.person,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
    )
    if not request.is_written_by(by):
        raise PermissionDenied
    try:
        with transaction.atomic():
            request.save(force_insert=True)
            put_in(request, list(not_in(request).order_by("pk")))
    except IntegrityError:
        raise Refused(_("The request of this school year was started already.")) from None
    return request


def collect_needs(*, request: NeedsRequest, by: User, seen: int, needs: Collection[int] | None = None) -> int:
    """Count needs that are not in the request yet, all of them or those named; how many were added.

    Who no longer works at the school is counted no more.
    """
    with transaction.atomic():
        approval.take_for_editing(request, by=by, seen=seen)
        leave_out_former_staff(request)
        wanted = not_in(request).order_by("pk")
        return put_in(request, list(wanted if needs is None else wanted.filter(pk__in=needs)))


def save_rows(
    *,
    request: NeedsRequest,
    by: User,
    seen: int,
    rows: Mapping[uuid.UUID, Mapping[str, Any]],
    change_note: str | None = None,
) -> int:
    """Write what was typed into some rows; returns the new revision. A change says why it is made."""
    with transaction.atomic():
        revision = approval.take_for_editing(request, by=by, seen=seen)
        if change_note is not None:
            _note_change(request, change_note)
        for uid, columns in rows.items():
            if not request.rows.filter(uid=uid).update(**columns):
                raise ChangedMeanwhile(_("This row was removed meanwhile. What you typed is not saved."))
    return revision


def merge_rows(
    *, request: NeedsRequest, by: User, seen: int, rows: Collection[uuid.UUID], title: str
) -> list[Differing]:
    """Let the topics of the ticked rows mean one topic at this school, called ``title``, now and later.

    Rows of one subject and language become one; no other school's request changes. What they wished differently.
    """
    with transaction.atomic():
        approval.take_for_editing(request, by=by, seen=seen)
        ticked = list(request.rows.filter(uid__in=rows))
        if len(ticked) < len(set(rows)):
            raise ChangedMeanwhile(_("This row was removed meanwhile. What you typed is not saved."))
        if not ticked:
            raise Refused(_("Tick at least one row."))
        merge_topics(by=by, where=request.institution, texts=[row.title for row in ticked], title=title)
        return regroup(request)


def undo_merge(*, request: NeedsRequest, by: User, seen: int, alias: TopicAlias) -> list[Differing]:
    """Let a text stand for itself again, and its needs in a row of their own, or in one that had its name already."""
    with transaction.atomic():
        approval.take_for_editing(request, by=by, seen=seen)
        unmerge(by=by, alias=alias)
        return regroup(request)


def take_out_row(*, request: NeedsRequest, by: User, seen: int, row: uuid.UUID) -> str:
    """Leave a topic out; its needs can be collected again. The topic that was left out."""
    with transaction.atomic():
        approval.take_for_editing(request, by=by, seen=seen)
        found = request.rows.filter(uid=row).first()
        if found is None:
            raise ChangedMeanwhile(_("This row was removed meanwhile. What you typed is not saved."))
        LearningNeed.objects.filter(row=found).update(row=None)
        found.delete()
    return found.title


def take_out_need(*, request: NeedsRequest, by: User, seen: int, need: int) -> None:
    """Leave one teacher's need out; a row that nobody is in any more goes with it."""
    with transaction.atomic():
        approval.take_for_editing(request, by=by, seen=seen)
        row = RequestRow.objects.filter(request=request, needs=need).first()
        if row is None:
            raise Refused(_("This need is not in the request any more."))
        LearningNeed.objects.filter(pk=need, row=row).update(row=None)
        if not row.needs.live().exists():
            row.delete()


def submit_request(*, request: NeedsRequest, by: User, seen: int, change_note: str | None = None) -> Decision:
    """Hand the request in: freeze it as a version, and write its lines as totals are summed over them.

    The director signs it next; who directs the school has signed it by this.
    """
    if not request.is_written_by(by):
        raise PermissionDenied
    with transaction.atomic():
        if change_note is not None:
            _note_change(request, change_note)
        content = content_of(request)
        if request.is_editable and lacking(content):
            raise Refused(_("The request counts no needs yet."))
        if request.is_editable and request.in_force and not differences(request.in_force.content, content):
            raise Refused(_("Nothing differs from the version in force."))
        decision = approval.perform(request, Action.SUBMIT, by=by, seen=seen, content=content)
        _write_lines(request, decision)
    return decision


def discard_change(*, request: NeedsRequest, by: User, seen: int) -> Decision:
    """Give up a change: the rows become those of the version in force again."""
    with transaction.atomic():
        decision = approval.perform(request, Action.DISCARD, by=by, seen=seen)
        content = decision.version.content
        Document.objects.filter(pk=request.pk).update(change_note=content["change_note"])
        _restore(request, content)
    return decision


def _note_change(request: NeedsRequest, text: str) -> None:
    """Why a request that was received is changed; a first one has nothing to explain."""
    if request.in_force_id:
        request.change_note = text.strip()[: Document._meta.get_field("change_note").max_length]
        Document.objects.filter(pk=request.pk).update(change_note=request.change_note)


def _write_lines(request: NeedsRequest, decision: Decision) -> None:
    """What the version counts, as totals are made of it."""
    signed = decision.version.content["lines"]
    lines = [
        RequestLine(
            version=decision.version,
            institution=request.institution,
            school_year=request.school_year,
            teachers=line["teachers"],
            **columns_of(line),
        )
        for line in signed
    ]
    RequestLine.objects.bulk_create(lines)
    CountedNeed.objects.bulk_create(
        CountedNeed(line=line, need_id=need)
        for line, told in zip(lines, signed, strict=True)
        for need in told["needs"]
    )


def _restore(request: NeedsRequest, content: Content) -> None:
    """Make the rows those of a version. A need taken back since is counted no more."""
    request.rows.all().delete()
    rows = [RequestRow(request=request, note=line["note"], **columns_of(line)) for line in content["lines"]]
    RequestRow.objects.bulk_create(rows)
    of_need = {key: row for row, line in zip(rows, content["lines"], strict=True) for key in line["needs"]}
    needs = list(LearningNeed.objects.passed_on().filter(pk__in=of_need).order_by("pk").select_for_update())
    for need in needs:
        need.row = of_need[need.pk]
    LearningNeed.objects.bulk_update(needs, ["row"])
