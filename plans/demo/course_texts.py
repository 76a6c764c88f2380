"""Fixed texts of the demo's courses: who gives them, and what the teacher of the sources attended."""

import datetime as dt
from typing import Any

from courses.choices import Block, DeliveryMode, ParticipationRole, ProviderKind, RightBasis, StudyForm, TrainingKind
from plans.demo.texts import DISTRICT_CABINET, GEOGRAPHY, OBLAST_INSTITUTE, REPUBLIC_INSTITUTE, Texts
from schools.choices import TeachingLanguage

# Who gives courses in the district of the demo: title, Russian title, kind, basis of the right to teach, other name.
PROVIDERS = (
    (
        "Кең-Жайлоо облустук билим берүү институту",
        "Кен-Джайлооский областной институт образования",
        ProviderKind.OBLAST_INSTITUTE,
        RightBasis.STATE_INSTITUTE,
        OBLAST_INSTITUTE,
    ),
    (
        "Ак-Булак райондук усулдук кабинети",
        "Ак-Булакский районный методический кабинет",
        ProviderKind.METHODICAL_CENTRE,
        RightBasis.METHODICAL_CENTRE,
        DISTRICT_CABINET,
    ),
)

# What the teacher noted beside courses: kind, what, what it gave.
BESIDE_COURSES = (
    (TrainingKind.SELF_STUDY, "Картография боюнча электрондук китеп окуу", "Жаңы көнүгүүлөр табылды"),
    (TrainingKind.NETWORK, "Кошуна мектептин география мугалимдери менен сабак талкуулоо", "Топтук иштин үлгүлөрү"),
)
SHARED_TOPIC = "География сабагында карта менен иштөө"

# The record table of the sources, as it stands there.
TEACHER_COURSES: tuple[Texts, ...] = (
    {
        "title": "Мугалимдер үчүн методикалык жардам",
        "date_text": "23.11.2019",
        "provider_text": "GIZ",
        "hours_text": "24",
        "ended": dt.date(2019, 11, 23),
        "fate": "verified",
        "goal": "Методика менен иштей билүү",
        "comment": "География-лык көнүгүү үйрөндүм",
    },
    {
        "title": "Квалификациясын жогорулатуу",
        "date_text": "Август 2020-жыл",
        "provider_text": "КРнын ББжана ИМ",
        "hours_text": "24",
        "ended": dt.date(2020, 8, 31),
        "fate": "verified",
        "mode": DeliveryMode.ONLINE,
        "block": Block.COMPULSORY,
        "goal": "Стандарт түшүнүгү",
        "comment": "Стандарт боюнча окуу",
    },
    {
        "title": "“Чыйрак жаңгак”",
        "date_text": "12-23-июль 2021",
        "provider_text": "GIZ",
        "hours_text": "4 сутка",
        "ended": dt.date(2021, 7, 23),
        "fate": "submitted",
        "role": ParticipationRole.TRAINER,
        "goal": "Окуучулардын жайкы эс алуусу",
        "comment": "6 окуучу лагерге алып баруу Тренер катары көн-р",
    },
    {
        "title": "Мугалимдерге методикалык жардам",
        "date_text": "12-23-апрель 2021",
        "provider_text": "GIZ",
        "hours_text": "24",
        "ended": dt.date(2021, 4, 23),
        "fate": "verified",
        "goal": "Туруктуу өнүгүү үчүн ББ.",
        "comment": "География мугалим-дерин көрсөтмө курал менен камсыздоо",
    },
    {
        "title": "Мугалимдерге методикалык жардам",
        "date_text": "15-17-апрель 2021",
        "provider_text": "GIZ",
        "hours_text": "24",
        "ended": dt.date(2021, 4, 17),
        "fate": "submitted",
        "goal": "Туруктуу өнүгүү үчүн ББ.",
        "comment": "География мугалим-дерин көрсөтмө курал менен камсыздоо",
    },
    {
        "title": "Театралдаштырылган сабак өтүүнүн жолдору",
        "date_text": "13-15-апрель 2022",
        "provider_text": "GIZ",
        "hours_text": "24",
        "ended": dt.date(2022, 4, 15),
        "fate": "verified",
        "goal": "Театр аркылуу сабактарды кызыктуу өтүү.",
        "comment": "Театрды сабакта колдонуу жана кызыктуу өтүү",
    },
    {
        "title": "Театралдаштырылган сабак өтүүнүн жолдору",
        "date_text": "23-25-март 2022",
        "provider_text": "GIZ",
        "hours_text": "24",
        "ended": dt.date(2022, 3, 25),
        "fate": "verified",
        "goal": "Театр аркылуу сабактарды кызыктуу өтүү.",
        "comment": "Ар түрдүү көндүмдөр-дү үйрөнүү",
    },
    {
        "title": "Кыска мөөнөттүк дасыгууну жогорулатуу",
        "date_text": "11-22-апрель 2022-ж.",
        "provider_text": "Жалал-Абад облас БББ",
        "hours_text": "72",
        "ended": dt.date(2022, 4, 22),
        "fate": "verified",
        "block": Block.COMPULSORY,
        "goal": "Мамлекеттик стандарт",
        "comment": "Мамлекеттик стандартты окуп үйрөнүү",
    },
)

# What she attended since then, in days before today: two that overlap, one that was sent back, one that waits.
TEACHER_RECENT: tuple[Texts, ...] = (
    {
        "title": "Санариптик карталар: сабакта GIS колдонуу",
        "days_ago": 640,
        "days": 3,
        "provider_text": REPUBLIC_INSTITUTE,
        "hours_text": "24 саат",
        "fate": "verified",
        "block": Block.COMPULSORY,
    },
    {
        "title": "Формативдик баалоонун ыкмалары жана куралдары",
        "days_ago": 300,
        "days": 4,
        "provider_text": OBLAST_INSTITUTE,
        "hours_text": "24",
        "fate": "verified",
    },
    {
        "title": "Жергиликтүү экология боюнча долбоор",
        "days_ago": 301,
        "days": 2,
        "provider_text": DISTRICT_CABINET,
        "hours_text": "12 с.",
        "fate": "verified",
    },
    {
        "title": "Окуучулардын функционалдык сабаттуулугун өнүктүрүү",
        "days_ago": 60,
        "days": 5,
        "provider_text": OBLAST_INSTITUTE,
        "hours_text": "36",
        "fate": "returned",
        "mode": DeliveryMode.ONLINE,
    },
    {
        "title": "Инклюзивдүү класста окутууну уюштуруу",
        "days_ago": 20,
        "days": 3,
        "provider_text": REPUBLIC_INSTITUTE,
        "hours_text": "18 саат",
        "fate": "submitted",
    },
)

RECORD_RETURN_REASON = "Сертификаттын сүрөтүн тиркеп, номерин жана күнүн жазыңыз."
CERTIFICATE = "СЕРТИФИКАТ"
NOT_REAL = "Үлгү: бул документ ойдон чыгарылган"

# What is offered to the district this school year; days are counted from the day of the demo.
OFFERINGS: tuple[dict[str, Any], ...] = (
    {
        "title": "Табигый илимдерди окутууда изилдөө ыкмасы",
        "provider": "Кең-Жайлоо",
        "subject": GEOGRAPHY,
        "audience": "География, биология, химия мугалимдери",
        "days_ahead": -35,
        "days": 12,
        "hours": 72,
        "block": Block.COMPULSORY,
        "study_form": StudyForm.RELEASED,
        "venue": "Кең-Жайлоо ш., облустук институт",
        "places": 4,
        "given": 4,
    },
    {
        "title": "Критериалдуу баалоо",
        "provider": "Ак-Булак",
        "subject": "",
        "audience": "Бардык предметтердин мугалимдери",
        "days_ahead": -8,
        "days": 5,
        "hours": 24,
        "block": Block.VARIATIVE,
        "study_form": StudyForm.NOT_RELEASED,
        "venue": "Ак-Булак айылы, усулдук кабинет",
        "places": 10,
        "given": 8,
    },
    {
        "title": "Санариптик сабаттуулук",
        "provider": "Республикадагы",
        "subject": "",
        "audience": "Бардык предметтердин мугалимдери",
        "days_ahead": 21,
        "days": 12,
        "hours": 72,
        "block": Block.COMPULSORY,
        "study_form": StudyForm.DISTANCE,
        "venue": "",
        "places": 12,
        "given": 5,
    },
    {
        "title": "Мектепти башкаруунун жаңы талаптары",
        "provider": "Республикадагы",
        "subject": "",
        "is_for_leaders": True,
        "audience": "Мектептин директорлору жана алардын орун басарлары",
        "days_ahead": 60,
        "days": 6,
        "hours": 36,
        "block": Block.COMPULSORY,
        "study_form": StudyForm.RELEASED,
        "venue": "Бишкек ш., республикалык институт",
        "places": 3,
        "given": 0,
    },
    {
        "title": "Русский язык как второй: современные методики",
        "provider": "Кең-Жайлоо",
        "subject": "Орус тили жана адабияты",
        "language": TeachingLanguage.RUSSIAN,
        "audience": "Орус тили жана адабияты мугалимдери",
        "days_ahead": 95,
        "days": 12,
        "hours": 72,
        "block": Block.VARIATIVE,
        "study_form": StudyForm.RELEASED,
        "venue": "Кең-Жайлоо ш., облустук институт",
        "places": 2,
        "given": 0,
    },
    {
        "title": "Окуучулардын функционалдык сабаттуулугун өнүктүрүү",
        "provider": "Кең-Жайлоо",
        "subject": "",
        "audience": "Бардык предметтердин мугалимдери",
        "days_ahead": 330,
        "days": 12,
        "hours": 36,
        "block": Block.VARIATIVE,
        "study_form": StudyForm.FULL_TIME,
        "venue": "Кең-Жайлоо ш., облустук институт",
        "places": 15,
        "given": 0,
    },
)
