"""Anonymous rows: what counts in a report when nobody may be recognised any more."""

from __future__ import annotations

from lotsen_portal import clock
from requests_app.models import AssistanceRequest, Figure
from requests_app.states import LIVE, RequestState


def write(assistance: AssistanceRequest) -> Figure | None:
    """Leave the anonymous row of a request that has just ended, or bring its row up to date.

    A call for a request is counted with that request, and has no row; the row of somebody who took the
    consent back does not know any more whose it is.
    """
    if assistance.callback_for_id is not None or assistance.is_withdrawn:
        return None
    languages = list(assistance.languages.select_related("language")[:1])
    last = assistance.assignments.order_by("-pk").first()
    day = clock.local(assistance.starts or assistance.filed_at).date()
    row, _created = Figure.objects.update_or_create(
        number=assistance.pk,
        defaults={
            "month": day.replace(day=1),
            "language": languages[0].language.code if languages else "",
            "topic": assistance.topic.slug,
            "district": assistance.district_name,
            "origin": assistance.origin,
            "institution_kind": assistance.kind_of_institution,
            "mode": assistance.mode,
            "lead_days": (assistance.starts - assistance.filed_at).days if assistance.starts else None,
            "hours_to_yes": _hours(assistance) if last else None,
            "offers_made": assistance.offers.count(),
            "outcome": last.state if last and _settled(assistance) else assistance.state,
            "minutes": last.minutes if last and last.state in LIVE else None,
            "funding_source": assistance.funding_source,
        },
    )
    return row


def take_back(assistance: AssistanceRequest) -> None:
    """Forget the row of a request that was reopened by a correction."""
    Figure.objects.filter(number=assistance.pk).delete()


def let_go(assistance: AssistanceRequest) -> None:
    """Let the row forget which request it was about, which is erased."""
    Figure.objects.filter(number=assistance.pk).update(number=None)


def _settled(assistance: AssistanceRequest) -> bool:
    return assistance.state == RequestState.DONE


def _hours(assistance: AssistanceRequest) -> int:
    first = assistance.assignments.order_by("pk").values_list("agreed_at", flat=True)[0]
    return max(0, int((first - assistance.filed_at).total_seconds() // 3600))
