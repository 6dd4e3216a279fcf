"""Where a volunteer stands: one table of steps, one view, one page that shows first what a step undoes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from lotsen_portal import access, clock, office
from lotsen_portal.audit import Actor
from lotsen_portal.desk import UNPROCESSABLE, actor, attempt, coordinators
from requests_app import farewells
from requests_app.views.office.deeds import reads_and_posts
from volunteers import recruitment
from volunteers.forms import PauseForm, StepForm
from volunteers.models import Volunteer

Data = dict[str, Any]
Act = Callable[[int, Data, Collection[int], Actor, datetime], object]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A verb with its words; one that `undoes` shows appointments and questions first."""

    slug: str
    move: str
    button: str
    title: str
    text: str
    done: str
    act: Act
    form: type[StepForm] = StepForm
    undoes: bool = False
    danger: bool = False
    main: bool = False


def _pause(number: int, data: Data, shown: Collection[int], by: Actor, now: datetime) -> None:
    farewells.pause(number, until=data["until"], shown=shown, by=by, now=now)


def _leave(number: int, data: Data, shown: Collection[int], by: Actor, now: datetime) -> None:
    farewells.leave(number, shown=shown, by=by, now=now)


def _plain(deed: Callable[..., object]) -> Act:
    return lambda number, _data, _shown, by, now: deed(number, by=by, now=now)


_ALL: Final = (
    Step(
        slug="schulung",
        move="begin_training",
        button="Schulung beginnt",
        title="Die Schulung beginnt",
        text="Gespräch und Unterlagen sind erledigt. Angefragt wird erst, wer aktiv ist.",
        done="Die Schulung hat begonnen.",
        act=_plain(recruitment.begin_training),
    ),
    Step(
        slug="aktiv",
        move="activate",
        button="Aktiv machen",
        title="Ab jetzt aktiv",
        text="Ab jetzt steht die Person in den Vorschlägen, soweit ihre Nachweise gelten.",
        done="Ab jetzt steht die Person in den Vorschlägen.",
        act=_plain(recruitment.activate),
        main=True,
    ),
    Step(
        slug="zurueck",
        move="resume",
        button="Pause beenden",
        title="Pause beenden",
        text="Ab jetzt steht die Person wieder in den Vorschlägen, soweit ihre Nachweise gelten.",
        done="Die Pause ist beendet.",
        act=_plain(recruitment.resume),
        main=True,
    ),
    Step(
        slug="pause",
        move="pause",
        button="Pause",
        title="Pause",
        text="Bis zum Ende der Pause wird niemand sie oder ihn anfragen. Danach geht es von selbst weiter.",
        done="Die Pause ist eingetragen.",
        act=_pause,
        form=PauseForm,
        undoes=True,
    ),
    Step(
        slug="ausscheiden",
        move="leave",
        button="Ausscheiden",
        title="Ausscheiden",
        text="Alle Links und der Kalender hören auf. Der Zugang zu den eigenen Seiten endet.",
        done="Die Person ist ausgeschieden.",
        act=_leave,
        undoes=True,
        danger=True,
    ),
    Step(
        slug="wieder-aufnehmen",
        move="readmit",
        button="Wieder aufnehmen",
        title="Wieder aufnehmen",
        text="Die Person steht danach wieder am Anfang. Prüfen Sie die Nachweise.",
        done="Die Person ist wieder aufgenommen.",
        act=_plain(recruitment.readmit),
        main=True,
    ),
)
STEPS: Final = {step.slug: step for step in _ALL}


def open_steps(person: Volunteer, by: Actor) -> list[Step]:
    """The steps that the table of moves allows now, in the order of the buttons."""
    return [step for step in _ALL if recruitment.may(person, step.move, by)]


@coordinators
@reads_and_posts
def take_step(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show what the step means and undoes, then take it; one that is not legal now says so."""
    person = get_object_or_404(Volunteer.objects.visible_to(access.person(request)), pk=pk)
    step, by, now = STEPS.get(slug), actor(request), clock.now()
    if step is None:
        raise Http404
    if not recruitment.may(person, step.move, by):
        messages.error(request, f"„{step.button}“ geht beim jetzigen Stand nicht.")
        return redirect("office:volunteer", pk)
    posted = request.POST if request.method == "POST" else None
    form = step.form(posted, today=clock.local(now).date(), initial={"until": person.paused_until})
    if form.is_valid():
        shown = farewells.numbers_shown(request.POST.getlist("shown"))
        if attempt(request, lambda: step.act(pk, form.cleaned_data, shown, by, now), done=step.done):
            return redirect("office:volunteer", pk)
        return redirect("office:take_step", pk, slug)
    context = {
        "person": person,
        "step": step,
        "form": form,
        "undone": farewells.undone(pk, now=now) if step.undoes else None,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return office.render(request, "volunteers/office/step.html", context, status=status)
