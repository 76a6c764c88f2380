from django.urls import path, register_converter
from django.urls.converters import StringConverter

from courses.models.files import ADDRESS
from courses.views import (
    district_schedules,
    feeds,
    files,
    hours,
    records,
    referrals,
    registers,
    school_calendar,
    staff,
    verifying,
)


class TokenConverter(StringConverter):
    """Nothing but what can be the token of a file reaches the database."""

    regex = ADDRESS


register_converter(TokenConverter, "token")

urlpatterns = [
    path("people/<int:pk>/record/", hours.record_paper, name="record_paper"),
    path("people/<int:pk>/attestation/", hours.attestation_paper, name="attestation_paper"),
    path("my-courses/calendar/", feeds.calendar_feed, name="calendar_feed"),
    path("calendar/<token:token>.ics", feeds.calendar_file, name="calendar_file"),
    path("places/<int:pk>/referral/", referrals.referral, name="referral"),
    path("records/", records.records, name="records"),
    path("records/new/", records.record_new, name="record_new"),
    path("records/<int:pk>/", records.record, name="record"),
    path("records/<int:pk>/edit/", records.record_edit, name="record_edit"),
    path("records/<int:pk>/move/<slug:action>/", records.record_move, name="record_move"),
    path("records/<int:pk>/delete/", records.record_delete, name="record_delete"),
    path("files/<token:token>/", files.certificate_file, name="certificate_file"),
    path("files/<token:token>/<int:page>/", files.certificate_page, name="certificate_page"),
    path("verification/", verifying.verification, name="verification"),
    path("verification/many/", verifying.verify_many, name="verify_many"),
    path("verification/<int:pk>/", verifying.verify, name="verify"),
    path("verification/<int:pk>/hours/", verifying.verify_hours, name="verify_hours"),
    path("verification/<int:pk>/recognition/", verifying.verify_recognition, name="verify_recognition"),
    path("verification/<int:pk>/pair/<int:other>/", verifying.pair_confirm, name="pair_confirm"),
    path("verification/<int:pk>/pair/<int:other>/revoke/", verifying.pair_revoke, name="pair_revoke"),
    path("verification/<int:pk>/<slug:action>/", verifying.verify_move, name="verify_move"),
    path("schools/<int:pk>/hours/", staff.staff_hours, name="staff_hours"),
    path("schools/<int:pk>/hours/xlsx/", staff.staff_file, {"kind": "xlsx"}, name="staff_hours_xlsx"),
    path("schools/<int:pk>/hours/paper/", staff.staff_file, {"kind": "pdf"}, name="staff_hours_paper"),
    path("schools/<int:pk>/calendar/", school_calendar.school_calendar, name="school_calendar"),
    path("schools/<int:pk>/calendar/periods/", school_calendar.period_new, name="period_new"),
    path("schools/<int:pk>/calendar/limit/", school_calendar.limit_new, name="limit_new"),
    path("schools/<int:pk>/calendar/mentors/", school_calendar.mentor_new, name="mentor_new"),
    path("periods/<int:pk>/remove/", school_calendar.period_remove, name="period_remove"),
    path("mentorships/<int:pk>/end/", school_calendar.mentorship_end, name="mentorship_end"),
    path("districts/<int:pk>/calendar/", school_calendar.district_calendar, name="district_calendar"),
    path("districts/<int:pk>/calendar/periods/", school_calendar.district_period_new, name="district_period_new"),
    path("districts/<int:pk>/hours/", staff.district_hours, name="district_hours"),
    path("districts/<int:pk>/hours/xlsx/", staff.district_file, {"kind": "xlsx"}, name="district_hours_xlsx"),
    path("districts/<int:pk>/hours/paper/", staff.district_file, {"kind": "pdf"}, name="district_hours_paper"),
    path("districts/<int:pk>/schedules/", district_schedules.district_schedules, name="district_schedules"),
    path(
        "districts/<int:pk>/schedules/xlsx/",
        district_schedules.district_schedules_file,
        {"kind": "xlsx"},
        name="district_schedules_xlsx",
    ),
    path(
        "districts/<int:pk>/schedules/paper/",
        district_schedules.district_schedules_file,
        {"kind": "pdf"},
        name="district_schedules_paper",
    ),
    path("districts/<int:pk>/schedules/deadline/", district_schedules.schedule_deadline, name="schedule_deadline"),
    path("districts/<int:pk>/schedules/remind/", district_schedules.schedule_remind, name="schedule_remind"),
    path("districts/<int:pk>/schedules/accept/", district_schedules.schedules_accept, name="schedules_accept"),
    path("country/schedules/", district_schedules.country_schedules, name="country_schedules"),
    path("country/hours/", staff.country_hours, name="country_hours"),
    path("country/hours/xlsx/", staff.country_file, {"kind": "xlsx"}, name="country_hours_xlsx"),
    path("country/hours/paper/", staff.country_file, {"kind": "pdf"}, name="country_hours_paper"),
    path("registers/unlinked/", registers.unlinked, name="unlinked"),
    path("registers/providers/", registers.providers, name="providers"),
    path("registers/providers/new/", registers.provider_new, name="provider_new"),
    path("registers/providers/link/", registers.link_provider, name="link_provider"),
    path("registers/providers/<int:pk>/", registers.provider, name="provider"),
    path("registers/providers/<int:pk>/rights/new/", registers.right_new, name="right_new"),
    path("registers/rights/<int:pk>/end/", registers.right_end, name="right_end"),
    path("registers/providers/names/<int:pk>/remove/", registers.provider_alias_remove, name="provider_alias_remove"),
    path("registers/programmes/", registers.programmes, name="programmes"),
    path("registers/programmes/new/", registers.programme_new, name="programme_new"),
    path("registers/programmes/link/", registers.link_programme, name="link_programme"),
    path("registers/programmes/<int:pk>/", registers.programme, name="programme"),
    path(
        "registers/programmes/names/<int:pk>/remove/",
        registers.programme_alias_remove,
        name="programme_alias_remove",
    ),
]
