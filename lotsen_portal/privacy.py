"""Retention: what is kept why and until when, one list for nightly job, command and privacy page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import shared_task
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lotsen_portal import audit, clock
from lotsen_portal.models import AccessLog, DeadAddress, Link, LogEntry, MailState, OutgoingMail

MAIL_KEPT = timedelta(days=180)
ADDRESS_KEPT = timedelta(days=180)
LINK_KEPT = timedelta(days=365)
LOGS_KEPT = timedelta(days=3 * 365)


@dataclass(frozen=True)
class Rule:
    """One kind of data: four sentences for people, and how to count and to erase what is due at a moment."""

    what: str | Promise
    why: str | Promise
    when: str | Promise
    deed: str | Promise
    count: Callable[[datetime], int]
    erase: Callable[[datetime], int]


def rules() -> tuple[Rule, ...]:
    """Return the rules in force, those of all apps."""
    return tuple(_rules)


def add_rules(*more: Rule) -> None:
    """Put an app's rules into force; called when the app is ready."""
    _rules.extend(rule for rule in more if rule not in _rules)


def erase_expired(now: datetime, *, dry_run: bool = False) -> list[tuple[Rule, int]]:
    """Apply every rule, or only count what is due; return how many records each rule met."""
    return [(rule, rule.count(now) if dry_run else rule.erase(now)) for rule in rules()]


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def erase_nightly() -> None:
    """Apply every rule; erasing twice does no harm."""
    erase_expired(clock.now())


def _old_mails(now: datetime) -> Q:
    over = [MailState.SENT, MailState.DROPPED, MailState.PHONED, MailState.DEAD]
    return Q(state__in=over, due_at__lt=now - MAIL_KEPT)


def _old_addresses(now: datetime) -> QuerySet[DeadAddress]:
    return DeadAddress.objects.filter(since__lt=now - ADDRESS_KEPT)


def _old_links(now: datetime) -> Q:
    before = now - LINK_KEPT
    return Q(expires_at__lt=before) | Q(revoked_at__lt=before)


def _old_entries(now: datetime) -> int:
    before = now - LOGS_KEPT
    return LogEntry.objects.filter(at__lt=before).count() + AccessLog.objects.filter(at__lt=before).count()


_rules = [
    Rule(
        what=_("Vermerke über versendete E-Mails (Empfänger und Anlass, nicht der Text)"),
        why=_("Damit das Amt sieht, ob eine Nachricht angekommen sein kann"),
        when=_("180 Tage nach dem Versand"),
        deed=_("Wir löschen den Vermerk."),
        count=lambda now: OutgoingMail.objects.filter(_old_mails(now)).count(),
        erase=lambda now: OutgoingMail.objects.filter(_old_mails(now)).delete()[0],
    ),
    Rule(
        what=_("Links aus unseren E-Mails"),
        why=_("Damit ein alter Link freundlich erklärt, warum er nicht mehr gilt"),
        when=_("Ein Jahr nach dem Ende des Links"),
        deed=_("Wir löschen den Link."),
        count=lambda now: Link.objects.filter(_old_links(now)).count(),
        erase=lambda now: Link.objects.filter(_old_links(now)).delete()[0],
    ),
    Rule(
        what=_("Protokolle: wer was geändert oder gelesen hat (nur Nummern, keine Namen)"),
        why=_("Damit ein Missbrauch nachweisbar bleibt"),
        when=_("Drei Jahre nach dem Eintrag"),
        deed=_("Wir löschen den Eintrag."),
        count=_old_entries,
        erase=lambda now: sum(audit.forget(now - LOGS_KEPT).values()),
    ),
    Rule(
        what=_("E-Mail-Adressen, von denen Post zurückkam"),
        why=_("Damit wir anrufen, statt noch einmal vergeblich zu schreiben"),
        when=_("180 Tage nach der letzten zurückgekommenen E-Mail"),
        deed=_("Wir löschen den Vermerk. Danach schreiben wir wieder an die Adresse."),
        count=lambda now: _old_addresses(now).count(),
        erase=lambda now: _old_addresses(now).delete()[0],
    ),
]
