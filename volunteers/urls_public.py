"""What everybody reaches who would like to help."""

from django.urls import path

from volunteers.views import applying

urlpatterns = [
    path("lotse-werden/", applying.become_volunteer, name="become_volunteer"),
    path("lotse-werden/danke/", applying.application_sent, name="application_sent"),
    path("lotse-werden/notiert/", applying.application_noted, name="application_noted"),
    path("lotse-werden/<str:token>/", applying.application, name="application"),
    path(
        "lotse-werden/<str:token>/zurueckziehen/", applying.withdraw_application, name="application_withdraw"
    ),
]
