"""What an institution reads about one of its requests: what it asked for, how far it got, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from lotsen_portal import dates
from lotsen_portal.models import LogEntry, Programme, User
from requests_app import recurrence, wording
from requests_app.facts import Facts, calls, length, times
from requests_app.models import Assignment, AssistanceRequest, GroupKind, RequestedLanguage
from requests_app.states import RequestState
from requests_app.workflow.ground import ASSISTANCE, has_begun

LINES_OF_HISTORY: Final = 100
# So many facts, from the first, can be changed by the institution; each proposed time is one more.
CHANGEABLE: Final = 7


def facts(assistance: AssistanceRequest) -> Facts:
    """All that was asked for but who the client is, as pairs of term and value."""
    return [
        *times(assistance),
        (_("Anruf"), calls(assistance)),
        (_("Dauer"), "" if assistance.wants_call else length(assistance.minutes)),
        (_("Art des Termins"), assistance.get_mode_display()),
        (_("Ort"), assistance.place),
        (_("Stadtteil"), assistance.district_name),
        (_("Sprache"), languages(assistance)),
        (_("Sprachniveau"), _("mindestens %(level)s") % {"level": assistance.get_minimum_level_display()}),
        (_("Thema"), assistance.topic.label),
        (_("Art der Hilfe"), assistance.get_help_display()),
        (_("Wer soll kommen?"), assistance.get_gender_needed_display() if assistance.gender_needed else ""),
        (_("Ansprechperson"), " ".join(filter(None, (assistance.contact, assistance.contact_phone)))),
        (_("Anliegen"), assistance.concern),
        (_("Ihr Zeichen"), assistance.client_reference),
    ]


def changeable(assistance: AssistanceRequest) -> Facts:
    """What the institution can change."""
    rows = facts(assistance)
    return rows[: CHANGEABLE + len(times(assistance)) - 1]


def own_facts(assistance: AssistanceRequest) -> Facts:
    """The same for whoever asked alone, in plain words: without levels and kinds of help."""
    gender = assistance.get_gender_needed_display() if assistance.gender_needed else ""
    call = assistance.wants_call
    return [
        (_("Termin"), dates.appointment(assistance.starts, assistance.finishes)),
        (_("Anruf"), calls(assistance)),
        (_("Dauer"), "" if call else length(assistance.minutes)),
        (_("Art des Termins"), "" if call else assistance.get_mode_display()),
        (_("Ort"), assistance.place),
        (_("Stadtteil"), assistance.district_name),
        (_("Sprache"), languages(assistance)),
        (_("Thema"), assistance.topic.label),
        (_("Wer soll kommen?"), gender),
        (_("Anliegen"), assistance.concern),
    ]


def languages(assistance: AssistanceRequest) -> str:
    """One language a line, best first, since names may hold commas."""
    names = [str(row.language) for row in assistance.languages.select_related("language")]
    return names[0] if len(names) == 1 else "\n".join(f"{rank}. {name}" for rank, name in enumerate(names, 1))


@dataclass(frozen=True)
class Group:
    """The requests of a series or an event, earliest first, as the page of one of them shows them."""

    title: str
    rhythm: str
    is_event: bool
    requests: list[AssistanceRequest]
    left: int


def group(assistance: AssistanceRequest, *, now: datetime) -> Group | None:
    """The others that were filed together with a request; None for one that was filed alone."""
    if assistance.group is None:
        return None
    rows = assistance.group.requests.order_by("period", "pk").prefetch_related(
        "proposed_times",
        Prefetch("languages", RequestedLanguage.objects.select_related("language")),
        Prefetch("assignments", Assignment.objects.live().select_related("volunteer"), to_attr="held"),
    )
    left = len(still_to_come(assistance, now=now))
    rhythm = recurrence.rhythm_of(assistance.group.rule)
    is_event = assistance.group.kind == GroupKind.EVENT
    return Group(assistance.group.get_kind_display(), rhythm, is_event, list(rows), left)


def still_to_come(assistance: AssistanceRequest, *, now: datetime) -> list[AssistanceRequest]:
    """The requests of its group that can still be called off."""
    running = AssistanceRequest.objects.running().filter(group=assistance.group_id).order_by("period", "pk")
    running = running.prefetch_related(
        "proposed_times", Prefetch("languages", RequestedLanguage.objects.select_related("language"))
    )
    return [one for one in running if not has_begun(one, now=now)]


def steps(assistance: AssistanceRequest) -> list[dict[str, str]]:
    """The road from filing to the end; none for a request that left it."""
    road = [
        (_("Eingegangen"), {RequestState.NEW}),
        (_("Wir suchen"), {RequestState.OPEN, RequestState.OFFERED}),
        (_("Zugesagt"), {RequestState.CONFIRMED}),
        (_("Erledigt"), {RequestState.DONE}),
    ]
    here = next((n for n, (_label, states) in enumerate(road) if assistance.state in states), None)
    if here is None:
        return []
    last = len(road) - 1
    return [
        {"label": label, "state": "done" if n < here or here == last else "now" if n == here else ""}
        for n, (label, _states) in enumerate(road)
    ]


def history(assistance: AssistanceRequest) -> list[wording.Entry]:
    """What happened so far, newest first, with the names of colleagues but of nobody else."""
    entries = LogEntry.objects.filter(kind=ASSISTANCE, number=assistance.pk)[:LINES_OF_HISTORY]
    colleagues = User.objects.filter(member__institution=assistance.institution_id)
    names = dict(colleagues.values_list("pk", "name"))
    return wording.history(entries, names=names, office=Programme.current().office_name)
