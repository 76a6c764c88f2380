"""What people type about the units of an institution."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cpd.dates import today
from cpd.text import kyrgyz_order
from schools.choices import Role
from schools.kinds import WAYS
from schools.models import Employment, MethodicalAssociation, RoleAssignment


class UnitForm(forms.ModelForm):
    """An association, a department or a faculty; for a department of what is kept in faculties, of which one."""

    class Meta:
        model = MethodicalAssociation
        fields = ["title_ky", "title_ru", "part_of"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("title_ky", "title_ru"):
            fields[name].widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word
        unit = self.instance
        if not WAYS[unit.institution.kind].has_faculties or (unit.pk and unit.parts.exists()):
            del fields["part_of"]  # a faculty is part of nothing
            return
        others = MethodicalAssociation.objects.filter(institution=unit.institution, part_of=None).exclude(pk=unit.pk)
        fields["part_of"].queryset = others.order_by(kyrgyz_order("title_ky"))
        fields["part_of"].empty_label = _("none")
        fields["part_of"].help_text = _("Empty for a faculty, and for a department that belongs to none.")

    def clean_title_ky(self) -> str:
        title: str = self.cleaned_data["title_ky"]
        same = MethodicalAssociation.objects.filter(institution=self.instance.institution, title_ky=title)
        if same.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This institution already has an association with this title."))
        return title

    def clean_part_of(self) -> MethodicalAssociation | None:
        """A faculty consists of departments: it has neither people nor a head of its own, and a department no dean."""
        faculty: MethodicalAssociation | None = self.cleaned_data["part_of"]
        if faculty is None:
            return None
        held = RoleAssignment.objects.exclude(ends_on__lt=today())
        jobs = Employment.objects.exclude(ends_on__lt=today())
        if (
            jobs.filter(association=faculty).exists()
            or held.filter(association=faculty, role=Role.ASSOCIATION_HEAD).exists()
        ):
            raise ValidationError(
                _("“%(unit)s” has people or a head of its own, so it is a department and not a faculty."),
                params={"unit": faculty},
            )
        if self.instance.pk and held.filter(association=self.instance.pk, role=Role.DEAN).exists():
            raise ValidationError(_("A dean leads this unit, so it is a faculty. End that role first."))
        return faculty
