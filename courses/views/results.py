"""The results of one's own course: added and taken out. The page of the record shows them."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from courses.files import attached, gone, keeps_file_first
from courses.models import CertificateFile, RecordAttachment, TrainingRecord
from courses.results import add_result, can_add_results, remove_result, takes_results
from courses.results_forms import ResultForm
from courses.scans import LIMITS
from courses.sharing.forms import FAULTS
from cpd import held
from cpd.once import acts_once
from schools.approval import Refused
from schools.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def result_new(request: Request, pk: int) -> HttpResponse:
    """Add a result to one's own course."""
    record = _own(request, pk)
    if request.method == "POST":
        return _save(request, record)
    typed = held.typed(request)
    file = attached(typed.get("kept", ""), None, by=request.user) if typed else None
    return _page(request, record, ResultForm(typed, attached=file))


@require_POST
@acts_once
def result_remove(request: Request, pk: int, uid: str) -> HttpResponse:
    """Take a result of one's own course out again."""
    record = _own(request, pk)
    result = RecordAttachment.objects.visible_to(request.user).filter(record=record, uid=uid).first()
    if result is None:
        messages.info(request, _("It was taken out meanwhile."))
        return redirect(record)
    remove_result(by=request.user, result=result)
    messages.success(request, _("The result was taken out."))
    return redirect(record)


@partial(keeps_file_first, words=FAULTS)
@acts_once
def _save(request: Request, record: TrainingRecord, *, kept: CertificateFile | None, fault: str) -> HttpResponse:
    """The file is kept whatever becomes of the form; a form that comes back names it, so it is not sent twice."""
    named = request.POST.get("kept", "")
    file = kept or attached(named, None, by=request.user)
    form = ResultForm(request.POST, attached=file, fault=fault or gone(named, kept, file))
    if not form.is_valid():
        messages.error(request, _("Correct the errors below."))
        return _page(request, record, form, status=422)
    try:
        add_result(by=request.user, record=record, file=file, **_columns(form))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _page(request, record, form, status=422)
    messages.success(request, _("Saved."))
    return redirect(record)


def _columns(form: ResultForm) -> dict[str, str]:
    return {name: form.cleaned_data[name] for name in ("kind", "title")}


def _page(request: Request, record: TrainingRecord, form: ResultForm, *, status: int = 200) -> HttpResponse:
    context = {"record": record, "form": form, "limits": LIMITS}
    return render(request, "courses/result_new.html", context, status=status)


def _own(request: Request, pk: int) -> TrainingRecord:
    """One's own record; where courses are not reported on, it has no such page."""
    visible = TrainingRecord.objects.visible_to(request.user).select_related("person", "institution")
    record = get_object_or_404(visible, pk=pk)
    if not takes_results(record):
        raise Http404
    if not can_add_results(request.user, record):
        raise PermissionDenied
    return record
