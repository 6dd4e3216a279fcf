"""What volunteers reach below /lotse/ that has nothing to do with requests."""

from django.urls import path

from volunteers.views import invitations

urlpatterns = [
    path("einladung/<str:token>/", invitations.invitation, name="invitation"),
    path("schulungen/", invitations.lotse_trainings, name="lotse_trainings"),
    path("schulungen/<int:pk>/", invitations.lotse_training, name="lotse_training"),
    path("schulungen/<int:pk>/termin.ics", invitations.lotse_training_entry, name="lotse_training_entry"),
]
