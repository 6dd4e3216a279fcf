"""Who needs help in the scenes of the demo city, and with what."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from requests_app.demo.city import LANDLINE, City
from requests_app.demo.people import TOPIC_LETTERS
from requests_app.models import Mode
from requests_app.workflow import Draft

MINUTES = 60


@dataclass(frozen=True)
class Part:
    """A person: name, last digits of the telephone (0 for none), language, topic's letter and concern.

    `page` is the language of the page on which the person asks alone, `mail` the name in the address.
    """

    name: str
    phone: int
    tongue: str
    topic: str
    concern: str
    mail: str = ""
    page: str = ""

    def draft(
        self,
        city: City,
        *,
        period: DateTimeTZRange | None = None,
        proposed: tuple[DateTimeTZRange, ...] = (),
        call_times: tuple[str, ...] = (),
        place: str = "",
        spoken: bool = False,
    ) -> Draft:
        """Return what this person asks for, alone or (with its `place`) through an institution.

        `call_times` say that no time is known yet.
        """
        # An institution declares that the client agrees; a person did so in a language.
        page = "" if place else self.page or self.tongue
        return Draft(
            topic=city.topics[TOPIC_LETTERS[self.topic]],
            languages=(city.languages[self.tongue],),
            district=city.districts["Innenstadt"],
            minutes=MINUTES,
            period=period,
            proposed=proposed,
            mode=Mode.ON_SITE,
            place=place or ("" if call_times else "Treffpunkt: Eingang Rathaus, Markt 2"),
            concern=self.concern,
            client_name=self.name,
            client_phone=LANDLINE.format(self.phone) if self.phone else "",
            client_email=f"{self.mail}@post.example" if self.mail else "",
            client_language=page,
            consent_language=page,
            consent_spoken=spoken,
            wants_call=bool(call_times),
            call_times=call_times,
        )
