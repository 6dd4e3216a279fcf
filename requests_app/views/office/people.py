"""The office's list of volunteers and the page of one: record, languages, absences, trainings, wishes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.db import IntegrityError, models, transaction
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from lotsen_portal import access, audit, clock, office
from lotsen_portal.desk import UNPROCESSABLE, actor, coordinators, number_in
from lotsen_portal.models import LogEntry, User
from requests_app import mails, wording
from requests_app.house_forms import WishForm, errors_of
from requests_app.models import Assignment, Wish
from requests_app.views.office.deeds import reads_and_posts
from requests_app.views.office.standing import open_steps
from volunteers import cards, lacks, papers, recruitment
from volunteers.availability import week
from volunteers.models import Absence, Speaks, TopicTraining, Volunteer
from volunteers.office_forms import AbsenceForm, SpeaksForm, TrainingForm, VolunteerForm, VolunteersFilter
from volunteers.paper_forms import NoteForm

ROWS: Final = 50
RECENT: Final = 8
NOTES: Final = 20
LOG: Final = 12


@coordinators
@require_safe
def volunteers(request: HttpRequest) -> HttpResponse:
    """List the volunteers by name, narrowed by name, language, topic, district and state."""
    form = VolunteersFilter(request.GET or None)
    form.is_valid()
    rows = _narrowed(form, request).order_by("name", "pk")
    after = _after(request)
    if after:
        rows = rows.filter(Q(name__gt=after[0]) | Q(name=after[0], pk__gt=after[1]))
    spoken = Speaks.objects.select_related("language").order_by("-level", "language__name")
    page = list(rows.select_related("district").prefetch_related(Prefetch("languages", spoken))[: ROWS + 1])
    query = request.GET.copy()
    for key in [key for key, value in query.items() if not value or key in {"nach", "nummer"}]:
        query.pop(key)
    context = {
        "form": form,
        "rows": page[:ROWS],
        "more": page[ROWS - 1] if len(page) > ROWS else None,
        "query": f"{query.urlencode()}&" if query else "",
        "narrowed": bool(query),
        "today": clock.local(clock.now()).date(),
    }
    return office.render(request, "volunteers/office/list.html", context)


def _narrowed(form: VolunteersFilter, request: HttpRequest) -> models.QuerySet[Volunteer]:
    data: dict[str, Any] = form.cleaned_data if form.is_bound else {}
    conditions = {
        "name__icontains": data.get("q"),
        "languages__language": data.get("language"),
        "topics": data.get("topic"),
        "district": data.get("district"),
        "state": data.get("state"),
    }
    rows = Volunteer.objects.visible_to(access.person(request))
    return rows.filter(**{name: value for name, value in conditions.items() if value})


def _after(request: HttpRequest) -> tuple[str, int] | None:
    number = number_in(request.GET.get("nummer"))
    return (request.GET.get("nach", ""), number) if number is not None else None


def _found(request: HttpRequest, pk: int) -> Volunteer:
    rows = Volunteer.objects.visible_to(access.person(request)).select_related("district", "user")
    return get_object_or_404(rows, pk=pk)


def _refresh(volunteer: Volunteer) -> None:
    cards.refresh([volunteer.pk])
    cards.refresh_pools()


@coordinators
@require_safe
def volunteer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show all that the office keeps about one volunteer, with small forms to add and remove."""
    person, now = _found(request, pk), clock.now()
    today, topics = clock.local(now).date(), list(person.topics.all())
    parts = [(slug, part, *_rows(part, person, today)) for slug, part in PARTS.items()]
    rows = {slug: shown for slug, _part, shown, _form in parts}
    trained = [row for row in rows["schulungen"] if isinstance(row, TopicTraining)]
    away = any(isinstance(row, Absence) and row.first <= today for row in rows["abwesenheiten"])
    appointments = Assignment.objects.filter(volunteer=person).select_related(
        "assistance__topic", "assistance__institution"
    )
    context = {
        "person": person,
        "topics": topics,
        "hindrances": lacks.hindrances(person, speaks=bool(rows["sprachen"]), away=away, now=now),
        "limits": lacks.limits(person, topics, trained, now=now),
        "parts": parts,
        "appointments": list(appointments.order_by("-agreed_at")[:RECENT]),
        "week": week(person.availability),
        "hours": f"{person.minutes_90d / 60:.1f}".replace(".", ",").removesuffix(",0"),
        "papers": papers.shown(person, today=today),
        "notes": list(person.notes.select_related("author")[:NOTES]),
        "note_form": NoteForm(),
        "log": _log(person),
        "steps": open_steps(person, actor(request)),
    }
    return office.render(request, "volunteers/office/volunteer.html", context)


def _log(person: Volunteer) -> list[tuple[datetime, str, str]]:
    """The newest deeds: when, what, and in which capacity somebody acted."""
    entries = LogEntry.objects.filter(kind="volunteer", number=person.pk)[:LOG]
    return [(row.at, wording.deed("volunteer", row.action), row.get_actor_kind_display()) for row in entries]


@coordinators
@reads_and_posts
def edit_volunteer(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Take a volunteer in, or change the record; matching sees it at once."""
    person = _found(request, pk) if pk is not None else None
    form = VolunteerForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        with transaction.atomic():
            saved = _changed(request, form) if person else _taken_in(request, form)
        messages.success(request, "Gespeichert.")
        return redirect("office:volunteer", saved.pk)
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(
        request, "volunteers/office/edit.html", {"form": form, "person": person}, status=status
    )


def _changed(request: HttpRequest, form: VolunteerForm) -> Volunteer:
    saved = form.save()
    _refresh(saved)
    if "email" in form.changed_data:
        mails.follow_address(saved, now=clock.now())
    _record(request, "change", saved, "+".join(sorted(form.changed_data))[:60])
    return saved


def _taken_in(request: HttpRequest, form: VolunteerForm) -> Volunteer:
    topics = form.cleaned_data["topics"]
    return recruitment.take_in(form.instance, topics=topics, by=actor(request), now=clock.now())


def _record(request: HttpRequest, action: str, person: Volunteer, after: str = "") -> None:
    audit.record(actor(request), action, kind="volunteer", number=person.pk, after=after, at=clock.now())


@dataclass(frozen=True, kw_only=True)
class Part:
    """Rows that hang on a volunteer: what they are called, the form that adds one, and what to say."""

    title: str
    add: str
    empty: str
    form: type[forms.ModelForm[Any]]
    rows: Callable[[Volunteer, date], models.QuerySet[Any]]
    twice: str = "Das gibt es schon."


PARTS: Final = {
    "sprachen": Part(
        title="Sprachen",
        add="Sprache hinzufügen",
        empty="Noch keine Sprache.",
        form=SpeaksForm,
        rows=lambda person, _today: person.languages.select_related("language"),
        twice="Diese Sprache steht schon da. Entfernen Sie sie zuerst.",
    ),
    "abwesenheiten": Part(
        title="Abwesenheiten",
        add="Abwesenheit eintragen",
        empty="Keine Abwesenheit.",
        form=AbsenceForm,
        rows=lambda person, today: Absence.objects.filter(volunteer=person, last__gte=today),
    ),
    "schulungen": Part(
        title="Themenschulungen",
        add="Schulung eintragen",
        empty="Noch keine Schulung.",
        form=TrainingForm,
        rows=lambda person, _today: TopicTraining.objects.filter(volunteer=person).select_related("topic"),
        twice="Für dieses Thema gibt es schon eine Schulung. Entfernen Sie sie zuerst.",
    ),
    "wuensche": Part(
        title="Wünsche und Ausschlüsse",
        add="Wunsch eintragen",
        empty="Kein Wunsch.",
        form=WishForm,
        rows=lambda person, _today: Wish.objects.filter(volunteer=person).select_related(
            "institution", "volunteer"
        ),
        twice="Von dieser Seite gibt es schon einen Wunsch zu dieser Einrichtung.",
    ),
}


def _rows(part: Part, person: Volunteer, today: date) -> tuple[list[models.Model], forms.ModelForm[Any]]:
    return list(part.rows(person, today)), part.form(prefix="neu")


@coordinators
@require_POST
def add_part(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Add a language, an absence, a training or a wish."""
    person, part = _found(request, pk), PARTS.get(slug)
    if part is None:
        raise Http404
    form = part.form(request.POST, prefix="neu")
    form.instance.volunteer = person
    if not form.is_valid():
        messages.error(request, errors_of(form))
    elif not _saved(request, form, person, slug):
        messages.error(request, part.twice)
    else:
        messages.success(request, "Gespeichert.")
    return redirect("office:volunteer", pk)


def _saved(request: HttpRequest, form: forms.ModelForm[Any], person: Volunteer, slug: str) -> bool:
    try:
        with transaction.atomic():
            form.save()
            _refresh(person)
            _record(request, "add", person, slug)
    except IntegrityError:
        return False
    return True


@coordinators
@require_POST
def remove_part(request: HttpRequest, pk: int, slug: str, row: int) -> HttpResponse:
    """Remove one of them."""
    person, part = _found(request, pk), PARTS.get(slug)
    if part is None:
        raise Http404
    record = get_object_or_404(part.form._meta.model, pk=row, volunteer=person)
    with transaction.atomic():
        record.delete()
        _refresh(person)
        _record(request, "remove", person, slug)
    messages.success(request, "Entfernt.")
    return redirect("office:volunteer", pk)


@coordinators
@require_POST
def make_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a volunteer an account under the e-mail address of the record; the holder signs in by a code."""
    person = _found(request, pk)
    if person.user_id or not person.email:
        messages.error(request, "Dafür braucht es eine E-Mail-Adresse und noch kein Konto.")
        return redirect("office:volunteer", pk)
    user = User.objects.filter(email=person.email).first()
    if user is not None and Volunteer.objects.filter(user=user).exists():
        messages.error(request, "Diese E-Mail-Adresse ist schon das Konto einer anderen Person.")
        return redirect("office:volunteer", pk)
    with transaction.atomic():
        person.user = user or User.objects.create_user(
            person.email, name=person.name, language=person.mail_language
        )
        person.save(update_fields=["user"])
        _record(request, "account", person)
    messages.success(request, f"{person.name} kann sich jetzt mit {person.email} anmelden.")
    return redirect("office:volunteer", pk)
