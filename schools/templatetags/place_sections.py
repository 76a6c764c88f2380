"""The pages of one institution or district, as a row of tabs: each reader gets those they may open.

What such a page tells of an institution, it tells in the words of its kind, whoever reads it.
"""

from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cpd.wording import speaking
from schools.access import can_import, can_keep_accounts, can_keep_staff, can_keep_units, roles_to_give
from schools.choices import DocumentKind
from schools.kinds import WAYS
from schools.models import District, Institution, User
from schools.wording import words_of

register = template.Library()


@register.inclusion_tag("schools/_sections.html", takes_context=True)
def sections(context: dict[str, Any], place: Institution | District, current: str) -> dict[str, Any]:
    """``current`` is the name of the page's address. One tab alone is no choice, and is not shown."""
    user = context["request"].user
    pages = _of_district(user, place) if isinstance(place, District) else _of_institution(user, place)
    tabs = [(title, reverse(name, args=[place.pk]), name == current) for name, title in pages]
    if isinstance(place, Institution) and place.pk in user.scope.led:
        address = f"{reverse('journal')}?institution={place.pk}"
        tabs.append((pgettext("journal", "Journal"), address, current == "journal"))
    return {"tabs": tabs}


def _of_institution(user: User, place: Institution) -> list[tuple[str, str]]:
    pages = [("institution", _("Plans")), ("staff_hours", pgettext("heading", "Hours"))]
    ways = WAYS[place.kind]
    if ways.assesses_needs and place.district_id not in user.scope.districts and not user.scope.is_country_wide:
        pages.append(("school_needs", _("Learning needs")))  # by name nobody reads them outside the school
    if ways.keeps_register and place.pk in user.scope.served:
        pages.append(("document_register", _("Register of handed-in documents")))
    if ways.uses(DocumentKind.INTERNSHIP_INFORMATION) and place.pk in user.scope.served:
        pages.append(("internships", _("Internships")))
    if can_keep_staff(user, place):
        pages.append(("school_staff", _("Staff")))
    if ways.guides_newcomers and place.pk in user.scope.kept:
        pages.append(("mentors", pgettext("section", "Mentors")))
    if can_keep_units(user, place):
        pages.append(("school_units", pgettext("section", "Methodical associations")))
    if can_keep_accounts(user, place):
        pages.append(("school_accounts", _("Accounts")))
    if roles_to_give(user, place) or place.pk in user.scope.served:
        pages.append(("school_roles", _("Roles")))
    if can_import(user, place):
        pages.append(("school_import", _("Import from Excel")))
    return pages


def _of_district(user: User, place: District) -> list[tuple[str, str]]:
    pages = [("district_hours", pgettext("heading", "Hours"))]
    if place.pk in user.scope.districts or user.scope.is_institute_viewer:
        pages.append(("district_schedules", _("Course schedules")))
    if place.pk in user.scope.districts:  # the institute reads the country's table, in which small groups are hidden
        pages.append(("district_requests", _("Requests on learning needs")))
        pages.append(("district_needs", _("Learning needs")))
        pages.append(("training_orders", _("Orders for training")))
    if place.pk in user.scope.districts or user.scope.is_administrator:
        pages += [
            ("district_accounts", _("Accounts")),
            ("district_roles", _("Roles")),
            ("district_import", _("Import from Excel")),
        ]
    return pages


class InWordsOf(template.Node):
    """What stands between the two tags, in the words of an institution; the menu around it keeps the reader's."""

    def __init__(self, institution: FilterExpression, nodelist: NodeList) -> None:
        self.institution = institution
        self.nodelist = nodelist

    def render(self, context: template.Context) -> str:
        with speaking(words_of(self.institution.resolve(context))):
            return self.nodelist.render(context)


@register.tag
def wording(parser: Parser, token: Token) -> InWordsOf:
    """``{% wording institution %} … {% endwording %}``"""
    _name, institution = token.split_contents()
    nodelist = parser.parse(("endwording",))
    parser.delete_first_token()
    return InWordsOf(parser.compile_filter(institution), nodelist)
