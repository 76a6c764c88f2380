"""Codes of the standard as people read them."""

from django import template

from plans.standard.codes import paper_code

register = template.Library()
register.filter("paper_code", paper_code)
