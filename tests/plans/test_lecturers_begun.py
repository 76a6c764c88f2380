"""Which years the plans of departments are begun for, and where one goes when all of them are begun."""

from django.test import Client
from django.urls import reverse

from cpd.dates import school_year, school_year_of, today
from tests.campus import Campus
from tests.plans.departments_told import department_plan


def test_when_all_years_are_begun_the_page_leads_to_their_plans(campus: Campus) -> None:
    this_year = school_year_of(today())
    client = Client()
    client.force_login(campus.head)
    address = reverse("plan_start", args=["department_plan"])
    offered = client.get(address).context["form"].fields["period"].choices
    assert [label for label, _text in offered] == [school_year(year).label for year in (this_year, this_year + 1)]
    plans = [department_plan(campus.head, campus.department, year=year) for year in (this_year, this_year + 1)]
    department_plan(campus.other_head, campus.other_department)
    answer = client.get(address)
    assert not answer.context["form"].can_begin
    assert [plan.pk for plan in answer.context["form"].begun] == [plan.pk for plan in plans]
    for plan in plans:
        assert f'href="{plan.get_absolute_url()}"' in answer.content.decode()
