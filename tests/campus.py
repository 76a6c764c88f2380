"""The standing cast of a university and a college, beside that of the schools in ``tests.conftest``."""

from dataclasses import dataclass
from typing import Any

from schools.choices import InstitutionKind, Role
from schools.models import (
    District,
    Employment,
    Institution,
    MethodicalAssociation,
    Oblast,
    Person,
    RoleAssignment,
    User,
)
from tests import factories
from tests.factories import LONG_AGO, PASSWORD

# Invented, and none alike in the search column.
PEOPLE = {
    "lecturer": ("Кудайназарова", "Айпери", "Шаршеновна"),
    "colleague": ("Орозбаев", "Чыңгыз", "Кубатович"),
    "head": ("Тургунбаева", "Салтанат", "Жаныбековна"),
    "other_lecturer": ("Шамшиева", "Бермет", "Ильичевна"),
    "other_head": ("Болотбеков", "Санжар", "Эмилович"),
    "strange_lecturer": ("Жолдубаева", "Перизат", "Уланбековна"),
    "dean": ("Акунов", "Мелис", "Сатарович"),
    "strange_dean": ("Давлетова", "Роза", "Каримовна"),
    "quality": ("Исраилова", "Анара", "Турдубековна"),
    "vice_rector": ("Сатыбалдиев", "Руслан", "Апасович"),
    "rector": ("Койчуманов", "Темирбек", "Жээнович"),
    "hr": ("Маматова", "Гүлнара", "Абдыевна"),
    "college_lecturer": ("Нурмаматов", "Айбек", "Сагынович"),
    "college_colleague": ("Усубалиева", "Жазгүл", "Мирлановна"),
    "college_head": ("Тологонова", "Бурул", "Акимовна"),
    "college_deputy": ("Сулайманов", "Эрмек", "Ташевич"),
    "college_director": ("Базарбаева", "Нуржамал", "Кененовна"),
    "college_hr": ("Осмонова", "Кундуз", "Ырысбековна"),
    "both": ("Чотбаева", "Динара", "Муратбековна"),
    "school_deputy": ("Арыкбаев", "Таалай", "Эсенович"),
    "officer": ("Кожоева", "Майрам", "Бейшеновна"),
}


@dataclass
class Campus:
    """A university, a college and a school in one district; everybody's account by what they are.

    The university has two faculties. ``faculty``, whose dean is ``dean``, consists of ``department`` (``lecturer``,
    ``colleague``, ``head``; the ``dean`` teaches there too) and ``other_department`` (``other_lecturer``,
    ``other_head``); ``strange_faculty``, whose dean is ``strange_dean``, of ``strange_department``
    (``strange_lecturer``). ``quality``, ``vice_rector``, ``rector`` and ``hr`` belong to none.
    The college has one ``commission`` (``college_lecturer``, ``college_colleague``, ``college_head``, ``both``).
    ``both`` has the main job at the ``school`` and another at the college. ``officer`` serves the district.
    """

    district: District
    university: Institution
    college: Institution
    school: Institution
    faculty: MethodicalAssociation
    strange_faculty: MethodicalAssociation
    department: MethodicalAssociation
    other_department: MethodicalAssociation
    strange_department: MethodicalAssociation
    commission: MethodicalAssociation
    school_association: MethodicalAssociation
    lecturer: User
    colleague: User
    head: User
    other_lecturer: User
    other_head: User
    strange_lecturer: User
    dean: User
    strange_dean: User
    quality: User
    vice_rector: User
    rector: User
    hr: User
    college_lecturer: User
    college_colleague: User
    college_head: User
    college_deputy: User
    college_director: User
    college_hr: User
    both: User
    school_deputy: User
    officer: User

    @property
    def people(self) -> dict[str, User]:
        return {name: getattr(self, name) for name in PEOPLE}


def make_campus() -> Campus:
    """All rows of the campus in a dozen queries."""
    factories.first_data()
    oblast = Oblast.objects.create(title_ky="Окуу облусу", title_ru="Учебная область")
    district = District.objects.create(title_ky="Тоо-Булак шаары", oblast=oblast, is_city=True)
    university, college, school = Institution.objects.bulk_create(
        Institution(title_ky=title, kind=kind, district=district)
        for title, kind in (
            ("Ала-Тоо мамлекеттик университети", InstitutionKind.UNIVERSITY),
            ("Тоо-Булак агрардык колледжи", InstitutionKind.COLLEGE),
            ("Кең-Сай орто мектеби", InstitutionKind.SCHOOL),
        )
    )
    faculty, strange_faculty = _units(
        university, ("Жаратылыш таануу факультети", "Филология факультети"), part_of=None
    )
    department, other_department = _units(university, ("Биология кафедрасы", "Информатика кафедрасы"), part_of=faculty)
    [strange_department] = _units(university, ("Кыргыз тили кафедрасы",), part_of=strange_faculty)
    [commission] = _units(college, ("Агрономия предметтик-циклдик комиссиясы",), part_of=None)
    [school_association] = _units(school, ("Табигый илимдер",), part_of=None)

    persons = Person.objects.bulk_create(
        Person(family_name=family, given_name=given, fathers_name=fathers)
        for family, given, fathers in PEOPLE.values()
    )
    person = dict(zip(PEOPLE, persons, strict=True))
    account = User(must_change_password=False)
    account.set_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=name, person=person[name], password=account.password, must_change_password=False)
        for name in PEOPLE
    )
    _employ(person, "окутуучу", department, "lecturer", "colleague", "head", "dean")
    _employ(person, "ага окутуучу", other_department, "other_lecturer", "other_head")
    _employ(person, "окутуучу", strange_department, "strange_lecturer", "strange_dean")
    _employ(person, "окутуучу", commission, "college_lecturer", "college_colleague", "college_head")
    _employ(person, "окутуучу", commission, "both", is_main=False)
    _employ(person, "биология мугалими", school_association, "both")
    _serve(person, university, {"quality": "бөлүм башчысы", "vice_rector": "проректор", "rector": "ректор"})
    _serve(person, university, {"hr": "кадрлар бөлүмүнүн адиси"})
    _serve(person, college, {"college_deputy": "директордун орун басары", "college_director": "директор"})
    _serve(person, college, {"college_hr": "кадрлар бөлүмүнүн адиси"})
    _serve(person, school, {"school_deputy": "директордун орун басары"})
    roles: dict[str, tuple[Role, dict[str, Any]]] = {
        "head": (Role.ASSOCIATION_HEAD, {"association": department}),
        "other_head": (Role.ASSOCIATION_HEAD, {"association": other_department}),
        "dean": (Role.DEAN, {"association": faculty}),
        "strange_dean": (Role.DEAN, {"association": strange_faculty}),
        "quality": (Role.QUALITY_OFFICER, {"institution": university}),
        "vice_rector": (Role.DEPUTY_DIRECTOR, {"institution": university}),
        "rector": (Role.DIRECTOR, {"institution": university}),
        "hr": (Role.CLERK, {"institution": university}),
        "college_head": (Role.ASSOCIATION_HEAD, {"association": commission}),
        "college_deputy": (Role.DEPUTY_DIRECTOR, {"institution": college}),
        "college_director": (Role.DIRECTOR, {"institution": college}),
        "college_hr": (Role.CLERK, {"institution": college}),
        "school_deputy": (Role.DEPUTY_DIRECTOR, {"institution": school}),
        "officer": (Role.DISTRICT_OFFICER, {"district": district}),
    }
    RoleAssignment.objects.bulk_create(
        RoleAssignment(person=person[name], role=role, starts_on=LONG_AGO, **place)
        for name, (role, place) in roles.items()
    )
    return Campus(
        district=district,
        university=university,
        college=college,
        school=school,
        faculty=faculty,
        strange_faculty=strange_faculty,
        department=department,
        other_department=other_department,
        strange_department=strange_department,
        commission=commission,
        school_association=school_association,
        **dict(zip(PEOPLE, users, strict=True)),
    )


def _units(
    place: Institution, titles: tuple[str, ...], *, part_of: MethodicalAssociation | None
) -> list[MethodicalAssociation]:
    return MethodicalAssociation.objects.bulk_create(
        MethodicalAssociation(title_ky=title, institution=place, part_of=part_of) for title in titles
    )


def _employ(
    person: dict[str, Person], position: str, place: MethodicalAssociation, *names: str, is_main: bool = True
) -> None:
    Employment.objects.bulk_create(
        Employment(
            person=person[name],
            institution=place.institution,
            association=place,
            position=position,
            is_main=is_main,
            starts_on=LONG_AGO,
        )
        for name in names
    )


def _serve(person: dict[str, Person], place: Institution, positions: dict[str, str]) -> None:
    """Whose post is no teacher's: the rules on hours do not bind them."""
    Employment.objects.bulk_create(
        Employment(person=person[name], institution=place, position=position, is_teaching=False, starts_on=LONG_AGO)
        for name, position in positions.items()
    )
