"""Requests, the institutions that file them, and what becomes of them."""

from requests_app.models.agreements import Assignment, Bundle, Offer, Outcome, Report, Side
from requests_app.models.campaigns import Campaign, CampaignKind, Place
from requests_app.models.figures import Figure
from requests_app.models.groups import GroupKind, RequestGroup
from requests_app.models.institutions import (
    Bond,
    Institution,
    InstitutionKind,
    InstitutionState,
    Member,
    Wish,
    WishKind,
)
from requests_app.models.kinds import Daytime, Help, Mode, Origin
from requests_app.models.records import Edition, InternalNote
from requests_app.models.registrations import Registration
from requests_app.models.requests import AssistanceRequest, ProposedTime, ReferenceCounter, RequestedLanguage
from requests_app.models.rules import IntakeRule, IntakeText, RuleEffect, RuleKind
from requests_app.models.takeover import LearnedHeading, Takeover, TakeoverKind, TakeoverRow, Verdict

__all__ = [
    "Assignment",
    "AssistanceRequest",
    "Bond",
    "Bundle",
    "Campaign",
    "CampaignKind",
    "Daytime",
    "Edition",
    "Figure",
    "GroupKind",
    "Help",
    "Institution",
    "InstitutionKind",
    "InstitutionState",
    "IntakeRule",
    "IntakeText",
    "InternalNote",
    "LearnedHeading",
    "Member",
    "Mode",
    "Offer",
    "Origin",
    "Outcome",
    "Place",
    "ProposedTime",
    "ReferenceCounter",
    "Registration",
    "Report",
    "RequestGroup",
    "RequestedLanguage",
    "RuleEffect",
    "RuleKind",
    "Side",
    "Takeover",
    "TakeoverKind",
    "TakeoverRow",
    "Verdict",
    "Wish",
    "WishKind",
]
