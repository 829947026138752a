"""The ``?`` screen: what can be done here, by which key; typing finds, enter runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.i18n import N_, _
from crm_tui.widgets.command_line import KnownCommand
from crm_tui.widgets.fuzzy import Finder
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.guard import one_line, safe_content
from crm_tui.widgets.line_input import LineInput
from crm_tui.widgets.pick_list import PickList, PickRow
from crm_tui.widgets.said_keys import keys_said

QUERIES = (
    (N_("owner:me"), N_("field and value: equals, or contains where the field is text")),
    (N_("score>=70"), N_("also = != < <= >; numbers may end in k or m")),
    (N_("stage:lead,active"), N_("one of several")),
    (N_("due:today..+7d"), N_("from one value to another; either may be left out")),
    (N_("-tag:vip"), N_("not; the word not does the same")),
    (N_("has:email no:phone"), N_("filled in, or empty")),
    (N_("(a or b) c"), N_("terms side by side must all hold; or and brackets say otherwise")),
    (N_('"acme corp"'), N_("words, and phrases in quotes, are looked up in all texts")),
    (N_("client.kind:client"), N_("a field of the record referred to")),
    (N_("team:mine"), N_("served by a team you are in; team.kind:support by one of that kind")),
    (N_("-30d +2w me"), N_("also today, now, this-month, next-quarter, end-of-year")),
    (N_("sort:-score"), N_("order, with - the greatest first")),
)
"""The query language in a few lines: an example, and what it means."""

MOUSE = (
    (N_("click"), N_("puts the cursor there; on a key in the last line, presses it")),
    (N_("double click"), N_("opens")),
    (N_("wheel"), N_("scrolls")),
)
"""What the mouse does; it is never needed."""

_WIDEST_LEAD, _WIDEST_TITLE = 12, 24


@dataclass(frozen=True, slots=True)
class HelpGroup:
    """Commands under a heading, such as those of this screen."""

    heading: str
    commands: tuple[KnownCommand, ...]


class HelpView(Widget):
    """A list of commands and a line to find them by. ``close`` is asked for with esc."""

    DEFAULT_CSS = """
    HelpView {
        layout: vertical;
        width: 1fr;
        height: 1fr;
        & > .help-view--input { width: 1fr; height: 1; margin: 1 1; background: $panel; }
        & .help-view--prompt { width: 2; height: 1; color: $text-primary; }
        & > PickList { height: 1fr; margin: 0 1; }
        & > .help-view--about { width: 1fr; height: 3; padding: 0 3; margin-top: 1; color: $foreground-muted; }
        & > .help-view--foot { width: 1fr; height: 1; padding: 0 1; }
        & .help-view--keys { width: 1fr; height: 1; color: $foreground-muted; }
        & .help-view--id { width: auto; height: 1; color: $foreground-muted; }
        &:ansi > .help-view--about, &:ansi .help-view--keys, &:ansi .help-view--id { text-style: dim; }
        &:ansi .help-view--prompt { color: $text-accent; }
    }
    """

    class Run(Message):
        """A command was chosen: leave the help and run it, or say why it cannot run."""

        def __init__(self, view: HelpView, command_id: str) -> None:
            super().__init__()
            self.view = view
            self.command_id = command_id

        @property
        def control(self) -> HelpView:
            """The list it was chosen from."""
            return self.view

    class Closed(Message):
        """Esc: back to where help was asked for."""

        def __init__(self, view: HelpView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> HelpView:
            """The list that is left."""
            return self.view

    def __init__(self, groups: Sequence[HelpGroup], *, id: str | None = None) -> None:
        """``groups`` are shown in their order, then how queries are written and what the mouse does."""
        super().__init__(id=id)
        texts = [
            *groups,
            HelpGroup(_("Filter"), tuple(KnownCommand("", _(about), keys=_(text)) for text, about in QUERIES)),
            HelpGroup(_("Mouse"), tuple(KnownCommand("", _(about), keys=_(text)) for text, about in MOUSE)),
        ]
        self._entries = [(group.heading, known) for group in texts for known in group.commands]
        self._finder = Finder([_texts(known) for _heading, known in self._entries])
        self._lead = min(_widest(known.keys for _heading, known in self._entries if known.id), _WIDEST_LEAD)
        self._label = min(_widest(known.title for _heading, known in self._entries if known.id), _WIDEST_TITLE)
        self._example = _widest(known.keys for _heading, known in self._entries if not known.id)
        self._rows: list[int | str] = []  # positions of entries, and headings
        self._typed = ""
        self._input = LineInput(edited=self._on_edit, pressed=self._on_press, placeholder=_("type to find"))
        self._list = PickList()
        self._about = Static(classes="help-view--about", markup=False)
        self._command_id = Static(classes="help-view--id", markup=False)
        self._keys: dict[str, Callable[[], object]] = {
            "up": lambda: self._list.move(-1),
            "down": lambda: self._list.move(1),
            "ctrl+p": lambda: self._list.move(-1),
            "ctrl+n": lambda: self._list.move(1),
            "pageup": lambda: self._list.page(-1),
            "pagedown": lambda: self._list.page(1),
            "home": lambda: self._list.go_to(0),
            "end": lambda: self._list.go_to(len(self._rows) - 1),
            "enter": self._run,
            "escape": self._leave,
        }

    def compose(self) -> ComposeResult:
        """The line to type into, the list, the whole help of the command at the cursor, the keys."""
        with Horizontal(classes="help-view--input"):
            yield Static(glyphs_of(self).crumb, classes="help-view--prompt", markup=False)
            yield self._input
        yield self._list
        yield self._about
        with Horizontal(classes="help-view--foot"):
            yield Static(keys_said(("enter", _("run")), ("esc", _("back"))), classes="help-view--keys", markup=False)
            yield self._command_id

    def on_mount(self) -> None:
        """Show everything."""
        self._input.focus()
        self._show()

    # Typing and keys

    async def take(self, event: events.Key) -> bool:
        """Use a key that was pressed before the help had the focus; return whether it meant anything here."""
        return await self._input.use(event)

    def _on_edit(self) -> None:
        if self._input.value != self._typed:
            self._typed = self._input.value
            self._show()

    def _on_press(self, key: str) -> bool:
        use = self._keys.get(key)
        if use is not None:
            use()
        return use is not None

    def _run(self) -> None:
        """Run the command at the cursor; lines that only explain run nothing."""
        known = self._at_cursor()
        if known is not None and known.id:
            self.post_message(self.Run(self, known.id))

    def _leave(self) -> None:
        """Empty the line; when it is empty, close."""
        if self._input.value:
            self._input.put("")
        else:
            self.post_message(self.Closed(self))

    @on(PickList.Picked)
    def _on_clicked(self, event: PickList.Picked) -> None:
        event.stop()
        if event.index == self._list.cursor:
            self._run()
        else:
            self._list.go_to(event.index)

    @on(PickList.Moved)
    def _on_moved(self, event: PickList.Moved) -> None:
        event.stop()
        self._say_about()

    # Showing

    def _show(self) -> None:
        """Show what is found under its headings, with the cursor on the best of it."""
        found = self._finder.find(self._typed)
        rank = {at: place for place, at in enumerate(found)}
        self._rows = []
        heading = ""
        for at, (group, _known) in enumerate(self._entries):
            if at in rank:
                if group != heading:
                    self._rows += ["", group] if heading else [group]
                    heading = group
                self._rows.append(at)
        best = self._rows.index(found[0]) if found and self._typed.strip() else 0
        nothing = _('Nothing is found by "{typed}".').format(typed=self._typed)
        self._list.show(len(self._rows), self._row, cursor=best, lead=self._lead, label=self._label, empty=nothing)
        self._say_about()

    def _row(self, index: int) -> PickRow:
        at = self._rows[index]
        if isinstance(at, str):
            return PickRow(at, heading=True)
        known = self._entries[at][1]
        if not known.id:
            return PickRow(known.title, known.keys, lead_width=self._example)
        note = _("not now: {why}").format(why=known.why_not) if known.why_not else known.help
        return PickRow(known.title, known.keys, note, typed=self._typed, muted=bool(known.why_not))

    def _at_cursor(self) -> KnownCommand | None:
        cursor = self._list.cursor
        at = self._rows[cursor] if 0 <= cursor < len(self._rows) else ""
        return None if isinstance(at, str) else self._entries[at][1]

    def _say_about(self) -> None:
        """Say everything about the command at the cursor: the list cuts long help, and many keys."""
        known = self._at_cursor()
        if known is None or not known.id:
            known = KnownCommand("", "")
        why = _("Not now: {why}.").format(why=known.why_not) if known.why_not else ""
        self._about.update(safe_content(" ".join(said for said in (known.help, why) if said)))
        self._command_id.update(safe_content("   ".join(said for said in (known.keys, known.id) if said and known.id)))


def _texts(known: KnownCommand) -> tuple[str, ...]:
    """Return what a command is found by; a line that only explains is found by its words as they are written."""
    name = known.title if known.id else ""
    return (name, known.title, known.keys, known.id, known.help)


def _widest(texts: Iterable[str]) -> int:
    return max((cell_len(one_line(text)) for text in texts), default=0)
