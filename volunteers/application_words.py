"""What applications' states, deeds and steps are called for the office; German only, like all its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django import forms

from volunteers.application_forms import InterviewForm, ReasonForm
from volunteers.application_states import ApplicationState as A
from volunteers.recruitment import applications

STATES: Final[Mapping[str, str]] = {
    A.UNCONFIRMED.value: "Noch nicht bestätigt",
    A.RECEIVED.value: "Eingegangen",
    A.INTERVIEW.value: "Gespräch",
    A.PAPERS.value: "Unterlagen",
    A.TRAINING.value: "Schulung",
    A.WAITING.value: "Warteliste",
    A.ACTIVE.value: "Aktiv",
    A.DECLINED.value: "Abgelehnt",
    A.WITHDRAWN.value: "Zurückgezogen",
}
TONES: Final[Mapping[str, str]] = {
    A.RECEIVED.value: "warning",
    A.INTERVIEW.value: "info",
    A.PAPERS.value: "info",
    A.TRAINING.value: "info",
    A.ACTIVE.value: "success",
}
DEEDS: Final[Mapping[str, str]] = {
    "submit": "Bewerbung abgeschickt",
    "confirm": "E-Mail-Adresse bestätigt",
    "interview": "Zum Gespräch eingeladen",
    "ask_papers": "Nach Unterlagen gefragt",
    "train": "In die Schulung aufgenommen",
    "finish": "Als Lotsin oder Lotse begonnen",
    "wait": "Auf die Warteliste gesetzt",
    "decline": "Abgelehnt",
    "withdraw": "Zurückgezogen",
    "reconsider": "Wieder aufgenommen",
    "note": "Notiz geschrieben",
    "take_charge": "Zuständigkeit geändert",
    "put_off": "Auf nächste Woche gelegt",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the office: the move, its words, and what the form asks."""

    move: str
    button: str
    title: str
    text: str
    done: str
    deed: Callable[..., object]
    form: type[forms.Form] = forms.Form
    danger: bool = False


STEPS: Final[Mapping[str, Step]] = {
    "bestaetigen": Step(
        move="confirm",
        button="Telefonisch bestätigt",
        title="Bewerbung bestätigen",
        text="Die Person hat Ihnen am Telefon gesagt, dass sie sich beworben hat.",
        done="Bestätigt. Die Bewerbung steht jetzt auf der Tafel.",
        deed=applications.confirm,
    ),
    "gespraech": Step(
        move="interview",
        button="Zum Gespräch einladen",
        title="Zum Gespräch einladen",
        text="Steht die Zeit schon fest, nennt die E-Mail sie. Sonst bittet sie um einen Vorschlag.",
        done="Die Einladung ist unterwegs.",
        deed=applications.invite_to_interview,
        form=InterviewForm,
    ),
    "unterlagen": Step(
        move="ask_papers",
        button="Unterlagen anfordern",
        title="Unterlagen anfordern",
        text="Die Person kommt in die Liste der Freiwilligen, als Bewerbung. Angefragt wird sie noch nicht.",
        done="Die Person steht jetzt in der Liste der Freiwilligen und weiß, was fehlt.",
        deed=applications.ask_for_papers,
    ),
    "schulung": Step(
        move="train",
        button="In die Schulung",
        title="In die Schulung aufnehmen",
        text="Die Person weiß dann, dass als Nächstes die Schulung kommt.",
        done="Die Person ist jetzt in Schulung.",
        deed=applications.begin_training,
    ),
    "aktiv": Step(
        move="finish",
        button="Aktiv setzen",
        title="Als Lotsin oder Lotse beginnen lassen",
        text="Ab jetzt schlägt das Portal die Person für Termine vor. Sie bekommt ein Konto für ihre Seite.",
        done="Willkommen! Die Person ist jetzt aktiv.",
        deed=applications.activate,
    ),
    "warteliste": Step(
        move="wait",
        button="Auf die Warteliste",
        title="Auf die Warteliste setzen",
        text="Nach drei Monaten steht die Bewerbung wieder in Ihrer Arbeitsliste.",
        done="Die Bewerbung steht auf der Warteliste.",
        deed=applications.put_on_waiting_list,
    ),
    "ablehnen": Step(
        move="decline",
        button="Ablehnen",
        title="Bewerbung ablehnen",
        text="Die E-Mail führt zum Grund, sie enthält ihn nicht. Nach 90 Tagen löschen wir die Bewerbung.",
        done="Abgelehnt. Die Person erfährt es.",
        deed=applications.decline,
        form=ReasonForm,
        danger=True,
    ),
    "zurueckziehen": Step(
        move="withdraw",
        button="Im Namen der Person zurückziehen",
        title="Bewerbung zurückziehen",
        text="Die Person hat Ihnen gesagt, dass sie nicht mehr möchte. Nach 90 Tagen löschen wir alles.",
        done="Die Bewerbung ist zurückgezogen.",
        deed=applications.withdraw,
        danger=True,
    ),
    "doch": Step(
        move="reconsider",
        button="Doch weiterführen",
        title="Bewerbung doch weiterführen",
        text="Sie steht dann wieder unter „Eingegangen“. Es geht keine E-Mail hinaus: Rufen Sie an.",
        done="Die Bewerbung ist wieder da.",
        deed=applications.reconsider,
    ),
}
