"""What a cell means: each reader returns the value or raises `Wrong` with a sentence for its cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from typing import Any, Final, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lotsen_portal.fields import LEAST_DIGITS, PHONE
from volunteers.availability import NotUnderstood, read_day
from volunteers.models import Language, Level

T = TypeVar("T")

YES: Final = frozenset({"ja", "j", "yes", "y", "x", "wahr", "true", "1"})
NO: Final = frozenset({"nein", "n", "no", "falsch", "false", "0", "-", "–"})
EARLIEST, LATEST = 1900, 2199
CENTURY: Final = 100
# Two digits of a year: up to here they are of this century.
TURN: Final = 69

LEVELS: Final[Mapping[str, Level]] = {
    **dict.fromkeys(("a1", "a2", "grundkenntnisse", "wenig", "basis"), Level.BASIC),
    **dict.fromkeys(("b1", "b2", "gut", "mittel"), Level.GOOD),
    **dict.fromkeys(("c1", "c2", "sehr gut", "fließend", "fliessend", "verhandlungssicher"), Level.FLUENT),
    **dict.fromkeys(("erstsprache", "muttersprache", "muttersprachlich", "native"), Level.NATIVE),
}

_GERMAN: Final = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MIDNIGHT: Final = re.compile(r"[ T]+00:00(?::00)?(?:\.0+)?$")
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?(?:\s*uhr)?")
_LEVEL: Final = re.compile(r"\(([^()]*)\)\s*$|[:–]\s*([\w ]+)$|\s(A1|A2|B1|B2|C1|C2)$", re.IGNORECASE)


class Wrong(ValueError):
    """A cell that cannot be read; the text is a sentence."""


def plain(text: str) -> str:
    """A word as it is compared: without case, accents, blanks and signs."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in letters if sign.isalnum())


def one_line(text: str) -> str:
    """The text without formatting signs and with single blanks."""
    return " ".join("".join(sign for sign in text if unicodedata.category(sign) != "Cf").split())


def text(longest: int) -> Callable[[str], str]:
    """A reader of one line with at most so many characters."""

    def read(cell: str) -> str:
        line = one_line(cell)
        if len(line) > longest:
            raise Wrong(f"Höchstens {longest} Zeichen sind möglich, hier sind es {len(line)}.")
        return line

    return read


def lines(longest: int) -> Callable[[str], str]:
    """A reader of several lines."""

    def read(cell: str) -> str:
        whole = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
        if len(whole) > longest:
            raise Wrong(f"Höchstens {longest} Zeichen sind möglich, hier sind es {len(whole)}.")
        return whole

    return read


def email(cell: str) -> str:
    """An address in lower case."""
    address = one_line(cell).removeprefix("mailto:").lower()
    try:
        validate_email(address)
    except ValidationError:
        raise Wrong("Das ist keine E-Mail-Adresse. Richtig ist zum Beispiel: name@amt.de.") from None
    return address


def phone(cell: str) -> str:
    """A telephone number as it was written."""
    number = one_line(cell)
    digits = sum(sign.isdecimal() for sign in number)
    if len(number) > 40 or not PHONE.fullmatch(number) or digits < LEAST_DIGITS:
        raise Wrong("Das ist keine Telefonnummer. Richtig ist zum Beispiel: 02131 905753.")
    return number


def day(cell: str) -> date:
    """A date such as 24.11.2026, 24.11.26 or 2026-11-24."""
    written = _MIDNIGHT.sub("", cell.strip())
    if found := _ISO.fullmatch(written):
        year, month, number = map(int, found.groups())
    elif found := _GERMAN.fullmatch(written) or _SLASHED.fullmatch(written):
        number, month, year = map(int, found.groups())
        if len(found.group(3)) == 2:
            year += 2000 if year < TURN else 1900
    else:
        raise Wrong("Das ist kein Datum. Richtig ist zum Beispiel: 24.11.2026.")
    try:
        result = date(year, month, number)
    except ValueError:
        raise Wrong("Diesen Tag gibt es nicht.") from None
    if not EARLIEST <= result.year <= LATEST:
        raise Wrong("Dieses Jahr kann nicht stimmen.")
    return result


def clock_time(cell: str) -> time:
    """A time of day such as 9:30, 9.30 Uhr or 14."""
    found = _CLOCK.fullmatch(cell.strip().lower())
    if found is None:
        raise Wrong("Das ist keine Uhrzeit. Richtig ist zum Beispiel: 09:30.")
    hour, minute = (int(part or 0) for part in found.groups())
    try:
        return time(hour, minute)
    except ValueError:
        raise Wrong("Diese Uhrzeit gibt es nicht.") from None


def number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds; "3,0" is 3."""

    def read(cell: str) -> int:
        written = re.sub(r"\s*(min\.?|minuten)$", "", cell.strip().lower())
        found = re.fullmatch(r"([0-9]{1,9})(?:[.,]0+)?", written)
        if found is None:
            raise Wrong("Das ist keine ganze Zahl.")
        if not least <= int(found.group(1)) <= most:
            raise Wrong(f"Die Zahl muss zwischen {least} und {most} liegen.")
        return int(found.group(1))

    return read


def minutes(cell: str) -> int:
    """A length: 60, "60 Min.", "1:30" or "1,5 Std."."""
    written = cell.strip().lower()
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})(?:\s*(?:h|std\.?|stunden?))?", written):
        total = int(found.group(1)) * 60 + int(found.group(2))
    elif found := re.fullmatch(r"(\d{1,2})(?:[.,](\d{1,2}))?\s*(?:h|std\.?|stunden?)", written):
        total = round(float(f"{found.group(1)}.{found.group(2) or 0}") * 60)
    else:
        return number(15, 1440)(cell)
    if not 15 <= total <= 1440:
        raise Wrong("Die Dauer muss zwischen 15 und 1440 Minuten liegen.")
    return total


def yes_or_no(cell: str) -> bool:
    """Ja or nein, in the forms that people tick a list with."""
    word = cell.strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Wrong("Bitte schreiben Sie ja oder nein.")


def one_of(words: Mapping[str, T]) -> Callable[[str], T]:
    """A reader of one of some words; keys as `plain` makes them, several may mean the same."""
    names = ", ".join(dict.fromkeys(str(getattr(value, "label", value)) for value in words.values()))

    def read(cell: str) -> T:
        found = words.get(plain(cell))
        if found is None:
            raise Wrong(f"„{_short(cell)}“ kennen wir nicht. Möglich sind: {names}.")
        return found

    return read


def half_hours(cell: str) -> int:
    """When somebody has time on a weekday, as a bit mask."""
    try:
        return read_day(cell)
    except NotUnderstood as problem:
        raise Wrong(str(problem)) from None


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else f"{cell[:39]}…"


class Known:
    """Records of a catalogue, found by the names that people write."""

    def __init__(self, what: str, names: Iterable[tuple[str, Any]]) -> None:
        self.what = what
        self.records: dict[str, Any] = {}
        for name, record in names:
            self.records.setdefault(plain(name), record)

    def find(self, cell: str) -> Any | None:
        """The record with this name, or None."""
        return self.records.get(plain(cell))

    def one(self, cell: str) -> Any:
        """The record with this name. Raises Wrong."""
        record = self.find(cell)
        if record is None:
            raise Wrong(f"{self.what} „{_short(cell.strip())}“ kennen wir nicht.")
        return record

    def several(self, cell: str) -> list[Any]:
        """The records that a list names; also names with a comma in them. Raises Wrong."""
        return [record for part in parts(cell) for record in self._in(part)]

    def _in(self, part: str) -> list[Any]:
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        found: list[Any] = []
        while pieces:
            for count in range(len(pieces), 0, -1):
                record = self.find(", ".join(pieces[:count]))
                if record is not None:
                    found.append(record)
                    pieces = pieces[count:]
                    break
            else:
                return [*found, self.one(pieces[0])]
        return found


def parts(cell: str) -> list[str]:
    """The entries of a list that is separated by semicolons, slashes or lines."""
    return [part.strip() for part in re.split(r"[;\n/|]", cell) if part.strip()]


def level(cell: str) -> Level:
    """How well somebody speaks: C1, "sehr gut", "Muttersprache" or the words of our own list."""
    word = cell.strip().casefold()
    for known in Level:
        if plain(word) == plain(str(known.label)):
            return known
    found = LEVELS.get(word) or LEVELS.get(word.split("(")[0].strip())
    if found is None:
        raise Wrong(
            f"Das Niveau „{_short(cell)}“ kennen wir nicht. Möglich sind A2, B1, B2, C1, C2, Erstsprache."
        )
    return found


def spoken(cell: str, languages: Known) -> list[tuple[Language, Level | None]]:
    """Languages with their levels where they are named: "Arabisch (Erstsprache); Türkisch B2"."""
    return [
        entry
        for part in parts(re.sub(r"(?i)(sehr gut|gut) \(([a-c]\d) bis ([a-c]\d)\)", r"\1", cell))
        for entry in _spoken_in(part, languages)
    ]


def _spoken_in(part: str, languages: Known) -> list[tuple[Language, Level | None]]:
    if record := languages.find(part):
        return [(record, None)]
    # A comma may stand inside of a name or between two; a level ends its entry.
    pieces, entries, held = [piece.strip() for piece in part.split(",")], [], ""
    for place, piece in enumerate(pieces):
        held = f"{held}, {piece}" if held else piece
        name, said = _cut_level(held)
        ahead = f"{held}, {pieces[place + 1]}" if place + 1 < len(pieces) else ""
        if (record := languages.find(name)) and not (ahead and languages.find(_cut_level(ahead)[0])):
            entries.append((record, level(said) if said else None))
            held = ""
    if held:
        languages.one(_cut_level(held)[0])
    return entries


def _cut_level(entry: str) -> tuple[str, str]:
    found = _LEVEL.search(entry)
    if found is None:
        return entry, ""
    said = next(group for group in found.groups() if group is not None)
    return entry[: found.start()].strip(), said.strip()
