"""What people type of a mentorship: the order of the director, as it was written or as it should have been."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.young import young_in
from cpd.dates import today
from cpd.forms import PaperNumberField
from plans.mentors.words import away_told
from schools.mentoring import Terms, standing
from schools.models import Employment, Institution, Leave, Mentorship, Person
from schools.staff_forms import TEXT, DayField


class OrderForm(forms.Form):
    """The days of the mentorship, and the order by which it is; what it cannot be, ``schools.mentoring`` says."""

    order_number = PaperNumberField(label=_("Order number"), max_length=30, widget=TEXT)
    ordered_on = DayField(label=_("Date of the order"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"), required=False, help_text=_("Empty while it is not known."))

    @property
    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in OrderForm.base_fields})


class MentorForm(OrderForm):
    """A mentor for one of the young specialists of the school; who is one themselves is no mentor.

    Who is on long leave may be chosen all the same: an order may be given for the day of their return.
    """

    mentee: Any = forms.ModelChoiceField(Person.objects.none(), label=_("Young specialist"), empty_label=_("Choose"))
    mentor: Any = forms.ModelChoiceField(Person.objects.none(), label=_("Mentor"), empty_label=_("Choose"))

    field_order = ["mentee", "mentor"]

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        young = set(young_in(institution, today()).values_list("person", flat=True))
        jobs = Employment.objects.on(today()).teaching().filter(institution=institution)
        people = {job.person_id: job.person.full_name for job in jobs.select_related("person")}
        leaves = Leave.objects.on(today()).filter(employment__in=jobs).select_related("employment")
        for leave in leaves:
            people[leave.employment.person_id] += f" ({away_told(leave.ends_on)})"
        self._offer("mentee", {pk: name for pk, name in people.items() if pk in young})
        self._offer("mentor", {pk: name for pk, name in people.items() if pk not in young})

    def _offer(self, name: str, people: dict[int, str]) -> None:
        field: Any = self.fields[name]
        field.queryset = Person.objects.filter(pk__in=people)
        field.choices = [("", field.empty_label), *people.items()]


class ChangeForm(OrderForm):
    """The same as it stands; ``seen`` brings back what stood on the screen."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, mentorship: Mentorship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(mentorship, name) for name in OrderForm.base_fields}
        self.initial["seen"] = standing(mentorship)

    def look_again(self, mentorship: Mentorship) -> None:
        """What was typed stays; sent again it is put in place of what stands now."""
        self.data = {**{name: self[name].data for name in self.fields}, "seen": standing(mentorship)}


class LastDayForm(forms.Form):
    ends_on = DayField(label=_("Last day"))
