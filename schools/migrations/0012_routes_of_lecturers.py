"""Who agrees and approves at colleges and universities, and the forms they print: 003 4.1–4.3, 004 IV–VII."""

from django.db import migrations

from cpd.migrating import RunBothWays

AGREE, APPROVE = "agree", "approve"
HEAD, DEAN, DEPUTY, DIRECTOR, QUALITY = (
    "association_head",
    "dean",
    "deputy_director",
    "director",
    "quality_officer",
)
# Kind of institution, kind of document, source, steps (action, role, whether minutes are needed).
ROUTES = (
    ("college", "perspective_plan", "003 4.1: колледждин директору бекитет", [(APPROVE, DIRECTOR, False)]),
    (
        "college",
        "application",
        "003 4.3: орун басар макулдашат, директор чечет",
        [(AGREE, DEPUTY, False), (APPROVE, DIRECTOR, False)],
    ),
    ("college", "internship_plan", "003 4.2: колледждин директору бекитет", [(APPROVE, DIRECTOR, False)]),
    (
        "university",
        "perspective_plan",
        "004 4.1, 1-тиркеме: сапат бөлүмү түзөт, проректор бекитет",
        [(AGREE, QUALITY, False), (APPROVE, DEPUTY, False)],
    ),
    ("university", "department_plan", "004 4.1, 2-тиркеме: факультеттин деканы бекитет", [(APPROVE, DEAN, False)]),
    (
        "university",
        "application",
        "004 5.1, 6.4, 4-тиркеме: кафедра башчысы, декан, сапат бөлүмү макул; ректордун атына",
        [(AGREE, HEAD, False), (AGREE, DEAN, False), (AGREE, QUALITY, False), (APPROVE, DIRECTOR, False)],
    ),
    (
        "university",
        "internship_plan",
        "004 VI 6.3: кафедранын отурумунда каралат, кафедра башчысы бекитет",
        [(APPROVE, HEAD, True)],
    ),
    (
        "university",
        "internship_programme",
        "004 6.5, 5-тиркеме: кафедра башчысы кол коёт, проректор бекитет",
        [(AGREE, HEAD, False), (APPROVE, DEPUTY, False)],
    ),
    (
        "university",
        "internship_information",
        "004 6.6, 6-тиркеме: сапат бөлүмүнө берилет",
        [(APPROVE, QUALITY, False)],
    ),
    ("university", "course_report", "004 5.2, 7.1, 3-тиркеме: кафедра угат", [(APPROVE, HEAD, True)]),
)
# Form, kind of document ("" where none walks a route), kind of institution, label printed on it, source.
FORMS = (
    ("F19", "perspective_plan", "university", "1-тиркеме", "004, 1-тиркеме"),
    ("F20", "department_plan", "university", "2-тиркеме", "004, 2-тиркеме"),
    ("F21", "course_report", "university", "3-тиркеме", "004, 5.2: 3-тиркеме (текстте белгиси жок)"),
    ("F22", "application", "university", "4-тиркеме", "004, 4-тиркеме"),
    ("F23", "internship_programme", "university", "5-тиркеме", "004, 6.5: 5-тиркеме (текстте белгиси жок)"),
    ("F24", "internship_information", "university", "6-тиркеме", "004, 6.6: 6-тиркеме (текстте белгиси жок)"),
    ("F25", "internship_plan", "university", "", "004 VI 6.3"),
    ("F22", "application", "college", "", "003 4.3"),
    ("F26", "perspective_plan", "college", "", "003 4.1"),
    ("F27", "internship_plan", "college", "", "003 4.2"),
    ("F28", "", "college", "", "003 4.6, 4.7"),
    ("F28", "", "university", "", "004 5.3"),
)


def add_routes(apps, schema_editor):
    routes = apps.get_model("schools", "ApprovalRoute").objects
    for kind, document, source, steps in ROUTES:
        route = routes.create(institution_kind=kind, document_kind=document, source=source)
        for position, (action, role, needs_minutes) in enumerate(steps, start=1):
            route.steps.create(position=position, action=action, role=role, needs_minutes=needs_minutes)
    forms = apps.get_model("schools", "PrintedForm").objects
    for code, document, kind, label, source in FORMS:
        forms.create(code=code, document_kind=document, institution_kind=kind, label=label, source=source)


def remove_routes(apps, schema_editor):
    """With them the routes of single institutions: the kinds of document go next."""
    documents = [document for _kind, document, *_rest in ROUTES]
    apps.get_model("schools", "ApprovalRoute").objects.filter(document_kind__in=documents).delete()
    apps.get_model("schools", "PrintedForm").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("schools", "0011_units_and_forms")]

    operations = [RunBothWays(add_routes, remove_routes)]
