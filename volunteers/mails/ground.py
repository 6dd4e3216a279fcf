"""What every mail about volunteers is made of: whom it goes to, and how it is kept once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lotsen_portal import outbox
from lotsen_portal.outbox import MailFunction
from volunteers.models import Volunteer


def send_to_volunteer(
    function: MailFunction,
    volunteer: Volunteer,
    *,
    about: str = "",
    ids: Mapping[str, int] | None = None,
    version: int = 0,
    due: datetime | None = None,
    now: datetime,
) -> None:
    """Note a mail to a volunteer, once for what it is `about` (the moment where nothing is said).

    Its ids are the volunteer's and the others given. Whoever has no address is phoned.
    """
    outbox.enqueue(
        function,
        key=f"{function.__qualname__}:{volunteer.pk}:{about or f'{now:%Y%m%d%H%M%S}'}",
        to=volunteer.email,
        language=volunteer.mail_language,
        ids={"volunteer": volunteer.pk, **(ids or {})},
        version=version,
        due=due,
        now=now,
    )
