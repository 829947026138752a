"""Dashboards of one's own: what is asked of one and of its cards, copying one, moving a card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_tui import query, ranks
from crm_tui.db import Workspace
from crm_tui.errors import BadInput, InvalidRecord
from crm_tui.fields import Day, Minutes, Moment, Money, Number, Quantity
from crm_tui.i18n import _
from crm_tui.journal import Values, Writer, operation
from crm_tui.kpis import periods, registry
from crm_tui.kpis.question import IN_TIME, RANGES, grouping
from crm_tui.models.base import Entity, entities, find_entity
from crm_tui.models.dashboards import SHIPPED, Card, Dashboard
from crm_tui.query.names import written
from crm_tui.scope import Actor, require_change_of, visible
from crm_tui.services import records
from crm_tui.services.rules import rule
from crm_tui.text import fold, quoted

MEASURED = (Number, Quantity, Money, Minutes)
"""What can be added up."""


@rule("dashboard", "name", "owner")
def one_of_its_name(writer: Writer, record: int | None, values: Values) -> None:
    """A dashboard belongs to whoever made it, and its name is that of no other."""
    values["owner"] = values.get("owner") or writer.actor.operator_id or None
    board: Any = Dashboard
    same = board.select().where(_is_called(values["name"]) & (board.id != (record or 0)))
    if _ships(values["name"]) or same.exists():
        raise InvalidRecord({"name": _("there is a dashboard of that name already")})


def _ships(name: str) -> bool:
    return fold(name) in {option.value for option in SHIPPED}


def _is_called(name: str) -> Any:
    """The condition that a dashboard is there and has a name."""
    board: Any = Dashboard
    return (board.name.expression() == fold(name)) & board.archived_at.is_null()


@rule("card", "dashboard", "kpi", "measure", "percentile", "field", "entity", "query", "share", "dated", "group",
      "split", "period", "picture")  # fmt: skip
def can_be_asked(writer: Writer, record: int | None, values: Values) -> None:
    """A card shows a number that there is, or one that can be put together; it comes after those that are there."""
    require_change_of(writer.actor, entities["card"], values)
    problems: dict[str, str] = {}
    if values["kpi"]:
        _check(problems, "kpi", lambda: values.update(kpi=registry.named(values["kpi"]).name))
    else:
        _check_free(writer.actor, problems, values)
    if values["period"]:
        _check(problems, "period", lambda: periods.read(values["period"]))
    if problems:
        raise InvalidRecord(problems)
    if not values.get("rank"):
        values["rank"] = ranks.between(before=last_rank(values["dashboard"]))


def _check(problems: dict[str, str], name: str, ask: Any) -> None:
    try:
        ask()
    except (BadInput, KeyError) as error:
        problems[name] = str(error)


def _check_free(actor: Actor, problems: dict[str, str], values: Values) -> None:
    if not values["entity"]:
        problems["kpi"] = _("name a number, or say below what is counted")
        return
    try:
        entity = find_entity(values["entity"])
    except BadInput as error:
        problems["entity"] = str(error)
        return
    values["entity"] = entity.plural
    for name in ("query", "share"):
        _check(problems, name, lambda text=values[name]: query.parse(text, entity, me=actor))
    measure, picture = values["measure"], values["picture"]
    if measure == "share" and not values["share"]:
        problems["share"] = _("say with a query which of them count")
    if measure == "percentile" and values["percentile"] is None:
        problems["percentile"] = _("say which: of 85, 85 of 100 are no greater")
    if measure not in ("count", "share") and not values["field"]:
        problems["field"] = _("name the field")
    for name, kinds in (("field", MEASURED), ("dated", (Day, Moment))):
        if values[name] and name not in problems:
            _check(
                problems,
                name,
                lambda name=name, kinds=kinds: values.update({name: _named(entity, values[name], kinds)}),
            )
    if picture == "heat":
        values["group"] = "day"
    if picture == "histogram":
        values["group"] = RANGES
    if values["group"] == RANGES and not values["field"]:
        problems["field"] = _("name the field by whose greatness they are counted")
    for name in ("group", "split"):
        if values[name] and not (name == "group" and values[name].lower() in (*IN_TIME, RANGES)):
            _check(problems, name, lambda name=name: values.update({name: _grouped(entity, values[name])}))
    if values["group"].lower() in IN_TIME:
        values["group"] = values["group"].lower()
        if not values["dated"]:
            problems["dated"] = _("name the day it goes by, to have it along the time")
    if picture == "stacked" and not values["split"]:
        problems["split"] = _("say what each bar is made up of")
    if picture == "stacked" and measure not in ("count", "sum"):
        problems["measure"] = _("only what is counted or added up is made up of parts")


def _named(entity: Entity, name: str, kinds: tuple[type, ...]) -> str:
    kind = entity.kind(name)
    if not isinstance(kind, kinds) or kind.custom:
        raise BadInput(_("{field} is not of that sort").format(field=quoted(kind.label)))
    return written(kind.name)


def _grouped(entity: Entity, text: str) -> str:
    """What records are grouped by, as queries write it."""
    return written(grouping(entity, text).name)


def last_rank(board: int) -> str:
    """Return the place of the last card of a dashboard; "" where it has none."""
    card: Any = Card
    rows = card.select(card.rank).where((card.dashboard == board) & card.archived_at.is_null())
    row = rows.order_by(card.rank.desc()).limit(1).tuples().first()
    return row[0] if row else ""


def copy(workspace: Workspace, actor: Actor, name: str, cards: Sequence[Mapping[str, Any]]) -> int:
    """Make a dashboard of one's own with cards of these values; return its id. Raises InvalidRecord, NotAllowed."""
    entity = entities["card"]
    with operation(workspace, actor, "dashboard.add", summary=_("add dashboard {name}").format(name=name)) as op:
        board = records.write_new(op, entities["dashboard"], {"name": name, "shared": False})
        usual = {field: records.default_of(kind) for field, kind in entity.entered.items()}
        for values, rank in zip(cards, ranks.row(len(cards)) if cards else (), strict=True):
            op.create(entity, {**usual, **values, "dashboard": board, "rank": rank})
    return board


def move(workspace: Workspace, actor: Actor, card: int, step: int) -> bool:
    """Move a card one place on or back among those of its dashboard; return whether there was one. Raises NotAllowed,
    NotFound."""
    entity = entities["card"]
    with operation(workspace, actor, "card.move", summary=_("move a card")) as op:
        held = op.read(entity, card)
        model: Any = Card
        live = (model.dashboard == held["dashboard"]) & model.archived_at.is_null()
        rows = list(model.select(model.id, model.rank).where(live).order_by(model.rank, model.id).tuples())
        place = [row[0] for row in rows].index(card)
        to = place + step
        if not 0 <= to < len(rows):
            return False
        others = [rank for one, rank in rows if one != card]
        before, after = (others[to - 1] if to else ""), (others[to] if to < len(others) else "")
        op.update(entity, card, {"rank": ranks.between(before, after)})
    return True


def resize(workspace: Workspace, actor: Actor, card: int, columns: int, lines: int) -> None:
    """Let a card be so many columns wider and lines higher, within what there is. Raises NotAllowed, NotFound."""
    entity = entities["card"]
    with operation(workspace, actor, "card.resize", summary=_("resize a card")) as op:
        held = op.read(entity, card)
        changes = {}
        for name, more in (("width", columns), ("height", lines)):
            kind: Any = entity.fields[name]
            changes[name] = max(kind.least, min(kind.most, held[name] + more))
        op.update(entity, card, changes)


def require_seen(actor: Actor, name: str) -> None:
    """Raise InvalidRecord unless there is a dashboard of that name which ``actor`` sees."""
    if _ships(name):
        return
    board: Any = Dashboard
    seen, limit = _is_called(name), visible(actor, entities["dashboard"])
    if not board.select().where(seen if limit is None else seen & limit).exists():
        raise InvalidRecord({"dashboard": _("there is no dashboard called {name}").format(name=quoted(name))})
