from allauth.account import views as account
from django.urls import path

from schools import views

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("language/", views.language, name="language"),
]
