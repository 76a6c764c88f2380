from django.urls import path

from courses.views import hours

urlpatterns = [
    path("people/<int:pk>/record/", hours.record_paper, name="record_paper"),
]
