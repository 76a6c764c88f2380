"""What a record fulfils and the report on it: parts of the record's page that only plans know of."""

from typing import Any

from django import template

from courses.models import TrainingRecord
from plans.lecturers.starting import reportable
from plans.models import CourseReport, Fulfilment
from schools.choices import DocumentKind
from schools.models import Document

register = template.Library()


@register.inclusion_tag("plans/_planned_item.html", takes_context=True)
def planned_item(context: Any, record: TrainingRecord) -> dict[str, Any]:
    links = Fulfilment.objects.visible_to(context["user"]).filter(record=record)
    return {"link": links.select_related("plan__in_force").first(), "is_own": context["is_own"], "record": record}


@register.inclusion_tag("plans/_report_on.html", takes_context=True)
def report_on(context: Any, record: TrainingRecord) -> dict[str, Any]:
    """The report (annex 3) as far as the reader may see it, or the way to begin it; no query where there is none."""
    user = context["user"]
    if DocumentKind.COURSE_REPORT not in user.scope.uses:
        return {}
    visible = Document.objects.visible_to(user).filter(kind=DocumentKind.COURSE_REPORT)
    report = CourseReport.objects.filter(record=record, pk__in=visible.values("pk")).first()
    can_begin = report is None and context["is_own"] and reportable(user).filter(pk=record.pk).exists()
    return {"record": record, "report": report, "can_begin": can_begin, "user": user}
