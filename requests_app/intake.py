"""What the rules at intake say to a request before it is filed.

Forms ask here to say it beside a field, workflow asks again before it writes: one judgement, two doors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, IntegerField, OuterRef, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lotsen_portal import clock
from lotsen_portal.clock import WorkCalendar
from requests_app import facts, presets
from requests_app.models import Institution, IntakeRule, RuleEffect, RuleKind
from volunteers.models import Topic

SATURDAY: Final = 5
# The field of a form that a refusal stands beside; statements have a field of their own.
FIELDS: Final[Mapping[str, str]] = {
    RuleKind.SHORT_NOTICE: "day",
    RuleKind.TOO_LONG: "minutes",
    RuleKind.TOPIC: "topic",
    RuleKind.OFF_HOURS: "day",
    RuleKind.NO_HOUSE: "",
}


class Asked(Protocol):
    """What a rule looks at; a workflow draft has all of it."""

    @property
    def topic(self) -> Topic | None: ...
    @property
    def period(self) -> DateTimeTZRange | None: ...
    @property
    def proposed(self) -> tuple[DateTimeTZRange, ...]: ...
    @property
    def minutes(self) -> int: ...
    @property
    def confirmed(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """What is known half-way through a form; what is not known yet (None, 0) meets no rule."""

    topic: Topic | None
    period: DateTimeTZRange | None
    minutes: int
    confirmed: tuple[str, ...]
    proposed: tuple[DateTimeTZRange, ...] = ()


@dataclass(frozen=True)
class Question:
    """A statement that whoever asks confirms or leaves: the rule's slug and the words."""

    slug: str
    text: str


@dataclass(frozen=True)
class Verdict:
    """A rule that applies: its slug, what happens, the form's field it is about, and what to say."""

    rule: str
    effect: str
    field: str
    sentence: str
    pointer: str

    @property
    def text(self) -> str:
        """What is said, with who can help instead."""
        return f"{self.sentence} {self.pointer}".strip()


def rules(*, every: bool = False) -> list[IntakeRule]:
    """The rules in force (or every one) with their texts; a portal without any begins with the presets."""
    known = list(IntakeRule.objects.with_words())
    if not known:
        presets.load_rules()
        known = list(IntakeRule.objects.with_words())
    return [rule for rule in known if rule.active or every]


def questions(known: Iterable[IntakeRule] | None = None) -> list[Question]:
    """The statements to confirm, in the reader's language; one without words is not asked."""
    language = get_language() or "de"
    asked = [rule for rule in (rules() if known is None else known) if rule.kind == RuleKind.SCOPE]
    found = [Question(rule.slug, rule.text("question", language)) for rule in asked]
    return [question for question in found if question.text]


def question_field(slug: str) -> str:
    """The name of the form's field that holds the answer to a statement."""
    return f"regel_{slug}"


def judge(
    asked: Asked,
    *,
    institution: Institution | None,
    now: datetime,
    known: Sequence[IntakeRule] | None = None,
    calendar: WorkCalendar | None = None,
) -> list[Verdict]:
    """Every rule that applies to what is asked for, in the rules' order, in the reader's language."""
    calendar = calendar or clock.work_calendar()
    hits = [
        rule
        for rule in (rules() if known is None else known)
        if _applies(rule, asked, institution=institution, calendar=calendar, now=now)
    ]
    return [_verdict(rule) for rule in hits]


def refusals(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Those verdicts with which nothing is taken."""
    return [verdict for verdict in verdicts if verdict.effect == RuleEffect.REFUSE]


def needs_a_look(verdicts: Iterable[Verdict]) -> bool:
    """Whether the office looks first."""
    return any(verdict.effect == RuleEffect.APPROVE for verdict in verdicts)


def looks(verdicts: Iterable[Verdict]) -> str:
    """Why the office looks first, as sentences; "" where it does not."""
    return " ".join(verdict.text for verdict in verdicts if verdict.effect == RuleEffect.APPROVE)


def notice_days(known: Iterable[IntakeRule]) -> int:
    """How many working days before the appointment are no short notice; 0 where no rule asks for any."""
    return max((rule.number or 0 for rule in known if rule.kind == RuleKind.SHORT_NOTICE), default=0)


def is_short_notice(start: datetime, now: datetime, calendar: WorkCalendar, days: int) -> bool:
    """Whether fewer working days than wanted lie between today and the appointment."""
    today, day = clock.local(now).date(), clock.local(start).date()
    return calendar.working_days_between(today, day) < days


def hit_rules(slugs: F | OuterRef) -> QuerySet[IntakeRule]:
    """The rules whose slugs stand in an array column, in the rules' order."""
    place = Func(slugs, F("slug"), function="array_position", output_field=IntegerField())
    return IntakeRule.objects.alias(place=place).filter(place__isnull=False)


def because(rule: IntakeRule) -> str:
    """Why the office should look, as the rest of a sentence; German."""
    return _filled(rule, rule.because)


def _applies(
    rule: IntakeRule,
    asked: Asked,
    *,
    institution: Institution | None,
    calendar: WorkCalendar,
    now: datetime,
) -> bool:
    number = rule.number or 0
    periods = [asked.period] if asked.period else list(asked.proposed)
    match RuleKind(rule.kind):
        case RuleKind.SHORT_NOTICE:  # of several times the last one decides
            starts = [period.lower for period in periods]
            return bool(starts) and is_short_notice(max(starts), now, calendar, number)
        case RuleKind.TOO_LONG:
            return asked.minutes > number
        case RuleKind.OFF_HOURS:
            return bool(periods) and all(_is_off_hours(period, number) for period in periods)
        case RuleKind.SCOPE:
            return rule.slug in asked.confirmed
        case RuleKind.TOPIC:
            return asked.topic is not None and asked.topic.pk == rule.topic_id
        case RuleKind.NO_HOUSE:
            return institution is None


def _is_off_hours(period: DateTimeTZRange, hour: int) -> bool:
    begin = clock.local(period.lower)
    return begin.weekday() >= SATURDAY or begin.hour >= hour


def _verdict(rule: IntakeRule) -> Verdict:
    language = get_language() or "de"
    field = question_field(rule.slug) if rule.kind == RuleKind.SCOPE else FIELDS[rule.kind]
    sentence, pointer = rule.text("sentence", language), rule.text("pointer", language)
    return Verdict(rule.slug, rule.effect, field, _filled(rule, sentence), _filled(rule, pointer))


def _filled(rule: IntakeRule, text: str) -> str:
    number = rule.number or 0
    match RuleKind(rule.kind):
        case RuleKind.SHORT_NOTICE:
            shown = ngettext("%(count)d Arbeitstag", "%(count)d Arbeitstage", number) % {"count": number}
        case RuleKind.TOO_LONG:
            shown = facts.length(number)
        case _:
            shown = _("%(hour)d Uhr") % {"hour": number}
    return text.replace("{n}", shown)
