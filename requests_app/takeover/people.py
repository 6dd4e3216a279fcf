"""Rows about volunteers: who is meant, what is new, and how it is written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from lotsen_portal.audit import Actor
from requests_app import mails
from requests_app.models import Assignment, Offer
from requests_app.takeover.judging import Book, Judged, Kept, Kind, Progress, twice
from requests_app.takeover.people_columns import COLUMNS, DAYS, HEADINGS, SINGLE, gather, shown
from requests_app.takeover.people_out import everybody, form, rows
from requests_app.takeover.shelves import catalogues
from requests_app.takeover.undoing import hindrances
from requests_app.takeover.values import plain
from volunteers.availability import WEEKDAYS, write_day
from volunteers.models import Level, Volunteer, VolunteerState
from volunteers.recruitment import takeover as recruitment
from volunteers.recruitment.takeover import TOGETHER, Record


class People:
    """Everybody who is here, found by e-mail, telephone and name."""

    def __init__(self, people: Iterable[Volunteer]) -> None:
        self.by_mail: dict[str, list[Volunteer]] = defaultdict(list)
        self.by_phone: dict[str, list[Volunteer]] = defaultdict(list)
        self.by_name: dict[str, list[Volunteer]] = defaultdict(list)
        for person in people:
            self.by_name[plain(person.name)].append(person)
            if person.email:
                self.by_mail[person.email.lower()].append(person)
            if person.phone:
                self.by_phone[digits(person.phone)].append(person)

    def named(self, row: Judged) -> Volunteer | None:
        """The one with this name, and the same e-mail or telephone; or no other contact is known."""
        said = row.values
        same = self.by_name.get(plain(said["name"]), [])
        mail, phone = said.get("email", ""), digits(said.get("phone", ""))
        sure = [p for p in same if (mail and p.email.lower() == mail) or (phone and digits(p.phone) == phone)]
        bare = [p for p in same if not (mail and p.email) and not (phone and p.phone)]
        found = sure or bare
        return found[0] if len(found) == 1 else None

    def reached(self, row: Judged, rows: Mapping[str, int], taken: set[int]) -> Volunteer | None:
        """The only one with this e-mail or telephone, where no other row has it: the name has changed."""
        said = row.values
        keys = [(self.by_mail, said.get("email", "")), (self.by_phone, digits(said.get("phone", "")))]
        for shelf, key in keys:
            found = shelf.get(key, []) if key and rows.get(key) == 1 else []
            if len(found) == 1 and found[0].pk not in taken and _one_person(found[0], said):
                return found[0]
        return None


def _one_person(person: Volunteer, said: Mapping[str, Any]) -> bool:
    """Couples share a telephone, but seldom with two addresses."""
    return not (said.get("email") and person.email) or person.email.lower() == said["email"]


def digits(phone: str) -> str:
    """A telephone number as it is compared: 0049 and +49 are 0."""
    bare = "".join(sign for sign in phone if sign.isdecimal())
    if phone.strip().startswith("+"):
        bare = f"00{bare}"
    return "0" + bare[4:].removeprefix("0") if bare.startswith("0049") else bare


def open_book(now: datetime) -> Book:
    """The catalogues."""
    return Book(now, catalogues())


def judge(rows: Sequence[Judged], _book: Book) -> None:
    """Find out for each row whether somebody is new, the same, or changed."""
    people, here = everybody(), {}
    shelf, taken = People(people), set()
    contacts = Counter(key for row in rows for key in _contacts(row))
    for row in rows:
        written = row.values.pop("written", "")
        if plain(written) in shelf.by_name and written:  # somebody here has a comma in the name
            row.values["name"] = written
        row.title = row.values["name"]
        if found := shelf.named(row):
            here[row.line] = found
            taken.add(found.pk)
    for row in rows:
        if row.line not in here and (other := shelf.reached(row, contacts, taken)):
            here[row.line] = other
    busy = _busy(row.pk for row in here.values())
    for row in rows:
        person = here.get(row.line)
        if person is not None:
            row.target = person.pk
            _compare(row, person, busy=person.pk in busy)
    twice(rows, lambda row: row.target, "Diese Person steht schon in Zeile {line}.")
    new = [row for row in rows if row.target is None]
    twice(
        new,
        lambda row: (plain(row.values["name"]), *_contacts(row)[:1]),
        "Diese Person steht schon in Zeile {line}.",
    )


def _contacts(row: Judged) -> list[str]:
    return [key for key in (row.values.get("email", ""), digits(row.values.get("phone", ""))) if key]


def _busy(numbers: Iterable[int]) -> set[int]:
    """Who has a question open or an appointment ahead, so that mails are on their way."""
    wanted = list(numbers)
    asked = Offer.objects.unanswered().filter(volunteer__in=wanted).values_list("volunteer_id", flat=True)
    agreed = Assignment.objects.filter(state="agreed", volunteer__in=wanted)
    return {*asked, *agreed.values_list("volunteer_id", flat=True)}


def _compare(row: Judged, person: Volunteer, *, busy: bool) -> None:
    said = row.values
    if "state" in said and said["state"] != person.state:
        now_is = person.get_state_display()
        row.object_to("state", f"Den Stand ändern Sie bitte auf der Seite der Person (jetzt: {now_is}).")
    if busy and said.get("email", person.email).lower() != person.email.lower():
        row.object_to(
            "email",
            "Hier sind noch Anfragen oder Einsätze offen. Bitte ändern Sie die Adresse auf der Seite der "
            "Person, damit die Nachrichten ankommen.",
        )
    for name in SINGLE:
        if name in said and said[name] != getattr(person, name):
            row.changes.append((HEADINGS[name], shown(name, getattr(person, name)), shown(name, said[name])))
    for number, name in enumerate(DAYS):
        if name in said and said[name] != person.availability[number]:
            old, new = write_day(person.availability[number]) or "–", write_day(said[name]) or "–"
            row.changes.append((WEEKDAYS[number], old, new))
    _compare_lists(row, person)


def _compare_lists(row: Judged, person: Volunteer) -> None:
    said = row.values
    if "languages" in said:
        old = {spoken.language: Level(spoken.level) for spoken in person.languages.all()}
        new = levels(said["languages"], old)
        if new != old:
            row.changes.append(("Sprachen", _spoken(old), _spoken(new)))
    if "topics" in said:
        before, after = set(person.topics.all()), set(said["topics"])
        if before != after:
            row.changes.append(("Themen", _names(before), _names(after)))


def levels(said: Mapping[Any, Level | None], known: Mapping[Any, Level]) -> dict[Any, Level]:
    """The languages with their levels; one that is not named stays as it is known, else it is very good."""
    return {language: level or known.get(language, Level.FLUENT) for language, level in said.items()}


def _spoken(known: Mapping[Any, Level]) -> str:
    return "; ".join(sorted(f"{language.name} ({level.label})" for language, level in known.items())) or "–"


def _names(topics: Iterable[Any]) -> str:
    return "; ".join(sorted(topic.name for topic in topics)) or "–"


def _record(row: Judged, person: Volunteer | None) -> Record:
    said = row.values
    fields: dict[str, Any] = {name: said[name] for name in SINGLE if name in said and name != "district"}
    if "district" in said:
        fields["district_id"] = said["district"].pk
    if any(name in said for name in DAYS):
        now = list(person.availability if person else Volunteer().availability)
        fields["availability"] = [said.get(name, now[number]) for number, name in enumerate(DAYS)]
    if person is None:
        fields.setdefault("state", VolunteerState.ACTIVE)
    else:
        fields.pop("state", None)
    spoken: dict[int, int] | None = None
    if "languages" in said:
        known = {row.language: Level(row.level) for row in person.languages.all()} if person else {}
        spoken = {language.pk: int(level) for language, level in levels(said["languages"], known).items()}
    topics = tuple(topic.pk for topic in dict.fromkeys(said["topics"])) if "topics" in said else None
    return Record(fields, spoken, topics)


def write(rows: Sequence[Judged], by: Actor, now: datetime, progress: Progress) -> None:
    """Write down who is new, and what changed about whom is here."""
    new = [row for row in rows if row.target is None]
    for first in range(0, len(new), TOGETHER):
        some = new[first : first + TOGETHER]
        numbers = recruitment.take_over([_record(row, None) for row in some], by=by, now=now)
        for row, number in zip(some, numbers, strict=True):
            row.target = number
        progress(first + len(some))
    changed = {row.target: row for row in rows if row.changes and row.target is not None}
    people = {person.pk: person for person in everybody() if person.pk in changed}
    changes = {number: _record(changed[number], person) for number, person in people.items()}
    for number, before in recruitment.amend(changes, by=by, now=now).items():
        changed[number].before = packed(before)
    _follow(people, changes, now=now)
    progress(len(rows))


def _follow(people: Mapping[int, Volunteer], changes: Mapping[int, Record], *, now: datetime) -> None:
    """Links that went to an old address open nothing any more; nobody here has a question open."""
    for number, change in changes.items():
        if "email" in change.fields and change.fields["email"] != people[number].email.lower():
            mails.follow_address(Volunteer.objects.get(pk=number), now=now)


def packed(record: Record) -> dict[str, Any]:
    """A record as JSON holds it."""
    return {"fields": dict(record.fields), "levels": record.levels, "topics": record.topics}


def unpacked(kept: Mapping[str, Any]) -> Record:
    """The record that was packed."""
    columns: dict[str, Any] = {name: Volunteer._meta.get_field(name) for name in kept["fields"]}
    fields = {
        name: columns[name].to_python(value) if name != "availability" else value
        for name, value in kept["fields"].items()
    }
    levels = kept["levels"]
    return Record(
        fields,
        None if levels is None else {int(language): level for language, level in levels.items()},
        None if kept["topics"] is None else tuple(kept["topics"]),
    )


def take_back(made: Sequence[int], changed: Kept, since: datetime, by: Actor, now: datetime) -> list[str]:
    """Remove who was new and restore who was changed, unless something happened since."""
    speaks_against = hindrances(
        Volunteer, "volunteer", made, changed, since, own=("volunteers.speaks", "volunteers.speakercard")
    )
    if not speaks_against:
        people = {person.pk: person for person in everybody() if person.pk in changed}
        changes = {number: unpacked(kept) for number, kept in changed.items()}
        recruitment.amend(changes, by=by, now=now)
        _follow(people, changes, now=now)
        recruitment.take_back(made, by=by, now=now)
    return speaks_against


def missing(chosen: set[str]) -> list[str]:
    """A name is needed, in one column or in two."""
    return [] if chosen & {"name", "first_name", "last_name"} else ["Name"]


KIND: Final = Kind(
    title="Freiwillige",
    columns=COLUMNS,
    open_book=open_book,
    gather=gather,
    judge=judge,
    write=write,
    take_back=take_back,
    rows=rows,
    form=form,
    missing=missing,
)
