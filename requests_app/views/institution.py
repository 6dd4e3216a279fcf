"""The institution's pages: own requests, a new one, where one stands, changing it, calling it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from lotsen_portal import audit, clock, dates
from lotsen_portal.access import Role, only
from lotsen_portal.audit import Actor, ActorKind
from lotsen_portal.models import Programme, TextKind, User
from requests_app import houses, overview, wording, workflow
from requests_app.forms import CancelForm, ChangeForm, NewRequestForm, OwnRequestsFilter, like
from requests_app.forms.filters import GROUP_LABELS, GROUPS
from requests_app.intake import Verdict
from requests_app.models import Assignment, AssistanceRequest, Member, RequestedLanguage, RuleEffect
from requests_app.models.requests import AssistanceQuerySet
from requests_app.states import AssignmentState, RequestState
from requests_app.views import telling
from requests_app.views.several import Desk, file_more
from requests_app.workflow.ground import ASSISTANCE
from volunteers.models import Language, SpeakerCard

ROWS_A_PAGE: Final = 25
UNPROCESSABLE: Final = 422
CONFLICT: Final = 409

NOT_HELD: Final = [
    AssignmentState.CANCELLED.value,
    AssignmentState.STEPPED_DOWN.value,
    AssignmentState.CHANGED.value,
]
SECRETS: Final = (
    "concern",
    "place",
    "client_name",
    "client_phone",
    "client_address",
    "client_notes",
    "reason",
)

of_institutions = only(Role.MEMBER, Role.MANAGER)
unstored = cache_control(no_store=True, private=True)
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])


@of_institutions
@unstored
@require_safe
def own_requests(request: HttpRequest) -> HttpResponse:
    """List the requests of the whole institution, narrowed by state, words, language, topic and colleague."""
    member = member_of(request)
    form = OwnRequestsFilter(request.GET, user=user_of(request), institution=member.institution)
    narrowed = form.narrow(_requests_of(request, member))
    tabs = _tabs(form, narrowed, request.GET)
    rows = _with_what_a_row_shows(form.sort(narrowed.filter(state__in=GROUPS[form.group]), now=clock.now()))
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "institution": member.institution,
        "form": form,
        "tabs": tabs,
        "page": page,
        "query": _query(form, request.GET),
        "nothing_yet": not form.is_used and not tabs[0]["count"],
    }
    return render(request, "requests_app/institution/list.html", context)


@of_institutions
@unstored
@reads_and_posts
def new_request(request: HttpRequest) -> HttpResponse:
    """Take a new request; what is wrong stands beside its field, and nothing typed is lost."""
    member, programme, now = member_of(request), Programme.current(), clock.now()
    posted = request.POST if request.method == "POST" else None
    form = NewRequestForm(
        posted,
        initial=_prefilled(request, member),
        institution=member.institution,
        programme=programme,
        now=now,
    )
    user = user_of(request)
    desk = Desk(request, Actor.member(user), member.institution, user)
    if form.is_valid() and (filed := file_more(desk, form, now=now)):
        return filed
    if form.is_valid() and not form.series:
        draft = form.draft()
        assistance = workflow.submit(
            draft,
            by=desk.by,
            institution=member.institution,
            filed_by=user,
            now=now,
            key=form.filing_key,
        )
        _say_what_happens_next(request, assistance, draft, form.verdicts, now=now)
        return redirect(assistance)
    consent = programme.text(TextKind.CONSENT, get_language() or "de")
    context = {"form": form, "consent_text": consent, "institution": member.institution}
    return _form_page(request, "requests_app/institution/new.html", context)


@of_institutions
@unstored
@require_safe
def own_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where a request stands, who comes, what was asked and what happened so far."""
    member, now = member_of(request), clock.now()
    assistance = _own(request, member, reference)
    held = held_appointment(assistance)
    context = {
        "assistance": assistance,
        "institution": member.institution,
        "held": held,
        "standing": wording.standing(assistance, held=held, now=now),
        "steps": overview.steps(assistance),
        "facts": overview.facts(assistance),
        "history": overview.history(assistance),
        "group": overview.group(assistance, now=now),
        "in_our_hands": _in_our_hands(assistance, now=now),
        "is_over": assistance.ends_last is not None and assistance.ends_last <= now,
        "panel": _panel(assistance, held, now=now),
        "is_mine": assistance.filed_by_id == member.user_id,
        "wish": houses.wish_about(held) if held and assistance.is_final else "",
    }
    return render(request, "requests_app/institution/request.html", context)


@of_institutions
@unstored
@reads_and_posts
def reschedule_own_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Change time, place or languages; when somebody else was faster, show what holds now and ask again."""
    member, now = member_of(request), clock.now()
    assistance = _own(request, member, reference)
    if not _in_our_hands(assistance, now=now):
        return _too_late(request, assistance)
    posted = request.POST if request.method == "POST" else None
    form = ChangeForm(posted, assistance=assistance, now=now)
    if form.is_valid():
        try:
            changed = workflow.change(
                assistance.pk,
                form.change(),
                version=form.version_shown,
                by=Actor.member(user_of(request)),
                now=now,
            )
        except workflow.NotPossible as problem:
            return _ask_again(request, member, reference, str(problem), now=now)
        _say_changed(request, assistance, changed, form.verdicts)
        return redirect(changed)
    return _form_page(request, "requests_app/institution/change.html", _about_change(assistance, form))


@of_institutions
@unstored
@reads_and_posts
def cancel_own_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the reason, then call the request off; says so where that is late."""
    member, now = member_of(request), clock.now()
    assistance = _own(request, member, reference)
    if not _in_our_hands(assistance, now=now):
        return _too_late(request, assistance)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            workflow.cancel(assistance.pk, reason=reason, by=Actor.member(user_of(request)), now=now)
        except workflow.NotPossible as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Die Anfrage ist abgesagt. Wir sagen allen Bescheid."))
        return redirect(assistance)
    context = {
        "assistance": assistance,
        "form": form,
        "held": held_appointment(assistance),
        "late": workflow.is_late_to_cancel(assistance, now=now),
    }
    return _form_page(request, "requests_app/institution/cancel.html", context)


@of_institutions
@unstored
@require_safe
def own_client(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who the client is; that this was read is written down first."""
    assistance = own(request, reference)
    audit.opened(
        Actor.member(user_of(request)), kind=ASSISTANCE, number=assistance.pk, what="client", at=clock.now()
    )
    items = [
        (_("Name"), assistance.client_name),
        (_("Telefon"), assistance.client_phone),
        (_("Genaue Adresse"), assistance.client_address),
        (_("Hinweise"), assistance.client_notes),
    ]
    context = {"assistance": assistance, "items": items, "is_empty": not any(value for _term, value in items)}
    return render(request, "requests_app/institution/client.html", context)


# Who asks, and for which record


def user_of(request: HttpRequest) -> User:
    """Whoever is signed in."""
    return cast(User, request.user)


def member_of(request: HttpRequest) -> Member:
    """Who asks, with the own institution."""
    rows = Member.objects.current().select_related("institution__district")
    return get_object_or_404(rows, user=user_of(request))


def _requests_of(request: HttpRequest, member: Member) -> AssistanceQuerySet:
    # A coordinator may see more; on these pages everybody sees the own institution only.
    rows = AssistanceRequest.objects.visible_to(user_of(request))
    return rows.filter(institution=member.institution_id)


def own(request: HttpRequest, reference: str) -> AssistanceRequest:
    """The request of the own institution with this reference; 404 for any other."""
    return _own(request, member_of(request), reference)


def _own(request: HttpRequest, member: Member, reference: str) -> AssistanceRequest:
    rows = _requests_of(request, member).select_related(
        "topic", "district", "institution", "filed_by", "group"
    )
    return get_object_or_404(rows, reference=reference)


def held_appointment(assistance: AssistanceRequest) -> Assignment | None:
    """The appointment that was agreed or held, as far as it was not undone."""
    rows = assistance.assignments.exclude(state__in=NOT_HELD).select_related("volunteer")
    return rows.order_by("-pk").first()


def _in_our_hands(assistance: AssistanceRequest, *, now: datetime) -> bool:
    """Whether the institution itself can still change the request or call it off."""
    return not assistance.is_final and not workflow.has_begun(assistance, now=now)


def _panel(assistance: AssistanceRequest, held: Assignment | None, *, now: datetime) -> telling.Panel | None:
    """What the institution told of the appointment or still can, once it has begun."""
    if held is None or not workflow.has_begun(assistance, now=now):
        return None
    held.assistance = assistance
    action = reverse("own_feedback", args=[assistance.reference])
    return telling.panel(held, voice=ActorKind.MEMBER, action=action, now=now)


# The list


def _with_what_a_row_shows(requests: AssistanceQuerySet) -> AssistanceQuerySet:
    return (
        requests.select_related("topic", "filed_by")
        .defer(*SECRETS)
        .prefetch_related(
            "proposed_times",
            Prefetch("languages", RequestedLanguage.objects.select_related("language")),
            Prefetch("assignments", Assignment.objects.live().select_related("volunteer"), to_attr="held"),
        )
    )


def _query(form: OwnRequestsFilter, data: QueryDict, **changes: str) -> str:
    """The filters as the beginning of another query, such as "thema=arbeit&"."""
    kept = {name: value for name in form.fields if (value := changes.get(name, data.get(name, "")))}
    query = QueryDict(mutable=True)
    query.update(kept)
    return f"{query.urlencode()}&" if kept else ""


def _tabs(form: OwnRequestsFilter, narrowed: AssistanceQuerySet, data: QueryDict) -> list[dict[str, Any]]:
    states = {name: Q(state__in=[state.value for state in group]) for name, group in GROUPS.items()}
    counts = narrowed.aggregate(**{name: Count("pk", filter=matches) for name, matches in states.items()})
    return [
        {
            "label": GROUP_LABELS[name],
            "count": counts[name],
            "query": _query(form, data, stand=name),
            "current": name == form.group,
        }
        for name in GROUPS
    ]


# Forms and what is said after them


def _prefilled(request: HttpRequest, member: Member) -> dict[str, Any]:
    """What "Noch einmal anfragen" takes over from an earlier request, named in the address."""
    earlier = request.GET.get("wie", "")
    if not earlier or "\0" in earlier:
        return {}
    found = _requests_of(request, member).select_related("topic").filter(reference=earlier).first()
    return like(found) if found else {}


def _form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, context, status=UNPROCESSABLE if context["form"].errors else None)


def _too_late(request: HttpRequest, assistance: AssistanceRequest) -> HttpResponse:
    if assistance.is_final:
        messages.info(request, _("Diese Anfrage ist schon beendet."))
    else:
        messages.info(request, _("Der Termin hat schon begonnen. Bitte rufen Sie das Integrationsamt an."))
    return redirect(assistance)


def _nobody_speaks(languages: tuple[Language, ...], *, now: datetime) -> bool:
    today = clock.local(now).date()
    return not SpeakerCard.objects.filter(language__in=languages, ready_until__gte=today).exists()


def _say_what_happens_next(
    request: HttpRequest,
    assistance: AssistanceRequest,
    draft: workflow.Draft,
    verdicts: list[Verdict],
    *,
    now: datetime,
) -> None:
    promise = wording.promise(assistance.answer_by, today=clock.local(now).date())
    filed = _("Ihre Anfrage ist da. Sie hat das Aktenzeichen %(reference)s.")
    messages.success(request, f"{filed % {'reference': assistance.reference}} {promise}")
    for verdict in verdicts:
        say = messages.warning if verdict.effect == RuleEffect.WARN else messages.info
        say(request, verdict.text)
    if _nobody_speaks(draft.languages, now=now):
        names = dates.listed(language.label for language in draft.languages)
        sentence = _(
            "Zurzeit haben wir niemanden für die Sprache %(names)s. Wir nehmen Ihre Anfrage trotzdem an und "
            "fragen weiter. Rufen Sie uns gern an, wenn auch eine andere Sprache geht."
        )
        messages.warning(request, sentence % {"names": names})


def _say_changed(
    request: HttpRequest, before: AssistanceRequest, after: AssistanceRequest, verdicts: list[Verdict]
) -> None:
    if after.version == before.version:
        messages.info(request, _("Sie haben nichts geändert. Alles bleibt, wie es war."))
        return
    for verdict in verdicts:
        say = messages.warning if verdict.effect == RuleEffect.WARN else messages.info
        say(request, verdict.text)
    if after.state == RequestState.NEW:
        messages.success(request, _("Die Änderung ist gespeichert. Wir sehen sie uns zuerst an."))
    elif before.state == RequestState.CONFIRMED:
        messages.success(
            request, _("Die Änderung ist gespeichert. Wir fragen, ob die Zusage auch jetzt noch gilt.")
        )
    else:
        messages.success(
            request, _("Die Änderung ist gespeichert. Wir sagen allen Bescheid, die gefragt sind.")
        )


def _about_change(assistance: AssistanceRequest, form: ChangeForm) -> dict[str, Any]:
    return {"assistance": assistance, "form": form, "held": held_appointment(assistance)}


def _ask_again(
    request: HttpRequest, member: Member, reference: str, problem: str, *, now: datetime
) -> HttpResponse:
    """Show the request as it is now beside what was typed; the next POST is about this version."""
    assistance = _own(request, member, reference)
    if not _in_our_hands(assistance, now=now):
        messages.error(request, problem)
        return redirect(assistance)
    posted = request.POST.copy()
    posted["version"] = str(assistance.version)
    form = ChangeForm(posted, assistance=assistance, now=now)
    form.full_clean()
    form.add_error(None, problem)
    context = {
        **_about_change(assistance, form),
        "facts_now": overview.changeable(assistance),
    }
    return render(request, "requests_app/institution/change.html", context, status=CONFLICT)
