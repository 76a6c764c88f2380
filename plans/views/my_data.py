"""My data: what the site holds about me, who can see it, what I agreed to, and all of it to take along."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cpd.dates import today
from cpd.once import acts_once
from plans.dossier import dossier
from plans.readers import readers_of
from schools.audit import note
from schools.choices import Event
from schools.http import Request
from schools.models import AuditEntry, Consent, ConsentText, RetentionPeriod

LOOKS_SHOWN = 10


@require_safe
def my_data(request: Request) -> HttpResponse:
    """One page of answers: who sees, who looked, how long, under which text."""
    person = request.user.person
    text = _text_in_force()
    entries = AuditEntry.objects.visible_to(request.user)
    looks = entries.filter(entries.of(request.user)).exclude(by=person).select_related("by", "subject")
    context = {
        "readers": readers_of(person),
        "looks": looks.exclude(by=None)[:LOOKS_SHOWN],
        "text": text,
        "consent": Consent.objects.filter(person=person, text=text).first() if text else None,
        "periods": RetentionPeriod.objects.order_by("kept"),
    }
    return render(request, "plans/my_data.html", context)


@require_POST
def my_data_file(request: Request) -> FileResponse:
    """All of it in one archive. Asked for twice it is made twice: nothing of it is stored."""
    person = request.user.person
    opened = dossier(person)
    note(Event.TOOK_OWN_DATA, by=request.user, subject=person)
    return FileResponse(
        opened,
        as_attachment=True,
        filename=f"{request.user.username} {today()}.zip",
        content_type="application/zip",
    )


@require_POST
@acts_once
def consent(request: Request, pk: int) -> HttpResponse:
    """Agree to the text as it was shown; who agreed once needs no second time."""
    text = get_object_or_404(ConsentText, pk=pk)
    if text != _text_in_force():
        messages.info(request, _("The text has changed meanwhile. Please read it again."))
        return redirect("my_data")
    with transaction.atomic():
        _consent, is_new = Consent.objects.get_or_create(person=request.user.person, text=text)
        if is_new:
            note(Event.CONSENTED, by=request.user, subject=request.user.person, what=str(text))
    messages.success(request, _("Thank you. You can read the text here at any time."))
    return redirect("my_data")


def _text_in_force() -> ConsentText | None:
    return ConsentText.objects.filter(valid_from__lte=today()).order_by("-valid_from").first()
