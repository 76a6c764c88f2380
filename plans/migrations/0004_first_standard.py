"""The first version of the professional standard (002): five units of five competences, and a scale of four levels.

The labels are short and our own; the document's sentences are not repeated here. It says neither which group of key
competences (B1 … B6) a competence belongs to nor on what scale one places oneself: the tags and the levels are our
proposal. The document bears no day, so it is asked from the day of the regulation whose 6.1 rests on it. All of this
is data that the institute may mend.
"""

import datetime as dt

from django.db import migrations

from cpd.migrating import RunBothWays

NUMBER = "1"
STANDARD = {
    "starts_on": dt.date(2017, 6, 20),
    "title_ky": "Мугалимдин кесиптик стандарты",
    "title_ru": "Профессиональный стандарт учителя",
    "source": "КР Билим берүү жана илим министрлиги: мугалимдин кесиптик стандарты (алкактык документ, долбоор)",
}
GROUPS = {
    "B1": ("Жалпы педагогикалык", "Общепедагогические"),
    "B2": ("Предметтик", "Предметные"),
    "B3": ("Маалыматтык", "Информационные"),
    "B4": ("Коммуникативдик", "Коммуникативные"),
    "B5": ("Баалуулуктар", "Ценностные"),
    "B6": ("Инсандык", "Личностные"),
}
UNITS = {
    "A1": ("Окуучу үчүн коопсуз жана кызыктуу чөйрө", "Безопасная и увлекающая среда для ученика"),
    "A2": ("Сабакты пландоо жана класс менен иштөө", "Планирование урока и работа с классом"),
    "A3": ("Сабак берүүнүн ыкмалары", "Методы и приёмы преподавания"),
    "A4": ("Кесиптештер, ата-энелер жана коом менен иш", "Работа с коллегами, родителями и обществом"),
    "A5": ("Өз кесибинде өсүү", "Собственный профессиональный рост"),
}
COMPETENCES = {
    "A1.1": (
        "Ар бир балага ачык, коопсуз сабак (инклюзия)",
        "Урок, открытый и безопасный для каждого ребёнка (инклюзия)",
        "B1 B5",
    ),
    "A1.2": (
        "Баалуулуктарга, атуулдукка жана маданияттар диалогуна тарбиялоо",
        "Воспитание ценностей, гражданственности и диалога культур",
        "B5",
    ),
    "A1.3": (
        "Окуучулардын муктаждыгын изилдөө, билимге кызыктыруу",
        "Изучение запросов учеников, пробуждение интереса к знаниям",
        "B1 B2",
    ),
    "A1.4": (
        "Класстагы сый мамиле жана жакшы жүрүм-турумду колдоо",
        "Уважение в классе и поддержка хорошего поведения",
        "B1 B4",
    ),
    "A1.5": (
        "Окуучунун өзүнө ишенимин бекемдөө, ага жеке колдоо көрсөтүү",
        "Укрепление уверенности ученика и личная поддержка",
        "B1 B6",
    ),
    "A2.1": (
        "Сабакты пландоо, натыйжасын талдоо жана оңдоп-түзөө",
        "Планирование урока, анализ его результата и поправки",
        "B1 B2",
    ),
    "A2.2": (
        "Сабактын мазмунун тандоо жана дифференциялап окутуу",
        "Отбор содержания урока и дифференцированное обучение",
        "B2",
    ),
    "A2.3": (
        "Окуучулардын ишин уюштуруу жана колдоочу кайтарым байланыш",
        "Организация работы учеников и поддерживающая обратная связь",
        "B1 B4",
    ),
    "A2.4": (
        "Максатка умтултуу жана ар түрдүү тапшырмаларды түшүндүрүү",
        "Мотивация к цели и объяснение заданий разных видов",
        "B1",
    ),
    "A2.5": (
        "Билимди текшерүү, баалоо критерийлери жана рубрикалар",
        "Проверка знаний, критерии оценивания и рубрики",
        "B1 B2",
    ),
    "A3.1": (
        "Санариптик жана башка ресурстар, окуучунун өз алдынча иши",
        "Цифровые и другие ресурсы, самостоятельная работа ученика",
        "B2 B3",
    ),
    "A3.2": (
        "Окуучуну өзүн баалоого жана рефлексияга үйрөтүү",
        "Обучение ученика самооценке и рефлексии",
        "B1",
    ),
    "A3.3": (
        "Жаңы ыкмаларды өз сабагына ыңгайлаштыруу",
        "Новые методики и их приспособление к своему уроку",
        "B2 B3",
    ),
    "A3.4": (
        "Деңгээли ар башка окуучулардын баарын сабакка тартуу",
        "Вовлечение в урок учеников разного уровня",
        "B1 B5",
    ),
    "A3.5": (
        "Жупта жана топто иштөө, интерактивдүү сабак",
        "Работа в парах и группах, интерактивный урок",
        "B1 B4",
    ),
    "A4.1": (
        "Кесиптештер менен бирге пландоо, предметтерди байланыштыруу",
        "Совместное планирование с коллегами, связь предметов",
        "B2 B4",
    ),
    "A4.2": (
        "Окуучунун жеке окуу жолун мектеп жана үй-бүлө менен бирге түзүү",
        "Личный образовательный путь ученика вместе со школой и семьёй",
        "B1 B4",
    ),
    "A4.3": (
        "Ата-энелер менен өнөктөштүк, аларды мектептин ишине тартуу",
        "Партнёрство с родителями, участие семьи в жизни школы",
        "B4",
    ),
    "A4.4": (
        "Окуучунун жетишкендиги тууралуу так маалымат, купуялык",
        "Точные сведения об успехах ученика, конфиденциальность",
        "B3 B4 B5",
    ),
    "A4.5": (
        "Баарлашуу маданияты жана эмоционалдык интеллект",
        "Культура общения и эмоциональный интеллект",
        "B4 B6",
    ),
    "A5.1": (
        "Өз кесиптик өсүшүн муктаждыкка жараша пландоо",
        "Планирование своего профессионального роста по потребностям",
        "B6",
    ),
    "A5.2": (
        "Өз ишин окуучулардын жыйынтыгы боюнча талдоо жана жакшыртуу",
        "Анализ и улучшение своей работы по результатам учеников",
        "B1 B6",
    ),
    "A5.3": (
        "Курстарга катышуу жана үйрөнгөндү сабакта колдонуу",
        "Участие в курсах и применение изученного на уроке",
        "B3 B6",
    ),
    "A5.4": (
        "Тажрыйба бөлүшүү, мектептин долбоорлоруна салым кошуу",
        "Обмен опытом и вклад в проекты школы",
        "B4 B6",
    ),
    "A5.5": (
        "Кесипке берилгендик жана педагогдук этика",
        "Преданность профессии и педагогическая этика",
        "B5 B6",
    ),
}
LEVELS = [
    ("Азырынча кыйын, колдоо керек", "Пока трудно, нужна поддержка"),
    ("Жарым-жартылай колумдан келет", "Получается отчасти"),
    ("Ишенимдүү аткарам", "Делаю уверенно"),
    ("Башкаларга үйрөтө алам", "Могу научить других"),
]


def add_standard(apps, schema_editor):
    standard = apps.get_model("plans", "ProfessionalStandard").objects.create(number=NUMBER, **STANDARD)
    groups = {
        code: standard.groups.create(code=code, title_ky=title_ky, title_ru=title_ru)
        for code, (title_ky, title_ru) in GROUPS.items()
    }
    units = {
        code: standard.units.create(code=code, position=position, title_ky=title_ky, title_ru=title_ru)
        for position, (code, (title_ky, title_ru)) in enumerate(UNITS.items(), start=1)
    }
    for code, (title_ky, title_ru, tags) in COMPETENCES.items():
        unit, position = code.split(".")
        competence = units[unit].competences.create(code=code, position=position, title_ky=title_ky, title_ru=title_ru)
        competence.groups.set([groups[tag] for tag in tags.split()])
    for value, (title_ky, title_ru) in enumerate(LEVELS, start=1):
        standard.levels.create(value=value, title_ky=title_ky, title_ru=title_ru)


def remove_standard(apps, schema_editor):
    """With it goes what was said by it, and every request: its table goes next, the common table of documents stays."""
    get = apps.get_model
    get("plans", "PlanItem").objects.exclude(need=None).update(need=None)
    for name in ("CountedNeed", "RequestLine", "LearningNeed", "SelfAssessment"):
        get("plans", name).objects.all().delete()
    documents = get("schools", "Document").objects.filter(kind="needs_request")
    versions = get("schools", "DocumentVersion").objects.filter(document__in=documents)
    get("schools", "Decision").objects.filter(version__in=versions).delete()
    documents.update(current_version=None, in_force=None)
    versions.delete()
    get("plans", "NeedsRequest").objects.all().delete()
    get("plans", "ProfessionalStandard").objects.filter(number=NUMBER).delete()


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_needs_and_requests")]
    # Backward the later columns of decisions go first: what is removed here is looked up with all that decisions have.
    run_before = [("schools", "0009_mentors_by_order")]

    operations = [RunBothWays(add_standard, remove_standard)]
