"""What institutions reach below /einrichtung/."""

from django.urls import path

from requests_app.views import groups, institution, reporting, team

urlpatterns = [
    path("", institution.own_requests, name="own_requests"),
    path("anfragen/neu/", institution.new_request, name="new_request"),
    path("anfragen/<slug:reference>/", institution.own_request, name="own_request"),
    path("anfragen/<slug:reference>/absagen/", institution.cancel_own_request, name="cancel_own_request"),
    path(
        "anfragen/<slug:reference>/aendern/",
        institution.reschedule_own_request,
        name="reschedule_own_request",
    ),
    path("anfragen/<slug:reference>/rueckmeldung/", reporting.own_feedback, name="own_feedback"),
    path("anfragen/<slug:reference>/alle-absagen/", groups.cancel_own_group, name="cancel_own_group"),
    path("anfragen/<slug:reference>/vertraulich/", institution.own_client, name="own_client"),
    path("anfragen/<slug:reference>/uebernehmen/", team.take_over, name="take_over_request"),
    path("anfragen/<slug:reference>/wunsch/", team.wish, name="wish"),
    path("team/", team.own_team, name="own_team"),
    path("team/einladen/", team.invite, name="invite"),
    path("team/vorgaben/", team.own_defaults, name="own_defaults"),
    path("team/<int:pk>/entfernen/", team.remove_member, name="remove_member"),
    path("team/<int:pk>/<slug:slug>/", team.change_member, name="change_member"),
]
