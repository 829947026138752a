"""Working on checklists: items typed or applied from a list, ticked off, arranged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm_tui import ranks
from crm_tui.asset_files import asset
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, NotFound, nearest
from crm_tui.formats import whole
from crm_tui.i18n import _, ngettext
from crm_tui.journal import Writer, operation
from crm_tui.models.base import Entity, entities
from crm_tui.models.checklists import ChecklistItem
from crm_tui.models.orders import Checklist
from crm_tui.scope import Actor
from crm_tui.services import checklists, records
from crm_tui.text import fold, quoted

_SUFFIX = ".md"


def shipped() -> dict[str, str]:
    """Return the checklists that come with the program: the text of each by its name."""
    folder = asset("checklists")
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*{_SUFFIX}"))}


def offered() -> list[tuple[str, int | None]]:
    """Return the checklists there are by name: the workspace's own with their ids, then those that come with the
    program and that it has none of that name."""
    model: Any = Checklist
    query = model.select(model.name, model.id).where(model.archived_at.is_null()).order_by(model.name_key, model.id)
    own = list(query.tuples())
    taken = {fold(name) for name, _record in own}
    return [*own, *((name, None) for name in shipped() if fold(name) not in taken)]


def find(name: str) -> tuple[str, int | None]:
    """Return what a checklist is called and its id, None for one that comes with the program. Raises NotFound."""
    known = dict(offered())
    called = next((one for one in known if fold(one) == fold(name)), None)
    if called is None:
        raise NotFound(_("There is no checklist {name}.").format(name=quoted(name)) + nearest(name, known))
    return called, known[called]


def add_named(op: Writer, entity: str, record: int, called: str, own: int | None) -> int:
    """Add the items of a checklist that was found to an order or a task that does not have them yet; return how
    many."""
    if own is not None:
        return checklists.add_from(op, entity, record, own)
    items = checklists.read_items(shipped()[called])
    return checklists.add_items(op, entity, record, _new(entity, record, items))


def apply(workspace: Workspace, actor: Actor, entity: Entity, ids: Sequence[int], name: str) -> str:
    """Add the items of a checklist to orders or tasks that do not have them yet; return what was done in words, "" for
    nothing. Raises NotFound, NotAllowed."""
    called, own = find(name)
    with operation(workspace, actor, f"{entity.name}.checklist") as op:
        added = 0
        for record in dict.fromkeys(ids):
            op.read(entity, record)
            added += add_named(op, entity.name, record, called, own)
        op.summary = _("apply checklist {name}").format(name=quoted(called))
    if not added:
        return ""
    return ngettext("{n} item of {name} added", "{n} items of {name} added", added).format(
        n=whole(added), name=quoted(called)
    )


def _new(name: str, record: int, items: Sequence[checklists.Item]) -> list[checklists.Item]:
    """Those of the items that an order or task does not have."""
    model: Any = ChecklistItem
    there = {fold(row[0]) for row in model.select(model.text).where(checklists.of(name, record)).tuples()}
    return [item for item in items if fold(item.text) not in there]


def add(workspace: Workspace, actor: Actor, entity: Entity, record: int, text: str) -> str:
    """Add the items that lines of text name to an order or a task; return what was done in words. Raises BadInput,
    NotFound, NotAllowed."""
    items = checklists.read_items(text)
    if not items:
        raise BadInput(_("Write what is to be seen to, like: proof is approved"), field="items")
    with operation(workspace, actor, "checklist_item.add") as op:
        op.read(entity, record)
        checklists.add_items(op, entity.name, record, items)
        op.summary = ngettext("add checklist item {text}", "add {n} checklist items", len(items)).format(
            text=quoted(items[0].text, 60), n=whole(len(items))
        )
    added = ngettext("Added: {text}", "{n} items added", len(items))
    return added.format(text=quoted(items[0].text, 60), n=whole(len(items)))


def tick(workspace: Workspace, actor: Actor, ids: Sequence[int]) -> str:
    """Tick items off, or where all of them are, take the ticks away; return what was done in words. Raises NotFound,
    NotAllowed."""
    entity = entities["checklist_item"]
    with operation(workspace, actor, "checklist_item.tick") as op:
        held = op.read_all(entity, list(dict.fromkeys(ids)))
        done = not all(values["done"] for values in held.values())
        for record, values in held.items():
            if values["done"] != done:
                records.change_by_rule(op, entity, record, {"done": done})
        first = next(iter(held.values()))
        word = _("tick {text}") if done else _("untick {text}")
        named = quoted(first["text"], 60) if len(held) == 1 else _("{n} items").format(n=whole(len(held)))
        op.summary = word.format(text=named)
        left = _left(first)
    return _("{n} to go").format(n=whole(left)) if left else _("Everything on the checklist is done")


def _left(values: Any) -> int:
    model: Any = ChecklistItem
    name = "order" if values["order"] is not None else "task"
    return int(model.select().where(checklists.of(name, values[name]) & ~model.done).count())


def arrange(workspace: Workspace, actor: Actor, record: int, steps: int) -> None:
    """Move an item down its checklist, or up by a negative number, as far as it goes. Raises NotFound, NotAllowed."""
    entity = entities["checklist_item"]
    model: Any = ChecklistItem
    with operation(workspace, actor, "checklist_item.arrange") as op:
        held = op.read(entity, record)
        name = "order" if held["order"] is not None else "task"
        query = model.select(model.id, model.rank).where(checklists.of(name, held[name])).order_by(model.rank, model.id)
        others = [row for row in query.tuples() if row[0] != record]
        before = sum(1 for other, rank in others if (rank, other) < (held["rank"], record))
        at = max(0, min(len(others), before + steps))
        if at == before:
            raise CrmError(_("It is the last of the list.") if steps > 0 else _("It is the first of the list."))
        first, last = (others[at - 1][1] if at else ""), (others[at][1] if at < len(others) else "")
        if first and last and first >= last:
            raise CrmError(_("These two stand at the same place: move one of them first."))
        op.update(entity, record, {"rank": ranks.between(first, last)})
        op.summary = _("arrange {text}").format(text=quoted(held["text"], 60))


def take_over(workspace: Workspace, actor: Actor, name: str) -> int:
    """Make a checklist that comes with the program one of the workspace's own, to be changed and to be given to
    products; return its id. Raises NotFound, InvalidRecord, NotAllowed."""
    known = shipped()
    called = next((one for one in known if fold(one) == fold(name)), None)
    if called is None:
        raise NotFound(_("There is no checklist {name}.").format(name=quoted(name)) + nearest(name, known))
    return records.add(workspace, actor, entities["checklist"], {"name": called, "items": known[called].strip()})
