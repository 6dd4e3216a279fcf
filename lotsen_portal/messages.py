"""Gettext with Babel alone: read the texts, update locale/*.po, compile .mo, name what is not translated.

Django's makemessages and compilemessages need GNU's tools, which a bare machine lacks. German is the language
of the source, so there is no German catalogue. `make messages` calls this module.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "locale"
PACKAGES: Final = ("lotsen_portal", "volunteers", "requests_app")

# Into these languages every text is translated; the portal speaks no others (but German, its source).
COMPLETE: Final = ("en", "tr", "uk", "ar")

KEYWORDS: Final = {
    *DEFAULT_KEYWORDS,
    *("gettext_noop", "gettext_lazy", "ngettext_lazy", "pgettext_lazy", "npgettext_lazy"),
}


def texts() -> Catalog:
    """Return every text of code and templates that is marked for translation, with the files it stands in."""
    catalog = Catalog(project="Lotsenportal")
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        for keyword, found, comments in _calls(path):
            for text, context in _meant(keyword, found):
                catalog.add(text, locations=[(name, 1)], auto_comments=comments, context=context)
    return catalog


def update(language: str) -> None:
    """Bring the .po file of a language up to date: new texts empty, vanished ones gone, nothing guessed."""
    path = _po(language)
    catalog = _read(path) if path.exists() else Catalog(locale=language, project="Lotsenportal")
    catalog.update(texts(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = f"# Texts of the Lotsenportal: {language}"
    catalog.version = "1"
    catalog.last_translator = catalog.language_team = catalog.msgid_bugs_address = "Lotsenportal"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False, omit_header=False)


def compile_catalogues() -> None:
    """Write the .mo file of each language where its .po file is newer; does nothing where it cannot write."""
    for source in LOCALE.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        catalog = _read(source)
        for message in list(catalog):
            # Babel would fill a plural without translation with the German source.
            if message.id and isinstance(message.id, tuple) and not _is_done(message):
                catalog.delete(message.id[0], message.context)
        draft = target.with_suffix(f".{id(catalog)}")
        try:
            with draft.open("wb") as file:
                write_mo(file, catalog)
            draft.replace(target)
        except OSError:
            return


def missing(language: str) -> list[str]:
    """Return the texts that the language has not, or has only as a guess (fuzzy)."""
    path = _po(language)
    catalog = _read(path) if path.exists() else Catalog(locale=language)
    gaps = []
    for message in texts():
        if not message.id:
            continue
        first = message.id if isinstance(message.id, str) else message.id[0]
        translated = catalog.get(first, message.context)
        if translated is None or translated.fuzzy or not _is_done(translated):
            gaps.append(first)
    return sorted(gaps)


def _sources() -> list[Path]:
    code = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    templates = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"}]
    return sorted(path for path in code + templates if "migrations" not in path.parts)


def _calls(path: Path) -> Iterator[tuple[str, Any, list[str]]]:
    """Give each call of gettext in a file: its name, its arguments, the comments before it."""
    source = io.BytesIO(_as_python(path).encode())
    # Babel's own hints describe what its dispatcher makes of this.
    calls: Iterator[Any] = extract_python(source, dict.fromkeys(KEYWORDS), ["Translators:"], {})
    for _line, keyword, found, comments in calls:
        yield keyword, found, comments


def _as_python(path: Path) -> str:
    content = path.read_text("utf-8")
    if path.suffix == ".py":
        return content
    # templatize leaves each tag where it stood, and Python minds indentation.
    return "\n".join(line.lstrip() for line in templatize(content, origin=str(path)).splitlines())


def _meant(keyword: str, found: Any) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Give the text (or singular and plural) and the context of one call; none where it is no literal."""
    given = list(found) if isinstance(found, tuple) else [found]
    context = given.pop(0) if "pgettext" in keyword else None
    wanted = 2 if keyword.startswith(("ngettext", "npgettext", "ungettext")) else 1
    literals = given[:wanted]
    if len(literals) == wanted and all(isinstance(text, str) and text for text in literals):
        yield (literals[0], literals[1]) if wanted == 2 else literals[0], context


def _is_done(message: Message) -> bool:
    given = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(given) and all(given)


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def main(arguments: list[str]) -> int:
    """Update and compile; with --check only name what is missing. Returns the status to exit with."""
    if "--check" not in arguments:
        for language in COMPLETE:
            update(language)
        compile_catalogues()
    gaps = [f"{language}: {text}" for language in COMPLETE for text in missing(language)]
    for gap in gaps:
        sys.stdout.write(f"{gap}\n")
    return int("--check" in arguments and bool(gaps))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
