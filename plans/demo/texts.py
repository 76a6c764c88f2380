"""Fixed texts of the demo: what the papers of an ordinary school say. Places and schools are invented."""

from decimal import Decimal
from typing import Any

from courses.choices import Block, StudyForm
from plans.choices import Executor, LearningMethod

OBLAST = ("Кең-Жайлоо облусу", "Кен-Джайлооская область")
DISTRICT = ("Ак-Булак району", "Ак-Булакский район")

GEOGRAPHY = "География"
SUBJECTS = {
    GEOGRAPHY: "География",
    "Биология": "Биология",
    "Химия": "Химия",
    "Физика": "Физика",
    "Математика": "Математика",
    "Информатика": "Информатика",
    "Кыргыз тили жана адабияты": "Кыргызский язык и литература",
    "Орус тили жана адабияты": "Русский язык и литература",
    "Англис тили": "Английский язык",
    "Башталгыч класстар": "Начальные классы",
    "Тарых": "История",
    "Адам жана коом": "Человек и общество",
    "Дене тарбия": "Физическая культура",
    "Технология": "Технология",
    "Музыка": "Музыка",
}

TEACHER = "мугалим"
DIRECTOR = "директор"
DEPUTY = "директордун окуу-тарбия иштери боюнча орун басары"
CLERK = "катчы"
SOCIAL_WORKER = "социалдык педагог"

HIGHER = "Жогорку"
SECONDARY = "Орто кесиптик"

# Where the diploma names it otherwise than the subject.
SPECIALITIES = {
    "Информатика": "Колдонмо математика жана информатика",
    "Кыргыз тили жана адабияты": "Кыргыз филологиясы",
    "Орус тили жана адабияты": "Орус филологиясы",
    "Башталгыч класстар": "Башталгыч билим берүүнүн педагогикасы",
    "Адам жана коом": "Тарых",
    "Дене тарбия": "Дене тарбия жана спорт",
}
MANAGEMENT = "Билим берүүнү башкаруу"

AGREED_ROUTE = "Мектептин тажрыйбасы: жылдык иш планын орун басар макулдашат, директор бекитет"

Texts = dict[str, Any]


def _course(title: str, direction: str, why: str, block: str, form: str, hours: str, provider: str) -> Texts:
    """A row of the individual plan but for its school year."""
    return {
        "programme_title": title,
        "direction": direction,
        "rationale": why,
        "block": block,
        "study_form": form,
        "hours": Decimal(hours),
        "provider_text": provider,
    }


def _need(need: str, methods: list[str], executor: str = Executor.SELF, who: str = "") -> Texts:
    """A row of the yearly plan but for its month."""
    return {"need": need, "learning_methods": methods, "executor_kind": executor, "executor_text": who}


REPUBLIC_INSTITUTE = "Республикалык КЖИ"
OBLAST_INSTITUTE = "Облустук КЖИ"
DISTRICT_CABINET = "Райондук усулдук кабинет"
_SCHOOL = "Мектептин усулдук бирикмеси"

COMPULSORY_COURSES = (
    _course(
        "Предметтик стандартты ишке ашыруу: күтүлүүчү натыйжалар жана баалоо",
        "Предметтик стандарт",
        "Предметтик стандарттын жаңы редакциясы ишке киргизилүүдө",
        Block.COMPULSORY, StudyForm.RELEASED, "72", REPUBLIC_INSTITUTE,
    ),
    _course(
        "Компетенттүүлүккө негизделген окутууну пландаштыруу",
        "Окутуу методикасы",
        "Аттестациянын жыйынтыгы",
        Block.COMPULSORY, StudyForm.FULL_TIME, "72", OBLAST_INSTITUTE,
    ),
    _course(
        "Квалификацияны жогорулатуу: мугалимдин кесиптик стандарты",
        "Кесиптик өнүгүү",
        "Мугалимдин кесиптик стандартынын талаптары",
        Block.COMPULSORY, StudyForm.PARTLY_RELEASED, "72", OBLAST_INSTITUTE,
    ),
)  # fmt: skip

COURSES = (
    _course(
        "Формативдик баалоонун ыкмалары жана куралдары",
        "Баалоо",
        "Өзүн өзү баалоонун жыйынтыгы",
        Block.VARIATIVE, StudyForm.FULL_TIME, "24", OBLAST_INSTITUTE,
    ),
    _course(
        "Санариптик билим берүү ресурстарын түзүү жана колдонуу",
        "Санариптик көндүмдөр",
        "Мектептин өнүктүрүү программасы",
        Block.VARIATIVE, StudyForm.DISTANCE, "36", REPUBLIC_INSTITUTE,
    ),
    _course(
        "Инклюзивдүү класста окутууну уюштуруу",
        "Инклюзивдүү билим берүү",
        "Класста өзгөчө билим берүү муктаждыгы бар окуучулар окуйт",
        Block.VARIATIVE, StudyForm.NOT_RELEASED, "36", REPUBLIC_INSTITUTE,
    ),
    _course(
        "Мектептеги зомбулуктун алдын алуу жана балдардын укуктарын коргоо",
        "Коопсуз билим берүү чөйрөсү",
        "Мугалимдин кесиптик стандартынын талаптары",
        Block.VARIATIVE, StudyForm.FULL_TIME, "18", DISTRICT_CABINET,
    ),
    _course(
        "Окуучулардын функционалдык сабаттуулугун өнүктүрүү",
        "Функционалдык сабаттуулук",
        "Билим сапатына жүргүзүлгөн мониторингдин жыйынтыгы",
        Block.VARIATIVE, StudyForm.DISTANCE, "36", REPUBLIC_INSTITUTE,
    ),
    _course(
        "Сабакты биргелешип пландаштыруу, байкоо жана талдоо",
        "Кесиптештер менен кызматташуу",
        "Усулдук бирикменин иш планы",
        Block.VARIATIVE, StudyForm.WORKPLACE, "12", _SCHOOL,
    ),
    _course(
        "Ата-энелер менен натыйжалуу кызматташуу",
        "Класс жетекчилик",
        "Өз кызыкчылыгы жана муктаждыгы",
        Block.VARIATIVE, StudyForm.NOT_RELEASED, "18", "",
    ),
)  # fmt: skip

# By theme: what teachers of related subjects learn besides.
THEME_COURSES = {
    "natural": (
        _course(
            "Табигый илимдерди изилдөөгө негизделген окутуу",
            "Окутуу методикасы",
            "Лабораториялык жана практикалык иштердин сапатын жогорулатуу",
            Block.VARIATIVE, StudyForm.FULL_TIME, "36", OBLAST_INSTITUTE,
        ),
        _course(
            "Климаттын өзгөрүшү жана туруктуу өнүгүү үчүн билим берүү",
            "Туруктуу өнүгүү",
            "Мектептин өнүктүрүү программасы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "24", OBLAST_INSTITUTE,
        ),
    ),
    "exact": (
        _course(
            "STEM билим берүү: долбоордук иштерди уюштуруу",
            "Окутуу методикасы",
            "Мектептин өнүктүрүү программасы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "36", OBLAST_INSTITUTE,
        ),
        _course(
            "Окуучуларды предметтик олимпиадага даярдоо",
            "Шыктуу окуучулар менен иштөө",
            "Өткөн жылдагы олимпиаданын жыйынтыгы",
            Block.VARIATIVE, StudyForm.NOT_RELEASED, "18", DISTRICT_CABINET,
        ),
    ),
    "kyrgyz": (
        _course(
            "Окуп түшүнүү жана жазуу көндүмдөрүн өнүктүрүү",
            "Окутуу методикасы",
            "Билим сапатына жүргүзүлгөн мониторингдин жыйынтыгы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "36", REPUBLIC_INSTITUTE,
        ),
        _course(
            "Кыргыз тилин экинчи тил катары окутуунун методикасы",
            "Окутуу методикасы",
            "Өз кызыкчылыгы жана муктаждыгы",
            Block.VARIATIVE, StudyForm.DISTANCE, "24", REPUBLIC_INSTITUTE,
        ),
    ),
    "languages": (
        _course(
            "Тилди коммуникативдик ыкма менен окутуу",
            "Окутуу методикасы",
            "Өзүн өзү баалоонун жыйынтыгы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "36", OBLAST_INSTITUTE,
        ),
        _course(
            "Көп тилдүү билим берүү: предметти жана тилди айкалыштырып окутуу",
            "Көп тилдүү билим берүү",
            "Мектептин өнүктүрүү программасы",
            Block.VARIATIVE, StudyForm.DISTANCE, "36", REPUBLIC_INSTITUTE,
        ),
    ),
    "primary": (
        _course(
            "Башталгыч класстарда окуу жана жазуу көндүмдөрүн калыптандыруу",
            "Окутуу методикасы",
            "Билим сапатына жүргүзүлгөн мониторингдин жыйынтыгы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "36", OBLAST_INSTITUTE,
        ),
        _course(
            "Балдарды мектепке даярдоо жана мектепке көнүктүрүү",
            "Мектепке даярдык",
            "Мектептин өнүктүрүү программасы",
            Block.VARIATIVE, StudyForm.NOT_RELEASED, "24", DISTRICT_CABINET,
        ),
    ),
    "social": (
        _course(
            "Жарандык билим берүү жана медиа сабаттуулук",
            "Окутуу методикасы",
            "Мектептин өнүктүрүү программасы",
            Block.VARIATIVE, StudyForm.DISTANCE, "24", REPUBLIC_INSTITUTE,
        ),
        _course(
            "Чыгармачылык долбоорлор жана саламаттыкты сактоочу технологиялар",
            "Окутуу методикасы",
            "Өз кызыкчылыгы жана муктаждыгы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "36", OBLAST_INSTITUTE,
        ),
    ),
}  # fmt: skip

NEEDS = (
    _need("Предметтик стандарттын талаптары жана күтүлүүчү натыйжалар", [LearningMethod.THEORY]),
    _need("Сабактын максатын коюу жана баалоо критерийлерин түзүү", [LearningMethod.DISCUSSION], Executor.ASSOCIATION),
    _need("Формативдик баалоонун ыкмалары", [LearningMethod.THEORY, LearningMethod.PRACTICE]),
    _need("Ачык сабак өткөрүү жана аны талдоо", [LearningMethod.EXPERIENCE], Executor.ASSOCIATION),
    _need("Санариптик ресурстарды сабакта колдонуу", [LearningMethod.ONLINE, LearningMethod.PRACTICE]),
    _need("Кесиптештердин сабактарына катышуу", [LearningMethod.EXPERIENCE], Executor.OTHER, "Стаждуу мугалимдер"),
    _need(
        "Инклюзивдүү класста иштөөнүн негиздери",
        [LearningMethod.THEORY, LearningMethod.DISCUSSION],
        Executor.OTHER,
        "Мектептин психологу",
    ),
    _need(
        "Функционалдык сабаттуулукка багытталган тапшырмаларды түзүү",
        [LearningMethod.PRACTICE],
        Executor.ASSOCIATION,
    ),
    _need("Облустук КЖИнин курсуна катышуу", [LearningMethod.OFFLINE]),
    _need("Ата-энелер менен иштөөнүн жаңы түрлөрү", [LearningMethod.DISCUSSION]),
    _need("Сабакта убакытты пландаштыруу жана классты башкаруу", [LearningMethod.THEORY]),
)

THEME_NEEDS = {
    "natural": (
        _need("Лабораториялык иштерди коопсуз уюштуруу", [LearningMethod.PRACTICE]),
        _need("Жергиликтүү жаратылыш материалдарын сабакта колдонуу", [LearningMethod.EXPERIENCE]),
    ),
    "exact": (
        _need("Долбоордук иштерди уюштуруу жана баалоо", [LearningMethod.THEORY, LearningMethod.PRACTICE]),
        _need("Окуучуларды предметтик олимпиадага даярдоо", [LearningMethod.PRACTICE]),
    ),
    "kyrgyz": (
        _need("Көркөм текстти талдоонун ыкмалары", [LearningMethod.DISCUSSION]),
        _need("Жазуу иштерин критерийлер боюнча баалоо", [LearningMethod.PRACTICE]),
    ),
    "languages": (
        _need("Угуп түшүнүү көндүмүн өнүктүрүү", [LearningMethod.THEORY, LearningMethod.PRACTICE]),
        _need("Сүйлөшүү клубунун ишин уюштуруу", [LearningMethod.EXPERIENCE]),
    ),
    "primary": (
        _need("Окуу ылдамдыгын жана окуп түшүнүүнү өнүктүрүү", [LearningMethod.PRACTICE]),
        _need("Дидактикалык оюндарды сабакта колдонуу", [LearningMethod.EXPERIENCE]),
    ),
    "social": (
        _need("Булактар менен иштөөнүн ыкмалары", [LearningMethod.THEORY]),
        _need("Окуучулардын чыгармачылык көргөзмөсүн уюштуруу", [LearningMethod.PRACTICE]),
    ),
}

YEAR_END = _need(
    "Окуу жылынын жыйынтыгын талдоо жана жаңы муктаждыктарды аныктоо",
    [LearningMethod.DISCUSSION],
    Executor.ASSOCIATION,
)

NOTES = ("Усулдук бирикме менен макулдашылды", "Мөөнөтү план-график чыкканда такталат", "Жол чыгымын мектеп төлөйт")
ALL_YEAR = "жыл бою"
CORRECTED_RATIONALE = "Мектептин өнүктүрүү программасынын 2-багыты"
OTHER_GROUNDS = "Райондук усулдук кабинеттин сунушу"

RETURN_REASONS = {
    "individual_plan": (
        "Негиздемени мектептин өнүктүрүү программасына ылайык тактаңыз.",
        "Курстардын мөөнөттөрүн окуу жылдары боюнча тең бөлүштүрүңүз.",
        "Акыркы саптагы программаны усулдук бирикменин иш планы менен макулдашыңыз.",
    ),
    "annual_plan": (
        "Муктаждыктарды өзүн өзү баалоонун жыйынтыгына ылайык тактаңыз.",
        "Ачык сабактын айын усулдук бирикменин иш планы менен макулдашыңыз.",
        "Аткаруучуларды тактап, усулдук бирикменин катышуусун көрсөтүңүз.",
    ),
}

CHANGE_NOTES = (
    "Жаңы окуу жылына карата программалардын тизмеси такталды.",
    "Провайдердин план-графиги өзгөргөндүктөн, мөөнөтү жылдырылды.",
    "Өзүн өзү баалоонун жыйынтыгы боюнча жаңы муктаждык кошулду.",
)

# The real yearly plan of a geography teacher for 2021-2022, word for word (001 L91–99); names stand as kinds.
GEOGRAPHY_YEAR = 2021
GEOGRAPHY_SINCE = 2015  # «6 жыл» of teaching in that school year
GEOGRAPHY_NEEDS = (
    (9, _need("География предметинин үчүн билим берүү стандарттары", [LearningMethod.DISCUSSION])),
    (
        10,
        _need("Мектептик билим берүүдөгү педагогикалык менеджмент", [LearningMethod.THEORY], Executor.ASSOCIATION),
    ),
    (
        11,
        _need(
            "Насаатчылык. Насаатчылык деген эмне?",
            [LearningMethod.EXPERIENCE],
            Executor.OTHER,
            "Стаждуу мугалимдер менен иштөө",
        ),
    ),
    (12, _need("Активдүү окутуунун формалары", [LearningMethod.THEORY], who="Мугалим")),
    (1, _need("Курстарга, тренингдерге катышуу.", [LearningMethod.OFFLINE, LearningMethod.ONLINE])),
    (2, _need("Компетенттүүлүк деген эмне?", [LearningMethod.EXPERIENCE])),
    (3, _need("үзгүлтүксүз билим алуунун түрлөрү", [LearningMethod.THEORY])),
    (4, _need("Климатты коргоо боюнча иш алып баруу.", [LearningMethod.PRACTICE])),
    (5, _need("Канткенде билим сапатты жакшырта алабыз", [LearningMethod.EXPERIENCE])),
)

# Her five years 2018-2023 (001 L103): planned after the courses that the record table names.
GEOGRAPHY_YEARS = (2018, 2023)
GEOGRAPHY_COURSES = (
    (
        2018,
        _course(
            "Мугалимдер үчүн методикалык жардам", "Окутуу методикасы", "Өзүн өзү баалоонун жыйынтыгы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "24", "GIZ",
        ),
    ),
    (
        2019,
        _course(
            "Квалификациясын жогорулатуу", "Предметтик стандарт", "Мамлекеттик стандарттын талаптары",
            Block.COMPULSORY, StudyForm.DISTANCE, "24", "Билим берүү жана илим министрлиги",
        ),
    ),
    (
        2020,
        _course(
            "Туруктуу өнүгүү үчүн билим берүү", "Туруктуу өнүгүү", "Мектептин өнүктүрүү программасы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "24", "GIZ",
        ),
    ),
    (
        2021,
        _course(
            "Театралдаштырылган сабак өтүүнүн жолдору", "Окутуу методикасы", "Өз кызыкчылыгы жана муктаждыгы",
            Block.VARIATIVE, StudyForm.FULL_TIME, "24", "GIZ",
        ),
    ),
    (
        2022,
        _course(
            "Кыска мөөнөттүк дасыгууну жогорулатуу", "Предметтик стандарт", "Мамлекеттик стандарттын талаптары",
            Block.COMPULSORY, StudyForm.RELEASED, "72", OBLAST_INSTITUTE,
        ),
    ),
)  # fmt: skip

SCHEDULE_RETURNED = "Үч мугалимдин курсу бүтүрүү сынактарына туш келип калган. Мөөнөттөрүн башка айга которуңуздар."
PART_RETURNED = "Эки мугалимдин курсу көрсөтүлгөн эмес. Курстун аталышын жазыңыз."
CHANGED_TERM = "Окутуучу уюм курсту бир жумага жылдырды."

# Needs in the words of teachers; the first two say the same.
ALIKE = ("Санариптик сабаттуулук", "Санарип сабаттуулугу")
WISHES = (*ALIKE, "Критериалдуу баалоо", "Окуучулардын функционалдык сабаттуулугу", "Инклюзивдик окутуунун негиздери")
SCHOOL_PROGRAMME = "STEM долбоорлорун уюштуруу"
WISHED_FORM = StudyForm.DISTANCE
REQUEST_RETURNED = "Эки теманын окуу тили көрсөтүлгөн эмес окшойт. Текшерип, кайра жөнөтүңүз."
COURSE_ANSWERS = {
    "Критериалдуу баалоо": ("Баалоонун критерийлерин иштеп чыгуу",),
    "Окуучулардын функционалдык сабаттуулугун өнүктүрүү": ("Окуучулардын функционалдык сабаттуулугу",),
}
ORDER_TO = "Кең-Жайлоо облустук билим берүү институту"
ORDERED: Texts = {"hours": Decimal(24)}
