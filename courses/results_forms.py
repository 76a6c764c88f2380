"""What people type about a result of a course."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.forms import TAKEN
from courses.models import CertificateFile, RecordAttachment


class ResultForm(forms.ModelForm):
    """One result. ``attached`` is the file that will be saved with it, ``fault`` says why one was not taken."""

    file = forms.Field(label=_("Photo or scan"), required=False, widget=forms.FileInput(attrs={"accept": TAKEN}))

    class Meta:
        model = RecordAttachment
        fields = ["kind", "title"]

    def __init__(self, *args: Any, attached: CertificateFile | None = None, fault: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attached, self.fault = attached, fault
        self.fields["title"].widget.attrs.pop("maxlength", None)  # a browser would cut a pasted text without a word

    def clean_file(self) -> None:
        """The file itself was taken in before the form: see ``courses.files``."""
        if self.fault:
            raise forms.ValidationError(self.fault)
