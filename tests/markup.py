"""What a browser would find in a page: its links, its forms, and what stands in their fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

# What a person types into; the rest is chosen, or sent along.
TYPED: Final = frozenset({"text", "search", "email", "tel", "url", "number", "date", "time", "textarea"})


@dataclass
class Input:
    """One control: its kind (an input's type, "textarea", "select"), and what it would send as it stands."""

    name: str
    kind: str
    value: str = ""
    sent: bool = True
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """Where a form sends its fields, and how; `action` as it is written, empty for the page itself."""

    action: str
    method: str
    inputs: list[Input] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The names of the fields, each once, in their order."""
        return list(dict.fromkeys(entry.name for entry in self.inputs))

    def values(self) -> dict[str, str]:
        """What a browser would send if nobody touched anything."""
        return {entry.name: entry.value for entry in self.inputs if entry.sent}

    def typed(self) -> dict[str, str]:
        """What stands in the fields that people type into."""
        return {entry.name: entry.value for entry in self.inputs if entry.kind in TYPED}


@dataclass
class Button:
    """A link that looks like a button, with the words on it."""

    href: str
    words: str = ""


class Reader(HTMLParser):
    """Reads one page; `forms`, `links` and `buttons` are what it found."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.buttons: list[Button] = []
        self._button: Button | None = None
        self._within: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._text: Input | None = None
        self._select: Input | None = None
        self._loose: list[tuple[str, Input]] = []
        self.feed(html)
        self.close()
        for form, entry in self._loose:
            if form in self._by_id:
                self._by_id[form].inputs.append(entry)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form or take a control in."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href"):
            self.links.append(has["href"])
            if "kern-btn" in has.get("class", ""):
                self._button = Button(has["href"])
                self.buttons.append(self._button)
        elif tag == "form":
            form = Form(has.get("action", ""), has.get("method", "get").lower())
            self.forms.append(form)
            self._within.append(form)
            self._by_id[has.get("id", "")] = form
        elif tag == "option" and self._select is not None:
            self._take_option(has)
        elif tag in {"input", "textarea", "select", "button"} and has.get("name") and "disabled" not in has:
            self._take(tag, has)

    def _take(self, tag: str, has: dict[str, str]) -> None:
        kind = has.get("type", "text" if tag == "input" else "submit").lower() if tag != "textarea" else tag
        kind = tag if tag == "select" else kind
        chosen = "checked" in has or kind not in {"checkbox", "radio", "submit", "image", "file"}
        value = has.get("value", "on" if kind in {"checkbox", "radio"} else "")
        entry = Input(has["name"], kind, value, sent=chosen)
        if "form" in has:
            self._loose.append((has["form"], entry))
        elif self._within:
            self._within[-1].inputs.append(entry)
        self._text = entry if tag == "textarea" else None
        self._select = entry if tag == "select" else None

    def _take_option(self, has: dict[str, str]) -> None:
        select = self._select
        assert select is not None
        select.options.append(has.get("value", ""))
        if "selected" in has or len(select.options) == 1:
            select.value = has.get("value", "")

    def handle_data(self, data: str) -> None:
        """Fill the text area or the button that is open."""
        if self._button is not None:
            self._button.words += data.strip()
        if self._text is not None:
            self._text.value += data

    def handle_endtag(self, tag: str) -> None:
        """Close what is open."""
        if tag == "form" and self._within:
            self._within.pop()
        elif tag == "textarea" and self._text is not None:
            # A browser leaves the first line end of a text area out.
            self._text.value = self._text.value.removeprefix("\r").removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "a":
            self._button = None
