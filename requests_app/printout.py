"""The self-request on one A4 page, to fill in by hand and hand over a counter.

The page is set by typst from the fonts that are installed with the portal, tagged as PDF/UA.
"""

from __future__ import annotations

import hashlib
import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from lotsen_portal import qr
from lotsen_portal.models import Programme
from requests_app.models import Daytime
from volunteers.models import Language, Speaks, Topic
from volunteers.naming import in_dictionary_order

typst: Any
try:
    import typst
except ImportError:  # a machine without its wheel has no print-out, and everything else
    typst = None

log = structlog.get_logger(__name__)

PAGE: Final = Path(__file__).with_name("printing") / "form.typ"
FONTS: Final = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
LANGUAGES_SHOWN: Final = 24
KEPT_SECONDS: Final = 24 * 3600


def pdf() -> bytes | None:
    """The page in the present language; None where it could not be made, which the log says.

    It is kept until a word on it, the office's contact or the catalogues change.
    """
    said = _words()
    address = settings.SITE_URL.rstrip("/") + reverse("ask_for_help")
    known = hashlib.sha256(f"{address}{json.dumps(said, sort_keys=True)}".encode()).hexdigest()
    kept: bytes | None = cache.get(f"printout:{known}")
    if kept is not None:
        return kept
    made = _compile(said, _code(address))
    if made is not None:
        cache.set(f"printout:{known}", made, KEPT_SECONDS)
    return made


def _compile(said: dict[str, Any], code: str) -> bytes | None:
    if typst is None:
        log.error("printout_impossible", error="no typst")
        return None
    inputs = {"said": json.dumps(said), "qr": code}
    try:
        made: bytes = typst.compile(
            str(PAGE),
            sys_inputs=inputs,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            pdf_standards="ua-1",
        )
    except (RuntimeError, ValueError, OSError) as error:
        log.exception("printout_failed", error=type(error).__name__)
        return None
    return made


def _code(address: str) -> str:
    drawn = qr.picture(address)
    view = f"0 0 {drawn.size} {drawn.size}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}"><path d="{drawn.path}"/></svg>'


def _fonts() -> list[str]:
    found = [find_spec(name) for name in FONTS]
    return [str(Path(spec.origin).with_name("files")) for spec in found if spec and spec.origin]


def _words() -> dict[str, Any]:
    programme = Programme.current()
    spoken = Exists(Speaks.objects.filter(language=OuterRef("pk")))
    languages = Language.objects.filter(active=True).annotate(spoken=spoken).order_by("-spoken", "name")
    return {
        "language": get_language() or "de",
        "rtl": get_language_bidi(),
        "title": _("Ich brauche Begleitung"),
        "lead": _("Eine Person, die Ihre Sprache spricht, geht mit Ihnen. Das kostet nichts."),
        "bring": _("Füllen Sie das Blatt aus und geben Sie es ab:"),
        "office": programme.office_name,
        "address": f"{programme.street}, {programme.postcode} {programme.city}",
        "phone_label": _("Telefon"),
        "phone": programme.phone,
        "online": _("Oder fragen Sie online"),
        "qr_alt": _("QR-Code zum Formular im Internet"),
        "language_title": _("Welche Sprache sprechen Sie?"),
        "languages": [language.label for language in in_dictionary_order(languages[:LANGUAGES_SHOWN])],
        "other_language": _("Andere Sprache"),
        "topic_title": _("Worum geht es?"),
        "topics": [topic.label for topic in Topic.objects.filter(active=True)],
        "concern": _("In wenigen Worten"),
        "when_title": _("Wann und wo?"),
        "day": _("Datum"),
        "time": _("Uhrzeit"),
        "place": _("Ort"),
        "call": _("Ich weiß es noch nicht. Bitte rufen Sie mich an:"),
        "daytimes": [str(Daytime(time).label) for time in Daytime.values],
        "reach_title": _("Wie erreichen wir Sie?"),
        "name": _("Name"),
        "own_phone": _("Telefon"),
        "email": _("E-Mail (freiwillig)"),
        "consent_title": _("Einverständnis"),
        "consent": _(
            "Das Amt darf meine Angaben für diese Hilfe verwenden. Das kann ich jederzeit zurücknehmen."
        ),
        "signature": _("Datum und Unterschrift"),
    }
