"""The tabs of a record: what each lists, of which records, and what it says where there is nothing yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm_tui import formats
from crm_tui.i18n import N_, _
from crm_tui.models.base import Entity, entities
from crm_tui.queries.checklists import ITEM_COLUMNS, TICKED
from crm_tui.queries.details import CLIENT_COLUMNS, CONTACT_COLUMNS, Detail
from crm_tui.queries.lists import ListRow
from crm_tui.queries.orders import LINE_COLUMNS, ORDER_COLUMNS
from crm_tui.queries.story import Told
from crm_tui.queries.talk import COMMENT_COLUMNS, FILE_COLUMNS
from crm_tui.queries.tasks import TASK_COLUMNS
from crm_tui.queries.teams import MEMBER_COLUMNS
from crm_tui.queries.times import TIME_COLUMNS
from crm_tui.queries.written import DOCUMENT_COLUMNS
from crm_tui.screens import record_lines
from crm_tui.screens.columns import list_columns
from crm_tui.widgets.columns import Column
from crm_tui.widgets.loaded_rows import Row
from crm_tui.widgets.record_view import Part

TIMELINE, FACTS = "timeline", "facts"

OPENS_ON = {"order": "lines"}
"""The tab that records of an entity open on, where it is not the timeline."""


@dataclass(frozen=True, slots=True)
class ListedTab:
    """A tab that lists records of their own, on which commands then act."""

    heading: str
    """Untranslated, with their number."""
    lists: str
    """The entity they are of."""
    columns: tuple[str, ...]
    empty: str
    """Untranslated: what it says where there are none, and which key begins."""
    of: str = ""
    """The entities whose records have the tab, by space; "" are all that people discuss."""
    laid_out_as: str = ""
    """The entity whose fields the columns are, where that is another one."""

    @property
    def belongs(self) -> bool:
        """Whether what it lists refers to the record by a field of its own."""
        return bool(self.of)

    def field_of(self, entity: Entity) -> str:
        """Return the field by which what it lists refers to a record of an entity."""
        return "parent" if self.lists == entity.name else entity.name

    def found(self, name: str, found: Detail) -> Sequence[ListRow]:
        """Return what it lists of a record; ``name`` is the tab's own."""
        listed: Sequence[ListRow] = getattr(found, name)
        return listed


LISTED = {
    "contacts": ListedTab(
        N_("Contacts {n}"),
        "contact",
        CONTACT_COLUMNS,
        N_("No people yet\n\na adds the first, A somebody known already"),
        of="client",
    ),
    "members": ListedTab(
        N_("Members {n}"), "membership", MEMBER_COLUMNS, N_("No members yet\n\na adds the first"), of="team"
    ),
    "clients": ListedTab(
        N_("Clients {n}"),
        "client",
        CLIENT_COLUMNS,
        N_("At no client yet\n\nA adds the first"),
        of="contact",
        laid_out_as="affiliation",
    ),
    "orders": ListedTab(
        N_("Orders {n}"), "order", ORDER_COLUMNS, N_("No orders yet\n\na begins the first"), of="client"
    ),
    "lines": ListedTab(
        N_("Lines {n}"),
        "order_line",
        LINE_COLUMNS,
        N_("Nothing is ordered yet\n\na adds lines, like 2 x Chai @18 -10%"),
        of="order",
    ),
    "checklist": ListedTab(
        N_("Checklist {n}"),
        "checklist_item",
        ITEM_COLUMNS,
        N_("No checklist yet\n\na adds items, i those of a list"),
        of="order task",
    ),
    "tasks": ListedTab(
        N_("Tasks {n}"),
        "task",
        TASK_COLUMNS,
        N_("No tasks yet\n\nt adds the first in one line, a in a form"),
        of="client order task",
    ),
    "documents": ListedTab(
        N_("Documents {n}"),
        "document",
        DOCUMENT_COLUMNS,
        N_("No documents yet\n\na begins one with a template, n notes what is said now"),
        of="client order",
    ),
    "times": ListedTab(
        N_("Time {n}"),
        "time_entry",
        TIME_COLUMNS,
        N_("No time yet\n\nB books some, like 1h30 first draft; T lets a timer run"),
        of="client order task",
    ),
    "comments": ListedTab(
        N_("Comments {n}"),
        "comment",
        COMMENT_COLUMNS,
        N_("No comments yet\n\na writes the first; @login in it tells an operator"),
    ),
    "files": ListedTab(N_("Files {n}"), "attachment", FILE_COLUMNS, N_("No files yet\n\na attaches the first")),
}
"""Those tabs by their names, which are those of what they list in a ``Detail``, in the order they stand in."""

Shown = tuple[list[Column], list[Row], str]
"""The columns of a tab, its rows, and what it says where there are none."""


def tabs(entity: Entity, found: Detail, wide: bool) -> list[tuple[str, str]]:
    """Return the tabs of a record: name and heading. The facts are one where they do not stand beside the others."""
    shown = [(TIMELINE, _("Timeline"))]
    for name, tab in LISTED.items():
        if entity.name in tab.of.split() or (not tab.of and entity.discussed):
            shown.append((name, _(tab.heading).format(n=_how_many(name, found))))
    return shown if wide else [*shown, (FACTS, _("Facts"))]


def _how_many(name: str, found: Detail) -> str:
    """How many there are; of a checklist also how many are done, of time how much it is."""
    rows = LISTED[name].found(name, found)
    if name == "times" and rows:
        return formats.duration(found.minutes)
    if name != "checklist" or not rows:
        return formats.whole(len(rows))
    done = sum(row.cells[0] == TICKED for row in rows)
    return f"{formats.whole(done)}/{formats.whole(len(rows))}"


def tab_line(shown: Sequence[tuple[str, str]], current: str, width: int) -> list[Part]:
    """Return the line of tabs, the current one in brackets; where not all fit the first ones are left out for it."""
    parts = [Part(_("tab  "), "label")] if len(shown) > 1 else []
    names = [name for name, _label in shown]
    at, first = names.index(current), 0
    room = width - 2 - sum(len(part.text) for part in parts)
    while first < at and sum(len(label) + 4 for _name, label in shown[first : at + 1]) > room - 2 * bool(first):
        first += 1
    if first:
        parts.append(Part("… ", "label"))
    for name, label in shown[first:]:
        parts += [Part(f"[{label}]" if name == current else f" {label} ", "accent" if name == current else "label")]
        parts.append(Part("  "))
    return parts


def listed(name: str, found: Detail) -> Shown:
    """Return what stands in a tab of ``LISTED``."""
    tab = LISTED[name]
    rows = [Row(row.id, row.cells) for row in tab.found(name, found)]
    return list_columns(entities[tab.laid_out_as or tab.lists], tab.columns), rows, _(tab.empty)


def timeline(told: Sequence[Told], text: str) -> Shown:
    """Return the timeline, narrowed by the query ``text``."""
    columns = [
        Column("when", _("When"), width=14, min_width=13, priority=3),
        Column("who", _("Who"), width=10, min_width=6, priority=2),
        Column("what", _("What"), width=60, min_width=20, flex=1, priority=9),
    ]
    narrowed = _("Nothing said matches {query}\n\n/ changes the filter, esc clears it").format(query=text)
    return columns, told_rows(told), narrowed if text else _("Nothing was done to this record yet")


def told_rows(told: Sequence[Told]) -> list[Row]:
    """Return entries of the timeline as rows."""
    return [Row(one.key, (formats.near_moment(one.at), one.who, one.what)) for one in told]


def facts(found: Detail) -> Shown:
    """Return the fields of a record."""
    columns = [
        Column("field", _("Field"), width=19, min_width=12, priority=5),
        Column("value", _("Value"), width=50, min_width=20, flex=1, priority=9),
    ]
    return columns, [Row(at, fact[1:]) for at, fact in enumerate(record_lines.facts(found), 1)], ""
