"""The foundation's tables: people, the programme, outgoing mail and links, and the two logs."""

from lotsen_portal.models.mail import DeadAddress, Link, MailState, OutgoingMail, Purpose
from lotsen_portal.models.people import OfficeRole, User
from lotsen_portal.models.programme import (
    ClosingDay,
    FundingSource,
    Programme,
    ProgrammeText,
    SchoolHoliday,
    TextKind,
)
from lotsen_portal.models.trail import AccessLog, ActorKind, LogEntry

__all__ = [
    "AccessLog",
    "ActorKind",
    "ClosingDay",
    "DeadAddress",
    "FundingSource",
    "Link",
    "LogEntry",
    "MailState",
    "OfficeRole",
    "OutgoingMail",
    "Programme",
    "ProgrammeText",
    "Purpose",
    "SchoolHoliday",
    "TextKind",
    "User",
]
