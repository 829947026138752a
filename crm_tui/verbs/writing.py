"""Verbs that change records: add, set, archive, undo, redo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.errors import ANYWAY, BadInput
from crm_tui.i18n import _, ngettext
from crm_tui.verbs import asked, printing
from crm_tui.verbs.request import Request

if TYPE_CHECKING:
    from crm_tui.models.base import Entity
    from crm_tui.scope import Actor
    from crm_tui.services.records import EditConflict


def add_record(request: Request) -> None:
    """Add one record and print its id."""
    from crm_tui.models.base import find_entity
    from crm_tui.services import records
    from crm_tui.verbs.reading import whole_record

    typed = asked.read_pairs(request.options.values)
    with request.opened(create=True) as (workspace, actor):
        entity = find_entity(request.options.entity)
        record = records.add(workspace, actor, entity, typed)
        if request.json:
            printing.write_json(whole_record(actor, entity, record))
        else:
            printing.write(f"{record}\n")


def set_fields(request: Request) -> int | None:
    """Give records values. Returns 3 when others changed the same fields since ``version=N``."""
    from crm_tui.models.base import find_entity
    from crm_tui.services.records import EditConflict

    options = request.options
    words, pairs = asked.split_pairs(options.words)
    typed = asked.read_pairs(pairs)
    seen = _version(typed)
    if not typed:
        raise BadInput(_("Say what to set: field=value, like stage=active."))
    with request.opened() as (workspace, actor):
        entity = find_entity(options.entity)
        for name in typed:
            if name != ANYWAY:
                entity.kind(name)
        ids, by_query = asked.find_records(actor, entity, words)
        if seen is not None and (by_query or len(ids) != 1):
            raise BadInput(_("version=N goes with one record named by its id."), field="version")
        if by_query and len(ids) > 1 and not _sure(request, entity, len(ids), _("Change {n} {what}?")):
            return 1
        try:
            outcome = _write(workspace, actor, entity, ids, typed, seen)
        except EditConflict as conflict:
            if request.json:
                printing.write_json(_conflict_json(conflict))
            raise
    _say(request, entity, outcome, _("{n} {what} changed"))
    return None


def _version(typed: dict[str, str]) -> int | None:
    """Take ``version=N`` out of the values. Raises BadInput when it is no number."""
    if "version" not in typed:
        return None
    text = typed.pop("version")
    if not text.isascii() or not text.isdigit():
        raise BadInput(_('version="{text}" is not a number.').format(text=text), field="version")
    return int(text)


def _write(
    workspace: Any, actor: Actor, entity: Entity, ids: list[int], typed: Mapping[str, Any], seen: int | None
) -> dict[str, Any]:
    """Write the values and return what ``--json`` says of it."""
    from crm_tui.services import records

    matched = {"matched": len(ids), "changed": 0, "ids": ids}
    if not ids:
        return matched
    tags = next((name for name in typed if name in ("tags", "tag")), None)
    signed = tags is not None and str(typed[tags]).lstrip().startswith(("+", "-"))
    if len(ids) > 1 or (signed and seen is None):
        show = printing.progress(_("changing"))
        return matched | {"changed": records.change_many(workspace, actor, entity, ids, typed, show)}
    if signed and tags is not None:
        typed = {**typed, tags: _signed_tags(entity, ids[0], str(typed[tags]))}
    before = _present_version(entity, ids[0])
    saved = records.save(workspace, actor, entity, ids[0], typed, seen=seen)
    return matched | {
        "changed": int(saved.version != before), "version": saved.version, "merged": list(saved.merged),
    }  # fmt: skip


def _present_version(entity: Entity, record: int) -> int | None:
    model: Any = entity.model
    return model.select(model.version).where(model.id == record).scalar()  # type: ignore[no-any-return]  # Peewee's Any


def _signed_tags(entity: Entity, record: int, text: str) -> list[str]:
    """Return a record's tags with ``+vip,-cold`` applied, for a change that names the version it was made against."""
    kind, model = entity.fields["tags"], entity.model
    tags = list(model.select(kind).where(model.id == record).scalar() or ())
    for part in (part.strip() for part in text.split(",")):
        if part[:1] not in ("+", "-"):
            raise BadInput(_("Write either tags that replace all others (a,b), or +a,-b."), field="tags")
        changed = {kind.key((name,)) for name in kind.check(part[1:])}
        tags = [tag for tag in tags if kind.key((tag,)) not in changed]
        if part[0] == "+":
            tags += kind.check(part[1:])
    return tags


def _conflict_json(conflict: EditConflict) -> dict[str, Any]:
    from crm_tui.models.base import stored

    model = conflict.entity.model
    return {
        "conflict": str(conflict), "id": conflict.record, "version": conflict.version, "who": conflict.who,
        "mine": stored(model, conflict.mine), "theirs": stored(model, conflict.theirs),
    }  # fmt: skip


def archive_records(request: Request) -> int | None:
    """Archive records, or with ``--back`` bring them back."""
    from crm_tui.models.base import find_entity
    from crm_tui.queries import lists
    from crm_tui.services import records

    options = request.options
    with request.opened() as (workspace, actor):
        entity = find_entity(options.entity)
        words = list(options.words)
        ids, by_query = asked.find_records(actor, entity, words)
        if by_query and options.back:
            asked.listing(actor, entity, " ".join(words))
            ids = lists.ids(actor, lists.listing(actor, entity, f"has:archived ({' '.join(words)})"))
        question = _("Bring back {n} {what}?") if options.back else _("Archive {n} {what}?")
        if by_query and len(ids) > 1 and not _sure(request, entity, len(ids), question):
            return 1
        changed = records.archive_many(workspace, actor, entity, ids, back=options.back) if ids else 0
    words_said = _("{n} {what} brought back") if options.back else _("{n} {what} archived")
    _say(request, entity, {"matched": len(ids), "changed": changed, "ids": ids}, words_said)
    return None


def _sure(request: Request, entity: Entity, n: int, question: str) -> bool:
    """Ask before several records that a query found are changed; a script, where nobody can answer, is not asked."""
    from crm_tui.formats import whole

    if not printing.can_ask():
        return True
    what = ngettext(entity.label, entity.label_plural, n)
    if printing.confirmed(question.format(n=whole(n), what=what), yes=request.options.yes):
        return True
    printing.note(_("Nothing was changed."))
    return False


def _say(request: Request, entity: Entity, outcome: dict[str, Any], words: str) -> None:
    from crm_tui.formats import whole

    if request.json:
        printing.write_json(outcome)
        return
    n = outcome["changed"]
    printing.note(words.format(n=whole(n), what=ngettext(entity.label, entity.label_plural, n)))
    if outcome.get("merged"):
        labels = ", ".join(entity.fields[name].label for name in outcome["merged"])
        printing.note(_("Changes of others since were kept: {fields}").format(fields=labels))


def undo_operation(request: Request) -> None:
    """Undo an operation, the operator's last one unless it is named."""
    from crm_tui import undo

    with request.opened() as (workspace, actor):
        _say_summary(request, undo.undo(workspace, actor, request.options.operation))


def redo_operation(request: Request) -> None:
    """Do again an undone operation, the one undone last unless it is named."""
    from crm_tui import undo

    with request.opened() as (workspace, actor):
        _say_summary(request, undo.redo(workspace, actor, request.options.operation))


def _say_summary(request: Request, summary: str) -> None:
    if request.json:
        printing.write_json({"summary": summary})
    else:
        printing.note(summary)
