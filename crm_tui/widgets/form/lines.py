"""How a form looks: its styles, and the lines of its labels, values, problems, offered values and help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from textwrap import wrap

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from crm_tui import formats
from crm_tui.i18n import _, ngettext
from crm_tui.widgets.columns import fit
from crm_tui.widgets.form.completion import Completion
from crm_tui.widgets.form.fields import FormField, Word, words_of
from crm_tui.widgets.form.help import help_of
from crm_tui.widgets.form.plan import GAP, LONGEST_LABEL, MARK, Place, Plan
from crm_tui.widgets.form.state import FormState
from crm_tui.widgets.glyphs import ASCII, Glyphs
from crm_tui.widgets.guard import one_line
from crm_tui.widgets.line_widget import Line

FORM_PARTS = {
    "record-form--label",
    "record-form--label-current",
    "record-form--mark",
    "record-form--value",
    "record-form--value-current",
    "record-form--chosen",
    "record-form--hint",
    "record-form--problem",
    "record-form--blank",
    "record-form--help",
    "record-form--offer",
    "record-form--offer-chosen",
}
FORM_CSS = """
RecordForm {
    width: 1fr;
    height: 1fr;
    & > .record-form--label, & > .record-form--hint, & > .record-form--help { color: $foreground-muted; }
    & > .record-form--label-current { color: $foreground; text-style: bold; }
    & > .record-form--mark { color: $primary; }
    & > .record-form--value { color: $foreground; background: $surface; }
    & > .record-form--value-current { color: $foreground; background: $panel; }
    & > .record-form--chosen { color: $primary; text-style: bold; }
    & > .record-form--problem { color: $text-error; }
    & > .record-form--blank { color: $foreground; }
    & > .record-form--offer { color: $foreground; background: $panel; }
    & > .record-form--offer-chosen {
        color: $block-cursor-foreground;
        background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    &:ansi {
        & > .record-form--label, & > .record-form--hint, & > .record-form--help { text-style: dim; }
        & > .record-form--label-current { text-style: bold; }
        & > .record-form--value, & > .record-form--value-current { background: ansi_default; }
    }
    &:nocolor > .record-form--offer-chosen { text-style: reverse; }
    LineEditor, TextEditor, LineEditor:focus, TextEditor:focus {
        border: none;
        padding: 0;
        background: $panel;
        background-tint: transparent;
        scrollbar-size: 0 0;
    }
    LineEditor { height: 1; }
    LineEditor.-plain { background: transparent; color: $primary; }
    &:ansi LineEditor, &:ansi TextEditor { background: ansi_default; }
}
"""
ECHO_FROM = 18
"""Cells of the editor beside which an echo stands."""

TEXT, CURRENT = "value", "value-current"


_ASKED = Style(dim=True, italic=True)
"""How what is asked for looks where nothing stands yet."""


class FormLines:
    """Makes the lines of a form, each of exactly the plan's width; the last one, of help, of any."""

    def __init__(
        self,
        state: FormState,
        plan: Plan,
        completion: Completion,
        glyphs: Glyphs,
        style: Callable[[str], Style],
    ) -> None:
        self._state, self._plan, self._completion = state, plan, completion
        self._glyphs, self._style = glyphs, style
        self._previews: dict[str, tuple[str | None, list[str]]] = {}

    def line(self, y: int, offers: range) -> Line:
        """Return a line of the form; ``offers`` are the lines covered by offered values."""
        line: Line = []
        used = 0
        for index in self._plan.at(y):
            place = self._plan.places[index]
            if place.x > used:
                line.append(self._cell("blank", "", place.x - used))
            line += self._field(index, place, y - place.y)
            used = place.x + place.width
        if y < len(self._plan.notice):
            line, used = [self._cell("problem", " " * MARK + self._plan.notice[y], self._plan.width)], self._plan.width
        line.append(self._cell("blank", "", self._plan.width - used))
        if self._plan.width < LONGEST_LABEL:  # too little for a label, a mark and the space between
            line = list(Strip(line).adjust_cell_length(self._plan.width))
        if y in offers:
            line = self._offered(line, y - offers.start)
        return [segment for segment in line if segment.text]

    def editor_width(self, index: int) -> int:
        """Return how many cells of the value the editor takes; beside it is room for an echo."""
        room = self._plan.places[index].value_width
        echoes = self._state.fields[index].kind.family in ("day", "moment", "number")
        return min(room, ECHO_FROM) if echoes else room

    def help(self, width: int) -> Line:
        """Return the line below the form: what belongs into the field, and how the form stands."""
        changed = sum(entry.touched for entry in self._state.fields)
        faulty = sum(bool(entry.problem) for entry in self._state.fields)
        said = [ngettext("{n} changed", "{n} changed", changed).format(n=formats.whole(changed))] if changed else []
        if faulty:
            said.append(ngettext("{n} to correct", "{n} to correct", faulty).format(n=formats.whole(faulty)))
        right = ", ".join(said)
        room = max(0, width - cell_len(right) - 4)
        text = help_of(self._state.fields[self._state.at], self._all_in_view()) if self._state.fields else ""
        left = fit(text, room, ellipsis=self._glyphs.ellipsis)
        line = f" {left}  {right} " if right else f" {fit(text, max(0, width - 2), ellipsis=self._glyphs.ellipsis)} "
        return [Segment(fit(line, width), self._style("help"))]

    def _cell(self, part: str, text: str, width: int) -> Segment:
        return Segment(fit(text, max(0, width), ellipsis=self._glyphs.ellipsis), self._style(part))

    def _field(self, index: int, place: Place, at: int) -> Line:
        """Return line ``at`` of a field."""
        entry, current = self._state.fields[index], index == self._state.at
        if at == 0:
            head = [
                self._cell("mark", self._glyphs.cursor if current else "", MARK),
                self._cell("label-current" if current else "label", entry.label, place.label),
                self._cell("blank", "", GAP),
            ]
        else:
            more = self._extent(entry, place) if at == 1 and entry.multiline else ""
            head = [
                self._cell("blank", "", MARK),
                self._cell("label", more, place.label),
                self._cell("blank", "", GAP),
            ]
        if at >= place.lines:
            return [*head, self._cell("problem", place.problem[at - place.lines], place.value_width)]
        return [*head, *self._value(index, entry, place, at, current)]

    def _value(self, index: int, entry: FormField, place: Place, at: int, current: bool) -> Line:
        width, part = place.value_width, CURRENT if current else TEXT
        if entry.multiline:
            shown = self._preview(entry, place)
            text = self._cell(part, shown[at] if at < len(shown) else "", width)
            return [Segment(text.text, self._style(part) + _ASKED) if entry.blank else text]
        if entry.is_choice:
            return self._choice(entry, width, current)
        if not entry.text and entry.kind.required:
            return [Segment(fit(_("required"), width), self._style(part) + _ASKED)]
        editor = self.editor_width(index)
        if editor == width:
            return [self._cell(part, entry.text, width)]
        arrow = "->" if self._glyphs == ASCII else "→"
        echoes = [f"  {arrow} {echo}" for echo in entry.echoes()]
        echo = next((echo for echo in echoes if cell_len(echo) <= width - editor), "")
        return [self._cell(part, entry.text, editor), self._cell("hint", echo, width - editor)]

    def _preview(self, entry: FormField, place: Place) -> list[str]:
        """Return the lines of a text that are shown, and one more if there is more."""
        text, lines = self._previews.get(entry.name, (None, []))
        if text is not entry.text:
            lines = preview(entry, place.value_width, place.lines + 1)
            self._previews[entry.name] = (entry.text, lines)
        return lines

    def _extent(self, entry: FormField, place: Place) -> str:
        """Return how long a text is that is not all in view."""
        if len(self._preview(entry, place)) <= place.lines:
            return ""
        count = entry.text.count("\n") + 1
        return (
            ngettext("{n} line", "{n} lines", count).format(n=formats.whole(count))
            if count > place.lines
            else _("more")
        )

    def _choice(self, entry: FormField, width: int, current: bool) -> Line:
        """Return the value chosen; in the current field all there are, or as many round it as there is room for."""
        words = words_of(entry)
        at = _chosen(entry, words)
        if not current:
            return [self._cell(TEXT, words[at].shown if entry.text else "", width)]
        style = self._style(CURRENT)
        chosen = self._style("chosen") + Style(bgcolor=style.bgcolor)
        first, last = in_view(words, at, width - 2)
        line = [Segment(self._glyphs.ellipsis if first else " ", style)]
        for index in range(first, last + 1):
            line.append(Segment(_bracketed(words[index], index == at), chosen if index == at else style))
        line.append(Segment(self._glyphs.ellipsis if last + 1 < len(words) else " ", style))
        used = sum(cell_len(segment.text) for segment in line)
        return (
            [*line, self._cell(CURRENT, "", width - used)]
            if used <= width
            else [self._cell(CURRENT, words[at].shown, width)]
        )

    def _all_in_view(self) -> bool:
        """Whether every value of the current field, if it is a choice, is drawn."""
        entry, place = self._state.fields[self._state.at], self._plan.places[self._state.at]
        if not entry.is_choice:
            return True
        words = words_of(entry)
        return in_view(words, _chosen(entry, words), place.value_width - 2) == (0, len(words) - 1)

    def word_at(self, x: int) -> str | None:
        """Return which value of the current field is drawn at a column; None where there is none."""
        entry, place = self._state.fields[self._state.at], self._plan.places[self._state.at]
        if not entry.is_choice:
            return None
        words = words_of(entry)
        at = _chosen(entry, words)
        first, last = in_view(words, at, place.value_width - 2)
        left = place.value_x + 1
        for index in range(first, last + 1):
            right = left + cell_len(_bracketed(words[index], index == at))
            if left <= x < right:
                return words[index].text
            left = right
        return None

    def _offered(self, line: Line, at: int) -> Line:
        """Return a line with an offered value laid over it."""
        place = self._plan.places[self._state.at]
        shown = self._completion.shown()
        values = self._completion.values
        width = max(cell_len(one_line(values[index])) for index in shown) + 2
        width = min(place.value_width, max(width, 16))
        chosen = shown[at] == self._completion.chosen
        mark = self._glyphs.cursor if chosen else "|" if self._glyphs == ASCII else "│"
        offer = self._cell("offer-chosen" if chosen else "offer", f"{mark}{one_line(values[shown[at]])}", width)
        whole = Strip(line, self._plan.width)
        before, after = whole.crop(0, place.value_x), whole.crop(place.value_x + width, self._plan.width)
        return [*before, offer, *after]


def _chosen(entry: FormField, words: Sequence[Word]) -> int:
    return next((index for index, word in enumerate(words) if word.text == entry.text), 0)


def _bracketed(word: Word, chosen: bool) -> str:
    return f"[{one_line(word.shown)}]" if chosen else f" {one_line(word.shown)} "


def in_view(words: Sequence[Word], at: int, room: int) -> tuple[int, int]:
    """Return the first and last of the words round the one ``at`` that fit into ``room`` cells together."""
    sizes = [cell_len(one_line(word.shown)) + 2 for word in words]
    first = last = at
    left = room - sizes[at]
    while True:
        if last + 1 < len(sizes) and sizes[last + 1] <= left:
            last += 1
            left -= sizes[last]
        elif first and sizes[first - 1] <= left:
            first -= 1
            left -= sizes[first]
        else:
            return first, last


def preview(entry: FormField, width: int, most: int) -> list[str]:
    """Return the first lines of a text as they are shown while it is not edited."""
    if width < 1:
        return []
    lines: list[str] = []
    for paragraph in entry.text[: most * max(width, 80) * 2].split("\n", most)[:most]:
        lines += wrap(paragraph.expandtabs(4), width, replace_whitespace=False) or [""]
    if not entry.text and entry.kind.required:
        return [_("required")]
    return lines[:most]
