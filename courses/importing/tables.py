"""The four tables of the workbook: their sheets, their columns, and all ways in which people head both.

What a row says is kept in ``ImportRow.columns`` by the names of our own columns, only what was given, days as ISO
text. Three of them point elsewhere: ``institution``, ``association`` and ``person`` are ``{"pk": n}`` for what is
there already and ``{"row": n}`` for what another row of this workbook makes (institutions, associations, staff).

* institutions: code, title_ky, title_ru, number, kind
* associations: institution, title_ky, title_ru
* staff: institution, person (left out where the row makes the person), employment (pk, where it is there already),
  personal_number, born_on, family_name, given_name, fathers_name, position, association, subjects ([pk]), category,
  education, speciality, teaching_since, employed_from, is_main, is_teaching, teaching_language, role
* records: person, institution, title, date_text, hours_text, provider_text, delivery_mode, document_type,
  document_number, document_on, kind, block, goal_achieved, comment

A changed row also has ``changes``: {column: [what stands there, what is written instead]}.
"""

from dataclasses import dataclass

from courses.choices import ImportTable
from courses.models import TrainingRecord
from cpd.sheets import SheetColumn
from schools.models import Employment, Institution, MethodicalAssociation, Person

A_WORD = 120  # signs: more than a number, a day or a choice ever needs
LONGEST_NAME = 250  # signs of a person's three names with a degree before them


@dataclass(frozen=True)
class Table:
    """One table of the workbook. ``sheets`` are all ways to call its sheet; the first one is ours."""

    key: ImportTable
    sheets: tuple[str, ...]
    columns: tuple[SheetColumn, ...]
    most_rows: int

    def column(self, name: str) -> SheetColumn:
        return next(column for column in self.columns if column.name == name)


def _longest(model: type, name: str) -> int:
    return model._meta.get_field(name).max_length or 0  # type: ignore[attr-defined]


def _column(
    name: str, *headings: str, required: bool = False, longest: int = A_WORD, instead: tuple = ()
) -> SheetColumn:
    return SheetColumn(name, headings, required=required, longest=longest, instead=instead)


INSTITUTION = _column(
    "institution",
    "Мекеме",
    "Мектеп",
    "Мектеби",
    "Мекемеси",
    "Мекеменин аталышы",
    "Мектептин аталышы",
    "Уюм",
    "Билим берүү уюму",
    "Билим берүү мекемеси",
    "Мекеменин коду",
    "Иштеген жери",
    "Школа",
    "Учреждение",
    "Организация",
    "Образовательная организация",
    "Наименование школы",
    "Место работы",
    longest=_longest(Institution, "title_ky"),
)
# One column or three: either is enough.
FULL_NAME = _column(
    "full_name",
    "Аты-жөнү",
    "Фамилиясы, аты, атасынын аты",
    "Фамилия, аты, атасынын аты",
    "Ф.А.А.",
    "ФАА",
    "Толук аты-жөнү",
    "Мугалимдин аты-жөнү",
    "Мугалим",
    "Кызматкер",
    "Кызматкердин аты-жөнү",
    "Педагогдун аты-жөнү",
    "Ф.И.О.",
    "ФИО",
    "Фамилия, имя, отчество",
    "Фамилия Имя Отчество",
    "ФИО учителя",
    "Ф.И.О. учителя",
    "ФИО сотрудника",
    "Учитель",
    "Сотрудник",
    required=True,
    longest=LONGEST_NAME,
    instead=("family_name", "given_name"),
)
FAMILY_NAME = _column("family_name", "Фамилиясы", "Фамилия", "Теги", longest=LONGEST_NAME)
GIVEN_NAME = _column("given_name", "Аты", "Ысымы", "Имя", "Аты, атасынын аты", "Имя, отчество", longest=LONGEST_NAME)
FATHERS_NAME = _column("fathers_name", "Атасынын аты", "Отчество", longest=LONGEST_NAME)
PERSONAL_NUMBER = _column(
    "personal_number",
    "ПИН",
    "ПИНи",
    "Персоналдык номери",
    "Жеке номери",
    "Жеке идентификациялык номери",
    "ИНН",
    "ЖСН",
    "ПИН (14 цифра)",
    "Персональный номер",
    "Персональный идентификационный номер",
    "PIN",
)
BORN_ON = _column(
    "born_on",
    "Туулган күнү",
    "Туулган датасы",
    "Туулган жылы",
    "Туулган күнү, айы, жылы",
    "Туулган жылы, күнү",
    "Туулган жылы, айы, күнү",
    "Төрөлгөн күнү",
    "Дата рождения",
    "Число, месяц, год рождения",
)

INSTITUTIONS = Table(
    ImportTable.INSTITUTIONS,
    ("Мекемелер", "Мектептер", "Уюмдар", "Билим берүү уюмдары", "Учреждения", "Школы", "Организации"),
    (
        _column(
            "title_ky",
            "Мекеменин аталышы",
            "Мектептин аталышы",
            "Аталышы",
            "Аталышы (кыргызча)",
            "Мекеменин аталышы (кыргызча)",
            "Мекеме",
            "Мектеп",
            "Уюмдун аталышы",
            "Наименование",
            "Название",
            "Название школы",
            "Наименование школы",
            "Наименование учреждения",
            "Название на кыргызском",
            required=True,
            longest=_longest(Institution, "title_ky"),
        ),
        _column(
            "title_ru",
            "Орусча аталышы",
            "Мекеменин орусча аталышы",
            "Аталышы (орусча)",
            "Мекеменин аталышы (орусча)",
            "Название на русском",
            "Наименование на русском",
            longest=_longest(Institution, "title_ru"),
        ),
        _column(
            "code",
            "Мекеменин коду",
            "Коду",
            "Код",
            "Мектептин коду",
            "Расмий коду",
            "ОКПО",
            "Код школы",
            "Код учреждения",
            "Официальный код",
            longest=_longest(Institution, "code"),
        ),
        _column(
            "number",
            "Мекеменин номери",
            "Номери",
            "Мектептин номери",
            "Номер",
            "Номер школы",
            longest=_longest(Institution, "number"),
        ),
        _column("kind", "Түрү", "Мекеменин түрү", "Тиби", "Вид", "Тип", "Вид учреждения", "Тип учреждения"),
    ),
    most_rows=500,
)

ASSOCIATIONS = Table(
    ImportTable.ASSOCIATIONS,
    (
        "Усулдук бирикмелер",
        "Бирикмелер",
        "Методикалык бирикмелер",
        "УБ",
        "Методические объединения",
        "Методобъединения",
        "МО",
        "Кафедралар",
        "Кафедры",
        "Предметтик-циклдик комиссиялар",
        "Предметно-цикловые комиссии",
        "ПЦК",
    ),
    (
        INSTITUTION,
        _column(
            "title_ky",
            "Усулдук бирикменин аталышы",
            "Усулдук бирикме",
            "Бирикменин аталышы",
            "Бирикме",
            "Методикалык бирикменин аталышы",
            "Методикалык бирикме",
            "Аталышы",
            "Аталышы (кыргызча)",
            "Методическое объединение",
            "Наименование объединения",
            "Название объединения",
            "Кафедранын аталышы",
            "Кафедра",
            "Название кафедры",
            "Комиссиянын аталышы",
            "Название комиссии",
            "Наименование",
            "Название",
            required=True,
            longest=_longest(MethodicalAssociation, "title_ky"),
        ),
        _column(
            "title_ru",
            "Орусча аталышы",
            "Усулдук бирикменин орусча аталышы",
            "Аталышы (орусча)",
            "Название на русском",
            "Наименование на русском",
            longest=_longest(MethodicalAssociation, "title_ru"),
        ),
    ),
    most_rows=3_000,
)

STAFF = Table(
    ImportTable.STAFF,
    (
        "Кызматкерлер",
        "Мугалимдер",
        "Педагогдор",
        "Мугалимдердин тизмеси",
        "Штат",
        "Кадрлар",
        "Сотрудники",
        "Учителя",
        "Педагоги",
        "Кадры",
        "Список учителей",
    ),
    (
        INSTITUTION,
        FULL_NAME,
        FAMILY_NAME,
        GIVEN_NAME,
        FATHERS_NAME,
        PERSONAL_NUMBER,
        BORN_ON,
        _column(
            "position",
            "Ээлеген кызматы",
            "Кызматы",
            "Кызмат орду",
            "Кызмат",
            "Занимаемая должность",
            "Должность",
            required=True,
            longest=_longest(Employment, "position"),
        ),
        _column(
            "subjects",
            "Окуткан предмети",
            "Окуткан предметтери",
            "Предмети",
            "Предметтери",
            "Предмет",
            "Предметтер",
            "Сабагы",
            "Сабак",
            "Преподаваемый предмет",
            "Преподаваемые предметы",
            "Предметы",
            longest=500,
        ),
        _column(
            "association",
            "Усулдук бирикме",
            "Усулдук бирикмеси",
            "Бирикме",
            "Бирикмеси",
            "Методикалык бирикме",
            "Метод бирикме",
            "Метод бирикмеси",
            "Методбирикме",
            "УБ",
            "Методическое объединение",
            "Методобъединение",
            "МО",
            "Кафедра",
            "Кафедрасы",
            "Предметтик-циклдик комиссия",
            "Предметно-цикловая комиссия",
            "ПЦК",
            longest=_longest(MethodicalAssociation, "title_ky"),
        ),
        _column(
            "category",
            "Квалификациялык категориясы",
            "Категориясы",
            "Категория",
            "Квалификационная категория",
        ),
        _column(
            "experience",
            "Педагогикалык стажы",
            "Педагогикалык стажы, жыл",
            "Пед. стажы",
            "Стажы",
            "Стаж",
            "Иш стажы",
            "Эмгек стажы",
            "Педагогикалык иштеген жылы",
            "Качан баштап мугалим",
            "Педагогический стаж",
            "Педагогический стаж, лет",
            "Пед. стаж",
            "Стаж работы",
        ),
        _column("education", "Билими", "Билим деңгээли", "Образование", longest=_longest(Person, "education")),
        _column(
            "speciality",
            "Адистиги",
            "Диплом боюнча адистиги",
            "Специальность",
            "Специальность по диплому",
            longest=_longest(Person, "speciality"),
        ),
        _column(
            "teaching_language",
            "Окутуу тили",
            "Сабак берген тили",
            "Тили",
            "Язык обучения",
            "Язык преподавания",
        ),
        _column(
            "employed_from",
            "Иштей баштаган күнү",
            "Ишке алынган күнү",
            "Ишке кирген күнү",
            "Иштей баштаган датасы",
            "Ишке алынган датасы",
            "Дата приёма",
            "Дата приема на работу",
            "Дата приёма на работу",
            "Работает с",
        ),
        _column(
            "is_main",
            "Негизги иши же кошумча",
            "Негизги иши",
            "Негизги иш орду",
            "Негизги/кошумча",
            "Жумуштун түрү",
            "Основная работа",
            "Основное место работы",
            "Основной или совместитель",
            "Вид занятости",
        ),
        _column(
            "is_teaching",
            "Педагогикалык кызмат",
            "Окутуучу кызмат",
            "Педагогическая должность",
        ),
        _column(
            "role",
            "Системадагы ролу",
            "Ролу",
            "Роль",
            "Системадагы милдети",
            "Роль в системе",
        ),
    ),
    most_rows=6_000,
)

# Of a past course the number alone says whose it is.
FULL_NAME_BESIDE = SheetColumn(FULL_NAME.name, FULL_NAME.headings, required=False, longest=LONGEST_NAME)

# «Организация» of a course is who held it, not where the teacher works.
OF_PROVIDERS = ("Организация", "Уюм")
INSTITUTION_BESIDE = SheetColumn(
    INSTITUTION.name,
    tuple(heading for heading in INSTITUTION.headings if heading not in OF_PROVIDERS),
    required=False,
    longest=INSTITUTION.longest,
)

RECORDS = Table(
    ImportTable.RECORDS,
    (
        "Өткөн курстар",
        "Курстар",
        "Курстан өтүү",
        "Жетишилген максаттарды эсепке алуу",
        "Окуулар",
        "Пройденные курсы",
        "Курсы",
        "Прошедшие курсы",
        "Повышение квалификации",
    ),
    (
        INSTITUTION_BESIDE,
        FULL_NAME_BESIDE,
        FAMILY_NAME,
        GIVEN_NAME,
        FATHERS_NAME,
        PERSONAL_NUMBER,
        BORN_ON,
        _column(
            "title",
            "Катышкан тренингдин/курстардын аталышы",
            "Катышкан тренингдин, курстардын аталышы",
            "Катышкан тренингдин аталышы",
            "Курстун аталышы",
            "Курстун, тренингдин аталышы",
            "Курстун темасы",
            "Тренингдин аталышы",
            "Курс",
            "Название курса",
            "Название курсов",
            "Наименование курса",
            "Тема курса",
            "Название посещённого тренинга/курсов",
            required=True,
            longest=_longest(TrainingRecord, "title"),
        ),
        _column(
            "date_text",
            "Курстарга катышкан датасы",
            "Курска катышкан датасы",
            "Курстун датасы",
            "Курстардын датасы",
            "Дата курса",
            "Катышкан датасы",
            "Катышкан күнү",
            "Датасы",
            "Дата",
            "Мөөнөтү",
            "Өткөн мөөнөтү",
            "Курстан өткөн мөөнөтү",
            "Документте жазылган дата",
            "Дата посещения курсов",
            "Дата прохождения",
            "Сроки",
            "Срок",
            "Сроки прохождения",
            required=True,
            longest=_longest(TrainingRecord, "date_text"),
        ),
        _column(
            "provider_text",
            "Уюмдун аталышы",
            "Уюштурган мекеме",
            "Уюштуруучу",
            "Провайдер",
            "Курсту өткөргөн уюм",
            "Өткөргөн уюм",
            "Уюштурган уюм",
            "Наименование организации",
            "Название организации",
            "Организатор",
            *OF_PROVIDERS,
            required=True,
            longest=_longest(TrainingRecord, "provider_text"),
        ),
        _column(
            "hours_text",
            "Сааттардын саны",
            "Сааты",
            "Саат",
            "Саат саны",
            "Көлөмү",
            "Количество часов",
            "Часы",
            "Часов",
            required=True,
            longest=_longest(TrainingRecord, "hours_text"),
        ),
        _column(
            "delivery_mode",
            "Курстардын типтери",
            "Курстун тиби",
            "Курстун түрү (офлайн, онлайн)",
            "Тиби",
            "Типы курсов",
            "Тип курса",
            "Тип",
        ),
        _column(
            "document_type",
            "Документтин түрү",
            "Берилген документ",
            "Документ",
            "Вид документа",
            "Тип документа",
        ),
        _column(
            "document_number",
            "Документтин номери",
            "Сертификаттын номери",
            "Сертификаттын №",
            "Сертификат №",
            "Күбөлүк №",
            "Документтин №",
            "Күбөлүктүн номери",
            "Номер документа",
            "Номер сертификата",
            "№ сертификата",
            "№ документа",
            longest=_longest(TrainingRecord, "document_number"),
        ),
        _column(
            "document_on",
            "Документ берилген күнү",
            "Берилген күнү",
            "Берилген датасы",
            "Документтин датасы",
            "Дата выдачи",
            "Дата документа",
        ),
        _column("kind", "Окуунун түрү", "Түрү", "Вид", "Вид обучения"),
        _column("block", "Түрмөк", "Блок", "Блогу"),
        _column(
            "goal_achieved",
            "Коюлган максатка жетүү",
            "Максатка жетүү",
            "Достижение поставленной цели",
            "Достижение цели",
            longest=_longest(TrainingRecord, "goal_achieved"),
        ),
        _column(
            "comment",
            "Комментарийлер",
            "Коментарийлер",  # as annex 16 prints it (domain X20)
            "Комментарий",
            "Эскертүү",
            "Комментарии",
            "Примечание",
            longest=_longest(TrainingRecord, "comment"),
        ),
    ),
    most_rows=25_000,
)

HINTS_SHEET, LISTS_SHEET = "Кеңештер", "Тизмелер"  # of our own empty workbook; the second one is hidden
EXAMPLE_MARK = "Үлгү:"  # begins the first text of a row that only shows how it is filled in

# In the order in which their rows lean on each other.
TABLES = (INSTITUTIONS, ASSOCIATIONS, STAFF, RECORDS)
BY_KEY = {table.key: table for table in TABLES}
