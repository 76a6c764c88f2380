"""The planned item that a record fulfils: a part of the record's page that only plans know of."""

from typing import Any

from django import template

from courses.models import TrainingRecord
from plans.models import Fulfilment

register = template.Library()


@register.inclusion_tag("plans/_planned_item.html", takes_context=True)
def planned_item(context: Any, record: TrainingRecord) -> dict[str, Any]:
    links = Fulfilment.objects.visible_to(context["user"]).filter(record=record)
    return {"link": links.select_related("plan__in_force").first(), "is_own": context["is_own"], "record": record}
