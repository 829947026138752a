"""Applying a template: what the workspace lacks of it is added in one operation, what is there stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from crm_tui import query, scope
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, CrmError, nearest
from crm_tui.fields import spelled
from crm_tui.i18n import _
from crm_tui.journal import Writer, operation
from crm_tui.models.base import Entity, entities, find_entity
from crm_tui.queries import lists
from crm_tui.scope import Actor, require_change
from crm_tui.services import words
from crm_tui.services.records import require_filled, write_new
from crm_tui.services.typed import read_typed
from crm_tui.services.words import Vocabulary
from crm_tui.templates.reading import Item, Template
from crm_tui.text import quoted

_NAMED_BY = {
    "setting": ("key",),
    "tag": ("name",),
    "custom_field": ("entity", "name"),
    "score_rule": ("name",),
    "saved_view": ("screen", "name"),
}
"""The fields by which a record that is there already is known."""

CADENCE = "cadence."


@dataclass(frozen=True, slots=True)
class Left:
    """Something that stays as it is."""

    entity: str
    title: str
    reason: str


@dataclass(slots=True)
class Applied:
    """What applying a template adds, or added, and what it leaves alone."""

    added: list[Item] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def groups(self) -> list[tuple[str, list[str]]]:
        """What is added as people read it: a heading such as ``client stages`` or ``tags``, and the titles."""
        found: dict[str, list[str]] = {}
        known = words.vocabularies()
        for item in self.added:
            if item.entity == "word":
                vocabulary = known.get(str(item.typed["vocabulary"]))
                heading = vocabulary.label if vocabulary else item.entity
                found.setdefault(heading, []).append(str(item.typed.get("label") or item.typed["value"]))
            elif item.entity == "setting":
                stage, days = item.title.removeprefix(CADENCE), item.typed["value"]
                found.setdefault(_("days between contacts"), []).append(f"{stage} {days}")
            else:
                title = str(item.typed.get("label") or item.title)
                found.setdefault(_(entities[item.entity].label_plural), []).append(title)
        return list(found.items())

    def left_alone(self) -> list[tuple[str, list[str]]]:
        """What stays as it is: each reason, and the titles."""
        found: dict[str, list[str]] = {}
        for one in self.left:
            found.setdefault(one.reason, []).append(one.title)
        return list(found.items())


def look(actor: Actor, template: Template) -> Applied:
    """Return what applying a template would add, and what it would leave alone. Raises BadInput for a template that
    names what there is not."""
    found = Applied()
    known = words.vocabularies()
    for item in template.items:
        if item.entity == "word":
            reason = _word_there(known, item)
        else:
            reason = _("it is there already") if _is_there(actor, item) else ""
        if reason:
            found.left.append(Left(item.entity, item.title, reason))
        else:
            found.added.append(item)
    for vocabulary in _begun(known, found.added):
        own = {str(item.typed["value"]) for item in found.added if item.typed.get("vocabulary") == vocabulary.name}
        for value, records in words.used(vocabulary, without=own):
            reason = _("records have it ({records})").format(records=records)
            found.left.append(Left("word", vocabulary.called(value), reason))
    return found


def apply(workspace: Workspace, actor: Actor, template: Template | None, name: str = "") -> Applied:
    """Add what a workspace lacks of a template, and give it a name, in one operation; return what was added.

    Raises NotAllowed, and BadInput with file and line for what cannot be added; nothing is written then.
    """
    require_change(actor, entities["word"])
    summary = _("begin with the template {title}").format(title=template.title) if template else _("name the workspace")
    with operation(workspace, actor, "workspace.template", summary=summary) as op:
        found = look(actor, template) if template else Applied()
        begun = _begun(words.vocabularies(), found.added)
        for at, item in enumerate(found.added):
            _add(op, item)
            if item.entity in ("word", "custom_field") and _is_last_of_its_sort(found.added, at):
                if item.entity == "word":
                    _keep_what_is_used(op, begun, found.added)
                op.take_up()
        if name:
            _name(op, name)
    return found


def _begun(known: dict[str, Vocabulary], added: Sequence[Item]) -> list[Vocabulary]:
    """The vocabularies that get their first words of their own."""
    named = dict.fromkeys(str(item.typed["vocabulary"]) for item in added if item.entity == "word")
    return [known[name] for name in named if not known[name].own]


def _is_last_of_its_sort(items: Sequence[Item], at: int) -> bool:
    return at + 1 == len(items) or items[at + 1].entity != items[at].entity


def _keep_what_is_used(op: Writer, begun: Sequence[Vocabulary], added: Sequence[Item]) -> None:
    """Keep of the program's own words those that records have; the template's take the place of the others."""
    for vocabulary in begun:
        own = {str(item.typed["value"]) for item in added if item.typed.get("vocabulary") == vocabulary.name}
        words.keep_used(op, vocabulary, without=own)


def _word_there(known: dict[str, Vocabulary], item: Item) -> str:
    """Return why a word is not added: the workspace has it, or one that is called so."""
    name, value = str(item.typed["vocabulary"]), str(item.typed["value"])
    vocabulary = known.get(name)
    if vocabulary is None:
        message = _("{place}: there are no words of {name}; there are those of {known}.")
        message = message.format(place=item.place, name=quoted(name), known=", ".join(known))
        raise BadInput(message + nearest(name, known))
    if not vocabulary.own:
        return ""
    wanted = {spelled(value), spelled(str(item.typed.get("label") or value))}
    there = next((one for one in vocabulary.options if wanted & one.spellings), None)
    if there is None:
        return ""
    same = there.value == value
    return _("it is there already") if same else _("there is {word} already").format(word=quoted(there.value))


def _is_there(actor: Actor, item: Item) -> bool:
    entity = entities[item.entity]
    model: Any = entity.model
    condition: Any = None
    for name in _NAMED_BY[item.entity]:
        kind = entity.fields[name]
        try:
            value = kind.check(item.typed[name])
        except ValueError as error:
            raise _refused(item, f"{name}: {error}") from error
        one = kind.expression() == (kind.key(value) if kind.keyed else value)
        condition = one if condition is None else condition & one
    seen = scope.visible(actor, entity)
    return bool(model.select().where(condition if seen is None else condition & seen).exists())


def _add(op: Writer, item: Item) -> None:
    entity = entities[item.entity]
    try:
        if item.entity == "saved_view":
            _require_view(op.actor, item)
        if item.entity == "setting":
            _require_stage(item)
        values = read_typed(op.actor, entity, item.typed)
        require_filled(entity, values)
        write_new(op, entity, values)
    except CrmError as error:
        raise _refused(item, str(error)) from error


def _refused(item: Item, reason: str) -> BadInput:
    what = _(entities[item.entity].label)
    sentence = _("{place}: {what} {title}: {reason}")
    return BadInput(sentence.format(place=item.place, what=what, title=quoted(item.title), reason=reason))


def _require_view(actor: Actor, item: Item) -> None:
    """Raise BadInput unless the list of a view, its query and its columns are there."""
    shown = find_entity(str(item.typed["screen"]))
    if shown.plural != item.typed["screen"]:
        raise BadInput(_("the screen is called {name}").format(name=shown.plural))
    query.parse(str(item.typed.get("query", "")), shown, me=actor)
    for column in filter(None, str(item.typed.get("columns", "")).split(",")):
        lists.column_name(shown, column)


def _require_stage(item: Item) -> None:
    """Raise BadInput unless a cadence is that of a stage."""
    named = item.title.removeprefix(CADENCE)
    known = [option.value for option in words.find_vocabulary("client.stage").options]
    if named not in known:
        message = _("there is no stage {name}; there are {known}.").format(name=quoted(named), known=", ".join(known))
        raise BadInput(message + nearest(named, known))


def _name(op: Writer, name: str) -> None:
    """Let the workspace be called so."""
    entity: Entity = entities["setting"]
    model: Any = entity.model
    row: Any = model.get_or_none(model.key == "name")
    typed = read_typed(op.actor, entity, {"key": "name", "value": name})
    if row is None:
        write_new(op, entity, typed)
    else:
        op.restore(entity, [row.id])
        op.update(entity, row.id, {"value": typed["value"]})
