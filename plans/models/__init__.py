"""What is intended: plans, self-assessments and needs, requests and orders, the school's own papers."""

from plans.models.needs import (
    AssessmentAnswer,
    LearningNeed,
    OfferingTopic,
    SelfAssessment,
    Topic,
    TopicAlias,
)
from plans.models.papers import SchoolPaper
from plans.models.plans import AnnualPlan, AnnualPlanItem, Fulfilment, IndividualPlan, PlanItem
from plans.models.requests import CountedNeed, NeedsRequest, OrderRow, RequestLine, RequestRow, TrainingOrder
from plans.models.standard import Competence, CompetenceGroup, ProfessionalStandard, ScaleLevel, StandardUnit

__all__ = [
    "AnnualPlan",
    "AnnualPlanItem",
    "AssessmentAnswer",
    "Competence",
    "CompetenceGroup",
    "CountedNeed",
    "Fulfilment",
    "IndividualPlan",
    "LearningNeed",
    "NeedsRequest",
    "OfferingTopic",
    "OrderRow",
    "PlanItem",
    "ProfessionalStandard",
    "RequestLine",
    "RequestRow",
    "ScaleLevel",
    "SchoolPaper",
    "SelfAssessment",
    "StandardUnit",
    "Topic",
    "TopicAlias",
    "TrainingOrder",
]
