"""Why a verb about a training was not carried out, as sentences for the person who acted."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lotsen_portal.verbs import NotPossible


class Full(NotPossible):
    """Somebody else took the last place."""

    def sentence(self) -> str:
        return _("Der letzte Platz ist gerade vergeben worden. Möchten Sie auf die Warteliste?")


class TooFew(NotPossible):
    """More people have a place than there would be places."""

    def sentence(self) -> str:
        return _("So viele Plätze sind schon zugesagt. Weniger geht nicht.")


class CalledOff(NotPossible):
    """The session does not take place."""

    def sentence(self) -> str:
        return _("Dieser Termin ist abgesagt. Sie müssen nichts mehr tun.")


class Over(NotPossible):
    """The session has begun or is over."""

    def sentence(self) -> str:
        return _("Der Termin hat schon begonnen. Bitte rufen Sie uns an.")


class NothingToChange(NotPossible):
    """The answer is the same as before."""

    def sentence(self) -> str:
        return _("Ihre Antwort ist schon eingetragen.")
