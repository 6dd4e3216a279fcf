"""What volunteers reach below /lotse/: the page behind a mailed link, and own pages after signing in."""

from django.urls import path

from requests_app.views import answering, calling, feeds, reporting, volunteer

urlpatterns = [
    path("", volunteer.lotse_home, name="lotse_home"),
    path("antwort/<str:token>/", answering.answer, name="answer"),
    path("bericht/<str:token>/", reporting.report, name="report"),
    path("kalender/", feeds.lotse_calendar, name="lotse_calendar"),
    path("kalender/<str:token>.ics", feeds.lotse_feed, name="lotse_feed"),
    path("antwort/<str:token>/rueckruf/<int:pk>/", calling.answer_call, name="answer_call"),
    path("einsatz/<int:pk>/rueckruf/", calling.lotse_call, name="lotse_call"),
    path("anfrage/<int:pk>/", volunteer.lotse_offer, name="lotse_offer"),
    path("einsatz/<int:pk>/", volunteer.lotse_appointment, name="lotse_appointment"),
    path("einsatz/<int:pk>/absagen/", volunteer.lotse_step_down, name="lotse_step_down"),
    path("einsatz/<int:pk>/bericht/", reporting.lotse_report, name="lotse_report"),
    path("einsatz/<int:pk>/wunsch/", volunteer.lotse_wish, name="lotse_wish"),
    path("einsatz/<int:pk>/termin.ics", volunteer.lotse_entry, name="lotse_entry"),
]
