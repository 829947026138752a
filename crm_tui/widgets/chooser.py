"""Choosing from a list by a few letters: the palette, saved views, sort, columns, people, themes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from crm_tui.formats import whole
from crm_tui.i18n import _
from crm_tui.widgets.dialogs import Dialog
from crm_tui.widgets.fuzzy import Finder
from crm_tui.widgets.glyphs import glyphs_of
from crm_tui.widgets.guard import safe_content
from crm_tui.widgets.line_input import LineInput
from crm_tui.widgets.pick_list import PickList, PickRow
from crm_tui.widgets.said_keys import keys_said

_AROUND = 8
"""Lines of the box that are not the list: frame, title, input, foot, and the space between them."""


class Choosable(Protocol):
    """A line to choose, such as ``commands.context.Choice``."""

    @property
    def value(self) -> str:
        """What is returned when it is chosen."""

    @property
    def label(self) -> str:
        """What is shown, and found by its letters."""

    @property
    def hint(self) -> str:
        """Dim text at the right: a key, a date, a count."""

    @property
    def chosen(self) -> bool:
        """Whether it is what is chosen now."""


class Chooser(Dialog[list[str] | None]):
    """A list to choose from; answers the values chosen, None when the operator left.

    One is chosen with ``enter``. With ``several``, ``space`` marks lines and ``enter`` accepts those that are marked,
    in the order of the list, which with ``ordered`` is changed by ``J`` and ``K``. ``why_not`` says of values that
    cannot be had now why that is: they are found like the others, and ``enter`` on one says so.
    """

    DEFAULT_CSS = """
    Chooser {
        align: center top;
        & > .dialog--box { width: 72; margin: 1 2 0 2; }
        & .chooser--head { width: 1fr; height: 1; }
        & .chooser--count { width: auto; height: 1; color: $foreground-muted; }
        & PickList { height: 1fr; margin-top: 1; }
        &:ansi .chooser--count { text-style: dim; }
    }
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choosable],
        *,
        several: bool = False,
        ordered: bool = False,
        why_not: Mapping[str, str] | None = None,
        empty: str = "",
    ) -> None:
        """``empty`` is what is said when there is nothing at all to choose."""
        super().__init__()
        self._title, self._empty = title, empty
        self._several, self._ordered = several, several and ordered
        self._why_not = dict(why_not or {})
        self._choices = list(choices)
        self._marked = {choice.value for choice in choices if choice.chosen}
        self._finder = Finder([(choice.label, choice.value, choice.hint) for choice in choices])
        self._order = list(range(len(choices)))
        self._found = list(self._order)
        self._typed = ""
        self._input = LineInput(edited=self._on_edit, pressed=self._on_press, placeholder=_("type to find"))
        self._list = PickList()
        self._count = Static(classes="chooser--count", markup=False)
        self._foot = Static(classes="dialog--foot", markup=False)
        self._keys: dict[str, Callable[[], object]] = {
            "up": lambda: self._list.move(-1),
            "down": lambda: self._list.move(1),
            "ctrl+p": lambda: self._list.move(-1),
            "ctrl+n": lambda: self._list.move(1),
            "pageup": lambda: self._list.page(-1),
            "pagedown": lambda: self._list.page(1),
            "home": lambda: self._list.go_to(0),
            "end": lambda: self._list.go_to(len(self._found) - 1),
            "enter": self._accept,
            "escape": self.leave,
            "tab": lambda: None,
            "shift+tab": lambda: None,
        }
        if self._several:
            self._keys["space"] = self._toggle
        if self._ordered:
            self._keys |= {"J": lambda: self._carry(1), "K": lambda: self._carry(-1)}
            self._keys |= {"shift+down": lambda: self._carry(1), "shift+up": lambda: self._carry(-1)}

    def compose_box(self) -> ComposeResult:
        """Title and count, the line to type into, the list, the keys."""
        with Horizontal(classes="chooser--head"):
            yield Static(safe_content(self._title), classes="dialog--title")
            yield self._count
        with Horizontal(classes="dialog--input"):
            yield Static(glyphs_of(self).crumb, classes="dialog--prompt", markup=False)
            yield self._input
        yield self._list
        yield self._foot

    def on_mount(self) -> None:
        """Show everything, with the cursor on what is chosen now."""
        super().on_mount()
        self._fit()
        chosen = [at for at, choice in enumerate(self._choices) if choice.value in self._marked]
        self._show(chosen[0] if chosen and not self._several else 0)

    def on_resize(self) -> None:
        """Give the list the room there is."""
        self._fit()

    def _fit(self) -> None:
        """Make the box as high as all choices, if there is room; it stays so while they are filtered."""
        room = max(_AROUND + 1, self.size.height - 2)
        self.query_one(".dialog--box").styles.height = min(_AROUND + max(1, len(self._choices)), room)

    # Typing and keys

    async def take(self, event: events.Key) -> bool:
        """Type, or move in the list."""
        return await self._input.use(event)

    def _on_edit(self) -> None:
        """Find again when something else is typed."""
        if self._input.value != self._typed:
            self._typed = self._input.value
            self._show(0)

    def _on_press(self, key: str) -> bool:
        use = self._keys.get(key)
        if use is not None:
            self._say_keys()
            use()
        return use is not None

    def _toggle(self) -> None:
        """Mark the line at the cursor, or no longer; then go on to the next, unless it is to be moved."""
        choice = self._at_cursor()
        if choice is not None and self._can(choice):
            self._marked ^= {choice.value}
            self._list.draw()
            self._list.move(0 if self._ordered else 1)
            self._say_count()

    def _carry(self, step: int) -> None:
        """Move the line at the cursor past its neighbour in sight; what else lies between them stays in its order."""
        here = self._list.cursor
        there = here + step
        if here >= 0 and 0 <= there < len(self._found):
            moved, neighbour = self._found[here], self._found[there]
            self._order.remove(moved)
            self._order.insert(self._order.index(neighbour) + max(step, 0), moved)
            self._show(there)

    def _accept(self) -> None:
        """Answer with what is marked, or with the line at the cursor."""
        if self._several:
            self.dismiss([self._choices[at].value for at in self._order if self._choices[at].value in self._marked])
        elif (choice := self._at_cursor()) is not None and self._can(choice):
            self.dismiss([choice.value])

    def _can(self, choice: Choosable) -> bool:
        """Tell whether a choice can be had; say why not."""
        why = self._why_not.get(choice.value, "")
        if why:
            said = safe_content(_("{title}: {why}").format(title=choice.label, why=why))
            self._foot.update(said.stylize("not dim $text-warning"))
        return not why

    def _at_cursor(self) -> Choosable | None:
        cursor = self._list.cursor
        return self._choices[self._found[cursor]] if 0 <= cursor < len(self._found) else None

    @on(PickList.Picked)
    def _on_clicked(self, event: PickList.Picked) -> None:
        event.stop()
        self._list.go_to(event.index)
        if self._several:
            self._toggle()
        else:
            self._accept()

    # Showing

    def _show(self, cursor: int) -> None:
        """Show what is found by what is typed. Where the order is what matters, it is kept."""
        found = self._finder.find(self._typed)
        if self._ordered or not self._typed.strip():
            among = set(found)
            found = [at for at in self._order if at in among]
        self._found = found
        nothing = _('Nothing is found by "{typed}".').format(typed=self._typed) if self._typed else self._empty
        nothing = nothing or _("There is nothing to choose yet.")
        marks = 3 if self._several or self._marked else 2
        self._list.show(len(found), self._row, cursor=cursor, marks=marks, empty=nothing)
        self._say_count()
        self._say_keys()

    def _row(self, index: int) -> PickRow:
        choice = self._choices[self._found[index]]
        why = self._why_not.get(choice.value, "")
        chosen = choice.value in self._marked
        return PickRow(choice.label, note=why or choice.hint, typed=self._typed, chosen=chosen, muted=bool(why))

    def _say_count(self) -> None:
        marked = _("{n} marked").format(n=whole(len(self._marked))) if self._several else ""
        shown, of = len(self._found), len(self._choices)
        found = _("{n} of {of}").format(n=whole(shown), of=whole(of)) if shown != of else ""
        self._count.update(", ".join(said for said in (marked, found) if said))

    def _say_keys(self) -> None:
        keys = [("space", _("mark"))] if self._several else []
        keys += [("J K", _("move"))] if self._ordered else []
        self._foot.update(keys_said(*keys, ("enter", _("accept")), ("esc", _("leave"))))
