"""What a person typed, or a script gave, for the fields of a record: made valid values, or refused field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui import formats, scoring
from crm_tui.errors import BadInput, InvalidRecord
from crm_tui.fields import DECIMALS, Kind, Money, Reference
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


def read_typed(
    actor: Actor,
    entity: Entity,
    typed: Typed,
    *,
    by: Mapping[str, str] | None = None,
    record: Callable[[], Values] = dict,
) -> Values:
    """Return valid Python values of what was typed. Raises InvalidRecord naming every field at fault, and BadInput
    for a field there is none of.

    ``by`` says by which field of its target a reference is named (``{"client": "external_id"}``); ``record`` gives the
    values of the record that is changed, which say of what currency an amount is.
    """
    values: Values = {}
    problems: dict[str, str] = {}
    # Amounts last: what else was typed may say of what currency they are.
    for word, given in sorted(typed.items(), key=lambda item: entity.kind(item[0]).family == "money"):
        kind = entity.kind(word)
        if kind.readonly or kind.ruled:
            problems[kind.name] = _("it is kept by the program")
            continue
        if kind.name in values:
            problems[kind.name] = _("it is given twice")
            continue
        try:
            if isinstance(kind, Money) and kind.beside(entity.kinds):
                values[kind.name] = _amount(entity, kind, given, values, record)
            else:
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


def _amount(entity: Entity, kind: Money, given: Any, values: Values, record: Callable[[], Values]) -> Any:
    """Read an amount of the currency that its record has, or is about to have. Raises ValueError."""
    if given is None or given == "":
        return None
    if isinstance(given, bool):
        return kind.check(given)
    code = kind.beside(entity.kinds)
    return kind.parse(str(given), values.get(code) or record().get(code) or currency_of(entity, values))


def currency_of(entity: Entity, values: Values) -> str:
    """Return the currency of a new record that does not say so: that of what it belongs to, else the workspace's."""
    for name, target in entity.references.items():
        kind = target.fields.get("currency")
        if kind is not None and values.get(name) is not None and name in _CURRENCY_FROM.get(entity.name, ()):
            model: Any = target.model
            row = model.select(kind).where(model.id == values[name]).tuples().first()
            if row and row[0]:
                return str(row[0])
    return formats.default_currency()


_CURRENCY_FROM = {"order": ("client",), "order_line": ("order",)}
"""By which reference a record takes over the currency of another."""


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
    if (kind.family == "money" or kind.family in DECIMALS) and not isinstance(given, bool):
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
