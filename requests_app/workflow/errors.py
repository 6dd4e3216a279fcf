"""Why a verb was not carried out, as sentences for the person who acted."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from lotsen_portal import verbs


class NotPossible(verbs.NotPossible):
    """A verb about a request that cannot be carried out now."""

    def sentence(self) -> str:
        return _("Das geht bei dieser Anfrage gerade nicht. Bitte laden Sie die Seite neu.")


class Taken(NotPossible):
    """Somebody else agreed first."""

    def sentence(self) -> str:
        return _("Jemand anderes hat den Termin schon übernommen. Danke, dass Sie helfen wollten!")


class Busy(NotPossible):
    """The volunteer is at another appointment at that time."""

    def sentence(self) -> str:
        return _("Zu dieser Zeit ist schon ein anderer Einsatz vereinbart.")


class AlreadyAnswered(NotPossible):
    """The same volunteer already answered this offer."""

    def sentence(self) -> str:
        return _("Diese Anfrage ist schon beantwortet.")


class Withdrawn(NotPossible):
    """The offer or the whole request was taken back."""

    def sentence(self) -> str:
        return _("Diese Anfrage wurde zurückgezogen. Sie müssen nichts mehr tun.")


class TooLate(NotPossible):
    """The deadline or the appointment itself has passed."""

    def sentence(self) -> str:
        return _("Die Frist für diese Anfrage ist vorbei. Danke, dass Sie helfen wollten!")


class Changed(NotPossible):
    """The request changed since the page was opened; the page shows old and new and asks again."""

    def sentence(self) -> str:
        return _("Die Anfrage hat sich geändert. Bitte sehen Sie sich die neuen Angaben an.")


class NeedsTime(NotPossible):
    """Several times were proposed, and the yes named none that can still be chosen."""

    def sentence(self) -> str:
        return _("Bitte wählen Sie einen der Termine aus.")


class Settled(NotPossible):
    """How the appointment went is settled; only the office corrects it."""

    def sentence(self) -> str:
        return _("Diese Anfrage ist schon abgeschlossen. Stimmt etwas nicht? Bitte rufen Sie uns an.")


class NeedsReason(NotPossible):
    """A rule speaks against this volunteer that the office may override with a reason."""

    def sentence(self) -> str:
        return _("Dagegen spricht eine Regel. Wenn Sie trotzdem anfragen wollen, nennen Sie bitte den Grund.")


class SomeFailed(NotPossible):
    """Of several dates some cannot be agreed; none was. `problems` says why, by number of the offer."""

    def __init__(self, problems: Mapping[int, NotPossible]) -> None:
        super().__init__()
        self.problems = {number: str(problem) for number, problem in problems.items()}

    def sentence(self) -> str:
        return _("Nicht alle Termine gehen noch. Bitte prüfen Sie Ihre Auswahl.")
