"""The whole portal, and the pages that only a demo has."""

from django.urls import path

from lotsen_portal.urls import handler500
from lotsen_portal.urls import urlpatterns as portal
from requests_app.demo import views

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [
    path("demo/", views.entrance, name="demo"),
    path("demo/postfach/", views.mailbox, name="demo_mailbox"),
    path("demo/postfach/<slug:name>/html/", views.letter_html, name="demo_letter_html"),
    path("demo/postfach/<slug:name>/anhang/<int:number>/", views.attachment, name="demo_attachment"),
    *portal,
]
