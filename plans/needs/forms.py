"""What people type of learning needs."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.choices import StudyForm
from courses.models import Offering
from cpd.dates import school_year, school_year_label, school_year_of, today
from cpd.forms import SeveralField
from plans.choices import NeedOrigin, NeedStage, Quarter
from plans.models import LearningNeed, Topic
from plans.needs.actions import wished_of
from schools.models import Employment, Institution, Subject, User

SUGGESTED = 60  # titles sent along with the form: the page must stay light
SAID_BY_TEACHERS = (NeedOrigin.OWN_WISH, NeedOrigin.ATTESTATION)  # a self-assessment tells its needs by itself
SAID_BY_SCHOOLS = (NeedOrigin.SCHOOL_PROGRAMME, NeedOrigin.ATTESTATION)
WISHES = ("study_form", "quarter", "note")


def years_open() -> list[tuple[int, str]]:
    """The school years needs are told for: this one and the next."""
    return [(year, school_year_label(year)) for year in (this_year(), this_year() + 1)]


def this_year() -> int:
    return school_year_of(today())


def suggested_topics(places: Collection[Institution]) -> list[str]:
    """Titles that count together with others: topics merged there, and courses offered there from this year on."""
    districts = {place.district_id for place in places}
    topics = Topic.objects.filter(institution__in=places) | Topic.objects.filter(district__in=districts)
    first_day = school_year(this_year()).starts_on
    offered = Offering.objects.live().filter(district__in=districts, starts_on__gte=first_day).order_by("title")
    titles = [*topics.values_list("title_ky", flat=True)[:SUGGESTED], *offered.values_list("title", flat=True)]
    return list(dict.fromkeys(titles))[:SUGGESTED]


class WishForm(forms.ModelForm):
    """What every form of needs asks: the topic, and in which form and when the course is wished."""

    study_form = forms.ChoiceField(
        label=_("Wished study form"), required=False, choices=[("", "—"), *StudyForm.choices]
    )
    quarter = forms.TypedChoiceField(
        label=_("Wished term"), coerce=int, empty_value=None, required=False, choices=[("", "—"), *Quarter.choices]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        title: Any = self.fields["title"]
        title.widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        title.widget.attrs["list"] = "topics"

    def validate_constraints(self) -> None:
        """The action says it, in the words of the page."""


class NeedForm(WishForm):
    """A need of one's own. What the job says already is chosen; nothing but the topic has to be typed."""

    employment = forms.ModelChoiceField(Employment.objects.none(), label=_("Place of work"), empty_label=None)
    origin = forms.ChoiceField(
        label=_("Where the need was found"),
        choices=[(origin.value, origin.label) for origin in SAID_BY_TEACHERS],
        widget=forms.RadioSelect,
        initial=NeedOrigin.OWN_WISH,
    )
    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int, choices=years_open, initial=this_year)
    is_passed_on = forms.BooleanField(
        label=_("Pass it on to the school at once"),
        required=False,
        initial=True,
        help_text=_("Until then you alone see it."),
    )

    class Meta:
        model = LearningNeed
        fields = ["title", "employment", "origin", "school_year", "subject", "language", *WISHES]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        jobs = Employment.objects.on(today()).filter(person=user.person_id)
        self.jobs = list(jobs.select_related("institution").prefetch_related("subjects").order_by("-is_main", "pk"))
        fields: dict[str, Any] = self.fields
        fields["employment"].queryset = jobs.select_related("institution", "person")
        fields["employment"].label_from_instance = lambda job: job.institution.title
        fields["subject"].queryset = Subject.objects.filter(employment__in=self.jobs).distinct()
        fields["subject"].empty_label = _("for all subjects")
        if len(self.jobs) == 1:
            fields["employment"].widget = forms.HiddenInput()
        if self.jobs:
            subject, language = wished_of(self.jobs[0])
            self.initial = {"employment": self.jobs[0], "subject": subject, "language": language, **self.initial}
        self.suggestions = suggested_topics([job.institution for job in self.jobs])

    def columns(self) -> dict[str, Any]:
        """What is written of the need."""
        return {name: value for name, value in self.cleaned_data.items() if name != "is_passed_on"}


class ChangeNeedForm(WishForm):
    """What may be said anew of a need; where a competence names the topic, the topic stays."""

    class Meta:
        model = LearningNeed
        fields = ["title", "subject", "language", *WISHES]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        job = self.instance.employment
        fields: dict[str, Any] = self.fields
        known = Subject.objects.filter(Q(employment=job) | Q(pk=self.instance.subject_id))
        fields["subject"].queryset = known.distinct()
        fields["subject"].empty_label = _("for all subjects")
        if self.instance.competence_id:
            del fields["title"]
        self.suggestions = suggested_topics([job.institution])


class SchoolNeedForm(WishForm):
    """One topic that the school's programme or attestation asks of several teachers."""

    origin = forms.ChoiceField(
        label=_("Where the need was found"),
        choices=[(origin.value, origin.label) for origin in SAID_BY_SCHOOLS],
        widget=forms.RadioSelect,
        initial=NeedOrigin.SCHOOL_PROGRAMME,
    )
    school_year = forms.TypedChoiceField(label=_("School year"), coerce=int, choices=years_open, initial=this_year)
    is_for_all_subjects = forms.BooleanField(
        label=_("One course for teachers of all subjects"),
        required=False,
        help_text=_("Without the mark the topic is counted for each teacher's own subject."),
    )
    teachers = SeveralField(Employment.objects.none(), label=_("Teachers"), widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = LearningNeed
        fields = ["title", "origin", "school_year", *WISHES]

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        jobs = Employment.objects.on(today()).teaching().filter(institution=institution)
        fields["teachers"].queryset = jobs.select_related("person", "association").prefetch_related("subjects")
        fields["teachers"].label_from_instance = _name_and_association
        fields["teachers"].error_messages["required"] = _("Tick at least one teacher.")
        # Where subjects are known, the topic is counted by them; who wants it otherwise says so.
        self.initial["is_for_all_subjects"] = not jobs.filter(subjects__isnull=False).exists()
        self.suggestions = suggested_topics([institution])

    def columns(self) -> dict[str, Any]:
        """What is written of each teacher's need."""
        own = ("teachers", "is_for_all_subjects")
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


def _name_and_association(job: Employment) -> str:
    return f"{job.person.full_name} · {job.association}" if job.association else job.person.full_name


class SchoolNeedsFilter(forms.Form):
    """What of a school's needs is shown."""

    year = forms.TypedChoiceField(label=_("School year"), coerce=int, required=False)
    name = forms.CharField(label=_("Name of the teacher"), required=False)
    origin = forms.ChoiceField(
        label=_("Where the need was found"), choices=[("", _("all")), *NeedOrigin.choices], required=False
    )
    stage = forms.ChoiceField(
        label=_("How far it has come"),
        choices=[("", _("all")), *((stage.value, stage.label) for stage in NeedStage if stage != NeedStage.PRIVATE)],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["year"].choices = [
            (year, school_year_label(year)) for year in (this_year() + 1, this_year(), this_year() - 1)
        ]
        self.initial["year"] = this_year()

    def asked(self, name: str) -> Any:
        """What was chosen; what cannot be read is as nothing."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name)

    @property
    def year_shown(self) -> int:
        year: int = self.asked("year") or self.initial["year"]
        return year

    def narrowed(self, needs: QuerySet[LearningNeed]) -> QuerySet[LearningNeed]:
        """Those of the year, the origin and the name asked for; the stage is known later."""
        found = needs.filter(school_year=self.year_shown)
        if origin := self.asked("origin"):
            found = found.filter(origin=origin)
        return found


class TopicsForm(forms.Form):
    """Which topics a course answers: those the schools asked for, and one in the district's own words."""

    topics = forms.MultipleChoiceField(
        label=_("Topics of the schools' requests"), widget=forms.CheckboxSelectMultiple, required=False
    )
    other = forms.CharField(label=_("Another topic"), max_length=200, required=False)

    def __init__(self, *args: Any, proposed: Collection[str], chosen: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["topics"].choices = [(title, title) for title in dict.fromkeys([*chosen, *proposed])]
        self.initial["topics"] = list(chosen)

    def titles(self) -> list[str]:
        """Everything that was named, each once."""
        other = self.cleaned_data["other"].strip()
        return list(dict.fromkeys([*self.cleaned_data["topics"], *([other] if other else [])]))
