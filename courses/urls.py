from django.urls import path

from courses.views import files, hours

urlpatterns = [
    path("people/<int:pk>/record/", hours.record_paper, name="record_paper"),
    path("files/<str:token>/", files.certificate_file, name="certificate_file"),
    path("files/<str:token>/<int:page>/", files.certificate_page, name="certificate_page"),
]
