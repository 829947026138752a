"""What the screen of a document says: its outline, where it stands, what is below its text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from crm_tui import formats
from crm_tui.documents import kinds, layout, marks, sections
from crm_tui.documents.sections import Section
from crm_tui.i18n import _, ngettext
from crm_tui.queries.documents import Whole
from crm_tui.widgets.outline import OutlineRow
from crm_tui.widgets.record_view import Part, TextLine


def rows(
    found: Whole, text_of: Callable[[Section], str], unsaved: Collection[int], folded: Collection[int]
) -> list[OutlineRow]:
    """Return the outline: each section with its state, without what is folded away."""
    shown: list[OutlineRow] = []
    hidden_below: int | None = None
    for at, one in enumerate(found.sections):
        if one.id is None or (hidden_below is not None and one.level > hidden_below):
            continue
        hidden_below = one.level if one.id in folded else None
        below = at + 1 < len(found.sections) and found.sections[at + 1].level > one.level
        name = f"{one.heading} …" if one.id in folded and below else one.heading
        now = Section(one.heading, one.kind, text_of(one), one.level, one.required, one.hint, one.id)
        mark = "*" if one.id in unsaved else ""
        shown.append(OutlineRow(one.id, name, one.level, mark + _state(now), _tone(now)))
    return shown


def _state(one: Section) -> str:
    if one.missing:
        return "!"
    if one.kind == sections.CHECKLIST and one.body.strip():
        items = sections.items(one)
        made = sum(bool(marks.made(item.text)) or bool(item.done) for item in items)
        return f"{made}/{len(items)}"
    if one.kind == sections.NOTES:
        left = len(marks.raised(one.body))
        return str(left) if left else ("✓" if one.body.strip() else "")
    return "✓" if one.says_something else ""


def _tone(one: Section) -> str:
    if one.missing:
        return "warning"
    return "text" if one.says_something else "dim"


def foot(found: Whole) -> list[str]:
    """Return what stands below the outline."""
    lines = []
    if found.questions:
        said = ngettext("{n} open question", "{n} open questions", found.questions)
        lines.append(said.format(n=found.questions))
    if lacking := len(sections.missing(found.sections)):
        lines.append(ngettext("{n} is still to be written", "{n} are still to be written", lacking).format(n=lacking))
    covered = found.coverage
    if covered.wanted:
        lines.append(_("{n} of {of} have work").format(n=covered.covered, of=covered.wanted))
        if covered.covered:
            lines.append(_("{n} done").format(n=covered.done))
    for one in found.approvals[:3]:
        lines.append(one.shown)
    lines.append(ngettext("{n} word", "{n} words", found.words).format(n=formats.whole(found.words)))
    return lines


def state(found: Whole, unsaved: bool) -> str:
    """Return how the document stands, for the first line."""
    parts = [found.about, found.status_shown]
    if found.revision:
        parts.append(_("rev {n}").format(n=found.revision) + ("+" if found.changed else ""))
    parts.append(_("not saved") if unsaved else _("saved"))
    return " · ".join(part for part in parts if part)


def below(found: Whole, one: Section, problem: str) -> list[TextLine]:
    """Return the two lines below the text of a section: what it holds and how much, and its hint or what is wrong."""
    words = len(one.body.split())
    parts = [Part(_(kinds.KINDS[one.kind]), "accent")]
    if one.required:
        parts.append(Part(" " + _("required"), "warning" if one.missing else "label"))
    parts.append(Part("  " + ngettext("{n} word", "{n} words", words).format(n=formats.whole(words)), "label"))
    parts.append(Part("  " + _said(one), "label"))
    if problem:
        return [parts, [Part(problem, "warning")]]
    return [parts, [Part(one.hint, "label")]]


def _said(one: Section) -> str:
    """What a section comes to: a sum, a day in words."""
    if not one.body.strip():
        return ""
    try:
        if one.kind == sections.MONEY:
            return layout.money(sum(amount.total for amount in sections.amounts(one)))
        if one.kind == sections.DAY:
            return layout.day_said(sections.tidy(one))
        if one.kind == sections.RANGE:
            found = sections.periods(one)
            return formats.long_day(max(period.last for period in found)) if found else ""
    except ValueError as error:
        return str(error)
    if one.kind in (sections.LIST, sections.CHECKLIST, sections.PERSON):
        return ngettext("{n} line", "{n} lines", len(sections.items(one))).format(n=len(sections.items(one)))
    return ""


def nothing() -> Sequence[TextLine]:
    """Return what stands there where a document has no sections."""
    return [[Part(_("No sections yet: n adds the first"), "label")]]
