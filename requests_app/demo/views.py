"""Pages that only a demo has: sign in at the press of a button, and read everybody's mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lotsen_portal.models import Programme, User
from requests_app.demo import maildir, openings
from requests_app.demo.city import main_people
from requests_app.models import Member
from volunteers.models import Speaks, Volunteer

LETTERS_A_PAGE: Final = 20
LONGEST_NUMBER: Final = 18


@dataclass(frozen=True)
class Door:
    """One button of the entrance: which role, who that is, and what there is to try."""

    who: str
    button: str
    name: str
    where: str
    tries: tuple[str, ...]


TRIES: Final = {
    "office": (
        "Sehen, was heute zu entscheiden ist",
        "Vorschläge mit Gründen ansehen und jemanden anfragen",
        "Eine Suche verfolgen und unter Zusagen auswählen",
        "Eine Einrichtung aufnehmen, die sich angemeldet hat",
        "Eine Anfrage am Telefon aufnehmen oder zurückrufen lassen",
    ),
    "institution": (
        "In zwei Minuten eine neue Anfrage stellen",
        "Nachsehen, wie es um die eigenen Anfragen steht",
        "Eine Terminreihe oder einen Elternabend anmelden",
        "Einen Termin verschieben oder absagen",
    ),
    "volunteer": (
        "Offene Einsatzanfragen beantworten",
        "Eigene Termine ansehen und sagen, wie es war",
        "Aus einer E-Mail heraus zusagen, ohne Anmeldung",
    ),
}
BUTTONS: Final = {
    "office": "Als Koordination anmelden",
    "institution": "Als Einrichtung anmelden",
    "volunteer": "Als Lotsin anmelden",
}


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: HttpRequest) -> HttpResponse:
    """Show who one can be here; a POST signs in as one of them."""
    people = main_people()
    if request.method == "POST":
        return _sign_in(request, people)
    members = Member.objects.current().select_related("user", "institution")
    context = {
        "doors": [
            Door(who, BUTTONS[who], user.name, _where(user), TRIES[who]) for who, user in people.items()
        ],
        "persons": openings.of_persons(),
        "letters": openings.of_volunteer(people["volunteer"]) if "volunteer" in people else [],
        "officers": User.objects.exclude(office_role_rows=None).distinct(),
        "members": members.order_by("institution__name", "user__name"),
        "volunteers": Volunteer.objects.exclude(user=None).select_related("user"),
    }
    return render(request, "requests_app/demo/entrance.html", context)


def _where(user: User) -> str:
    """Say where somebody works, or what a volunteer speaks."""
    member = Member.objects.filter(user=user).select_related("institution").first()
    if member is not None:
        return member.institution.name
    spoken = Speaks.objects.filter(volunteer__user=user).select_related("language")
    names = [row.language.name for row in spoken]
    return f"Lotsin, spricht {' und '.join(names)}" if names else Programme.current().office_name


def _sign_in(request: HttpRequest, people: dict[str, User]) -> HttpResponse:
    who = request.POST.get("who", "")
    number = request.POST.get("person", "")
    if who in people:
        user = people[who]
    elif number.isdecimal() and len(number) <= LONGEST_NUMBER:
        user = get_object_or_404(User, pk=int(number), is_active=True)
    else:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.pop("role", None)
    return redirect("onward")


@login_not_required
@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show every mail that was sent, newest first; `an` keeps those to one address."""
    letters = list(maildir.letters())
    everybody = sorted({address for letter in letters for address in letter.to})
    to = request.GET.get("an", "")
    if to:
        letters = [letter for letter in letters if to in letter.to]
    page = Paginator(letters, LETTERS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "to": to, "everybody": everybody}
    return render(request, "requests_app/demo/mailbox.html", context)


@login_not_required
@never_cache
@require_safe
@csp_replace({"style-src": [UNSAFE_INLINE], "script-src": [NONE], "sandbox": ["allow-top-navigation"]})  # type: ignore[arg-type]
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """Show a mail's HTML as a mail program would: with its own styles, shut off from the portal."""
    return HttpResponse(_letter(name).html)


@login_not_required
@never_cache
@require_safe
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Hand over a file that came with a mail."""
    files = _letter(name).attachments
    if number >= len(files):
        raise Http404
    wanted = files[number]
    header = content_disposition_header(as_attachment=True, filename=wanted.filename)
    return HttpResponse(
        wanted.content, content_type=wanted.kind, headers={"Content-Disposition": header or "attachment"}
    )


def _letter(name: str) -> maildir.Letter:
    letter = maildir.letter(name)
    if letter is None:
        raise Http404
    return letter
