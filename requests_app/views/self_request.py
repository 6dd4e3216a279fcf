"""A migrant asks for help: a question at a time, nothing stored before sending, no account, no script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from lotsen_portal import access, clock, dates
from lotsen_portal.audit import NEWCOMER
from lotsen_portal.models import Programme, TextKind
from requests_app import facts, intake, mails, workflow
from requests_app.forms.self_request import CHECK, LIMITS, SelfRequestForm
from requests_app.models import Daytime, RuleEffect
from volunteers.models import LanguagePool

UNPROCESSABLE, TOO_MANY = 422, 429
REQUESTS_AN_HOUR: Final = 20
AN_HOUR: Final = 3600


@dataclass(frozen=True)
class Part:
    """A part of the summary: what was asked, what was answered, and the screen to change it on."""

    step: str
    title: str
    items: facts.Facts


@login_not_required
@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_help(request: HttpRequest) -> HttpResponse:
    """Show one question; a POST takes its answer and turns to the next, back, to the summary, or sends."""
    form = SelfRequestForm(
        request.POST if request.method == "POST" else None,
        programme=Programme.current(),
        page_language=get_language() or "de",
        now=clock.now(),
    )
    go = request.POST.get("go", "")
    if request.method != "POST":
        return _screen(request, form, form.posted)
    if go == "absenden" and form.posted == CHECK:
        return _send(request, form)
    if go == "zurueck":
        return _screen(request, form, _neighbour(form, -1))
    if go == "hier":
        return _screen(request, form, form.posted, checking=form.checks)
    if go in form.road:
        return _screen(request, form, go, checking=form.posted == CHECK)
    return _onward(request, form)


def _onward(request: HttpRequest, form: SelfRequestForm) -> HttpResponse:
    """To the next question if this one is answered; from a change back to the summary if all are."""
    broken = form.broken()
    if form.posted in broken:
        return _screen(request, form, form.posted, complaints=True, checking=form.checks)
    if form.checks:
        return _screen(request, form, next(iter(broken), CHECK), checking=bool(broken))
    return _screen(request, form, _neighbour(form, 1))


def _neighbour(form: SelfRequestForm, way: int) -> str:
    road = form.road
    at = road.index(form.posted) + way
    return road[max(0, min(at, len(road) - 1))]


def _screen(
    request: HttpRequest,
    form: SelfRequestForm,
    step: str,
    *,
    complaints: bool = False,
    checking: bool = False,
    alert: str = "",
    status: int | None = None,
) -> HttpResponse:
    """One screen; the summary only where nothing is to be mended before."""
    broken = form.broken()
    if step == CHECK and broken:
        step, checking, complaints = broken[0], True, form.was_seen(broken[0])
    parts = _parts(form) if step == CHECK else []
    alert = alert or " ".join(str(sentence) for sentence in form.non_field_errors())
    form.show(step, complaints=complaints, checking=checking)
    road = form.road
    context = {
        "form": form,
        "helper": form.helper_for(step),
        "step": step,
        "number": road.index(step) + 1,
        "total": len(road),
        "is_first": step == road[0],
        "checking": checking,
        "consent_text": _consent_text(form) if step == "einwilligung" else "",
        "parts": parts,
        "hints": _hints(form) if step == CHECK else [],
        "looked_at": intake.looks(form.verdicts) if step == CHECK else "",
        "elsewhere": form.elsewhere if complaints and form.is_refused(step) else "",
        "alert": alert,
        "language_form": "anfrage",
    }
    code = status or (UNPROCESSABLE if complaints else None)
    return render(request, "requests_app/client/ask.html", context, status=code)


def _send(request: HttpRequest, form: SelfRequestForm) -> HttpResponse:
    broken = form.broken()
    if broken:
        return _screen(request, form, broken[0], complaints=True, checking=True)
    if form.cleaned_data["website"]:
        sentence = _("Das hat nicht geklappt. Bitte rufen Sie uns an.")
        return _screen(request, form, CHECK, alert=sentence, status=UNPROCESSABLE)
    if not access.throttle(request, "ask", REQUESTS_AN_HOUR, AN_HOUR):
        return render(request, "429.html", status=TOO_MANY)
    try:
        assistance = workflow.submit(
            form.draft(), by=NEWCOMER, institution=None, filed_by=None, now=form.now, key=form.filing_key
        )
    except workflow.NotPossible as problem:
        return _screen(request, form, CHECK, alert=str(problem), status=UNPROCESSABLE)
    messages.success(request, _("Danke! Ihre Anfrage ist bei uns."))
    return redirect("status", mails.status_token(assistance))


def _consent_text(form: SelfRequestForm) -> str:
    """The office's own words in this very language; else the template has words of the portal's."""
    return form.programme.text_in(TextKind.SELF_CONSENT, form.page_language)


# The summary


def _parts(form: SelfRequestForm) -> list[Part]:
    data = form.cleaned_data
    tongues = "\n".join(language.own_name for language in data["tongues"])
    topic = [(_("Thema"), data["topic"].label), (_("Anliegen"), data["concern"])]
    gender = dict(form.fields["gender_needed"].choices)[data["gender_needed"]]  # type: ignore[attr-defined]
    contact = [
        (_("Name"), data["client_name"]),
        (_("Telefon"), data["client_phone"]),
        (_("E-Mail"), data["client_email"]),
        (_("Wer soll kommen?"), str(gender)),
    ]
    return [
        Part("sprache", _("Ihre Sprache"), [(_("Sprache"), tongues)]),
        Part("thema", _("Worum geht es?"), topic),
        *_limits(form),
        *_when_and_where(form),
        Part("kontakt", _("So erreichen wir Sie"), contact),
    ]


def _limits(form: SelfRequestForm) -> list[Part]:
    """What was said to the statements of the rules, if they ask for any."""
    if not form.questions:
        return []
    ticked = [question.text for question in form.questions if question.slug in form.confirmed()]
    said = "\n".join(ticked) or _("Nichts davon stimmt.")
    return [Part(LIMITS, _("Trifft etwas davon zu?"), [(_("Ihre Antwort"), said)])]


def _when_and_where(form: SelfRequestForm) -> list[Part]:
    data = form.cleaned_data
    district = (_("Stadtteil"), data["district"].name if data["district"] else "")
    if form.wants_call:
        times = dates.listed(Daytime(time).label for time in data["call_times"]) or _("zu jeder Zeit")
        call = [(_("Termin"), _("Sie rufen mich an.")), (_("Am liebsten"), times), district]
        return [Part("anruf", _("Wir rufen Sie an"), call)]
    starts, ends = (form.period.lower, form.period.upper) if form.period else (None, None)
    where = [
        (_("Art des Termins"), str(dict(form.fields["mode"].choices)[data["mode"]])),  # type: ignore[attr-defined]
        (_("Ort"), data["place"]),
        district,
    ]
    when = [(_("Termin"), dates.appointment(starts, ends)), (_("Dauer"), facts.length(data["minutes"]))]
    return [Part("wann", _("Wann ist der Termin?"), when), Part("wo", _("Wo ist der Termin?"), where)]


def _hints(form: SelfRequestForm) -> list[str]:
    """What is good to know before sending: the date is near, or nobody speaks the language yet."""
    hints = [verdict.text for verdict in form.verdicts if verdict.effect == RuleEffect.WARN]
    ready = LanguagePool.objects.filter(language__in=form.chosen_languages(), ready__gt=0)
    if not ready.exists():
        hints.append(
            _(
                "Für Ihre Sprache haben wir zurzeit niemanden. Schicken Sie die Anfrage trotzdem. "
                "Sprechen Sie noch eine andere Sprache? Dann wählen Sie sie bitte auch."
            )
        )
    return hints
