"""How long documents are and what they lack: both follow from their sections, so the journal does not tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from crm_tui import clock, db
from crm_tui.documents import sections
from crm_tui.models.base import entities
from crm_tui.writings import read

_BATCH = 500


def refresh(workspace: db.Workspace, touched: Mapping[str, set[int]], former: Iterable[int]) -> set[int]:
    """Bring up to date the words of documents that changed, or whose sections did; ``former`` are documents that
    changed sections were of before; a document whose section was written is changed then, too. Return those that
    differ now. Inside ``Workspace.write`` only."""
    section: Any = entities["section"].model
    wanted, now = {*former, *touched.get("document", ())}, clock.now()
    written = set(former)
    for batch in db.batches(sorted(touched.get("section", ())), _BATCH):
        rows = section.select(section.document).where(db.among(section.id, batch)).distinct().tuples()
        written |= {row[0] for row in rows if row[0] is not None}
    wanted |= written
    if not wanted:
        return set()
    document: Any = entities["document"].model
    changed: set[int] = set()
    for batch in db.batches(sorted(wanted), _BATCH):
        held = document.select(document.id, document.word_count, document.missing).where(db.among(document.id, batch))
        differing = [
            (words, missing, now, record)
            for record, former_words, former_missing in held.tuples()
            for words, missing in (of_document(record),)
            if record in written or (words, missing) != (former_words, former_missing)
        ]
        if differing:
            workspace.update_rows("document", ["word_count", "missing", "updated_at"], differing)
            changed |= {record for *_said, record in differing}
    return changed


def of_document(record: int) -> tuple[int, int]:
    """Return how many words a document has, and how many required sections are empty."""
    found = read(record)
    return sections.words(found), len(sections.missing(found))
