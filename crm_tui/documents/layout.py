"""Documents as lines of a certain width, with what each word is: what the screen shows and what plain text says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.cells import cell_len, chop_cells

from crm_tui import formats
from crm_tui.documents import marks, sections, tables
from crm_tui.documents.sections import Section
from crm_tui.i18n import _

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

HEADING, STRONG, EMPHASIS, CODE, DIM, MARK, DONE, PLAIN = (
    "heading", "strong", "emphasis", "code", "dim", "mark", "done", "",
)  # fmt: skip
"""What words are."""

DEEPEST = 20
"""How far text is nested that is laid out as such; what is nested deeper stands there as it was written."""


class Span(NamedTuple):
    """Some text of a line, and what it is."""

    text: str
    how: str = PLAIN


Line = tuple[Span, ...]


@lru_cache(maxsize=4)
def parser() -> MarkdownIt:
    """Return what reads Markdown: CommonMark with tables and strike-through. HTML in it is text like any other."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2_000)
def section(one: Section, width: int, *, with_marks: bool = True) -> tuple[Line, ...]:
    """Return a section with its heading as lines of at most ``width`` cells."""
    head = wrapped([Span(one.heading, HEADING)], width, "  " * one.level, "  " * one.level)
    body = list(_body(one, max(8, width), with_marks))
    if not body:
        said = _("{hint} (still to be written)").format(hint=one.hint) if one.required else one.hint
        body = wrapped([Span(said.strip(), DIM)], width) if said else []
    return (*head, *body)


def document(found: Sequence[Section], width: int, *, with_marks: bool = True) -> list[Line]:
    """Return a document as lines, a blank one between sections."""
    lines: list[Line] = []
    for one in found:
        lines += [*section(one, width, with_marks=with_marks), ()]
    return lines[:-1]


def text_of(line: Line) -> str:
    """Return what a line says."""
    return "".join(span.text for span in line)


def _body(one: Section, width: int, with_marks: bool) -> Iterable[Line]:
    if not one.body.strip():
        return []
    if one.kind == sections.CHECKLIST:
        return _ticks(one, width, with_marks)
    if one.kind == sections.TABLE:
        table = tables.read(one.body)
        return grid([table.header, *table.rows], table.sides, width)
    if one.kind == sections.MONEY:
        return _amounts(one, width)
    if one.kind == sections.RANGE:
        return _timeline(one, width)
    if one.kind == sections.NOTES:
        return [line for text in one.body.split("\n") for line in _note(text, width, with_marks)]
    if one.kind == sections.DAY:
        return wrapped([Span(day_said(one.body))], width)
    return markdown(one.body, width, with_marks)


def day_said(body: str) -> str:
    """Return a day as people write it, and what is said beside it."""
    try:
        found = sections.read_period(body)
    except ValueError:
        return body
    return f"{formats.long_day(found.first)} {found.what}".strip()


def _ticks(one: Section, width: int, with_marks: bool) -> Iterable[Line]:
    for item in sections.items(one):
        text = one.body.split("\n")[item.line]
        indent = " " * (len(text) - len(text.lstrip(" ")))
        how = DONE if item.done else PLAIN
        spans = [Span(marks.without(item.text), how), *_marks(item.text, with_marks)]
        yield from wrapped(spans, width, f"{indent}{'☑' if item.done else '☐'} ", f"{indent}  ")


def _marks(text: str, with_marks: bool) -> list[Span]:
    return [Span(f" {mark}", MARK) for mark in marks.marks(text)] if with_marks else []


def _note(text: str, width: int, with_marks: bool) -> list[Line]:
    bare = marks.without(text)
    raised = bare.lstrip()[:2] in ("! ", "? ", "> ")
    return wrapped([Span(bare, STRONG if raised else PLAIN), *_marks(text, with_marks)], width) or [()]


def _amounts(one: Section, width: int) -> list[Line]:
    found = sections.amounts(one)
    rows = [
        [amount.what, "" if amount.many is None else f"{formats.number(amount.many)} x {money(amount.price)}",
         "" if amount.price is None else money(amount.total)]
        for amount in found
    ]  # fmt: skip
    rows.append([_("Total"), "", money(sum((amount.total for amount in found), start=_zero()))])
    if not any(row[1] for row in rows):
        rows = [[row[0], row[2]] for row in rows]
    lines = grid([["" for _cell in rows[0]], *rows], ["left", *["right"] * (len(rows[0]) - 1)], width)[2:]
    return [*lines[:-1], tuple(Span(span.text, STRONG) for span in lines[-1])]


def _zero() -> Any:
    from decimal import Decimal

    return Decimal()


def money(value: Any) -> str:
    """Return an amount in the workspace's currency."""
    currency = formats.default_currency()
    minor = int((value or _zero()).scaleb(formats.minor_digits(currency)).to_integral_value())
    return formats.amount(minor, currency)


def _timeline(one: Section, width: int) -> list[Line]:
    """Spans of days, each drawn as a bar below the others."""
    found = sections.periods(one)
    if not found:
        return markdown(one.body, width, True)
    first, last = min(period.first for period in found), max(period.last for period in found)
    days = max(1, (last - first).days + 1)
    named = [period.what or formats.long_day(period.first) for period in found]
    said = [period_said(period) for period in found]
    label = min(max(cell_len(text) for text in named), max(8, width // 3))
    when = max(cell_len(text) for text in said)
    room = max(6, min(40, width - label - when - 4))
    lines: list[Line] = []
    for period, name, span in zip(found, named, said, strict=True):
        start = (period.first - first).days * room // days
        end = max(start + 1, -(-((period.last - first).days + 1) * room // days))
        bar = " " * start + "▇" * (end - start) + " " * (room - end)
        lines.append((Span(_fitted(name, label)), Span("  "), Span(bar, MARK), Span(f"  {span}", DIM)))
    return lines


def period_said(period: sections.Period) -> str:
    """Return a span of days as people write it."""
    if period.first == period.last:
        return formats.long_day(period.first)
    return f"{formats.long_day(period.first)} – {formats.long_day(period.last)}"


def _fitted(text: str, width: int) -> str:
    if cell_len(text) > width:
        text = (chop_cells(text, max(1, width - 1)) or [""])[0] + "…"
    return text + " " * (width - cell_len(text))


def grid(rows: Sequence[Sequence[str]], sides: Sequence[str], width: int) -> list[Line]:
    """Return a table as lines; its first row is what its columns are called. Cells that do not fit are cut."""
    if not rows or not rows[0]:
        return []
    widths = [max(1, *(cell_len(row[at]) for row in rows)) for at in range(len(rows[0]))]
    gap = 2
    while sum(widths) + gap * (len(widths) - 1) > width and max(widths) > 4:
        widths[widths.index(max(widths))] -= 1
    lines: list[Line] = []
    for number, row in enumerate(rows):
        shown = []
        for cell, room, side in zip(row, widths, sides, strict=True):
            text = _fitted(cell, room)
            shown.append(text.strip().rjust(room - cell_len(text.strip()) + len(text.strip()))
                         if side == "right" else text)  # fmt: skip
        lines.append((Span((" " * gap).join(shown).rstrip(), STRONG if not number else PLAIN),))
        if not number:
            lines.append((Span("─" * min(width, sum(widths) + gap * (len(widths) - 1)), DIM),))
    return lines


def markdown(text: str, width: int, with_marks: bool) -> list[Line]:
    """Return Markdown as lines of at most ``width`` cells."""
    lines: list[Line] = []
    walk = _Walk(width, with_marks)
    for token in parser().parse(text):
        lines += walk.take(token)
    while lines and not lines[-1]:
        lines.pop()
    return lines


class _Walk:
    """Goes through the tokens of Markdown, and remembers in what it is."""

    def __init__(self, width: int, with_marks: bool) -> None:
        self._width, self._marks = width, with_marks
        self._before: list[str] = []
        self._numbers: list[int | None] = []
        self._bullet = ""
        self._heading = False
        self._table: list[list[str]] | None = None

    def take(self, token: Any) -> list[Line]:
        """Return the lines that one token brings."""
        kind = token.type
        if self._table is not None:
            return self._take_cell(token)
        if kind == "table_open":
            self._table = []
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self._numbers.append(int(token.attrGet("start") or 1) if kind.startswith("ordered") else None)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._numbers.pop()
            return [] if self._numbers else [()]
        elif kind == "list_item_open":
            number = self._numbers[-1]
            self._bullet = "• " if number is None else f"{number}. "
            self._numbers[-1] = None if number is None else number + 1
            self._before.append(" " * len(self._bullet))
        elif kind == "list_item_close":
            self._before.pop()
            self._bullet = ""
        elif kind == "blockquote_open":
            self._before.append("│ ")
        elif kind == "blockquote_close":
            self._before.pop()
        elif kind == "heading_open":
            self._heading = True
        elif kind == "heading_close":
            self._heading = False
        elif kind in ("fence", "code_block"):
            written = token.content.rstrip("\n").split("\n")
            return [*(line for text in written for line in self._put([Span(text, CODE)])), ()]
        elif kind == "hr":
            return [(Span("─" * min(self._width, 40), DIM),), ()]
        elif kind == "inline":
            return self._inline(token)
        return []

    def _inline(self, token: Any) -> list[Line]:
        found = self._put(_spans(token.children or [], self._heading, self._marks))
        return found if self._numbers else [*found, ()]

    def _put(self, spans: list[Span]) -> list[Line]:
        before = "".join(self._before)
        if not self._bullet:
            return wrapped(spans, self._width, before, before)
        first = "".join(self._before[:-1]) + self._bullet
        self._bullet = ""
        return wrapped(spans, self._width, first, before)

    def _take_cell(self, token: Any) -> list[Line]:
        assert self._table is not None  # asked before
        if token.type == "tr_open":
            self._table.append([])
        elif token.type == "inline":
            self._table[-1].append("".join(span.text for span in _spans(token.children or [], False, self._marks)))
        elif token.type == "table_close":
            rows, self._table = self._table, None
            return [*grid(rows, ["left"] * len(rows[0]), self._width), ()]
        return []


_OPENS = {"strong_open": STRONG, "em_open": EMPHASIS, "s_open": DONE, "link_open": EMPHASIS}


def _spans(tokens: Iterable[Any], heading: bool, with_marks: bool) -> list[Span]:
    found: list[Span] = []
    inside: list[str] = [STRONG] if heading else []
    for token in tokens:
        if token.type in _OPENS:
            inside.append(_OPENS[token.type])
        elif token.type.endswith("_close"):
            inside.pop()
        elif token.type in ("softbreak", "hardbreak"):
            found.append(Span("\n" if token.type == "hardbreak" else " "))
        elif token.type == "code_inline":
            found.append(Span(token.content, CODE))
        else:
            found += _marked(token.content, inside[-1] if inside else PLAIN, with_marks)
    return found


def _marked(text: str, how: str, with_marks: bool) -> list[Span]:
    held = marks.marks(text)
    if not held:
        return [Span(text, how)]
    return [Span(marks.without(text), how), *_marks(text, with_marks)]


def wrapped(spans: Sequence[Span], width: int, first: str = "", after: str = "") -> list[Line]:
    """Return spans broken into lines at spaces, the first behind one text and the others behind another."""
    lines: list[list[Span]] = [[Span(first)] if first else []]
    used, begun = cell_len(first), False
    for span in spans:
        for paragraph, part in enumerate(span.text.split("\n")):
            if paragraph:
                lines.append([Span(after)] if after else [])
                used, begun = cell_len(after), False
            for word in _words(part):
                size = cell_len(word)
                if begun and word.strip() and used + size > width:
                    lines.append([Span(after)] if after else [])
                    used, begun = cell_len(after), False
                if not begun and not word.strip() and len(lines) > 1:
                    continue
                for piece in _pieces(word, max(1, width - cell_len(after))) if size > width - used else (word,):
                    if begun and piece is not word and used + cell_len(piece) > width:
                        lines.append([Span(after)] if after else [])
                        used = cell_len(after)
                    lines[-1].append(Span(piece, span.how))
                    used += cell_len(piece)
                    begun = True
    return [_joined(line) for line in lines]


def _words(text: str) -> list[str]:
    """The words of a text, and the spaces between them."""
    found: list[str] = []
    for char in text:
        if found and (char == " ") == (found[-1][0] == " "):
            found[-1] += char
        else:
            found.append(char)
    return found


def _pieces(word: str, width: int) -> list[str]:
    return chop_cells(word, width)


def _joined(line: Sequence[Span]) -> Line:
    """Join neighbours that are the same, and leave out spaces at the end."""
    found: list[Span] = []
    for span in line:
        if found and found[-1].how == span.how:
            found[-1] = Span(found[-1].text + span.text, span.how)
        else:
            found.append(span)
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        found[-1] = Span(found[-1].text.rstrip(), found[-1].how)
    return tuple(found)
