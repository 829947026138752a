"""The kinds of sections, and how much fits into a document."""

from __future__ import annotations

from crm_tui.i18n import N_

TEXT, NOTES, LIST, CHECKLIST, TABLE = "text", "notes", "list", "checklist", "table"
MONEY, DAY, RANGE, PERSON, NUMBER = "money", "day", "range", "person", "number"

KINDS: dict[str, str] = {
    TEXT: N_("text"),
    LIST: N_("list"),
    CHECKLIST: N_("checklist"),
    TABLE: N_("table"),
    MONEY: N_("amounts"),
    DAY: N_("day"),
    RANGE: N_("days from to"),
    PERSON: N_("people"),
    NUMBER: N_("number"),
    NOTES: N_("notes"),
}
"""What each kind of section is called, untranslated."""

NOTES_KIND = "discovery notes"
"""The kind of documents that are begun in a hurry: what is heard of a client."""

LONGEST = 1_000_000
"""Characters of one section: more than a book."""
DEEPEST = 5
"""How far sections are indented: Markdown has headings of six levels, and the title is the first."""
MOST = 500
"""Sections of one document."""
LONGEST_HEADING = 200
LONGEST_HINT = 400
