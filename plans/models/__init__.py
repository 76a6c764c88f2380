"""What is intended: plans, self-assessments and needs, requests and orders, mentoring, portfolios, papers."""

from plans.models.induction import InductionItem, InductionMark, InductionPlan
from plans.models.lecturers import (
    Application,
    CourseReport,
    DepartmentItem,
    DepartmentPlan,
    InternshipInformation,
    InternshipItem,
    InternshipPlan,
    InternshipProgramme,
    PerspectiveItem,
    PerspectivePlan,
    Replacement,
)
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
    "Application",
    "AssessmentAnswer",
    "Competence",
    "CompetenceGroup",
    "CountedNeed",
    "CourseReport",
    "DepartmentItem",
    "DepartmentPlan",
    "Fulfilment",
    "IndividualPlan",
    "InductionItem",
    "InductionMark",
    "InductionPlan",
    "InternshipInformation",
    "InternshipItem",
    "InternshipPlan",
    "InternshipProgramme",
    "LearningNeed",
    "LessonSheet",
    "NeedsRequest",
    "OfferingTopic",
    "OrderRow",
    "PerspectiveItem",
    "PerspectivePlan",
    "PlanItem",
    "PortfolioEntry",
    "ProfessionalStandard",
    "Question",
    "QuestionSet",
    "Replacement",
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
