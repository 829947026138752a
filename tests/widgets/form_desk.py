"""A small app round a form, and an entity with a field of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.keys import _character_to_key
from textual.pilot import Pilot

import crm_tui.models  # noqa: F401  # registers every entity
from crm_tui.fields import (
    Choice,
    Day,
    Email,
    Flag,
    Kind,
    Link,
    Markdown,
    Moment,
    Money,
    Number,
    Option,
    Percent,
    Reference,
    Tags,
    Text,
)
from crm_tui.models.base import entities
from crm_tui.models.people import Operator
from crm_tui.text import fold
from crm_tui.widgets.glyphs import UNICODE, Glyphs
from crm_tui.widgets.guard import TerminalGuard
from crm_tui.widgets.record_form import FormData, RecordForm
from tests.widgets.desk import lines

CLIENT = entities["client"]
ATELIER: dict[str, Any] = {
    "name": "Atelier Norte",
    "kind": "client",
    "email": "ana@atelier.example",
    "city": "Porto",
    "stage": "active",
    "score": 82,
    "owner": 1,
    "tags": ("vip",),
    "notes": "Met at the fair.\nWants a darker blue.",
}


@dataclass(frozen=True)
class Trial:
    """An entity that is in no database."""

    name: str
    label: str
    entered: dict[str, Kind]


EVERY_KIND = Trial(
    "trial",
    "trial",
    {
        "title": Text("Title", required=True, longest=40),
        "mail": Email("Mail"),
        "site": Link("Site"),
        "stage": Choice("Stage", options=(Option("new", "new"), Option("won", "won"), Option("waiting", "waiting"))),
        "urgent": Flag("Urgent", help="Before all others"),
        "amount": Money("Amount"),
        "hours": Number("Hours", least=0, most=100_000),
        "share": Percent("Share"),
        "due": Day("Due"),
        "seen": Moment("Seen"),
        "owner": Reference(Operator, "Owner"),
        "tags": Tags("Tags"),
        "body": Markdown("Body"),
        "source": Text("Source"),
    },
)


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys in one bunch, as they come over a slow line, and wait until all is done about them."""
    for key in keys:
        character = {"space": " ", "enter": "\r"}.get(key, key if len(key) == 1 else None)
        name = _character_to_key(key) if len(key) == 1 else key
        pilot.app.post_message(events.Key(name, character))
    await settle(pilot)


async def settle(pilot: Pilot[None]) -> None:
    """Wait until every message is worked off: to the editor, from there to the form, the screen and back."""
    for _round in range(4):
        await pilot.pause(0)


def typed(text: str) -> list[str]:
    """The keys of a text."""
    return list(text)


async def fill(pilot: Pilot[None], field: str, *keys: str) -> None:
    """Go to a field and press keys there."""
    desk = pilot.app
    assert isinstance(desk, FormDesk)
    desk.form.go_to(field)
    await press(pilot, *keys)


def atelier(**about: Any) -> FormData:
    """A client at version 3, owned by ana."""
    return FormData(CLIENT, 7, 3, {**ATELIER, **about}, {"owner": "ana"})


class FormDesk(App[None]):
    """A screen with a form: answers what the form asks, and remembers what it tells."""

    AUTO_FOCUS = None

    def __init__(self, data: FormData | None, glyphs: Glyphs = UNICODE, draft_every: float = 1.0) -> None:
        super().__init__()
        self.glyphs = glyphs
        self.form = RecordForm(data, draft_every=draft_every)
        self.offers = {"owner": ["ana", "anabel", "bo"], "tags": ["vip", "vienna", "late payer"]}
        self.held = False
        self.asked: list[tuple[str, str, int]] = []
        self.submitted: list[tuple[dict[str, str], int | None]] = []
        self.drafts: list[dict[str, str]] = []
        self.outside: list[tuple[str, str]] = []
        self.dismissed = 0
        self.unused: list[str] = []

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), TerminalGuard()]

    def compose(self) -> ComposeResult:
        yield self.form

    def on_mount(self) -> None:
        self.form.focus()

    def on_key(self, event: events.Key) -> None:
        """What the screen's commands do with keys the form leaves alone."""
        if event.key == "ctrl+s":
            self.form.submit()
        elif event.key == "escape":
            self.form.dismiss()
        elif event.key == "ctrl+e":
            self.form.edit_outside()
        else:
            self.unused.append(event.key)

    def on_record_form_submitted(self, event: RecordForm.Submitted) -> None:
        self.submitted.append((event.typed, event.version))

    def on_record_form_dismissed(self) -> None:
        self.dismissed += 1

    def on_record_form_draft_changed(self, event: RecordForm.DraftChanged) -> None:
        self.drafts.append(event.typed)

    def on_record_form_outside_wanted(self, event: RecordForm.OutsideWanted) -> None:
        self.outside.append((event.field, event.text))

    def on_record_form_values_wanted(self, event: RecordForm.ValuesWanted) -> None:
        self.asked.append((event.field, event.prefix, event.generation))
        if not self.held:
            self.answer(*self.asked[-1])

    def answer(self, field: str, prefix: str, generation: int) -> None:
        """Offer the values that begin with a prefix."""
        known = self.offers.get(field, [])
        self.form.offer(field, generation, [value for value in known if fold(value).startswith(fold(prefix))])

    def shown(self) -> str:
        """What the person sees, editors included."""
        return "\n".join(
            "".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()
        )

    def row(self, label: str) -> str:
        """The line of the field with this label, from the label on."""
        return next(
            line[line.index(f" {label} ") if f" {label} " in line else line.index(label) :].strip("▌▐ ")
            for line in self.shown().splitlines()
            if label in line
        )

    def drawn(self) -> list[str]:
        """The form's own lines."""
        return lines(self.form)
