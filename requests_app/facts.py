"""What mails and pages say about one request: pairs of term and value, and old beside new after a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lotsen_portal import clock, dates
from requests_app import wording
from requests_app.calendars import public_place
from requests_app.models import AssistanceRequest, Daytime, Edition, Mode, Offer
from requests_app.states import AssignmentState

Facts = list[tuple[str, str]]

MINUTES_AN_HOUR = 60


@dataclass(frozen=True)
class Difference:
    """One thing that changed: its name, what it was and what it is now."""

    term: str
    old: str
    new: str


def length(minutes: int) -> str:
    """A duration in words: "45 Minuten", "1 Stunde", "90 Minuten"."""
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    if rest or not hours:
        return ngettext("%(count)s Minute", "%(count)s Minuten", minutes) % {"count": minutes}
    return ngettext("%(count)s Stunde", "%(count)s Stunden", hours) % {"count": hours}


def day(moment: datetime | None) -> str:
    """The Berlin date of a moment with its weekday; "" for none."""
    return dates.long_day(clock.local(moment).date()) if moment else ""


def day_and_time(moment: datetime | None) -> str:
    """A moment on Berlin's wall clock: "Donnerstag, 26. November 2026, 12:00 Uhr"; "" for none."""
    if moment is None:
        return ""
    return _("%(day)s, %(time)s Uhr") % {"day": day(moment), "time": dates.clock_time(moment)}


def languages(assistance: AssistanceRequest) -> str:
    """The languages asked for, the preferred one first."""
    return dates.listed(row.language for row in assistance.languages.select_related("language"))


def calls(assistance: AssistanceRequest) -> str:
    """When somebody without a date would like to be called; "" for everybody else."""
    if not assistance.wants_call:
        return ""
    named = [str(Daytime(time).label) for time in Daytime.values if time in assistance.call_times]
    return dates.listed(named) or _("zu jeder Zeit")


def times(assistance: AssistanceRequest) -> Facts:
    """When it is; below "Einer von drei Terminen" each of them."""
    proposals = assistance.proposals()
    several = [
        (_("%(number)s. Vorschlag") % {"number": number}, wording.appointment_of(time))
        for number, time in enumerate(proposals, start=1)
    ]
    return [(_("Termin"), wording.time_of(assistance)), *(several if len(several) > 1 else [])]


def day_of(assistance: AssistanceRequest) -> str:
    """The day of a request for the subject of a mail; "Einer von drei Terminen" until one is chosen."""
    proposals = assistance.proposals()
    if len(proposals) > 1:
        return wording.one_of(len(proposals))
    return day(proposals[0].starts if proposals else assistance.starts)


def of_question(assistance: AssistanceRequest, *, each_time: bool = True) -> Facts:
    """What a volunteer may know before the yes: no institution, no place, nothing about the client.

    Without `each_time` for a page that lists the proposed times anyway.
    """
    return [
        *(times(assistance) if each_time else times(assistance)[:1]),
        *_errand(assistance),
        (_("Dauer"), length(assistance.minutes)),
        (_("Sprache"), languages(assistance)),
        (_("Thema"), assistance.topic.label),
        (_("Wie"), dates.listed([assistance.get_help_display(), assistance.get_mode_display()])),
        (_("Stadtteil"), assistance.district_name),
    ]


def _errand(assistance: AssistanceRequest) -> Facts:
    if assistance.callback_for_id is None:
        return []
    return [(_("Aufgabe"), _("Bitte rufen Sie jemanden an und fragen Sie, wann und wo Hilfe nötig ist."))]


def of_agreement(assistance: AssistanceRequest, *, with_place: bool = True) -> Facts:
    """The same for whoever agreed, with the institution and its public address where it is the place.

    Without `with_place` for a page that shows the exact place anyway.
    """
    institution = assistance.institution
    return [
        *of_question(assistance),
        (_("Einrichtung"), institution.name if institution else ""),
        (_("Ort"), public_place(assistance) if with_place else ""),
        (_("Aktenzeichen"), assistance.reference),
    ]


def of_request(assistance: AssistanceRequest) -> Facts:
    """What stands in a mail to whoever filed the request; their own words stay behind the link."""
    return [
        (_("Aktenzeichen"), assistance.reference),
        *times(assistance),
        (_("Anruf"), calls(assistance)),
        (_("Dauer"), "" if assistance.wants_call else length(assistance.minutes)),
        (_("Sprache"), languages(assistance)),
        (_("Thema"), assistance.topic.label),
        (_("Stadtteil"), assistance.district_name),
    ]


def edition(assistance: AssistanceRequest, version: int) -> Edition | None:
    """What the request said in an earlier version; None for the present one."""
    if version >= assistance.version:
        return None
    return Edition.objects.select_related("district").filter(assistance=assistance, version=version).first()


def differences(before: Edition | None, assistance: AssistanceRequest) -> list[Difference]:
    """What changed since an earlier version; of the place only that it did."""
    if before is None:
        return []
    old_time = (
        dates.appointment(before.period.lower, before.period.upper)
        if before.period
        else _("Einer von mehreren Terminen")
    )
    names = ", ".join(row.language.name for row in assistance.languages.select_related("language"))
    rows = [
        Difference(_("Termin"), old_time, wording.time_of(assistance)),
        Difference(_("Sprache"), before.languages, names),
        Difference(_("Wie"), str(Mode(before.mode).label), assistance.get_mode_display()),
        Difference(_("Stadtteil"), before.district.name if before.district else "", assistance.district_name),
    ]
    changed = [row for row in rows if row.old != row.new]
    if before.place != assistance.place:
        changed.append(
            Difference(_("Ort"), _("der bisherige Ort"), _("ein neuer Ort, den Sie nach der Zusage sehen"))
        )
    return changed


def agreed_before(offer: Offer) -> bool:
    """Whether this volunteer had agreed to an earlier version of the request."""
    return offer.assistance.assignments.filter(
        volunteer=offer.volunteer_id, state=AssignmentState.CHANGED.value
    ).exists()
