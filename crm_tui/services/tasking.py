"""Working on tasks: added in one line, finished, put off with what depends on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from crm_tui.db import Workspace, among, batches
from crm_tui.errors import BadInput, CrmError
from crm_tui.formats import due_day, whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import operation
from crm_tui.models.base import entities
from crm_tui.models.orders import DONE, OPEN
from crm_tui.models.tasks import Dependency, Task, task_statuses
from crm_tui.scope import Actor
from crm_tui.services import records, task_text
from crm_tui.services.tasks import parts, titles
from crm_tui.text import quoted

_TOLD = 3
"""Tasks that are named; of more it is said how many."""


class PartsOpen(CrmError):
    """Parts of a task are still to be done; with ``parts`` they are finished, too."""


def add_line(workspace: Workspace, actor: Actor, line: str, about: Mapping[str, Any] | None = None) -> tuple[int, str]:
    """Add a task typed as one line; ``about`` is what it is for unless the line says so: an order, a client, or the
    task (``parent``) it is a part of. Return its id and what was understood, in words. Raises BadInput,
    InvalidRecord, NotAllowed."""
    said = task_text.read_task(actor, line)
    values = {**(about or {}), **said.values}
    entity = entities["task"]
    with operation(workspace, actor, "task.quick_add") as op:
        record = records.write_new(op, entity, {name: value for name, value in values.items() if value is not None})
        made = op.read(entity, record)
        op.summary = _("add task {title}").format(title=quoted(made["title"], 60))
    return record, _understood(made)


def _understood(made: Mapping[str, Any]) -> str:
    fields, parts_ = entities["task"].fields, [quoted(str(made["title"]), 60)]
    if made["due_on"]:
        parts_.append(f"{due_day(made['due_on'])} {made['due_time']}".strip())
    if made["priority"] != fields["priority"].initial:
        parts_.append(f"!{fields['priority'].show(made['priority'])}")
    for name, mark in (("assignee", "@"), ("team", "@"), ("order", "#"), ("client", "#")):
        if made[name] is not None:
            target = entities["task"].references[name]
            model: Any = target.model
            row = model.select(target.fields[target.title]).where(model.id == made[name]).tuples().first()
            parts_.append(f"{mark}{row[0]}" if row else "")
    if made["estimate"]:
        parts_.append(f"~{fields['estimate'].show(made['estimate'])}")
    return _("Added: {what}").format(what=" ".join(part for part in parts_ if part))


def finish(
    workspace: Workspace, actor: Actor, ids: Sequence[int], *, with_parts: bool = False, anyway: bool = False
) -> str:
    """Finish tasks; return what was done and which tasks can go on now, in words, "" for nothing. Raises PartsOpen
    where parts are still to be done unless they are finished ``with_parts``, StillOpen where items of a checklist are
    unless it is done ``anyway``, NotFound, NotAllowed."""
    entity, statuses = entities["task"], task_statuses()
    done = statuses.meant(DONE)
    with operation(workspace, actor, "task.finish") as op:
        op.anyway = anyway
        below = [record for record in parts(ids) if record not in set(ids)]
        open_below = [one for one, status in _statuses(below).items() if statuses.meaning(status) == OPEN]
        if open_below and not with_parts:
            raise PartsOpen(
                ngettext("{n} part of it is still to be done: {names}", "{n} parts are still to be done: {names}",
                         len(open_below)).format(n=whole(len(open_below)), names=_names(open_below))
            )  # fmt: skip
        finished = []
        for record in [*reversed(open_below), *dict.fromkeys(ids)]:
            if op.read(entity, record)["status"] not in done:
                records.change_by_rule(op, entity, record, {"status": done[0]})
                finished.append(record)
        if not finished:
            return ""
        said = _("{n} tasks are done").format(n=whole(len(finished)))
        if len(finished) == 1:
            said = _("{title} is done").format(title=_names(finished))
        op.summary = _("finish {what}").format(
            what=_names(finished) if len(finished) == 1 else _("{n} tasks").format(n=whole(len(finished)))
        )
        freed = _freed(finished)
    if freed:
        said += "; " + _("{names} can go on now").format(names=_names(freed))
    return said


def _statuses(ids: Sequence[int]) -> dict[int, str]:
    model: Any = Task
    return {
        record: status
        for batch in batches(list(ids))
        for record, status in model.select(model.id, model.status)
        .where(among(model.id, batch) & model.archived_at.is_null())
        .tuples()
    }


def _freed(finished: Sequence[int]) -> list[int]:
    """The open tasks that waited for these and wait for nothing any more."""
    from crm_tui import waiting

    model: Any = Dependency
    waited = {
        row[0]
        for batch in batches(list(finished))
        for row in model.select(model.task).where(among(model.needs, batch) & model.archived_at.is_null()).tuples()
    }
    is_open = task_statuses().meant(OPEN)
    still = waiting.needs(waited)
    return [record for record, status in _statuses(sorted(waited)).items() if status in is_open and record not in still]


def _names(ids: Sequence[int]) -> str:
    named = titles(ids[:_TOLD])
    shown = ", ".join(quoted(named.get(record, f"#{record}"), 40) for record in ids[:_TOLD])
    return shown if len(ids) <= _TOLD else _("{names} and {n} more").format(names=shown, n=whole(len(ids) - _TOLD))


def dependents(ids: Sequence[int]) -> list[int]:
    """Return the open tasks with a due day that wait for these, or for one that does."""
    model: Any = Dependency
    task: Any = Task
    seen: dict[int, None] = {}
    level = list(ids)
    while level:
        level = [
            row[0]
            for batch in batches(level)
            for row in model.select(model.task).where(among(model.needs, batch) & model.archived_at.is_null()).tuples()
            if row[0] not in seen and row[0] not in ids
        ]
        seen.update(dict.fromkeys(level))
    is_open = list(task_statuses().meant(OPEN))
    return [
        row[0]
        for batch in batches(list(seen))
        for row in task.select(task.id)
        .where(
            among(task.id, batch) & task.due_on.is_null(False) & task.archived_at.is_null() & task.status.in_(is_open)
        )
        .order_by(task.due_on, task.id)
        .tuples()
    ]


def put_off(
    workspace: Workspace, actor: Actor, ids: Sequence[int], until: date, *, with_dependents: bool = False
) -> str:
    """Give tasks another due day; ``with_dependents`` what waits for each is put off by as many days. Return what was
    done in words. Raises InvalidRecord, NotFound, NotAllowed."""
    entity = entities["task"]
    with operation(workspace, actor, "task.put_off") as op:
        moved = shifted = 0
        for record in dict.fromkeys(ids):
            current = op.read(entity, record)
            days = (until - current["due_on"]).days if current["due_on"] else 0
            moved += records.change_by_rule(op, entity, record, {"due_on": until})
            for other in dependents([record]) if with_dependents and days else ():
                if other not in ids:
                    shifted += _shift(op, other, days)
        if not moved and not shifted:
            return ""
        op.summary = _("put off {n} tasks").format(n=whole(moved + shifted))
    said = ngettext("{n} task is due {day}", "{n} tasks are due {day}", moved).format(
        n=whole(moved), day=due_day(until)
    )
    if shifted:
        said += "; " + ngettext(
            "{n} that waits for it moved along", "{n} that wait for it moved along", shifted
        ).format(n=whole(shifted))
    return said


def shift_dependents(workspace: Workspace, actor: Actor, ids: Sequence[int], days: int) -> str:
    """Put off what waits for tasks by so many days, or bring it forward; return what was done in words, "" for nothing.
    Raises NotFound, NotAllowed."""
    with operation(workspace, actor, "task.shift") as op:
        shifted = sum(_shift(op, other, days) for other in dependents(ids)) if days else 0
        if not shifted:
            return ""
        op.summary = ngettext("shift {n} task by {days} d", "shift {n} tasks by {days} d", shifted).format(
            n=whole(shifted), days=days
        )
    also = ngettext("{n} that waits for it moved along", "{n} that wait for it moved along", shifted)
    return also.format(n=whole(shifted))


def _shift(op: Any, record: int, days: int) -> bool:
    entity = entities["task"]
    held = op.read(entity, record)
    values = {name: held[name] + timedelta(days=days) for name in ("due_on", "start_on") if held[name] is not None}
    return records.change_by_rule(op, entity, record, values)


def wait_for(workspace: Workspace, actor: Actor, ids: Sequence[int], needed: int) -> str:
    """Let tasks wait for another one; return what was done in words. Raises InvalidRecord, NotAllowed."""
    with operation(workspace, actor, "task.wait") as op:
        for record in ids:
            records.write_new(op, entities["dependency"], {"task": record, "needs": needed})
        said = _("{names} waits for {needed}").format(names=_names(ids), needed=_names([needed]))
        op.summary = said
    return said


def free(workspace: Workspace, actor: Actor, ids: Sequence[int]) -> str:
    """Let tasks wait for nothing any more; return what was done in words, "" for nothing."""
    model: Any = Dependency
    with operation(workspace, actor, "task.free") as op:
        links = [
            row[0]
            for batch in batches(list(ids))
            for row in model.select(model.id).where(among(model.task, batch) & model.archived_at.is_null()).tuples()
        ]
        if not links:
            return ""
        op.archive(entities["dependency"], links)
        op.summary = _("{names} waits for nothing").format(names=_names(ids))
    return op.summary


def day_of(text: str) -> date:
    """Return the day that was typed. Raises BadInput."""
    try:
        found: date = entities["task"].fields["due_on"].check(text)
    except ValueError as error:
        raise BadInput(str(error), field="until") from error
    return found
