"""The places and people of the demo: an office, three schools, their associations, staff, roles and accounts."""

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from cpd.dates import SCHOOL_YEAR_BEGINS, school_year_of
from plans.demo import names, texts
from schools import reference
from schools.choices import NO_CATEGORY, Action, DocumentKind, Role
from schools.models import (
    ApprovalRoute,
    District,
    Employment,
    Institution,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    Subject,
    User,
)

PASSWORD = "ak-bulak-2026"  # noqa: S105 - printed at every loading; the demo holds nobody's data
NEWCOMER = "newcomer"  # must change the first password

WHO = {
    "teacher": "teacher of geography, school №12",
    "head": "head of the natural science association, school №12",
    "head2": "second head of the same association",
    "deputy": "deputy director who also teaches, school №12",
    "deputy2": "second deputy director, school №12",
    "director": "director, school №12",
    "clerk": "clerk, school №12",
    NEWCOMER: "young teacher, school №12; must change the password first",
    "stranger": "teacher of another school, №4",
    "district": "officer of the district education office",
    "institute": "viewer of the republican institute",
    "admin": "system administrator",
}

FullName = tuple[str, str, str]  # family, given and father's name
Fates = tuple[str, str]  # what becomes of one's individual and yearly plan, see plans.demo.papers


@dataclass(frozen=True)
class Circle:
    """An association as it is to be: the first ``heads`` teachers lead it; ``cast`` names those who can sign in."""

    title_ky: str
    title_ru: str
    theme: str
    subjects: tuple[str, ...]
    teachers: int
    cast: tuple[str, ...] = ()
    heads: int = 1


@dataclass(frozen=True)
class Post:
    """A post outside the associations; with a ``circle`` its holder also teaches in that one."""

    position: str
    role: Role | None = None
    login: str = ""
    circle: int | None = None
    fates: Fates = ("", "")


@dataclass(frozen=True)
class School:
    title_ky: str
    title_ru: str
    number: str
    circles: tuple[Circle, ...]
    posts: tuple[Post, ...]
    agrees_first: bool = False  # yearly plans walk two steps here


NATURAL = (texts.GEOGRAPHY, "Биология", "Химия")
EXACT = ("Математика", "Физика", "Информатика")
KYRGYZ = ("Кыргыз тили жана адабияты",)
LANGUAGES = ("Орус тили жана адабияты", "Англис тили")
PRIMARY = ("Башталгыч класстар",)
SOCIAL = ("Тарых", "Адам жана коом", "Дене тарбия", "Технология", "Музыка")

SCHOOLS = (
    School(
        "“Ак-Булак” №12 жалпы орто билим берүү мектеби",
        "Средняя общеобразовательная школа № 12 «Ак-Булак»",
        "12",
        (
            Circle("Табигый илимдер", "Естественные науки", "natural", NATURAL, 7, ("head", "head2", "teacher"), 2),
            Circle("Так илимдер", "Точные науки", "exact", EXACT, 5),
            Circle("Кыргыз тили жана адабияты", "Кыргызский язык и литература", "kyrgyz", KYRGYZ, 5),
            Circle("Орус жана чет тилдер", "Русский и иностранные языки", "languages", LANGUAGES, 4),
            Circle("Башталгыч класстар", "Начальные классы", "primary", PRIMARY, 6, ("", NEWCOMER)),
            Circle("Коомдук илимдер жана көркөм өнөр", "Общественные науки и искусство", "social", SOCIAL, 5),
        ),
        (
            Post(texts.DIRECTOR, Role.DIRECTOR, "director"),
            Post(texts.DEPUTY, Role.DEPUTY_DIRECTOR, "deputy", circle=0, fates=("passed on", "submitted")),
            Post(texts.DEPUTY, Role.DEPUTY_DIRECTOR, "deputy2"),
            Post(texts.CLERK, Role.CLERK, "clerk"),
            Post(texts.SOCIAL_WORKER),
        ),
    ),
    School(
        "“Жаңы-Таң” №4 жалпы орто билим берүү мектеби",
        "Средняя общеобразовательная школа № 4 «Жаны-Тан»",
        "4",
        (
            Circle("Табигый жана так илимдер", "Естественные и точные науки", "exact", (*EXACT, *NATURAL), 8),
            Circle("Кыргыз тили жана адабияты", "Кыргызский язык и литература", "kyrgyz", KYRGYZ, 5, ("", "stranger")),
            Circle("Орус жана чет тилдер", "Русский и иностранные языки", "languages", LANGUAGES, 4),
            Circle("Башталгыч класстар", "Начальные классы", "primary", PRIMARY, 6),
            Circle("Коомдук илимдер жана көркөм өнөр", "Общественные науки и искусство", "social", SOCIAL, 5),
        ),
        (
            Post(texts.DIRECTOR, Role.DIRECTOR, circle=4, fates=("approved", "submitted")),
            Post(texts.DEPUTY, Role.DEPUTY_DIRECTOR),
            Post(texts.CLERK, Role.CLERK),
        ),
    ),
    School(
        "“Көк-Арча” №27 жалпы орто билим берүү мектеби",
        "Средняя общеобразовательная школа № 27 «Кок-Арча»",
        "27",
        (
            Circle("Табигый жана так илимдер", "Естественные и точные науки", "natural", (*NATURAL, *EXACT), 8),
            Circle("Тилдер жана адабият", "Языки и литература", "kyrgyz", (*KYRGYZ, *LANGUAGES), 8),
            Circle("Башталгыч класстар", "Начальные классы", "primary", PRIMARY, 7),
            Circle("Коомдук илимдер жана көркөм өнөр", "Общественные науки и искусство", "social", SOCIAL, 6),
        ),
        (
            Post(texts.DIRECTOR, Role.DIRECTOR),
            # The only deputy's own yearly plan: the director agrees to it, then only the district is left to approve.
            Post(texts.DEPUTY, Role.DEPUTY_DIRECTOR, circle=0, fates=("submitted", "passed on")),
            Post(texts.CLERK, Role.CLERK),
        ),
        agrees_first=True,
    ),
)

OFFICES = (
    ("district", Role.DISTRICT_OFFICER),
    ("", Role.DISTRICT_OFFICER),
    ("institute", Role.INSTITUTE_VIEWER),
    ("admin", Role.ADMINISTRATOR),
)


@dataclass
class Job:
    """One person's work at one school, with what the plans need to know of it."""

    employment: Employment
    theme: str = ""
    subjects: list[str] = field(default_factory=list)
    login: str = ""
    fates: Fates | None = None

    @property
    def person(self) -> Person:
        return self.employment.person


@dataclass
class Town:
    """Everything that has been made so far."""

    rng: random.Random
    day: dt.date
    district: District
    subjects: dict[str, Subject]
    jobs: list[Job] = field(default_factory=list)
    roles: list[RoleAssignment] = field(default_factory=list)
    users: dict[int, User] = field(default_factory=dict)
    logins: dict[str, Person] = field(default_factory=dict)  # every person under the username they get

    @property
    def year(self) -> int:
        return school_year_of(self.day)

    def user(self, job: Job) -> User:
        return self.users[job.person.pk]

    def job_of(self, login: str) -> Job:
        return next(job for job in self.jobs if job.login == login)

    def holders(self, role: str, place: int) -> list[User]:
        """Who holds a role at an association, institution or district."""
        return [self.users[row.person_id] for row in self.roles if row.role == role and row.place_id == place]


def settle(rng: random.Random, day: dt.date) -> Town:
    """Make and save the places and the people of the demo."""
    town = Town(rng, day, *_make_places())
    drawn = draw_names(rng)
    for school in SCHOOLS:
        _staff(town, school, drawn)
    _add_second_job(town)
    for login, role in OFFICES:
        person = _person(town, login, next(drawn))
        place = town.district if role == Role.DISTRICT_OFFICER else None
        town.roles.append(RoleAssignment(person=person, role=role, district=place, starts_on=september(town.year - 3)))
    _save(town)
    return town


def september(year: int) -> dt.date:
    return dt.date(year, SCHOOL_YEAR_BEGINS, 1)


def draw_names(rng: random.Random) -> Iterator[FullName]:
    """Full names without end, no family and given name together twice."""
    used = {name[:2] for name in names.CAST.values()}
    others = iter(rng.sample(names.OTHERS, len(names.OTHERS)))
    while True:
        name = (next(others, None) if rng.random() < 0.07 else None) or _kyrgyz_name(rng)
        if name[:2] not in used:
            used.add(name[:2])
            yield name


def _kyrgyz_name(rng: random.Random) -> FullName:
    is_woman = rng.random() < 0.8
    family = rng.choice(names.FAMILY_NAMES) + ("а" if is_woman else "")
    given = rng.choice(names.GIVEN_WOMEN if is_woman else names.GIVEN_MEN)
    father = rng.choice(names.FATHERS)
    form = rng.random()
    if form < 0.12:
        return family, given, ""
    if form < 0.3:
        return family, given, f"{father} {'кызы' if is_woman else 'уулу'}"
    return family, given, father + ("овна" if is_woman else "ович")


def _make_places() -> tuple[District, dict[str, Subject]]:
    oblast = Oblast.objects.create(title_ky=texts.OBLAST[0], title_ru=texts.OBLAST[1])
    district = District.objects.create(title_ky=texts.DISTRICT[0], title_ru=texts.DISTRICT[1], oblast=oblast)
    reference.load(["subjects", "positions", "privacy"])
    found = {subject.title_ky: subject for subject in Subject.objects.filter(title_ky__in=texts.SUBJECTS)}
    return district, {title: found[title] for title in texts.SUBJECTS}


def _staff(town: Town, school: School, drawn: Iterator[FullName]) -> None:
    institution = Institution.objects.create(
        title_ky=school.title_ky, title_ru=school.title_ru, number=school.number, district=town.district
    )
    if school.agrees_first:
        _set_own_route(institution)
    associations = [
        MethodicalAssociation.objects.create(
            title_ky=circle.title_ky, title_ru=circle.title_ru, institution=institution
        )
        for circle in school.circles
    ]
    for circle, association in zip(school.circles, associations, strict=True):
        _staff_circle(town, circle, association, drawn)
    for post in school.posts:
        employment = Employment(
            institution=institution, position=post.position, is_teaching=post.position != texts.CLERK
        )
        job = Job(employment, login=post.login, fates=post.fates)
        if post.circle is not None:
            job.employment.association = associations[post.circle]
            job.theme, job.subjects = school.circles[post.circle].theme, [school.circles[post.circle].subjects[-1]]
        _hire(town, job, next(drawn), leads=post.role is not None)
        if post.role:
            _give_role(town, job, post.role, institution=institution)


def _staff_circle(town: Town, circle: Circle, association: MethodicalAssociation, drawn: Iterator[FullName]) -> None:
    for place in range(circle.teachers):
        login = circle.cast[place] if place < len(circle.cast) else ""
        subject = texts.GEOGRAPHY if login == "teacher" else circle.subjects[place % len(circle.subjects)]
        employment = Employment(institution=association.institution, association=association, position=texts.TEACHER)
        job = Job(employment, circle.theme, [subject], login)
        is_head = place < circle.heads
        _hire(town, job, next(drawn), leads=is_head)
        if is_head:
            _give_role(town, job, Role.ASSOCIATION_HEAD, association=association)


def _set_own_route(institution: Institution) -> None:
    """Yearly plans agreed by the deputy, approved by the director: routes are data."""
    route = ApprovalRoute.objects.create(
        document_kind=DocumentKind.ANNUAL_PLAN, institution=institution, source=texts.AGREED_ROUTE
    )
    route.steps.create(position=1, action=Action.AGREE, role=Role.DEPUTY_DIRECTOR)
    route.steps.create(position=2, action=Action.APPROVE, role=Role.DIRECTOR)


def _hire(town: Town, job: Job, name: FullName, *, leads: bool) -> None:
    """Find a person for a job: with believable schooling, experience and category."""
    person = _person(town, job.login, name)
    years = _experience(town, job.login, at_least=12 if leads else 2)
    if job.employment.position not in (texts.CLERK, texts.SOCIAL_WORKER):
        subject = job.subjects[0] if job.subjects else ""
        may_be_college = subject in (*PRIMARY, "Технология", "Музыка") and not leads
        person.education = texts.SECONDARY if may_be_college and town.rng.random() < 0.4 else texts.HIGHER
        person.speciality = texts.SPECIALITIES.get(subject, subject) or texts.MANAGEMENT
        person.teaching_since = september(town.year - years)
        person.category_id = _category(town, years)
    _identify(town, person, years)
    job.employment.person = person
    here = years if job.login in ("teacher", "head") else town.rng.randint(0, years)
    job.employment.starts_on = september(town.year - here)
    town.jobs.append(job)


def _person(town: Town, login: str, name: FullName) -> Person:
    """A person with a name, remembered under their username."""
    family, given, father = names.CAST.get(login, name)
    person = Person(family_name=family, given_name=given, fathers_name=father, education=texts.HIGHER)
    town.logins[login or _free_username(town, person)] = person
    return person


def _identify(town: Town, person: Person, years: int) -> None:
    """A date of birth and a personal number that say the same; drawn apart, so that all else stays as it was drawn."""
    rng = random.Random(f"{person.full_name} {len(town.jobs)}")  # noqa: S311 - nobody's number
    person.born_on = dt.date(town.year - 22 - years - rng.randint(0, 3), rng.randint(1, 12), rng.randint(1, 28))
    is_woman = person.fathers_name.endswith(("кызы", "вна"))
    person.personal_number = f"{1 if is_woman else 2}{person.born_on:%d%m%Y}{rng.randint(0, 99_999):05}"


def _experience(town: Town, login: str, at_least: int) -> int:
    """Years of teaching before this school year."""
    if login == "teacher":
        return town.year - texts.GEOGRAPHY_SINCE
    if login == NEWCOMER:
        return 0
    return int(town.rng.triangular(at_least, 38, 12))


def _category(town: Town, years: int) -> str:
    if years < 5:
        return NO_CATEGORY
    known = (NO_CATEGORY, "first", "highest")
    return town.rng.choices(known, weights=(4, 5, 0) if years < 12 else (2, 4, 4))[0]


def _free_username(town: Town, person: Person) -> str:
    base = f"{names.latin(person.family_name)}.{names.latin(person.given_name[:1])}"
    return next(name for name in (base, *(f"{base}{number}" for number in range(2, 100))) if name not in town.logins)


def _give_role(town: Town, job: Job, role: Role, **place: Institution | MethodicalAssociation) -> None:
    since = max(job.employment.starts_on, september(town.year - town.rng.randint(0, 4)))
    town.roles.append(RoleAssignment(person=job.person, role=role, starts_on=since, **place))


def _add_second_job(town: Town) -> None:
    """A teacher of the first school also teaches a few hours at the second one."""
    first = next(job for job in town.jobs if job.theme == "exact" and job.subjects == ["Физика"])
    there = next(
        job for job in town.jobs if job.theme == "exact" and job.employment.institution != first.employment.institution
    )
    employment = Employment(
        person=first.person,
        institution=there.employment.institution,
        association=there.employment.association,
        position=texts.TEACHER,
        starts_on=first.employment.starts_on,
        is_main=False,
    )
    town.jobs.append(Job(employment, first.theme, first.subjects, fates=("", "submitted")))


def _save(town: Town) -> None:
    """All people at once: a hundred rows cost a handful of queries, and the password is hashed once."""
    Person.objects.bulk_create(town.logins.values())
    known, none = make_password(PASSWORD), make_password(None)
    users = User.objects.bulk_create(
        User(
            username=username,
            person=person,
            password=known if username in WHO else none,
            must_change_password=username == NEWCOMER or username not in WHO,
        )
        for username, person in town.logins.items()
    )
    town.users = {user.person_id: user for user in users}
    Employment.objects.bulk_create(job.employment for job in town.jobs)
    RoleAssignment.objects.bulk_create(town.roles)
    through = Employment.subjects.through
    through.objects.bulk_create(
        through(employment_id=job.employment.pk, subject_id=town.subjects[title].pk)
        for job in town.jobs
        for title in job.subjects
    )


def members(town: Town) -> dict[int, list[Person]]:
    """The people of each association."""
    found: dict[int, list[Person]] = defaultdict(list)
    for job in town.jobs:
        if job.employment.association:
            found[job.employment.association.pk].append(job.person)
    return found


def counted(town: Town) -> Counter[str]:
    """How much was made, for the person at the terminal."""
    return Counter(
        schools=len(SCHOOLS),
        people=len(town.logins),
        employments=len(town.jobs),
        associations=len(members(town)),
        roles=len(town.roles),
    )
