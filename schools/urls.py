from allauth.account import views as account
from django.urls import path

from schools.views import language

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("language/", language.language, name="language"),
]
