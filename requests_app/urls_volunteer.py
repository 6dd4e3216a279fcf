"""What volunteers reach below /lotse/: the page behind a mailed link, and own pages after signing in."""

from django.urls import path

from requests_app.views import answering, calling, feeds, leaving, reporting, volunteer
from volunteers.views import papers

urlpatterns = [
    path("", volunteer.lotse_home, name="lotse_home"),
    path("antwort/<str:token>/", answering.answer, name="answer"),
    path("bericht/<str:token>/", reporting.report, name="report"),
    path("kalender/", feeds.lotse_calendar, name="lotse_calendar"),
    path("kalender/<str:token>.ics", feeds.lotse_feed, name="lotse_feed"),
    path("antwort/<str:token>/rueckruf/<int:pk>/", calling.answer_call, name="answer_call"),
    path("einsatz/<int:pk>/rueckruf/", calling.lotse_call, name="lotse_call"),
    path("nachweise/", papers.own_papers, name="lotse_papers"),
    path("nachweise/telefon/", papers.own_phone, name="lotse_phone"),
    path("pause/", leaving.lotse_pause, name="lotse_pause"),
    path("pause/ende/", leaving.lotse_resume, name="lotse_resume"),
    path("aufhoeren/", leaving.lotse_leave, name="lotse_leave"),
    path("anfrage/<int:pk>/", volunteer.lotse_offer, name="lotse_offer"),
    path("einsatz/<int:pk>/", volunteer.lotse_appointment, name="lotse_appointment"),
    path("einsatz/<int:pk>/absagen/", volunteer.lotse_step_down, name="lotse_step_down"),
    path("einsatz/<int:pk>/bericht/", reporting.lotse_report, name="lotse_report"),
    path("einsatz/<int:pk>/wunsch/", volunteer.lotse_wish, name="lotse_wish"),
    path("einsatz/<int:pk>/termin.ics", volunteer.lotse_entry, name="lotse_entry"),
]
