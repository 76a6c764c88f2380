"""How each kind of institution does this work: its papers, its roles, its words.

Nothing else in the code asks which kind an institution is. Norms, routes and printed forms are rows of the database
(``HoursPolicy``, ``ApprovalRoute``, ``PrintedForm``); what the menus offer and how things are called stands here.
"""

from dataclasses import dataclass

from schools.choices import OF_A_PERIOD, SCHEDULES, WORK_OF_KIND, DocumentKind, InstitutionKind, Role, Work


@dataclass(frozen=True)
class Ways:
    """One kind of institution. ``words`` names the catalogue that calls things as they are called there."""

    documents: frozenset[DocumentKind]
    roles: tuple[Role, ...]
    words: str = ""  # see ``cpd.wording``; empty: the words of schools
    answers_to_district: bool = False  # sends it schedules and requests, and its officer decides where nobody else can
    assesses_needs: bool = False  # self-assessment by the teacher's standard, and needs that are passed on
    guides_newcomers: bool = False  # mentors and young specialists (national regulation 4.4)
    keeps_register: bool = False  # who handed in which certificate, form F28
    has_faculties: bool = False  # departments are parts of faculties
    has_degrees: bool = False  # forms have a column for the academic degree
    plan_columns: tuple[str, ...] = ()  # of each school year in a perspective plan: codes of ``PlanColumn``
    plans_as_a_whole: bool = False  # one perspective plan for all of it, made by who leads it
    names_funding: bool = False  # plans and applications say who pays
    agrees_with_host: bool = False  # an internship's plan is agreed with the host organisation (004 VI 6.3)
    names_activities: bool = False  # an internship's plan says of each work of which direction it is (004 VI 6.3)

    def uses(self, kind: str) -> bool:
        return kind in self.documents

    @property
    def works(self) -> frozenset[Work]:
        """The parts of a leader's work that there are: on its papers, on certificates and on accounts."""
        return frozenset({Work.RECORDS, Work.ACCOUNTS, *(WORK_OF_KIND[kind] for kind in self.documents)})


LEADERS = (Role.DEPUTY_DIRECTOR, Role.DIRECTOR, Role.CLERK)

WAYS: dict[str, Ways] = {
    InstitutionKind.SCHOOL: Ways(
        documents=frozenset({*OF_A_PERIOD, *SCHEDULES, DocumentKind.NEEDS_REQUEST}),
        roles=(Role.ASSOCIATION_HEAD, *LEADERS),
        answers_to_district=True,
        assesses_needs=True,
        guides_newcomers=True,
    ),
    InstitutionKind.COLLEGE: Ways(  # the college's regulation 4.1–4.6
        documents=frozenset(
            {DocumentKind.PERSPECTIVE_PLAN, DocumentKind.APPLICATION, DocumentKind.INTERNSHIP_PLAN},
        ),
        roles=(Role.ASSOCIATION_HEAD, *LEADERS),
        words="college",
        keeps_register=True,
        plan_columns=("course",),  # F26
        plans_as_a_whole=True,  # 4.1
        names_funding=True,  # 4.3
    ),
    InstitutionKind.UNIVERSITY: Ways(  # the university's regulation IV–VII and its annexes
        documents=frozenset(
            {
                DocumentKind.PERSPECTIVE_PLAN,
                DocumentKind.DEPARTMENT_PLAN,
                DocumentKind.APPLICATION,
                DocumentKind.INTERNSHIP_PLAN,
                DocumentKind.INTERNSHIP_PROGRAMME,
                DocumentKind.INTERNSHIP_INFORMATION,
                DocumentKind.COURSE_REPORT,
            }
        ),
        roles=(Role.ASSOCIATION_HEAD, Role.DEAN, *LEADERS, Role.QUALITY_OFFICER),
        words="uni",
        keeps_register=True,
        has_faculties=True,
        has_degrees=True,  # annexes 1 and 2
        plan_columns=("methods", "it", "speciality"),  # annex 1
        agrees_with_host=True,
        names_activities=True,  # F25
    ),
}


def kinds_using(document: str) -> list[str]:
    """The kinds of institution at which there is this kind of document."""
    return [kind for kind, ways in WAYS.items() if ways.uses(document)]
