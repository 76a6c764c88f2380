"""What is intended: plans, self-assessments and needs, requests and orders, mentoring, portfolios, papers."""

from plans.models.induction import InductionItem, InductionMark, InductionPlan
from plans.models.mentoring import LessonSheet, Question, QuestionSet, SheetAnswer
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
from plans.models.portfolio import PortfolioEntry
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
    "InductionItem",
    "InductionMark",
    "InductionPlan",
    "LearningNeed",
    "LessonSheet",
    "NeedsRequest",
    "OfferingTopic",
    "OrderRow",
    "PlanItem",
    "PortfolioEntry",
    "ProfessionalStandard",
    "Question",
    "QuestionSet",
    "RequestLine",
    "RequestRow",
    "ScaleLevel",
    "SchoolPaper",
    "SelfAssessment",
    "SheetAnswer",
    "StandardUnit",
    "Topic",
    "TopicAlias",
    "TrainingOrder",
]
