"""What a person typed, or a script gave, for the fields of a record: made valid values, or refused field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import scoring
from crm_tui.errors import BadInput, InvalidRecord
from crm_tui.fields import Kind, Reference
from crm_tui.i18n import _
from crm_tui.journal import Values
from crm_tui.models.base import Entity
from crm_tui.scope import Actor
from crm_tui.services.references import find_reference, require_there

Typed = Mapping[str, Any]
"""What was typed by field name or alias: text, or JSON values from a script."""


@dataclass(frozen=True, slots=True)
class TagEdits:
    """Tags to add to what a record has, and tags to take away."""

    field: str
    kind: Kind
    added: tuple[str, ...]
    taken: tuple[str, ...]

    def applied(self, tags: Sequence[str]) -> Any:
        """Return a record's tags after the edits. Raises InvalidRecord when they become too many."""
        taken = {self.kind.key((tag,)) for tag in self.taken}
        try:
            return self.kind.check([*(tag for tag in tags if self.kind.key((tag,)) not in taken), *self.added])
        except ValueError as error:
            raise InvalidRecord({self.field: str(error)}) from error


def read_typed(actor: Actor, entity: Entity, typed: Typed, *, by: Mapping[str, str] | None = None) -> Values:
    """Return valid Python values of what was typed. Raises InvalidRecord naming every field at fault, and BadInput
    for a field there is none of.

    ``by`` says by which field of its target a reference is named (``{"client": "external_id"}``).
    """
    values: Values = {}
    problems: dict[str, str] = {}
    for word, given in typed.items():
        kind = entity.kind(word)
        if kind.readonly:
            problems[kind.name] = _("it is kept by the program")
            continue
        if kind.name in values:
            problems[kind.name] = _("it is given twice")
            continue
        try:
            values[kind.name] = _value(actor, entity, kind, given, (by or {}).get(kind.name, ""))
        except ValueError as error:
            problems[kind.name] = str(error)
            continue
        if kind.required and kind.is_empty(values[kind.name]) and kind.family != "flag":
            problems[kind.name] = _("it cannot be empty")
    if scoring.kept(entity.name, values):
        problems["score"] = _("it is kept by the score rules")
    if problems:
        raise InvalidRecord(problems)
    return values


def _value(actor: Actor, entity: Entity, kind: Kind, given: Any, by: str) -> Any:
    if given is None:
        return kind.empty
    if isinstance(kind, Reference):
        target = entity.references[kind.name]
        if isinstance(given, str):
            return find_reference(actor, target, given, by=by) if given.strip() else None
        return require_there(actor, target, kind.check(given))
    if isinstance(given, str):
        return kind.parse(given)
    if kind.family == "money" and not isinstance(given, bool):
        return kind.parse(str(given))  # a script's 12 is twelve, as its 12.5 is twelve and a half
    return kind.check(given)


def require_filled(entity: Entity, values: Values) -> None:
    """Raise InvalidRecord for the required fields of a new record that have neither value nor default."""
    missing = {
        name: _("it cannot be empty")
        for name, kind in entity.entered.items()
        if kind.required and not kind.default and kind.is_empty(values.get(name, kind.empty))
    }
    if missing:
        raise InvalidRecord(missing)


def take_tag_edits(entity: Entity, typed: dict[str, Any]) -> TagEdits | None:
    """Take ``tags=+vip,-cold`` out of what was typed; None where tags are not edited so. Raises BadInput."""
    for word, text in typed.items():
        kind = entity.kind(word)
        if kind.family == "tags" and isinstance(text, str) and text.lstrip().startswith(("+", "-")):
            del typed[word]
            parts = [part.strip() for part in text.split(",") if part.strip()]
            if not all(part[0] in "+-" for part in parts):
                raise BadInput(_("Write either tags that replace all others (a,b), or +a,-b."), field=kind.name)
            try:
                added, taken = (kind.check([part[1:] for part in parts if part[0] == sign]) for sign in "+-")
            except ValueError as error:
                raise InvalidRecord({kind.name: str(error)}) from error
            return TagEdits(kind.name, kind, added, taken)
    return None
