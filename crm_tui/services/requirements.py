"""From what was noted to what is wanted, and from what is wanted to work: lines lifted, with links both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from crm_tui import writings
from crm_tui.db import Workspace
from crm_tui.documents import marks
from crm_tui.documents.marks import DOCUMENT, ITEM, QUESTION, REQUIREMENT, TASK, TO_DO, Mark
from crm_tui.documents.sections import CHECKLIST, LIST, NOTES, Section
from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Values, Writer, operation
from crm_tui.models.base import entities
from crm_tui.scope import Actor
from crm_tui.services import checklists, documenting, records, task_text
from crm_tui.text import quoted
from crm_tui.writings import Line, raised

_ESTIMATE = re.compile(r"\s*~(\S+)\s*$")


def lift(
    workspace: Workspace, actor: Actor, document: int, target: int | None, *, only: Sequence[Line] | None = None,
    anyway: bool = False,
) -> str:  # fmt: skip
    """Lift lines of notes, all that are marked unless some are named: ``!`` and ``?`` into the target, ``>`` to tasks
    of the client. Return what was done in words. Raises CrmError."""
    lines = list(raised(document) if only is None else only)
    if not lines:
        raise CrmError(_("Nothing is marked: begin a line with ! for a requirement, ? for a question, > for a task."))
    if target is None and any(line.mark != TO_DO for line in lines):
        raise BadInput(_("Name the document that the requirements belong into."))
    with operation(workspace, actor, "document.lift") as op:
        op.anyway = anyway
        held = op.read(entities["document"], document)
        made: dict[tuple[int, int], Mark] = {}
        for mark, place in ((REQUIREMENT, _requirements), (QUESTION, _questions)):
            those = [line for line in lines if line.mark == mark]
            if those:
                assert target is not None  # asked for above
                _put(op, target, place(op, target), [f"{line.text} ← {DOCUMENT}-{document}" for line in those], mark)
                made |= {(line.section, line.line): Mark(DOCUMENT, target, True) for line in those}
        for line in lines:
            if line.mark == TO_DO:
                task = _task(op, line.text, held, document)
                made[line.section, line.line] = Mark(TASK, task, True)
        _link(op, made)
        op.summary = ngettext("lift {n} line of notes", "lift {n} lines of notes", len(lines)).format(n=len(lines))
    return _told(lines)


def _told(lines: Sequence[Line]) -> str:
    counts = {mark: sum(line.mark == mark for line in lines) for mark in (REQUIREMENT, QUESTION, TO_DO)}
    said = [
        ngettext("{n} requirement", "{n} requirements", counts[REQUIREMENT]).format(n=counts[REQUIREMENT]),
        ngettext("{n} question", "{n} questions", counts[QUESTION]).format(n=counts[QUESTION]),
        ngettext("{n} task", "{n} tasks", counts[TO_DO]).format(n=counts[TO_DO]),
    ]
    parts = [text for text, mark in zip(said, counts, strict=True) if counts[mark]]
    return _("Lifted: {what}").format(what=", ".join(parts))


def _requirements(op: Writer, target: int) -> int:
    """The section that requirements belong into: the first checklist or list called so, else the first checklist."""
    held = writings.read(target)
    wanted = [one for one in held if one.kind in (CHECKLIST, LIST)]
    named = [one for one in wanted if writings.is_called_requirements(one)]
    found = next(iter([*named, *(one for one in wanted if one.kind == CHECKLIST)]), None)
    return found.id if found and found.id else _new(op, target, Section(_("Requirements"), CHECKLIST))


def _questions(op: Writer, target: int) -> int:
    held = writings.read(target)
    found = next((one for one in held if writings.holds_questions(one)), None)
    return found.id if found and found.id else _new(op, target, Section(_("Open questions"), NOTES))


def _new(op: Writer, document: int, one: Section) -> int:
    return documenting.write_sections(op, document, [one])[0]


def _put(op: Writer, document: int, section: int, lines: Sequence[str], mark: str) -> None:
    held = op.read(entities["section"], section)
    before = {CHECKLIST: "- [ ] ", LIST: "- ", NOTES: f"{mark} "}[held["kind"]]
    added = "\n".join(before + line for line in lines)
    body = f"{held['body']}\n{added}" if held["body"] else added
    records.change_by_rule(op, entities["section"], section, {"body": body})


def _link(op: Writer, made: Mapping[tuple[int, int], Mark]) -> None:
    """Write marks behind the lines of which something was made."""
    for section in {section for section, _line in made}:
        body = op.read(entities["section"], section)["body"].split("\n")
        for (of, line), mark in made.items():
            if of == section:
                body[line] = marks.marked(body[line], mark)
        records.change_by_rule(op, entities["section"], section, {"body": "\n".join(body)})


def _task(op: Writer, text: str, document: Values, record: int, order: int | None = None) -> int:
    """Make a task of a line; one of notes may say when and by whom, as any task in one line."""
    values: Values = {"client": document["client"], "order": order or document["order"], "document": record}
    try:
        values |= task_text.read_task(op.actor, text).values
    except BadInput:
        values["title"] = text[:300]
    return records.write_new(op, entities["task"], values)


def to_work(
    workspace: Workspace, actor: Actor, document: int, order: int, lines: Sequence[Line], *, as_items: bool = False
) -> str:
    """Make tasks of an order of requirements, or items of its checklist; ``~2h`` at the end of a line is the task's
    estimate. Return what was done in words. Raises CrmError."""
    if not lines:
        raise CrmError(_("All that is wanted has work already."))
    with operation(workspace, actor, "document.to_work") as op:
        held = op.read(entities["document"], document)
        op.read(entities["order"], order)
        made: dict[tuple[int, int], Mark] = {}
        for line in lines:
            if as_items:
                made[line.section, line.line] = Mark(ITEM, _item(op, line.text, document, order), True)
            else:
                made[line.section, line.line] = Mark(TASK, _work(op, line.text, held, document, order), True)
        _link(op, made)
        if held["order"] is None:
            records.change_by_rule(op, entities["document"], document, {"order": order})
        number = entities["order"]
        called = op.read(number, order)["number"]
        op.summary = ngettext("make {n} requirement work of {order}", "make {n} requirements work of {order}",
                              len(lines)).format(n=len(lines), order=called)  # fmt: skip
    what = ngettext("{n} item", "{n} items", len(lines)) if as_items else ngettext("{n} task", "{n} tasks", len(lines))
    return _("{what} added to {order}").format(what=what.format(n=len(lines)), order=called)


def _work(op: Writer, text: str, held: Values, document: int, order: int) -> int:
    estimate = _ESTIMATE.search(text)
    values: Values = {"title": (text[: estimate.start()] if estimate else text)[:300], "order": order,
                      "client": held["client"], "document": document}  # fmt: skip
    if estimate:
        try:
            values["estimate"] = entities["task"].fields["estimate"].check(estimate[1])
        except ValueError as error:
            message = _("{text}: {reason}")
            raise BadInput(message.format(text=quoted(text, 60), reason=error)) from error
    return records.write_new(op, entities["task"], values)


def _item(op: Writer, text: str, document: int, order: int) -> int:
    entity = entities["checklist_item"]
    rank = checklists.last_rank("order", order)
    values = {"text": _ESTIMATE.sub("", text)[:300], "order": order, "document": document, "rank": rank}
    return records.write_new(op, entity, values)
