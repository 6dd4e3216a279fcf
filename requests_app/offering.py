"""When somebody is asked, until when an answer counts, and how long a search may go on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Max

from lotsen_portal import clock
from lotsen_portal.clock import WorkCalendar
from lotsen_portal.models import Programme
from lotsen_portal.models.ground import begins
from requests_app.models import AssistanceRequest, Campaign, Offer
from requests_app.states import CampaignState, OfferState


def deadline(offer: Offer, *, at: datetime) -> datetime:
    """Until when this offer can be answered (UTC): the running deadline, or the one that a hand-over at this
    moment would start.

    The programme's hours are working hours; an appointment that begins sooner ends the deadline.
    """
    if offer.deadline is not None:
        return offer.deadline
    latest = clock.work_calendar().add_working_hours(at, Programme.current().offer_deadline_hours)
    starts = offer.assistance.begins_at(now=at)
    return min(latest, starts) if starts else latest


def handed_over(offer: int, at: datetime) -> None:
    """Start the deadline of an offer (by number) at the moment its first mail was handed over to SMTP.

    A later mail about the same offer leaves the deadline alone. A search waits from here on, too.
    """
    record = Offer.objects.select_related("assistance").get(pk=offer)
    if record.state != OfferState.PENDING or record.sent_at is not None:
        return
    record.sent_at, record.deadline = at, deadline(record, at=at)
    record.save(update_fields=["sent_at", "deadline"])
    campaign = Campaign.objects.filter(places__offer=record, state=CampaignState.RUNNING.value).first()
    if campaign is not None:
        following = clock.work_calendar().add_working_hours(at, campaign.interval_hours)
        # An answer may have moved the search on meanwhile.
        Campaign.objects.filter(
            pk=campaign.pk, state=CampaignState.RUNNING.value, next_at__lt=following
        ).update(next_at=following)


def digest_handed_over(offers: Collection[int], at: datetime) -> None:
    """The same for all offers of a digest, which showed each request as it is now."""
    for record in Offer.objects.filter(pk__in=offers, sent_at=None).select_related("assistance"):
        Offer.objects.filter(pk=record.pk).update(version=record.assistance.version)
        handed_over(record.pk, at)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.TZ)


def mails_today(volunteer: int, *, now: datetime) -> int:
    """How many offer mails this volunteer (by number) gets on the Berlin day of `now`.

    The offers of a bundle are one mail, and so is a digest. Mails that only say what changed do not count.
    """
    today = _midnight(clock.local(now).date())
    tomorrow = _midnight(today.date() + clock.ONE_DAY)
    own = Offer.objects.filter(volunteer=volunteer)
    single = own.filter(asked_at__gte=today, asked_at__lt=tomorrow, waits_until=None)
    digest = own.filter(waits_until__gte=today, waits_until__lt=tomorrow)
    return single.values("bundle").distinct().count() + digest.exists()


def waits_until(assistance: AssistanceRequest, volunteer: int, *, now: datetime) -> datetime | None:
    """When a question asked now would leave as part of a digest; None where it leaves at once.

    What is urgent leaves at once, whatever the day has brought already.
    """
    if assistance.urgent or mails_today(volunteer, now=now) < Programme.current().offers_per_day:
        return None
    calendar = clock.work_calendar()
    day = calendar.next_working_day(clock.local(now).date())
    return clock.wall_time(day, calendar.day_begins)


def too_late(assistance: AssistanceRequest, leaves: datetime | None) -> bool:
    """Whether a digest that leaves then comes too late to be answered in time."""
    ends = [moment for moment in (assistance.search_ends_at, assistance.starts) if moment]
    return leaves is not None and bool(ends) and leaves >= min(ends)


def search_ends(
    starts: datetime | None, *, since: datetime, programme: Programme, calendar: WorkCalendar
) -> datetime | None:
    """Until when somebody is looked for, so that the requester can still act if nobody is found.

    The beginning of the office's day, the programme's working days before the appointment. A search that
    begins later than that has half of the time left, and ends when the office works again.
    """
    if starts is None:
        return None
    day = calendar.working_days_before(clock.local(starts).date(), programme.unfilled_working_days)
    usual = datetime.combine(day, calendar.day_begins, clock.TZ).astimezone(since.tzinfo)
    if since < usual < starts:
        return usual
    middle = since + max(starts - since, timedelta()) / 2
    at_work = calendar.add_working_hours(middle, 0)
    return at_work if at_work < starts else middle


def search_anew(assistance: AssistanceRequest, *, now: datetime) -> None:
    """Give a search that begins now (again) its end; of proposed times the last one counts.

    A call waits until it would have to be made: nobody has to be told before.
    """
    starts = assistance.starts or assistance.proposed_times.aggregate(last=Max(begins("period")))["last"]
    ordinary = search_ends(starts, since=now, programme=Programme.current(), calendar=clock.work_calendar())
    assistance.search_ends_at = starts if assistance.callback_for_id else ordinary
    assistance.save(update_fields=["search_ends_at"])
