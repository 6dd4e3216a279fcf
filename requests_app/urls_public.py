"""What everybody reaches: asking for help or to be taken in, and how an appointment went."""

from django.urls import path

from requests_app.views import client, feeds, printing, registering, reporting, self_request

urlpatterns = [
    path("anfragen/", self_request.ask_for_help, name="ask_for_help"),
    path("anfragen/formular.pdf", printing.paper_form, name="paper_form"),
    path("anfragen/<str:token>/", client.status, name="status"),
    path("anfragen/<str:token>/aendern/", client.change, name="status_change"),
    path("anfragen/<str:token>/anruf/", client.call_instead, name="status_call"),
    path("anfragen/<str:token>/absagen/", client.cancel, name="status_cancel"),
    path("anfragen/<str:token>/rueckmeldung/", client.feedback, name="status_feedback"),
    path("anfragen/<str:token>/einwilligung/", client.withdraw, name="status_consent"),
    path("einrichtung-anmelden/", registering.register_institution, name="register_institution"),
    path("einrichtung-anmelden/danke/", registering.registration_sent, name="registration_sent"),
    path("einrichtung-anmelden/<str:token>/", registering.registration, name="registration"),
    path("kalender/<str:token>.ics", feeds.office_feed, name="office_feed"),
    path("rueckmeldung/<str:token>/", reporting.feedback, name="feedback"),
]
