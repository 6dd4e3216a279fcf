"""What everybody reaches: a migrant asks for help, and sees by a secret link where the request stands."""

from django.urls import path

from requests_app.views import client

urlpatterns = [
    path("anfragen/<str:token>/", client.status, name="status"),
]
