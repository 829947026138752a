"""Cards and dashboards as they are shown: those of the registry, and those that somebody put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from crm_tui.errors import BadInput, CrmError
from crm_tui.i18n import _
from crm_tui.kpis import registry
from crm_tui.kpis.question import COUNT, RANGES, RECORDS, Question, grouped_by
from crm_tui.models.base import entities, find_entity

NUMBER, BARS, STACKED, COLUMNS, LINE = "number", "bars", "stacked", "columns", "line"
HISTOGRAM, HEAT, TABLE, GAUGE, FUNNEL, LIST = "histogram", "heat", "table", "gauge", "funnel", "list"
PICTURES = (NUMBER, BARS, STACKED, COLUMNS, LINE, HISTOGRAM, HEAT, TABLE, GAUGE, FUNNEL, LIST)
ALONE = (NUMBER, GAUGE)
"""Pictures of the whole number only."""
LISTED = 30
"""So many records a list has where its card does not say."""


class Free(NamedTuple):
    """A question that somebody put together, as it was written."""

    entity: str
    query: str = ""
    measure: str = "count"
    field: str = ""
    share: str = ""
    percentile: int | None = None
    dated: str = ""
    group: str = ""
    split: str = ""
    most: int | None = None


class Card(NamedTuple):
    """A number in the grid: how it is drawn, over how many columns and lines."""

    kpi: str = ""
    picture: str = NUMBER
    width: int = 1
    height: int = 5
    free: Free | None = None
    """What is asked where no number of the registry is named."""
    title: str = ""
    period: str = ""
    """Its own time, in words; "" for that of the dashboard."""
    compared: str = ""
    """What it is compared with; "" for what the dashboard is."""
    group: str = ""
    """Other groups than the registry's."""
    record: int | None = None
    """Its id, where it is somebody's."""


class Dashboard(NamedTuple):
    """Cards under one name."""

    name: str
    label: str
    cards: tuple[Card, ...]
    record: int | None = None
    """Its id, where it is somebody's."""
    owner: int | None = None
    """Whose it is."""

    @property
    def title(self) -> str:
        """What people call it."""
        return self.label if self.record is not None else _(self.label)


class Meaning(NamedTuple):
    """What a card shows, in words and as a question; or why it can show nothing."""

    name: str
    title: str
    definition: str
    asked: Question | None
    less_is_better: bool = False
    problem: str = ""

    @property
    def called(self) -> str:
        """What files call it: the name of the number, where it has one."""
        return self.name or self.title


def meaning(card: Card, *, zoomed: bool = False) -> Meaning:
    """Return what a card means now; ``zoomed`` a number has its course or its groups. What it names may be gone: then
    it says so."""
    try:
        if card.kpi:
            kpi = registry.named(card.kpi)
            asked = kpi.ask()
            asked = grouped_by(asked, card.group) if card.group else asked
            return Meaning(
                kpi.name, _timed(card, kpi.title), kpi.definition, _drawn(card, asked, zoomed), kpi.less_is_better
            )
        asked = question(card.free or Free(""), card.picture)
        said = sentence(card)
        return Meaning("", _timed(card, said), said, _drawn(card, asked, zoomed))
    except CrmError as error:
        return Meaning(card.kpi, card.title or card.kpi or _("card"), "", None, problem=str(error))


def _timed(card: Card, title: str) -> str:
    """What a card is called: one with a time of its own says which."""
    if card.title or not card.period:
        return card.title or title
    return _("{title}, {period}").format(title=title, period=card.period.replace("-", " "))


def question(free: Free, picture: str) -> Question:
    """Return what a card of one's own asks. Raises BadInput for what there is not."""
    if not free.entity:
        raise BadInput(_("Say what is counted, or name a number."), field="entity")
    entity = find_entity(free.entity)
    percentile = 50 if free.measure == "median" else free.percentile or 50
    group = RECORDS if picture == LIST else free.group
    names = {
        name: str(entity.kind(text).name) if text else ""
        for name, text in (("field", free.field), ("dated", free.dated))
    }
    return Question(
        entity.name, free.query, "percentile" if free.measure == "median" else free.measure, names["field"], free.share,
        percentile, names["dated"], group, free.split, free.most or (LISTED if picture == LIST else 0),
    )  # fmt: skip


def _drawn(card: Card, asked: Question, zoomed: bool) -> Question:
    """A number that is drawn without its parts needs none, unless they are its course."""
    if card.picture != STACKED:
        asked = replace(asked, split="")
    if card.picture == HEAT:
        return grouped_by(asked, "day")
    if card.picture == HISTOGRAM:
        return replace(asked, group=RANGES, measure=COUNT, most=0)
    return grouped_by(asked, "") if card.picture in ALONE and not asked.in_time and not zoomed else asked


def sentence(card: Card) -> str:
    """Return what a card of one's own shows, as people say it: ``the sum of total of orders that are stage:new``."""
    free = card.free or Free("")
    entity = find_entity(free.entity)
    plural = _(entity.label_plural)
    measure = entities["card"].fields["measure"].show(free.measure)
    label = entity.kind(free.field).label.lower() if free.field else ""
    if free.measure == "count":
        said = _("the number of {plural}").format(plural=plural)
    elif free.measure == "share":
        of = _("of {field} of {plural}").format(field=label, plural=plural) if label else plural
        said = _("the share that are {query} of all {plural}").format(query=free.share, plural=of)
    else:
        named = _("{n}th percentile").format(n=free.percentile) if free.measure == "percentile" else measure
        said = _("{measure} of {field} of {plural}").format(measure=named, field=label, plural=plural)
    if free.query:
        said = _("{said} that are {query}").format(said=said, query=free.query)
    if free.dated:
        said = _("{said}, by {day}").format(said=said, day=entity.kind(free.dated).label.lower())
    if free.group and card.picture not in (HEAT, HISTOGRAM, LIST):
        said = _("{said}, for each {group}").format(said=said, group=free.group)
    if free.split:
        said = _("{said} and {split}").format(said=said, split=free.split)
    return said[:1].upper() + said[1:]


def of_values(values: Mapping[str, Any]) -> Card:
    """Return the card that a record's values mean; what is not filled in yet is as in a new one."""
    held: dict[str, Any] = {name: values.get(name) for name in entities["card"].fields}
    free = None
    if not held["kpi"]:
        given = {name: held[name] if held[name] is not None else default for name, default in _FREE.items()}
        free = Free(**given)
    return Card(
        str(held["kpi"] or ""), str(held["picture"] or NUMBER), int(held["width"] or 1), int(held["height"] or _USUAL),
        free, str(held["title"] or ""), str(held["period"] or ""), str(held["compared"] or ""),
        str(held["group"] or "") if held["kpi"] else "", values.get("id"),
    )  # fmt: skip


_FREE: dict[str, Any] = {"entity": "", **Free._field_defaults}
_USUAL = 6


def values_of(card: Card) -> dict[str, Any]:
    """Return a card as the values of a record, to be copied."""
    named = {name: getattr(card, name) for name in ("kpi", "picture", "width", "height", "title", "period", "compared")}
    held = card.free._asdict() if card.free is not None else {"group": card.group}
    return named | held
