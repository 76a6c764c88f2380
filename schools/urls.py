from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from schools.views import accounts, employments, invitations, journal, language, my_account, notices, staff, transfers

urlpatterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("password/", account.password_change, name="account_change_password"),
    path("language/", language.language, name="language"),
    path("i/", invitations.invitation_code, name="invitation_code"),
    path("i/<str:token>/", invitations.invitation, name="invitation"),
    path("account/", my_account.my_account, name="my_account"),
    path("account/e-mail/", my_account.mail_change, name="mail_change"),
    path("account/e-mail/<str:token>/", my_account.mail_confirm, name="mail_confirm"),
    path("account/sessions/end/", my_account.sessions_end, name="sessions_end"),
    path("account/sessions/<int:pk>/end/", my_account.session_end, name="session_end"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("account/confirm/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/second-factor/", mfa.index, name="mfa_index"),
    path("account/second-factor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("account/second-factor/app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/second-factor/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("account/second-factor/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("account/second-factor/passkeys/<int:pk>/name/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/second-factor/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/second-factor/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path("sign-in/code/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("schools/<int:pk>/accounts/", accounts.school_accounts, name="school_accounts"),
    path("schools/<int:pk>/accounts/invite/", accounts.invitations_make, name="invitations_make"),
    path("schools/<int:pk>/accounts/slips/", accounts.invitation_slips, name="invitation_slips"),
    path("schools/<int:pk>/accounts/<int:person>/", accounts.school_account, name="school_account"),
    path("schools/<int:pk>/accounts/<int:person>/revoke/", accounts.invitation_revoke, name="invitation_revoke"),
    path("schools/<int:pk>/accounts/<int:person>/close/", accounts.account_close, name="account_close"),
    path("schools/<int:pk>/accounts/<int:person>/open/", accounts.account_open, name="account_open"),
    path(
        "schools/<int:pk>/accounts/<int:person>/second-factor/",
        accounts.account_factor_remove,
        name="account_factor_remove",
    ),
    path("districts/<int:pk>/accounts/", accounts.district_accounts, name="district_accounts"),
    path("districts/<int:pk>/accounts/invite/", accounts.district_invitations_make, name="district_invitations_make"),
    path("districts/<int:pk>/accounts/slips/", accounts.district_slips, name="district_slips"),
    path("journal/", journal.journal, name="journal"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.notices_read, name="notices_read"),
    path("notices/settings/", notices.notice_settings, name="notice_settings"),
    path("notices/<int:pk>/open/", notices.notice_open, name="notice_open"),
    path("schools/<int:pk>/staff/", staff.school_staff, name="school_staff"),
    path("schools/<int:pk>/staff/new/", staff.staff_hire, name="staff_hire"),
    path("employments/<int:pk>/", employments.employment, name="employment"),
    path("employments/<int:pk>/edit/", employments.employment_edit, name="employment_edit"),
    path("employments/<int:pk>/end/", employments.employment_end, name="employment_end"),
    path("employments/<int:pk>/take-back/", employments.employment_take_back, name="employment_take_back"),
    path("employments/<int:pk>/main/", employments.employment_main, name="employment_main"),
    path("employments/<int:pk>/leave/", employments.leave_new, name="leave_new"),
    path("employments/<int:pk>/transfer/", transfers.transfer_new, name="transfer_new"),
    path("leaves/<int:pk>/", employments.leave_edit, name="leave_edit"),
    path("leaves/<int:pk>/remove/", employments.leave_remove, name="leave_remove"),
    path("people/<int:pk>/edit/", employments.person_edit, name="person_edit"),
    path("people/<int:pk>/name/", employments.name_change, name="name_change"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<int:pk>/", transfers.transfer_answer, name="transfer_answer"),
    path("transfers/<int:pk>/withdraw/", transfers.transfer_withdraw, name="transfer_withdraw"),
]
