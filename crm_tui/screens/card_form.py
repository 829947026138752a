"""The form of a card: it reads as a sentence, and the picture is drawn while one types."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult

from crm_tui import clock
from crm_tui.dashboards import pictures, reports
from crm_tui.dashboards.cards import meaning, of_values
from crm_tui.documents.layout import DIM, Line, Span, wrapped
from crm_tui.errors import BadInput
from crm_tui.i18n import _
from crm_tui.kpis import periods, registry
from crm_tui.kpis.question import IN_TIME, RANGES
from crm_tui.models.base import Entity, entities, find_entity
from crm_tui.queries.known_values import known_values
from crm_tui.query.names import written
from crm_tui.scope import Actor
from crm_tui.screens.form_screen import FormScreen
from crm_tui.text import fold
from crm_tui.widgets.cards_view import CardsView


class CardFormScreen(FormScreen):
    """Adding or changing a card."""

    DEFAULT_CSS = """
    CardFormScreen #picture { height: 40%; max-height: 18; padding: 0 1; border-top: solid $foreground-muted; }
    """

    def compose_body(self) -> ComposeResult:
        """The form, and below it the card as it would be."""
        yield from super().compose_body()
        self._picture = CardsView(id="picture")
        yield self._picture

    def _advise(self, typed: Mapping[str, str]) -> None:
        super()._advise(typed)
        self.background(self._draw(self.texts))

    async def _draw(self, texts: dict[str, str]) -> None:
        width, height = max(20, self._picture.size.width - 2), max(4, self._picture.size.height - 1)
        lines = await self.session.database.newest("card", drawn, self.session.actor, texts, width, height)
        self._picture.show(lines, 0)

    async def _offer(self, field: str, prefix: str, generation: int) -> None:
        if field == "dashboard":
            await super()._offer(field, prefix, generation)
            return
        newest, actor = self.session.database.newest, self.session.actor
        offered = await newest("completion", fitting, actor, self.texts, field, prefix)
        self.form.offer(field, generation, offered)


def drawn(actor: Actor, texts: Mapping[str, str], width: int, height: int) -> list[Line]:
    """Return the card that texts in a form mean, as it would be drawn, or what is still missing."""
    fields = entities["card"].fields
    values = {}
    for name, text in texts.items():
        if name in ("dashboard", "title") or not text.strip():
            continue
        try:
            values[name] = fields[name].parse(text)
        except ValueError:
            continue  # the field itself says what is wrong
    card = of_values(values | {"title": texts.get("title", "")})
    if not card.kpi and not (card.free and card.free.entity):
        return [(Span(_("Name a number, or say what is counted: it is drawn here."), DIM),)]
    meant = meaning(card)
    told = reports.told(actor, card, meant, periods.of("quarter", clock.today()), "", reports.BEFORE)
    said = wrapped([Span(meant.definition, DIM)], width) if meant.definition != meant.title else []
    if told.answer is None:
        return pictures.said(told.problem, meant.title, width, here=False)
    height = max(3, min(height - len(said), card.height))
    lines = pictures.drawn(told.answer, meant.title, card.picture, width, height, less=meant.less_is_better)
    return [*said, *lines]


def fitting(actor: Actor, texts: Mapping[str, str], field: str, prefix: str) -> list[str]:
    """Return what may stand in a field of a card and begins with ``prefix``, as the other fields are filled in."""
    if field == "kpi":
        return _beginning(prefix, registry.every())
    if field == "entity":
        return _beginning(prefix, sorted(written(entity.plural) for entity in entities.values()))
    try:
        entity = find_entity(texts.get("entity", ""))
    except BadInput:
        return []
    if field in ("query", "share"):
        from crm_tui.query.completion import complete

        found = complete(prefix, len(prefix), entity, values=lambda of, name, said: known_values(actor, of, name, said))
        return [prefix[: one.start] + one.text + prefix[one.end :] for one in found]
    if field in ("field", "dated", "group", "split"):
        return _beginning(prefix, [*((*IN_TIME, RANGES) if field == "group" else ()), *_names(entity, field)])
    return known_values(actor, entities["card"], field, prefix)


def _names(entity: Entity, field: str) -> list[str]:
    families = {"field": ("number", "quantity", "money", "minutes", "percent"), "dated": ("day", "due", "moment")}
    wanted = families.get(field)
    own = [written(name) for name, kind in entity.fields.items()
           if not kind.internal and not kind.multiline and (wanted is None or kind.family in wanted)]  # fmt: skip
    if wanted is not None:
        return own
    further = [f"{written(name)}.{written(other.title)}" for name, other in entity.references.items()]
    further += [f"{written(name)}.{written(one)}" for name, other in entity.references.items() for one in other.columns]
    return [*own, *dict.fromkeys(further)]


def _beginning(prefix: str, words: Mapping[str, object] | list[str]) -> list[str]:
    return [word for word in words if fold(word).startswith(fold(prefix))]
