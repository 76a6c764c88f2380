"""What is learnt: norms, the registers of providers and programmes, records of attendance and their files."""

from courses.models.files import CertificateFile
from courses.models.norms import HoursPolicy, LegalAct, Norm, PlanNorm
from courses.models.records import ConfirmedPair, RecordDecision, TrainingRecord
from courses.models.registers import Alias, Kept, Programme, ProgrammeAlias, Provider, ProviderAlias, ProviderRight

__all__ = [
    "Alias",
    "CertificateFile",
    "ConfirmedPair",
    "HoursPolicy",
    "Kept",
    "LegalAct",
    "Norm",
    "PlanNorm",
    "Programme",
    "ProgrammeAlias",
    "Provider",
    "ProviderAlias",
    "ProviderRight",
    "RecordDecision",
    "TrainingRecord",
]
