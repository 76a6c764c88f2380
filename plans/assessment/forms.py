"""Forms of the self-assessment: one answer, and which needs to pass on."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingRecord
from plans.assessment.passing import Passable
from plans.assessment.sheet import Question
from plans.models import AssessmentAnswer, ScaleLevel
from schools.models import Employment, Subject, User

YES, NO = "yes", "no"
RADIO = {"class": "form-check-input"}
SELECT = {"class": "form-select"}


class AnswerForm(forms.Form):
    """What is said of one competence. A part that was not sent, as radio buttons nobody touched, stays as it is."""

    level = forms.TypedChoiceField(
        label=_("Self-assessment"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect(attrs=RADIO),
    )
    has_need = forms.TypedChoiceField(
        label=_("Is there a learning need?"),
        required=False,
        choices=[(YES, _("Yes")), (NO, _("No"))],
        coerce=lambda value: value == YES,
        empty_value=None,
        widget=forms.RadioSelect(attrs=RADIO),
    )
    evidence = forms.TypedChoiceField(
        label=_("Evidence from my portfolio"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs=SELECT),
    )
    note = forms.CharField(
        label=_("In one sentence"),
        required=False,
        max_length=AssessmentAnswer._meta.get_field("note").max_length,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        question: Question,
        levels: Iterable[ScaleLevel],
        records: Sequence[tuple[int, str]],
        is_one_of_many: bool = False,
    ) -> None:
        """``is_one_of_many`` where all questions stand in one form: then each field's name begins with the code."""
        answer = question.answer
        initial: dict[str, Any] = {}
        if answer:
            has_need = None if answer.has_need is None else YES if answer.has_need else NO
            initial = {"level": answer.level, "has_need": has_need}
            initial |= {"evidence": answer.evidence_id, "note": answer.note}
        # A field's id is the same in both: «A2.1-level».
        names: dict[str, Any] = {"auto_id": f"{question.code}-%s"}
        if is_one_of_many:
            names = {"prefix": question.code, "auto_id": "%s"}
        super().__init__(data, initial=initial, **names)
        fields: dict[str, Any] = self.fields
        fields["level"].choices = [(level.value, f"{level.value}. {level.title}") for level in levels]
        fields["evidence"].choices = [("", "—"), *records]

    @property
    def columns(self) -> dict[str, Any]:
        """The columns to write: those of the parts that were sent."""
        return self._columns([name for name in self.cleaned_data if self.add_prefix(name) in self.data])

    @property
    def changed_columns(self) -> dict[str, Any]:
        """Of those the ones that say something else than before."""
        return self._columns([name for name in self.changed_data if self.add_prefix(name) in self.data])

    def _columns(self, names: Iterable[str]) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in names}
        if "evidence" in given:
            given["evidence_id"] = given.pop("evidence")
        return given


def records_to_choose(user: User) -> list[tuple[int, str]]:
    """The teacher's own portfolio, the newest first."""
    records = TrainingRecord.objects.filter(person=user.person_id).order_by("-pk")
    return [(pk, f"{title} ({date})") for pk, title, date in records.values_list("pk", "title", "date_text")]


class PassOnForm(forms.Form):
    """Which needs the school shall know of; what else it has to know is asked only where the job does not tell."""

    needs = forms.MultipleChoiceField(required=False)
    employment = forms.TypedChoiceField(label=_("To which school?"), coerce=int, widget=forms.Select(attrs=SELECT))
    subject = forms.TypedChoiceField(
        label=_("Subject"), required=False, coerce=int, empty_value=None, widget=forms.Select(attrs=SELECT)
    )
    notes = forms.MultipleChoiceField(required=False)  # whose sentences go along

    def __init__(self, data: Any = None, *, passables: Iterable[Passable], jobs: Sequence[Employment]) -> None:
        passables = list(passables)
        own = [one for one in passables if not one.is_fixed]
        initial = {
            "needs": [one.question.code for one in own if one.need],
            "notes": [one.question.code for one in own if one.is_read],
        }
        super().__init__(data, initial=initial)
        subjects = {subject.pk: subject for job in jobs for subject in job.subjects.all()}
        self.jobs = {job.pk: job for job in jobs}
        self.subjects = subjects
        fields: dict[str, Any] = self.fields
        fields["needs"].choices = [(one.question.code, one.question.code) for one in passables]
        fields["notes"].choices = [(one.question.code, one.question.code) for one in passables if one.sentence]
        fields["employment"].choices = [(job.pk, job.institution.title) for job in jobs]
        fields["subject"].choices = [("", "—"), *((pk, subject.title) for pk, subject in subjects.items())]
        if len(jobs) < 2:
            del self.fields["employment"]
        if len(subjects) < 2:
            del self.fields["subject"]

    def clean_notes(self) -> list[str]:
        noted: list[str] = self.cleaned_data["notes"]
        if set(noted) - set(self.cleaned_data.get("needs", noted)):
            raise forms.ValidationError(_("Tick the need too: its sentence goes along only with it."))
        return noted

    @property
    def chosen_job(self) -> Employment:
        """The one chosen, else the main one."""
        chosen = self.cleaned_data.get("employment")
        return self.jobs[chosen] if chosen else next(iter(self.jobs.values()))

    @property
    def chosen_subject(self) -> Subject | None:
        chosen = self.cleaned_data.get("subject")
        return self.subjects[chosen] if chosen else None
