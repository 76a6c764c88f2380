"""The hours rules of the four sources with every parameter, and the providers that the sources name.

What a source leaves open stays empty or is a draft that drives nothing; what is our own reading says so in the note.
"""

import datetime as dt

from django.db import migrations

from cpd.migrating import RunBothWays
from cpd.text import fold

SCHOOL = {  # its years and hours stand since 0002, and an administrator may have changed them
    "code": "SCHOOL_72_5Y",
    "driver": "plan",
    "programme_min_hours": 72,  # 4.5.2
    "frequency_years": 5,
    "frequency_source": "Мектептин 2021-жылдын 25-сентябрындагы нускамасы, 13-пункт",
    "max_hours_per_day": 10,
    "warn_days": 365,
    "note": (
        "2025-жылдын 29-октябрында беш жылдык талап мыйзамдан алынып салынганы, жылдык талап даярдалып жатканы "
        "кабарланган; актынын тексти табылган жок. Жокко чыгарган актынын тексти колуңузда болсо, күчүн жоготкон "
        "күнүн жазыңыз."
    ),
}
COLLEGE_ACT = {
    "title_ky": "Колледждин инженердик-окутуучулук жамаатынын квалификациясын жогорулатуу жөнүндө жобо",
    "title_ru": "Положение о повышении квалификации инженерно-преподавательского состава колледжа",
    "note": "Документте жылы гана көрсөтүлгөн (2022), айы жазылган эмес.",
}
COLLEGE = {
    "code": "COLLEGE_36_3Y",
    "institution_kind": "college",
    "source_clause": "1.4, 3.1, 3.3",
    "status": "in_force",
    "valid_from": dt.date(2022, 1, 1),
    "driver": "frequency",
    "years": 3,
    "accumulate": False,
    "min_event_hours": 36,
    "frequency_years": 3,
    "internship_min_hours": 72,
    "degree_counts": True,
    "max_hours_per_day": 10,
    "warn_days": 180,
    "note": "Күчүнө кирген күнү — 2022-жылдын башы: документте айы жок.",
}
UNIVERSITY_ACT = {
    "title_ky": "Университеттин окутуучуларынын квалификациясын жогорулатуу жөнүндө жобо",
    "title_ru": "Положение о повышении квалификации преподавателей университета",
    "issued_on": dt.date(2024, 1, 31),
}
UNIVERSITY = {
    "code": "UNI_72_5Y",
    "institution_kind": "university",
    "source_clause": "1.5, III 2.4, 4.3",
    "status": "in_force",
    "valid_from": dt.date(2024, 1, 31),
    "driver": "frequency",
    "years": 5,
    "required_hours": 72,
    "accumulate": False,
    "min_event_hours": 72,
    "frequency_years": 5,
    "planning_interval_years": 3,
    "internship_min_hours": 72,
    "internship_min_days": 14,
    "retraining_min_hours": 250,
    "degree_counts": True,
    "max_hours_per_day": 10,
    "warn_days": 365,
    "note": "1.5-пункт бир окуу катары окулду: 72 саат бир курста.",
}
ANNUAL_ACT = {
    "title_ky": "Мугалимдердин квалификациясын жыл сайын жогорулатуу жөнүндө жобонун долбоору",
    "title_ru": "Проект положения о ежегодном повышении квалификации учителей",
    "note": "2025-жылдын 29-октябрында жарыяланган (24.kg); саат саны чечиле элек, акт кабыл алына элек.",
}
ANNUAL = {
    "code": "ANNUAL",
    "institution_kind": "school",
    "source_clause": "—",
    "status": "draft",
    "driver": "year",
    "years": 1,
    "max_hours_per_day": 10,
    "warn_days": 60,
}

SINCE = dt.date(2017, 6, 20)  # the regulation that names who may give courses, 4.5.1
RUSSIAN = {
    "Баткен": "Баткенский", "Жалал-Абад": "Джалал-Абадский", "Нарын": "Нарынский", "Ош": "Ошский",
    "Талас": "Таласский", "Чүй": "Чуйский", "Ысык-Көл": "Иссык-Кульский",
}  # fmt: skip
# Title, Russian title, kind, basis of the right to teach ("" = not decided), other names.
PROVIDERS = [
    (
        "Республикадагы педагогикалык кызматкерлердин кесипкөйлүгүн жогорулатуу жана кайра даярдоо институту",
        "Республиканский институт повышения квалификации и переподготовки педагогических работников",
        "republican_institute",
        "state_institute",
        ["РПК КЖКИ", "РПККЖКИ", "ПККЖ КРИ", "РКЖИ", "Республикалык КЖИ", "Республикалык институт", "РИПКиППР", "РИПК и ППР"],
    ),
    (
        "Билим берүү жана илим министрлиги",
        "Министерство образования и науки",
        "ministry",
        "right_to_teach",
        ["КРнын ББжана ИМ", "КРнын ББ жана ИМ", "ББжана ИМ", "ББ жана ИМ", "КР БИМ", "КР ББжИМ", "БИМ", "МОН КР",
         "Билим берүү министрлиги", "Агартуу министрлиги", "Министерство просвещения"],
    ),
    ("GIZ", "GIZ", "international", "", ["ГИЗ", "Германиянын эл аралык кызматташуу коому"]),
    *(
        (
            f"{oblast} облустук билим берүү институту",
            f"{RUSSIAN[oblast]} областной институт образования",
            "oblast_institute",
            "state_institute",
            [f"{oblast} облас БББ", f"{oblast} облустук КЖИ", f"{oblast} облустук БББ", f"{RUSSIAN[oblast]} ОИО"],
        )
        for oblast in RUSSIAN
    ),
]  # fmt: skip


def add_rules(apps, schema_editor):
    acts, policies = apps.get_model("courses", "LegalAct"), apps.get_model("courses", "HoursPolicy")
    policies.objects.filter(code=SCHOOL["code"]).update(**SCHOOL)
    for act, policy in ((COLLEGE_ACT, COLLEGE), (UNIVERSITY_ACT, UNIVERSITY), (ANNUAL_ACT, ANNUAL)):
        policies.objects.create(legal_act=acts.objects.create(**act), **policy)


def remove_rules(apps, schema_editor):
    policies = apps.get_model("courses", "HoursPolicy").objects
    policies.filter(code__in=[policy["code"] for policy in (COLLEGE, UNIVERSITY, ANNUAL)]).delete()
    titles = [act["title_ky"] for act in (COLLEGE_ACT, UNIVERSITY_ACT, ANNUAL_ACT)]
    apps.get_model("courses", "LegalAct").objects.filter(title_ky__in=titles).delete()


def add_providers(apps, schema_editor):
    providers, rights = apps.get_model("courses", "Provider"), apps.get_model("courses", "ProviderRight")
    aliases = apps.get_model("courses", "ProviderAlias")
    for title, russian, kind, basis, others in PROVIDERS:
        provider = providers.objects.create(
            title_ky=title, title_ru=russian, kind=kind, search_key=fold(f"{title} {russian}")
        )
        if basis:
            rights.objects.create(provider=provider, basis=basis, starts_on=SINCE)
        for key, text in {fold(text): text for text in (title, russian, *others)}.items():
            aliases.objects.create(target=provider, text=text, key=key)


def remove_providers(apps, schema_editor):
    own = {"title_ky__in": [row[0] for row in PROVIDERS], "institution": None, "district": None}
    unused = apps.get_model("courses", "Provider").objects.filter(**own, records=None)
    apps.get_model("courses", "ProviderRight").objects.filter(provider__in=unused).delete()
    unused.delete()


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_records")]

    operations = [
        RunBothWays(add_rules, remove_rules),
        RunBothWays(add_providers, remove_providers),
    ]
