"""What documents say, read from the database: their sections now and as they were kept, what is to become something,
and how much of what is wanted has work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.documents import marks, sections
from crm_tui.documents.marks import ITEM, TASK, Mark
from crm_tui.documents.sections import CHECKLIST, LIST, NOTES, Section
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.models.base import entities
from crm_tui.models.documents import Document, Revision
from crm_tui.models.documents import Section as SectionRow
from crm_tui.models.orders import DONE, DROPPED
from crm_tui.models.tasks import task_statuses
from crm_tui.text import fold


def read(document: int) -> list[Section]:
    """Return the sections of a document, in order."""
    model: Any = SectionRow
    columns = (model.id, model.heading, model.kind, model.body, model.level, model.required, model.hint)
    live = (model.document == document) & model.archived_at.is_null()
    return [
        Section(heading, kind, body, level or 0, bool(required), hint, record)
        for record, heading, kind, body, level, required, hint in
        model.select(*columns).where(live).order_by(model.rank, model.id).tuples()
    ]  # fmt: skip


def document_of(record: int) -> Any:
    """Return a document's row. Raises CrmError where it is not there."""
    found = Document.get_or_none(Document.id == record)
    if found is None or found.archived_at is not None:
        raise CrmError(_("The document is not there any more."))
    return found


def revision_sections(document: int, number: int) -> tuple[str, list[Section]]:
    """Return a revision's title and sections; number 0 is the document as it is now. Raises CrmError."""
    if number == 0:
        return str(document_of(document).title), read(document)
    one: Any = Revision
    row = one.select(one.content).where((one.document == document) & (one.number == number)).tuples().first()
    if row is None:
        raise CrmError(_("There is no revision {n} of it.").format(n=number))
    if not row[0]:
        raise CrmError(_("What it said was of a person who was erased."))
    said = json.loads(row[0])
    return said["title"], [Section(**section) for section in said["sections"]]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document that may become something."""

    section: int
    line: int
    """Its place in the section's text, from 0."""
    text: str
    """Without marks."""
    mark: str = ""
    """``!``, ``?`` or ``>`` in notes."""


def raised(document: int) -> list[Line]:
    """Return the lines of notes that are to become something, and have not yet."""
    return [
        Line(one.id or 0, found.line, found.text, found.mark)
        for one in read(document)
        if one.kind == NOTES
        for found in marks.raised(one.body)
        if found.mark != marks.QUESTION or not holds_questions(one)  # where it belongs already
    ]


def holds_questions(one: Section) -> bool:
    """Whether a section is where questions to the client are gathered."""
    return one.kind in (NOTES, LIST) and "question" in fold(one.heading)


def open_requirements(document: int, section: int | None = None) -> list[Line]:
    """Return the requirements of a document that have no work yet: lines of checklists, and of lists of requirements;
    of one ``section``, if that is a list or checklist."""
    held = [one for one in read(document) if one.kind in (LIST, CHECKLIST)]
    chosen = [one for one in held if one.id == section] or [one for one in held if is_wanted(one)]
    return [
        Line(one.id or 0, item.line, marks.without(item.text))
        for one in chosen
        for item in sections.items(one)
        if not marks.made(item.text)
    ]


def is_called_requirements(one: Section) -> bool:
    """Whether a section's heading says that requirements are in it."""
    return "requirement" in fold(one.heading)


def is_wanted(one: Section) -> bool:
    """Whether a section says what is wanted: any checklist, a list of requirements, and one that work was made of."""
    if one.kind != LIST:
        return one.kind == CHECKLIST
    return is_called_requirements(one) or any(marks.made(item.text) for item in sections.items(one))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what is wanted has work, and how much of that is done."""

    wanted: int
    covered: int
    done: int


def coverage(found: Sequence[Section]) -> Coverage:
    """Return how much of what sections want has work that was not given up, and how much of it is done."""
    lines = [marks.made(item.text) for one in found if is_wanted(one) for item in sections.items(one)]
    states = _states({mark for line in lines for mark in line})
    work = [[states[mark] for mark in line if mark in states] for line in lines]
    return Coverage(len(lines), sum(bool(one) for one in work), sum(bool(one) and all(one) for one in work))


def _states(wanted: set[Mark]) -> dict[Mark, bool]:
    """Which of tasks and items are there and were not given up, each with whether it is done."""
    found: dict[Mark, bool] = {}
    task: Any = entities["task"].model
    tasks = [mark.id for mark in wanted if mark.letter == TASK]
    for record, status in task.select(task.id, task.status).where(
        task.id.in_(tasks) & task.archived_at.is_null()).tuples():  # fmt: skip
        meaning = task_statuses().meaning(status)
        if meaning != DROPPED:
            found[Mark(TASK, record, True)] = meaning == DONE
    item: Any = entities["checklist_item"].model
    items = [mark.id for mark in wanted if mark.letter == ITEM]
    for record, done in item.select(item.id, item.done).where(item.id.in_(items) & item.archived_at.is_null()).tuples():
        found[Mark(ITEM, record, True)] = bool(done)
    return found


def content(title: str, found: Sequence[Section]) -> str:
    """Return what a document says as its revisions keep it: JSON, always written the same way."""
    said = [{**one.as_dict(), "body": unmarked(one.body)} for one in found]
    return json.dumps({"title": title, "sections": said}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def content_hash(text: str) -> str:
    """Return the SHA-256 of a revision's content, in hexadecimal."""
    import hashlib  # it brings OpenSSL: a session that freezes no text does without

    return hashlib.sha256(text.encode()).hexdigest()


def unmarked(body: str) -> str:
    """Return a text without the marks at the ends of its lines."""
    return "\n".join(marks.without(line) if marks.marks(line) else line for line in body.split("\n"))
