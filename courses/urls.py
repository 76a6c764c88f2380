from django.urls import path

from courses import views

urlpatterns = [
    path("people/<int:pk>/record/", views.record_paper, name="record_paper"),
]
