"""Which other language somebody may understand: a hint for the office, never a replacement.

A language is not the same as its neighbour, and a person is not the average of a country: some understand
the other language well, some not at all, and some do not want to be spoken to in it. So each entry is a
question to ask, seen from the language that was requested.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CLOSE: Final = "Eng verwandt; viele verstehen einander."
PARTLY: Final = "Verwandt; manches wird verstanden, nicht alles."
SCHOOL: Final = "Viele haben die Sprache in der Schule oder im Beruf gelernt, nicht alle."
COUNTRY: Final = "Viele sprechen die Sprache aus dem Herkunftsland auch, nicht alle."
DELICATE: Final = (
    "Viele verstehen die Sprache, aber nicht alle möchten sie sprechen. Bitte vorsichtig fragen."
)
FAR: Final = "Trotz des gemeinsamen Namens verstehen viele die andere Sprache nicht."

# Requested language -> others that could do, the likeliest first, each with what the office should know.
RELATED: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "aii": (("ar", COUNTRY), ("tru", PARTLY)),
    "am": (("ti", PARTLY), ("en", SCHOOL)),
    "ar": (("ary", PARTLY),),
    "ary": (
        ("ar", "Hocharabisch verstehen viele, sprechen aber nicht alle."),
        ("fr", SCHOOL),
        ("rif", COUNTRY),
    ),
    "az": (("tr", CLOSE), ("ru", SCHOOL)),
    "bg": (("mk", CLOSE), ("tr", COUNTRY)),
    "bm": (("mnk", CLOSE), ("fr", SCHOOL)),
    "bs": (("hr", CLOSE), ("sr", CLOSE)),
    "ckb": (("kmr", FAR), ("ar", COUNTRY), ("fa", COUNTRY)),
    "es": (("pt", PARTLY), ("it", PARTLY)),
    "fa": (("prs", CLOSE),),
    "ff": (("fr", SCHOOL), ("wo", COUNTRY)),
    "ha": (("en", SCHOOL),),
    "hi": (("ur", "Gesprochen sehr ähnlich, anders geschrieben."), ("en", SCHOOL)),
    "hr": (("bs", CLOSE), ("sr", DELICATE)),
    "hy": (("ru", SCHOOL),),
    "ig": (("en", SCHOOL),),
    "it": (("es", PARTLY),),
    "ka": (("ru", DELICATE),),
    "kmr": (("tr", DELICATE), ("ckb", FAR), ("ar", COUNTRY)),
    "ln": (("fr", SCHOOL),),
    "mk": (("bg", CLOSE), ("sr", PARTLY)),
    "mnk": (("bm", CLOSE), ("fr", SCHOOL), ("en", SCHOOL)),
    "pa": (("ur", PARTLY), ("hi", PARTLY)),
    "prs": (("fa", CLOSE), ("ps", COUNTRY)),
    "ps": (("prs", COUNTRY), ("ur", COUNTRY)),
    "pt": (("es", PARTLY),),
    "rif": (("ary", COUNTRY), ("ar", COUNTRY), ("fr", SCHOOL)),
    "rom": (("ro", COUNTRY), ("sr", COUNTRY), ("bg", COUNTRY)),
    "ru": (("uk", PARTLY),),
    "so": (("ar", SCHOOL), ("en", SCHOOL)),
    "sr": (("bs", CLOSE), ("hr", DELICATE)),
    "sw": (("en", SCHOOL), ("fr", SCHOOL)),
    "ta": (("en", SCHOOL),),
    "ti": (("am", COUNTRY), ("ar", COUNTRY)),
    "tr": (("az", PARTLY),),
    "tru": (("tr", COUNTRY), ("ar", COUNTRY), ("aii", PARTLY)),
    "tw": (("en", SCHOOL),),
    "uk": (("ru", DELICATE), ("pl", PARTLY)),
    "ur": (("hi", "Gesprochen sehr ähnlich, anders geschrieben."), ("en", SCHOOL)),
    "wo": (("fr", SCHOOL),),
    "zza": (("kmr", FAR), ("tr", DELICATE)),
}
