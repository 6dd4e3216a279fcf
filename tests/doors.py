"""The table of doors: each route, an address behind it, and what each role gets there by GET and by POST.

Codes stand in the order of ROLES; one code alone counts for all. The first member filed the requests, the
first volunteer was asked and has agreed. 302 of an anonymous visitor leads to the sign-in page.
"""

from __future__ import annotations

from typing import Final, NamedTuple

ROLES: Final = (
    "anonymous",
    "member",
    "other_member",
    "volunteer",
    "other_volunteer",
    "coordinator",
    "head",
    "administrator",
)


class Door(NamedTuple):
    """An address with the names of the records in it, and the codes by method."""

    address: str
    get: str
    post: str


DOORS: Final = {
    "koordination/kataloge/": Door(
        "koordination/kataloge/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 405 405 405",
    ),
    "koordination/post/<int:pk>/erneut/": Door(
        "koordination/post/{outgoingmail}/erneut/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/post/<int:pk>/telefonisch/": Door(
        "koordination/post/{outgoingmail}/telefonisch/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/einsaetze/<int:pk>/angerufen/": Door(
        "koordination/einsaetze/{agreed}/angerufen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/kalender/adresse/": Door(
        "koordination/kalender/adresse/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/bewerbungen/": Door(
        "koordination/bewerbungen/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/bewerbungen/<int:pk>/": Door(
        "koordination/bewerbungen/{application}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/bewerbungen/<int:pk>/zustaendig/": Door(
        "koordination/bewerbungen/{application}/zustaendig/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/bewerbungen/<int:pk>/naechste-woche/": Door(
        "koordination/bewerbungen/{application}/naechste-woche/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/bewerbungen/<int:pk>/loeschen/": Door(
        "koordination/bewerbungen/{application}/loeschen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/bewerbungen/<int:pk>/<slug:slug>/": Door(
        "koordination/bewerbungen/{application}/gespraech/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/": Door(
        "koordination/anfragen/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anfragen/neu/": Door(
        "koordination/anfragen/neu/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/anfragen/<slug:reference>/": Door(
        "koordination/anfragen/{reference}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anfragen/<slug:reference>/vertraulich/": Door(
        "koordination/anfragen/{reference}/vertraulich/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anfragen/<slug:reference>/post/": Door(
        "koordination/anfragen/{reference}/post/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anfragen/<slug:reference>/freigeben/": Door(
        "koordination/anfragen/{reference}/freigeben/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/zustaendig/": Door(
        "koordination/anfragen/{reference}/zustaendig/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/notiz/": Door(
        "koordination/anfragen/{reference}/notiz/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/foerderung/": Door(
        "koordination/anfragen/{reference}/foerderung/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/aendern/": Door(
        "koordination/anfragen/{reference}/aendern/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/anfragen/<slug:reference>/rueckruf/": Door(
        "koordination/anfragen/{reference}/rueckruf/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/anfragen/": Door(
        "koordination/anfragen/{reference}/anfragen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/anfragen/<int:pk>/": Door(
        "koordination/anfragen/{reference}/anfragen/{volunteer}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/anfragen/<slug:reference>/warum-nicht/": Door(
        "koordination/anfragen/{reference}/warum-nicht/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anfragen/<slug:reference>/suche/": Door(
        "koordination/anfragen/{reference}/suche/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/anfragen/<slug:reference>/suche/dazu/": Door(
        "koordination/anfragen/{reference}/suche/dazu/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/suche/<slug:slug>/": Door(
        "koordination/anfragen/{reference}/suche/anhalten/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/suche/platz/<int:pk>/<slug:slug>/": Door(
        "koordination/anfragen/{reference}/suche/platz/1/hoch/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anfragen/<slug:reference>/auswege/": Door(
        "koordination/anfragen/{reference}/auswege/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anfragen/<slug:reference>/<slug:slug>/": Door(
        "koordination/anfragen/{reference}/absagen/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/reihen/<int:pk>/": Door(
        "koordination/reihen/{group}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/reihen/<int:pk>/anfragen/<int:volunteer>/": Door(
        "koordination/reihen/{group}/anfragen/{volunteer}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/einsatzanfragen/<int:pk>/<slug:slug>/": Door(
        "koordination/einsatzanfragen/{offer}/zusage/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/freiwillige/": Door(
        "koordination/freiwillige/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/freiwillige/neu/": Door(
        "koordination/freiwillige/neu/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/freiwillige/<int:pk>/": Door(
        "koordination/freiwillige/{volunteer}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/freiwillige/<int:pk>/bearbeiten/": Door(
        "koordination/freiwillige/{volunteer}/bearbeiten/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/freiwillige/verschwiegenheit/": Door(
        "koordination/freiwillige/verschwiegenheit/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/freiwillige/<int:pk>/nachweise/": Door(
        "koordination/freiwillige/{volunteer}/nachweise/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "koordination/freiwillige/<int:pk>/nachweise/<slug:slug>/": Door(
        "koordination/freiwillige/{volunteer}/nachweise/fuehrungszeugnis/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/freiwillige/<int:pk>/telefon/": Door(
        "koordination/freiwillige/{volunteer}/telefon/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/freiwillige/<int:pk>/notiz/": Door(
        "koordination/freiwillige/{volunteer}/notiz/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/freiwillige/<int:pk>/stand/<slug:slug>/": Door(
        "koordination/freiwillige/{volunteer}/stand/ausscheiden/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/freiwillige/<int:pk>/konto/": Door(
        "koordination/freiwillige/{volunteer}/konto/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/freiwillige/<int:pk>/<slug:slug>/neu/": Door(
        "koordination/freiwillige/{volunteer}/abwesenheiten/neu/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/freiwillige/<int:pk>/<slug:slug>/<int:row>/entfernen/": Door(
        "koordination/freiwillige/{volunteer}/abwesenheiten/{absence}/entfernen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/einrichtungen/": Door(
        "koordination/einrichtungen/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/einrichtungen/neu/": Door(
        "koordination/einrichtungen/neu/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/einrichtungen/<int:pk>/": Door(
        "koordination/einrichtungen/{institution}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/einrichtungen/<int:pk>/bearbeiten/": Door(
        "koordination/einrichtungen/{institution}/bearbeiten/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/einrichtungen/<int:pk>/personen/<int:member>/": Door(
        "koordination/einrichtungen/{institution}/personen/{member}/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/einrichtungen/<int:pk>/personen/<int:member>/leitung/": Door(
        "koordination/einrichtungen/{institution}/personen/{member}/leitung/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/einrichtungen/<int:pk>/<slug:slug>/": Door(
        "koordination/einrichtungen/{institution}/sperren/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/uebernahme/": Door(
        "koordination/uebernahme/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/uebernahme/vorlage/<slug:slug>/": Door(
        "koordination/uebernahme/vorlage/freiwillige/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/uebernahme/ausgabe/<slug:slug>/": Door(
        "koordination/uebernahme/ausgabe/einrichtungen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 200 404 404",
    ),
    "koordination/uebernahme/<int:pk>/": Door(
        "koordination/uebernahme/{takeover}/",
        "302 404 404 404 404 302 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/uebernahme/<int:pk>/spalten/": Door(
        "koordination/uebernahme/{takeover}/spalten/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/uebernahme/<int:pk>/<slug:slug>/": Door(
        "koordination/uebernahme/{takeover}/verwerfen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anmeldungen/": Door(
        "koordination/anmeldungen/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anmeldungen/<int:pk>/": Door(
        "koordination/anmeldungen/{registration}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/anmeldungen/<int:pk>/aufnehmen/": Door(
        "koordination/anmeldungen/{registration}/aufnehmen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/anmeldungen/<int:pk>/ablehnen/": Door(
        "koordination/anmeldungen/{registration}/ablehnen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/anmeldungen/<int:pk>/doch-pruefen/": Door(
        "koordination/anmeldungen/{registration}/doch-pruefen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/": Door(
        "koordination/",
        "302 404 404 404 404 200 302 302",
        "302 404 404 404 404 405 405 405",
    ),
    "koordination/login/": Door(
        "koordination/login/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/logout/": Door(
        "koordination/logout/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/autocomplete/": Door(
        "koordination/autocomplete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 405 405 405",
    ),
    "koordination/jsi18n/": Door(
        "koordination/jsi18n/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 405 405 405",
    ),
    "koordination/r/<path:content_type_id>/<path:object_id>/": Door(
        "koordination/r/1/1/",
        "302 404 404 404 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "koordination/volunteers/language/": Door(
        "koordination/volunteers/language/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/volunteers/language/add/": Door(
        "koordination/volunteers/language/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/language/<path:object_id>/history/": Door(
        "koordination/volunteers/language/{language}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/language/<path:object_id>/delete/": Door(
        "koordination/volunteers/language/{language}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/language/<path:object_id>/change/": Door(
        "koordination/volunteers/language/{language}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/language/<path:object_id>/": Door(
        "koordination/volunteers/language/{language}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/topic/": Door(
        "koordination/volunteers/topic/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/volunteers/topic/add/": Door(
        "koordination/volunteers/topic/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/topic/<path:object_id>/history/": Door(
        "koordination/volunteers/topic/{topic}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/topic/<path:object_id>/delete/": Door(
        "koordination/volunteers/topic/{topic}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/topic/<path:object_id>/change/": Door(
        "koordination/volunteers/topic/{topic}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/topic/<path:object_id>/": Door(
        "koordination/volunteers/topic/{topic}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/district/": Door(
        "koordination/volunteers/district/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/volunteers/district/add/": Door(
        "koordination/volunteers/district/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/district/<path:object_id>/history/": Door(
        "koordination/volunteers/district/{district}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/district/<path:object_id>/delete/": Door(
        "koordination/volunteers/district/{district}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/district/<path:object_id>/change/": Door(
        "koordination/volunteers/district/{district}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/district/<path:object_id>/": Door(
        "koordination/volunteers/district/{district}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/programme/": Door(
        "koordination/lotsen_portal/programme/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/programme/add/": Door(
        "koordination/lotsen_portal/programme/add/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/programme/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/programme/{programme}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/programme/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/programme/{programme}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/programme/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/programme/{programme}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/programme/<path:object_id>/": Door(
        "koordination/lotsen_portal/programme/{programme}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/programmetext/": Door(
        "koordination/lotsen_portal/programmetext/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/lotsen_portal/programmetext/add/": Door(
        "koordination/lotsen_portal/programmetext/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/programmetext/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/programmetext/{programmetext}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/programmetext/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/programmetext/{programmetext}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/programmetext/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/programmetext/{programmetext}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/programmetext/<path:object_id>/": Door(
        "koordination/lotsen_portal/programmetext/{programmetext}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/closingday/": Door(
        "koordination/lotsen_portal/closingday/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/lotsen_portal/closingday/add/": Door(
        "koordination/lotsen_portal/closingday/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/closingday/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/closingday/{closingday}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/closingday/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/closingday/{closingday}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/closingday/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/closingday/{closingday}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/closingday/<path:object_id>/": Door(
        "koordination/lotsen_portal/closingday/{closingday}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/schoolholiday/": Door(
        "koordination/lotsen_portal/schoolholiday/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/lotsen_portal/schoolholiday/add/": Door(
        "koordination/lotsen_portal/schoolholiday/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/schoolholiday/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/schoolholiday/{schoolholiday}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/schoolholiday/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/schoolholiday/{schoolholiday}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/schoolholiday/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/schoolholiday/{schoolholiday}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/schoolholiday/<path:object_id>/": Door(
        "koordination/lotsen_portal/schoolholiday/{schoolholiday}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/fundingsource/": Door(
        "koordination/lotsen_portal/fundingsource/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/lotsen_portal/fundingsource/add/": Door(
        "koordination/lotsen_portal/fundingsource/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/fundingsource/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/fundingsource/{fundingsource}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/fundingsource/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/fundingsource/{fundingsource}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/fundingsource/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/fundingsource/{fundingsource}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/lotsen_portal/fundingsource/<path:object_id>/": Door(
        "koordination/lotsen_portal/fundingsource/{fundingsource}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/requests_app/intakerule/": Door(
        "koordination/requests_app/intakerule/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/requests_app/intakerule/add/": Door(
        "koordination/requests_app/intakerule/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/requests_app/intakerule/<path:object_id>/history/": Door(
        "koordination/requests_app/intakerule/{intakerule}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/requests_app/intakerule/<path:object_id>/delete/": Door(
        "koordination/requests_app/intakerule/{intakerule}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/requests_app/intakerule/<path:object_id>/change/": Door(
        "koordination/requests_app/intakerule/{intakerule}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/requests_app/intakerule/<path:object_id>/": Door(
        "koordination/requests_app/intakerule/{intakerule}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/requests_app/intaketext/": Door(
        "koordination/requests_app/intaketext/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/requests_app/intaketext/add/": Door(
        "koordination/requests_app/intaketext/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/requests_app/intaketext/<path:object_id>/history/": Door(
        "koordination/requests_app/intaketext/{intaketext}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/requests_app/intaketext/<path:object_id>/delete/": Door(
        "koordination/requests_app/intaketext/{intaketext}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/requests_app/intaketext/<path:object_id>/change/": Door(
        "koordination/requests_app/intaketext/{intaketext}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/requests_app/intaketext/<path:object_id>/": Door(
        "koordination/requests_app/intaketext/{intaketext}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/user/": Door(
        "koordination/lotsen_portal/user/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/lotsen_portal/user/add/": Door(
        "koordination/lotsen_portal/user/add/",
        "302 404 404 404 404 403 403 200",
        "302 404 404 404 404 403 403 200",
    ),
    "koordination/lotsen_portal/user/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/user/{user}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/user/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/user/{user}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/user/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/user/{user}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 403 403 200",
    ),
    "koordination/lotsen_portal/user/<path:object_id>/": Door(
        "koordination/lotsen_portal/user/{user}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/officerole/": Door(
        "koordination/lotsen_portal/officerole/",
        "302 404 404 404 404 403 403 200",
        "302 404 404 404 404 403 403 200",
    ),
    "koordination/lotsen_portal/officerole/add/": Door(
        "koordination/lotsen_portal/officerole/add/",
        "302 404 404 404 404 403 403 200",
        "302 404 404 404 404 403 403 200",
    ),
    "koordination/lotsen_portal/officerole/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/officerole/{officerole}/history/",
        "302 404 404 404 404 404 404 302",
        "302 404 404 404 404 404 404 302",
    ),
    "koordination/lotsen_portal/officerole/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/officerole/{officerole}/delete/",
        "302 404 404 404 404 403 403 200",
        "302 404 404 404 404 403 403 200",
    ),
    "koordination/lotsen_portal/officerole/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/officerole/{officerole}/change/",
        "302 404 404 404 404 403 403 200",
        "302 404 404 404 404 403 403 200",
    ),
    "koordination/lotsen_portal/officerole/<path:object_id>/": Door(
        "koordination/lotsen_portal/officerole/{officerole}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/outgoingmail/": Door(
        "koordination/lotsen_portal/outgoingmail/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/lotsen_portal/outgoingmail/add/": Door(
        "koordination/lotsen_portal/outgoingmail/add/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/outgoingmail/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/outgoingmail/{outgoingmail}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/outgoingmail/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/outgoingmail/{outgoingmail}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/outgoingmail/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/outgoingmail/{outgoingmail}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/outgoingmail/<path:object_id>/": Door(
        "koordination/lotsen_portal/outgoingmail/{outgoingmail}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/logentry/": Door(
        "koordination/lotsen_portal/logentry/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/lotsen_portal/logentry/add/": Door(
        "koordination/lotsen_portal/logentry/add/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/logentry/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/logentry/{logentry}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/logentry/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/logentry/{logentry}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/logentry/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/logentry/{logentry}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/logentry/<path:object_id>/": Door(
        "koordination/lotsen_portal/logentry/{logentry}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/lotsen_portal/accesslog/": Door(
        "koordination/lotsen_portal/accesslog/",
        "302 404 404 404 404 403 200 200",
        "302 404 404 404 404 403 200 200",
    ),
    "koordination/lotsen_portal/accesslog/add/": Door(
        "koordination/lotsen_portal/accesslog/add/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/accesslog/<path:object_id>/history/": Door(
        "koordination/lotsen_portal/accesslog/{accesslog}/history/",
        "302 404 404 404 404 404 302 302",
        "302 404 404 404 404 404 302 302",
    ),
    "koordination/lotsen_portal/accesslog/<path:object_id>/delete/": Door(
        "koordination/lotsen_portal/accesslog/{accesslog}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/accesslog/<path:object_id>/change/": Door(
        "koordination/lotsen_portal/accesslog/{accesslog}/change/",
        "302 404 404 404 404 403 200 200",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/lotsen_portal/accesslog/<path:object_id>/": Door(
        "koordination/lotsen_portal/accesslog/{accesslog}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/^(?P<app_label>requests_app|volunteers|lotsen_portal)/$": Door(
        "koordination/lotsen_portal/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/(?P<url>.*)$": Door(
        "koordination/no-such-page",
        "302 404 404 404 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "sprache/": Door(
        "sprache/",
        "302",
        "302",
    ),
    "healthz": Door(
        "healthz",
        "200",
        "405",
    ),
    "readyz": Door(
        "readyz",
        "200",
        "405",
    ),
    "metrics": Door(
        "metrics",
        "404",
        "405",
    ),
    "": Door(
        "",
        "200",
        "405",
    ),
    "impressum/": Door(
        "impressum/",
        "200",
        "405",
    ),
    "datenschutz/": Door(
        "datenschutz/",
        "200",
        "405",
    ),
    "barrierefreiheit/": Door(
        "barrierefreiheit/",
        "200",
        "405",
    ),
    "weiter/": Door(
        "weiter/",
        "302",
        "302 405 405 405 405 405 405 405",
    ),
    "rolle/": Door(
        "rolle/",
        "302 405 405 405 405 405 405 405",
        "302 404 404 404 404 404 404 404",
    ),
    "konto/login/": Door(
        "konto/login/",
        "200 302 302 302 302 302 302 302",
        "200 302 302 302 302 302 302 302",
    ),
    "konto/logout/": Door(
        "konto/logout/",
        "302 200 200 200 200 200 200 200",
        "302",
    ),
    "konto/inactive/": Door(
        "konto/inactive/",
        "200",
        "405",
    ),
    "konto/signup/": Door(
        "konto/signup/",
        "200 302 302 302 302 302 302 302",
        "200 302 302 302 302 302 302 302",
    ),
    "konto/reauthenticate/": Door(
        "konto/reauthenticate/",
        "302 200 200 200 200 200 200 200",
        "302 200 200 200 200 200 200 200",
    ),
    "konto/email/": Door(
        "konto/email/",
        "302 200 200 200 200 200 200 200",
        "302",
    ),
    "konto/confirm-email/": Door(
        "konto/confirm-email/",
        "302",
        "302",
    ),
    "konto/password/change/": Door(
        "konto/password/change/",
        "302 200 200 200 200 200 200 200",
        "302 200 200 200 200 200 200 200",
    ),
    "konto/password/set/": Door(
        "konto/password/set/",
        "302",
        "302",
    ),
    "konto/password/reset/": Door(
        "konto/password/reset/",
        "200",
        "200",
    ),
    "konto/login/code/confirm/": Door(
        "konto/login/code/confirm/",
        "302",
        "302",
    ),
    "konto/password/reset/confirm/": Door(
        "konto/password/reset/confirm/",
        "302",
        "302",
    ),
    "konto/password/reset/complete/": Door(
        "konto/password/reset/complete/",
        "302",
        "302",
    ),
    "konto/password/reset/done/": Door(
        "konto/password/reset/done/",
        "200",
        "405",
    ),
    "konto/login/code/": Door(
        "konto/login/code/",
        "200 302 302 302 302 302 302 302",
        "200 302 302 302 302 302 302 302",
    ),
    "konto/2fa/": Door(
        "konto/2fa/",
        "302 200 200 200 200 200 200 200",
        "302 405 405 405 405 405 405 405",
    ),
    "konto/2fa/authenticate/": Door(
        "konto/2fa/authenticate/",
        "302",
        "302",
    ),
    "konto/2fa/reauthenticate/": Door(
        "konto/2fa/reauthenticate/",
        "302",
        "302",
    ),
    "konto/2fa/totp/activate/": Door(
        "konto/2fa/totp/activate/",
        "302",
        "302",
    ),
    "konto/2fa/totp/deactivate/": Door(
        "konto/2fa/totp/deactivate/",
        "302 404 404 404 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "konto/2fa/recovery-codes/": Door(
        "konto/2fa/recovery-codes/",
        "302 404 404 404 404 404 404 404",
        "302 405 405 405 405 405 405 405",
    ),
    "konto/2fa/recovery-codes/generate/": Door(
        "konto/2fa/recovery-codes/generate/",
        "302",
        "302",
    ),
    "konto/2fa/recovery-codes/download/": Door(
        "konto/2fa/recovery-codes/download/",
        "302 404 404 404 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "konto/2fa/webauthn/": Door(
        "konto/2fa/webauthn/",
        "302 200 200 200 200 200 200 200",
        "302 405 405 405 405 405 405 405",
    ),
    "konto/2fa/webauthn/add/": Door(
        "konto/2fa/webauthn/add/",
        "302",
        "302",
    ),
    "konto/2fa/webauthn/reauthenticate/": Door(
        "konto/2fa/webauthn/reauthenticate/",
        "302",
        "302",
    ),
    "konto/2fa/webauthn/keys/<int:pk>/remove/": Door(
        "konto/2fa/webauthn/keys/1/remove/",
        "302",
        "302",
    ),
    "konto/2fa/webauthn/keys/<int:pk>/edit/": Door(
        "konto/2fa/webauthn/keys/1/edit/",
        "302",
        "302",
    ),
    "konto/2fa/webauthn/login/": Door(
        "konto/2fa/webauthn/login/",
        "302",
        "302",
    ),
    "konto/3rdparty/login/cancelled/": Door(
        "konto/3rdparty/login/cancelled/",
        "200",
        "405",
    ),
    "konto/3rdparty/login/error/": Door(
        "konto/3rdparty/login/error/",
        "302 401 401 401 401 401 401 401",
        "302 405 405 405 405 405 405 405",
    ),
    "konto/3rdparty/signup/": Door(
        "konto/3rdparty/signup/",
        "302",
        "302",
    ),
    "konto/3rdparty/": Door(
        "konto/3rdparty/",
        "302 200 200 200 200 200 200 200",
        "302 200 200 200 200 200 200 200",
    ),
    "konto/social/login/cancelled/": Door(
        "konto/social/login/cancelled/",
        "302 301 301 301 301 301 301 301",
        "302 301 301 301 301 301 301 301",
    ),
    "konto/social/login/error/": Door(
        "konto/social/login/error/",
        "302 301 301 301 301 301 301 301",
        "302 301 301 301 301 301 301 301",
    ),
    "konto/social/signup/": Door(
        "konto/social/signup/",
        "302 301 301 301 301 301 301 301",
        "302 301 301 301 301 301 301 301",
    ),
    "konto/social/connections/": Door(
        "konto/social/connections/",
        "302 301 301 301 301 301 301 301",
        "302 301 301 301 301 301 301 301",
    ),
    "konto/oidc/^(?P<provider_id>[^/]+)/login/": Door(
        "konto/oidc/city/login/",
        "404",
        "404",
    ),
    "konto/oidc/^(?P<provider_id>[^/]+)/login/callback/": Door(
        "konto/oidc/city/login/callback/",
        "404",
        "404",
    ),
    "einrichtung/": Door(
        "einrichtung/",
        "302 200 200 404 404 404 404 404",
        "302 405 405 404 404 404 404 404",
    ),
    "einrichtung/anfragen/neu/": Door(
        "einrichtung/anfragen/neu/",
        "302 200 200 404 404 404 404 404",
        "302 422 422 404 404 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/": Door(
        "einrichtung/anfragen/{reference}/",
        "302 200 404 404 404 404 404 404",
        "302 405 405 404 404 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/absagen/": Door(
        "einrichtung/anfragen/{reference}/absagen/",
        "302 200 404 404 404 404 404 404",
        "302 422 404 404 404 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/aendern/": Door(
        "einrichtung/anfragen/{reference}/aendern/",
        "302 200 404 404 404 404 404 404",
        "302 422 404 404 404 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/rueckmeldung/": Door(
        "einrichtung/anfragen/{agreed_reference}/rueckmeldung/",
        "302 200 404 404 404 404 404 404",
        "302 422 404 404 404 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/alle-absagen/": Door(
        "einrichtung/anfragen/{reference}/alle-absagen/",
        "302 404 404 404 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/vertraulich/": Door(
        "einrichtung/anfragen/{reference}/vertraulich/",
        "302 200 404 404 404 404 404 404",
        "302 405 405 404 404 404 404 404",
    ),
    "lotse/": Door(
        "lotse/",
        "302 404 404 200 200 404 404 404",
        "302 404 404 405 405 404 404 404",
    ),
    "anfragen/": Door("anfragen/", "200", "422"),
    "anfragen/<str:token>/aendern/": Door("anfragen/{status}/aendern/", "200", "422"),
    "anfragen/<str:token>/anruf/": Door("anfragen/{status}/anruf/", "200", "302"),
    "anfragen/<str:token>/absagen/": Door("anfragen/{status}/absagen/", "200", "302"),
    "anfragen/<str:token>/rueckmeldung/": Door("anfragen/{status}/rueckmeldung/", "302", "302"),
    "anfragen/<str:token>/einwilligung/": Door("anfragen/{status}/einwilligung/", "200", "302"),
    "anfragen/formular.pdf": Door(
        "anfragen/formular.pdf",
        "200",
        "405",
    ),
    "anfragen/<str:token>/": Door(
        "anfragen/{status}/",
        "200",
        "405",
    ),
    "lotse/antwort/<str:token>/": Door(
        "lotse/antwort/{token}/",
        "200",
        "404",
    ),
    "lotse/antwort/<str:token>/rueckruf/<int:pk>/": Door(
        "lotse/antwort/{call_token}/rueckruf/{call_offer}/",
        "302 302 302 200 302 302 302 302",
        "302 302 302 422 302 302 302 302",
    ),
    "lotse/einsatz/<int:pk>/rueckruf/": Door(
        "lotse/einsatz/{call}/rueckruf/",
        "302 404 404 200 404 404 404 404",
        "302 404 404 422 404 404 404 404",
    ),
    "lotse/bericht/<str:token>/": Door(
        "lotse/bericht/{report_token}/",
        "200",
        "422",
    ),
    "rueckmeldung/<str:token>/": Door(
        "rueckmeldung/{feedback_token}/",
        "200",
        "422",
    ),
    "lotse/nachweise/": Door(
        "lotse/nachweise/",
        "302 404 404 200 200 404 404 404",
        "302 404 404 422 422 404 404 404",
    ),
    "lotse/nachweise/telefon/": Door(
        "lotse/nachweise/telefon/",
        "302 404 404 405 405 404 404 404",
        "302 404 404 302 302 404 404 404",
    ),
    "lotse/pause/": Door(
        "lotse/pause/",
        "302 404 404 200 200 404 404 404",
        "302 404 404 302 302 404 404 404",
    ),
    "lotse/pause/ende/": Door(
        "lotse/pause/ende/",
        "302 404 404 405 405 404 404 404",
        "302 404 404 302 302 404 404 404",
    ),
    "lotse/aufhoeren/": Door(
        "lotse/aufhoeren/",
        "302 404 404 200 200 404 404 404",
        "302 404 404 302 302 404 404 404",
    ),
    "lotse/kalender/": Door(
        "lotse/kalender/",
        "302 404 404 200 200 404 404 404",
        "302 404 404 302 302 404 404 404",
    ),
    "lotse/kalender/<str:token>.ics": Door(
        "lotse/kalender/{calendar_token}.ics",
        "200",
        "405",
    ),
    "kalender/<str:token>.ics": Door(
        "kalender/{office_token}.ics",
        "200",
        "405",
    ),
    "lotse/einsatz/<int:pk>/bericht/": Door(
        "lotse/einsatz/{agreed}/bericht/",
        "302 404 404 200 404 404 404 404",
        "302 404 404 422 404 404 404 404",
    ),
    "lotse/anfrage/<int:pk>/": Door(
        "lotse/anfrage/{offer}/",
        "302 404 404 200 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "lotse/einsatz/<int:pk>/": Door(
        "lotse/einsatz/{agreed}/",
        "302 404 404 200 404 404 404 404",
        "302 404 404 405 405 404 404 404",
    ),
    "lotse/einsatz/<int:pk>/absagen/": Door(
        "lotse/einsatz/{agreed}/absagen/",
        "302 404 404 200 404 404 404 404",
        "302 404 404 302 404 404 404 404",
    ),
    "lotse/einsatz/<int:pk>/wunsch/": Door(
        "lotse/einsatz/{agreed}/wunsch/",
        "302 404 404 405 405 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "lotse/einsatz/<int:pk>/termin.ics": Door(
        "lotse/einsatz/{agreed}/termin.ics",
        "302 404 404 200 404 404 404 404",
        "302 404 404 405 405 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/uebernehmen/": Door(
        "einrichtung/anfragen/{reference}/uebernehmen/",
        "302 405 405 404 404 404 404 404",
        "302 302 404 404 404 404 404 404",
    ),
    "einrichtung/anfragen/<slug:reference>/wunsch/": Door(
        "einrichtung/anfragen/{reference}/wunsch/",
        "302 405 405 404 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "einrichtung/team/": Door(
        "einrichtung/team/",
        "302 200 200 404 404 404 404 404",
        "302 405 405 404 404 404 404 404",
    ),
    "einrichtung/team/einladen/": Door(
        "einrichtung/team/einladen/",
        "302 405 404 404 404 404 404 404",
        "302 422 404 404 404 404 404 404",
    ),
    "einrichtung/team/vorgaben/": Door(
        "einrichtung/team/vorgaben/",
        "302 200 404 404 404 404 404 404",
        "302 422 404 404 404 404 404 404",
    ),
    "einrichtung/team/<int:pk>/entfernen/": Door(
        "einrichtung/team/{member}/entfernen/",
        "302 200 404 404 404 404 404 404",
        "302 302 404 404 404 404 404 404",
    ),
    "einrichtung/team/<int:pk>/<slug:slug>/": Door(
        "einrichtung/team/{member}/leitung/",
        "302 405 404 404 404 404 404 404",
        "302 302 404 404 404 404 404 404",
    ),
    "einrichtung-anmelden/": Door(
        "einrichtung-anmelden/",
        "200",
        "422",
    ),
    "einrichtung-anmelden/danke/": Door(
        "einrichtung-anmelden/danke/",
        "200",
        "405",
    ),
    "einrichtung-anmelden/<str:token>/": Door(
        "einrichtung-anmelden/{registration_token}/",
        "200",
        "302",
    ),
    "lotse/einladung/<str:token>/": Door(
        "lotse/einladung/{invitation_token}/",
        "200",
        "404",
    ),
    "lotse/schulungen/": Door(
        "lotse/schulungen/",
        "302 404 404 200 200 404 404 404",
        "302 404 404 405 405 404 404 404",
    ),
    "lotse/schulungen/<int:pk>/": Door(
        "lotse/schulungen/{participation}/",
        "302 404 404 200 404 404 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "lotse/schulungen/<int:pk>/termin.ics": Door(
        "lotse/schulungen/{participation}/termin.ics",
        "302 404 404 200 404 404 404 404",
        "302 404 404 405 405 404 404 404",
    ),
    "lotse-werden/": Door(
        "lotse-werden/",
        "200",
        "422",
    ),
    "lotse-werden/danke/": Door(
        "lotse-werden/danke/",
        "200",
        "405",
    ),
    "lotse-werden/notiert/": Door(
        "lotse-werden/notiert/",
        "200",
        "405",
    ),
    "lotse-werden/<str:token>/": Door(
        "lotse-werden/{application_token}/",
        "200",
        "302",
    ),
    "lotse-werden/<str:token>/zurueckziehen/": Door(
        "lotse-werden/{application_token}/zurueckziehen/",
        "200",
        "302",
    ),
    "koordination/schulungen/": Door(
        "koordination/schulungen/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/schulungen/neu/": Door(
        "koordination/schulungen/neu/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/schulungen/<int:pk>/": Door(
        "koordination/schulungen/{session}/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/schulungen/<int:pk>/aendern/": Door(
        "koordination/schulungen/{session}/aendern/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 422 404 404",
    ),
    "koordination/schulungen/<int:pk>/absagen/": Door(
        "koordination/schulungen/{session}/absagen/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/schulungen/<int:pk>/einladen/": Door(
        "koordination/schulungen/{session}/einladen/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/schulungen/<int:pk>/anwesenheit/": Door(
        "koordination/schulungen/{session}/anwesenheit/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 302 404 404",
    ),
    "koordination/schulungen/<int:pk>/liste/": Door(
        "koordination/schulungen/{session}/liste/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
    "koordination/schulungen/<int:pk>/antwort/<int:row>/": Door(
        "koordination/schulungen/{session}/antwort/{participation}/",
        "302 404 404 404 404 405 404 404",
        "302 404 404 404 404 404 404 404",
    ),
    "koordination/volunteers/course/": Door(
        "koordination/volunteers/course/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/volunteers/course/add/": Door(
        "koordination/volunteers/course/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/course/<path:object_id>/history/": Door(
        "koordination/volunteers/course/{course}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/course/<path:object_id>/delete/": Door(
        "koordination/volunteers/course/{course}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/volunteers/course/<path:object_id>/change/": Door(
        "koordination/volunteers/course/{course}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/course/<path:object_id>/": Door(
        "koordination/volunteers/course/{course}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/module/": Door(
        "koordination/volunteers/module/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/volunteers/module/add/": Door(
        "koordination/volunteers/module/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/module/<path:object_id>/history/": Door(
        "koordination/volunteers/module/{module}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/module/<path:object_id>/delete/": Door(
        "koordination/volunteers/module/{module}/delete/",
        "302 404 404 404 404 403 403 403",
        "302 404 404 404 404 403 403 403",
    ),
    "koordination/volunteers/module/<path:object_id>/change/": Door(
        "koordination/volunteers/module/{module}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/module/<path:object_id>/": Door(
        "koordination/volunteers/module/{module}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/trainingrule/": Door(
        "koordination/volunteers/trainingrule/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 200 200",
    ),
    "koordination/volunteers/trainingrule/add/": Door(
        "koordination/volunteers/trainingrule/add/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/trainingrule/<path:object_id>/history/": Door(
        "koordination/volunteers/trainingrule/{trainingrule}/history/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/volunteers/trainingrule/<path:object_id>/delete/": Door(
        "koordination/volunteers/trainingrule/{trainingrule}/delete/",
        "302 404 404 404 404 200 403 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/trainingrule/<path:object_id>/change/": Door(
        "koordination/volunteers/trainingrule/{trainingrule}/change/",
        "302 404 404 404 404 200 200 200",
        "302 404 404 404 404 200 403 200",
    ),
    "koordination/volunteers/trainingrule/<path:object_id>/": Door(
        "koordination/volunteers/trainingrule/{trainingrule}/",
        "302 404 404 404 404 302 302 302",
        "302 404 404 404 404 302 302 302",
    ),
    "koordination/schulungen/fehlt/": Door(
        "koordination/schulungen/fehlt/",
        "302 404 404 404 404 200 404 404",
        "302 404 404 404 404 405 404 404",
    ),
}
