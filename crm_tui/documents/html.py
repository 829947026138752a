"""Documents as HTML: one file that needs no other, for a browser, for print, and as what PDF is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from crm_tui import formats
from crm_tui.documents import layout, marks, sections, tables
from crm_tui.documents.sections import Section
from crm_tui.i18n import _

_STYLE = """
:root { color-scheme: light; }
body { font: 11pt/1.5 "DejaVu Sans", system-ui, sans-serif; color: #1d2430; max-width: 46rem; margin: 3rem auto;
  padding: 0 1.5rem; }
h1 { font-size: 1.9em; line-height: 1.2; margin: 0 0 .3em; }
h2 { font-size: 1.3em; margin: 2em 0 .5em; padding-top: .6em; border-top: 1px solid #d5dae1; }
h3, h4, h5, h6 { font-size: 1.08em; margin: 1.5em 0 .4em; }
h2, h3, h4, h5, h6 { break-after: avoid; }
.facts { color: #5a6472; margin: 0 0 2em; }
.facts b { font-weight: 600; color: #1d2430; }
table { border-collapse: collapse; width: 100%; margin: .6em 0; }
th, td { text-align: left; padding: .35em .7em .35em 0; border-bottom: 1px solid #d5dae1; vertical-align: top; }
th { font-weight: 600; }
tr { break-inside: avoid; }
.right { text-align: right; white-space: nowrap; }
.centre { text-align: center; }
.total td { font-weight: 700; border-bottom: 0; }
ul.ticks { list-style: none; padding-left: 0; }
ul.ticks li { padding-left: 1.6em; text-indent: -1.6em; }
ul.ticks .in { margin-left: 1.6em; }
.done { color: #5a6472; }
.bar { background: #e8ecf1; height: .8em; min-width: 8em; position: relative; }
.bar i { position: absolute; top: 0; bottom: 0; background: #3a6ea5; }
pre { background: #f3f5f8; padding: .7em 1em; overflow-x: auto; white-space: pre-wrap; }
code { font-family: "DejaVu Sans Mono", monospace; font-size: .92em; }
blockquote { margin: .8em 0; padding-left: 1em; border-left: 3px solid #d5dae1; color: #5a6472; }
.signatures { display: flex; gap: 3rem; margin-top: 4rem; break-inside: avoid; }
.signatures p { flex: 1; border-top: 1px solid #1d2430; padding-top: .4em; margin: 3em 0 0; }
footer { margin-top: 3em; color: #5a6472; font-size: .8em; overflow-wrap: anywhere; }
@page { size: A4; margin: 22mm 20mm; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10pt; }
  .bar, .bar i { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
""".strip()


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it is given away."""

    title: str
    sections: Sequence[Section]
    facts: Sequence[tuple[str, str]] = ()
    """What stands below the title: for whom it is, of which day, which revision, each with its name."""
    signed: Sequence[str] = ()
    """Who approved it, in words, a line each."""
    footer: str = ""
    language: str = field(default="en")


def page(paper: Paper) -> str:
    """Return the whole file."""
    head = (
        f'<!doctype html>\n<html lang="{escape(paper.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(paper.title)}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
    )
    facts = " · ".join(f"{escape(name)} <b>{escape(value)}</b>" for name, value in paper.facts if value)
    parts = [head, f"<h1>{escape(paper.title)}</h1>\n", f'<p class="facts">{facts}</p>\n' if facts else ""]
    parts += [section(one) for one in paper.sections]
    if paper.signed:
        lines = "".join(f"<p>{escape(line)}</p>" for line in paper.signed)
        parts.append(f'<div class="signatures">{lines}</div>\n')
    if paper.footer:
        parts.append(f"<footer>{escape(paper.footer)}</footer>\n")
    return "".join([*parts, "</body>\n</html>\n"])


def section(one: Section) -> str:
    """Return a section with its heading."""
    level = min(6, one.level + 2)
    return f"<h{level}>{escape(one.heading)}</h{level}>\n{body(one)}\n"


def body(one: Section) -> str:
    """Return what stands in a section."""
    if not one.body.strip():
        return ""
    if one.kind == sections.CHECKLIST:
        return _ticks(one)
    if one.kind == sections.TABLE:
        return _table(tables.read(one.body))
    if one.kind == sections.MONEY:
        return _amounts(one)
    if one.kind == sections.RANGE:
        return _timeline(one)
    if one.kind == sections.DAY:
        return f"<p>{escape(layout.day_said(one.body))}</p>"
    if one.kind == sections.NOTES:
        lines = [_indented(marks.without(line)) for line in one.body.split("\n")]
        return f"<p>{'<br>'.join(lines)}</p>"
    return markdown("\n".join(marks.without(line) if marks.marks(line) else line for line in one.body.split("\n")))


def _indented(line: str) -> str:
    bare = line.lstrip(" ")
    return "&nbsp;" * (len(line) - len(bare)) + escape(bare)


def markdown(text: str) -> str:
    """Return Markdown as HTML. HTML in it becomes text, addresses that would run something become nothing."""
    found: str = layout.parser().render(text)
    return found.strip()


def _ticks(one: Section) -> str:
    lines = []
    for item in sections.items(one):
        text = one.body.split("\n")[item.line]
        depth = (len(text) - len(text.lstrip(" "))) // 2
        said = layout.parser().renderInline(marks.without(item.text))
        tick = "☑" if item.done else "☐"
        named = " ".join(name for name, holds in (("done", item.done), ("in", depth)) if holds)
        lines.append(f'<li class="{named}">{tick} {said}</li>' if named else f"<li>{tick} {said}</li>")
    return f'<ul class="ticks">\n{"".join(lines)}\n</ul>'


def _cells(row: Sequence[str], sides: Sequence[str], tag: str) -> str:
    found = []
    for cell, side in zip(row, sides, strict=True):
        said = layout.parser().renderInline(cell.replace("\\|", "|"))
        align = f' class="{side}"' if side != "left" else ""
        found.append(f"<{tag}{align}>{said}</{tag}>")
    return f"<tr>{''.join(found)}</tr>"


def _table(table: tables.Table) -> str:
    head = _cells(table.header, table.sides, "th")
    rows = "".join(_cells(row, table.sides, "td") for row in table.rows)
    return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"


def _amounts(one: Section) -> str:
    sides = ["left", "right", "right"]
    right = ' class="right"'
    rows = []
    for amount in sections.amounts(one):
        many = "" if amount.many is None else f"{formats.number(amount.many)} × {layout.money(amount.price)}"
        total = "" if amount.price is None else layout.money(amount.total)
        rows.append(_cells([amount.what, many, total], sides, "td"))
    whole = layout.money(sum(amount.total for amount in sections.amounts(one)))
    head = f"<thead><tr><th>{escape(_('What'))}</th><th></th><th{right}>{escape(_('Amount'))}</th></tr></thead>"
    last = f"<td><b>{escape(_('Total'))}</b></td><td></td><td{right}><b>{escape(whole)}</b></td>"
    total_row = f'<tr class="total">{last}</tr>'
    return f"<table>{head}<tbody>{''.join(rows)}{total_row}</tbody></table>"


def _timeline(one: Section) -> str:
    found = sections.periods(one)
    if not found:
        return markdown(one.body)
    first, last = min(period.first for period in found), max(period.last for period in found)
    days = (last - first).days + 1
    rows = []
    for period in found:
        left = (period.first - first).days * 100 / days
        wide = max(1.0, ((period.last - period.first).days + 1) * 100 / days)
        said = layout.period_said(period)
        bar = f'<td><div class="bar"><i style="left:{left:.2f}%;width:{min(wide, 100 - left):.2f}%"></i></div></td>'
        rows.append(f"<tr><td>{escape(period.what)}</td>{bar}<td>{escape(said)}</td></tr>")
    head = f"<thead><tr><th>{escape(_('What'))}</th><th></th><th>{escape(_('When'))}</th></tr></thead>"
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"
