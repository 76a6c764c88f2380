from django.urls import path

from plans.views import deciding, editing, fulfilling, home, hours, my_courses, overview, perspective, reading

urlpatterns = [
    path("", home.home, name="home"),
    path("hours/", hours.my_hours, name="my_hours"),
    path("my-courses/", my_courses.my_courses, name="my_courses"),
    path("people/<int:pk>/hours/", hours.person_hours, name="person_hours"),
    path("plans/", reading.plan_list, name="plans"),
    path("plans/approve/", deciding.plans_approve, name="plans_approve"),
    path("plans/new/<slug:kind>/", editing.plan_start, name="plan_start"),
    path("plans/<int:pk>/", reading.plan, name="plan"),
    path("plans/<int:pk>/edit/", editing.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/delete/", editing.plan_delete, name="plan_delete"),
    path("plans/<int:pk>/copy-year/", editing.plan_copy_year, name="plan_copy_year"),
    path("plans/<int:pk>/paper/", reading.plan_paper, name="plan_paper"),
    path("plans/<int:pk>/versions/<int:number>/", reading.plan_version, name="plan_version"),
    path("plans/<int:pk>/versions/<int:number>/paper/", reading.plan_paper, name="plan_version_paper"),
    path("plans/<int:pk>/move/<slug:action>/", deciding.plan_move, name="plan_move"),
    path("plans/<int:pk>/items/<uuid:uid>/attended/", fulfilling.item_attended, name="item_attended"),
    path("plans/<int:pk>/items/<uuid:uid>/record/", fulfilling.item_fulfil, name="item_fulfil"),
    path("plans/<int:pk>/items/<uuid:uid>/release/", fulfilling.item_release, name="item_release"),
    path("associations/<int:pk>/meeting/", deciding.meeting_new, name="meeting_new"),
    path("meetings/<int:pk>/", deciding.meeting, name="meeting"),
    path("schools/", overview.institution_list, name="institutions"),
    path("schools/<int:pk>/", overview.institution, name="institution"),
    path("schools/<int:pk>/perspective-plan/", perspective.perspective_plan, {"kind": "pdf"}, name="perspective_plan"),
    path(
        "schools/<int:pk>/perspective-plan/xlsx/",
        perspective.perspective_plan,
        {"kind": "xlsx"},
        name="perspective_plan_xlsx",
    ),
]
