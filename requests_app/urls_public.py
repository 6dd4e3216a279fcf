"""What everybody reaches: a migrant asks for help, an institution asks to be taken in."""

from django.urls import path

from requests_app.views import client, registering

urlpatterns = [
    path("anfragen/<str:token>/", client.status, name="status"),
    path("einrichtung-anmelden/", registering.register_institution, name="register_institution"),
    path("einrichtung-anmelden/danke/", registering.registration_sent, name="registration_sent"),
    path("einrichtung-anmelden/<str:token>/", registering.registration, name="registration"),
]
