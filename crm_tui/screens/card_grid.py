"""The cards of a dashboard on the screen: where they stand, where the cursor is, how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crm_tui.dashboards import cards, pictures, reports, wording
from crm_tui.dashboards.answers import Answer, Part
from crm_tui.dashboards.cards import ALONE, BARS, COLUMNS, HEAT, STACKED, Card, Meaning
from crm_tui.dashboards.grid import Place, arranged, composed
from crm_tui.documents.layout import DIM, Line, Span
from crm_tui.errors import CrmError
from crm_tui.i18n import _
from crm_tui.models.base import entities

_NAMING = {"custom_field", "word", "operator"}
"""What cards name besides the records they count."""

_WEEK = 7


@dataclass
class Shown:
    """A card on the screen, and what is known of its answer."""

    card: Card
    meaning: Meaning = field(init=False)
    answer: Answer | None = None
    problem: str = ""
    stale: bool = True

    def __post_init__(self) -> None:
        self.mean(zoomed=False)

    def mean(self, *, zoomed: bool) -> None:
        """Find out anew what the card means: what it names may have gone, or come."""
        self.meaning = cards.meaning(self.card, zoomed=zoomed)

    @property
    def concerned(self) -> set[str]:
        """The entities whose changes may change the answer: those counted, those they lead to (the groups are called
        by them), and those that lead to them (totals follow from lines)."""
        if self.meaning.asked is None:
            return _NAMING
        entity = entities[self.meaning.asked.entity]
        leading_here = (other for other, _via in entity.referrers)
        return _NAMING | {entity.name, *(other.name for other in (*entity.references.values(), *leading_here))}

    def picture(self, *, zoomed: bool) -> str:
        """How it is drawn: zoomed, a number has its course or its groups."""
        if zoomed and self.card.picture in ALONE and self.answer is not None and self.answer.parts:
            return COLUMNS if self.answer.question.in_time else BARS
        return self.card.picture


class CardGrid:
    """The cards, and the cursor: on a card's number (part -1), on a part of it, or on a segment of that."""

    def __init__(self) -> None:
        self.cards: list[Shown] = []
        self.at, self.part, self.segment = 0, -1, -1
        self.zoomed = False
        self._places: list[Place] = []

    def load(self, shown: Sequence[Card]) -> None:
        """Show these cards; answers of those that are as they were are kept."""
        kept = {one.card: one for one in self.cards}
        self.cards = [kept.get(card) or Shown(card) for card in shown]
        self._places = []
        self.to(min(self.at, max(0, len(self.cards) - 1)))

    @property
    def here(self) -> Shown | None:
        """The card at the cursor; None where there is none."""
        return self.cards[self.at] if self.cards else None

    @property
    def place(self) -> Place | None:
        """Where the card at the cursor stands."""
        return self._places[self.at] if self._places and not self.zoomed else None

    def to(self, at: int) -> None:
        """Move the cursor to the number of a card."""
        self.at, self.part, self.segment = at, -1, -1

    def zoom(self) -> None:
        """Show one card only, or all again."""
        self.zoomed, self.part, self.segment = not self.zoomed, -1, -1
        self.anew()

    def anew(self) -> None:
        """The card at the cursor is asked anew."""
        if self.here is not None:
            self.here.mean(zoomed=self.zoomed)
            self.here.stale = True

    def selected(self) -> Part:
        """Return the part that the cursor is on. Raises CrmError where nothing is counted."""
        one = self.here
        if one is None or one.answer is None:
            raise CrmError((one.problem if one else "") or _("It is not counted yet."))
        if not 0 <= self.part < len(one.answer.parts):
            return one.answer.whole
        part = one.answer.parts[self.part]
        return part.segments[self.segment] if 0 <= self.segment < len(part.segments) else part

    def said(self) -> str:
        """Return what is said of the part at the cursor."""
        one = self.here
        if one is None:
            return ""
        if one.answer is None:
            return one.meaning.definition
        part = self.selected()
        if self.segment < 0:
            return wording.records(part)
        shown = wording.shown(one.answer.question, part)
        return f"{part.label}  {shown}  {wording.records(part)}"

    # Drawing

    def drawn(self, width: int, height: int) -> list[Line]:
        """Return the lines of all cards, or of the one that is zoomed."""
        if not self.cards:
            return [(Span(_("This dashboard has no cards yet: a adds one."), DIM),)]
        if self.zoomed:
            one = self.cards[self.at]
            self._places = [Place(0, 0, width, height)] * len(self.cards)
            definition: Line = (Span(one.meaning.definition, DIM),)
            return [*self._card(one, Place(0, 0, width, max(3, height - 2)), self.at), (), definition]
        self._places = arranged([(one.card.width, reports.height(one.card, one.answer)) for one in self.cards], width)
        placed = enumerate(zip(self.cards, self._places, strict=True))
        return composed([(place, self._card(one, place, at)) for at, (one, place) in placed])

    def _card(self, one: Shown, place: Place, at: int) -> list[Line]:
        here = at == self.at
        if one.answer is None:
            said = one.problem or _("counting …")
            return pictures.said(said, one.meaning.title, place.width, here=here, wrong=bool(one.problem))
        return pictures.drawn(
            one.answer, one.meaning.title, one.picture(zoomed=self.zoomed), place.width,
            place.height - (0 if self.zoomed else 1), at=self.part if here else None, less=one.meaning.less_is_better,
        )  # fmt: skip

    # Moving

    def move(self, columns: int, rows: int) -> None:
        """Move to the next part of a card, or to the next card in a direction."""
        one = self.here
        if one is None or not self._places:
            return
        picture = one.picture(zoomed=self.zoomed)
        height = self._places[self.at].height - (2 if self.zoomed else 1)
        count = 0 if one.answer is None else pictures.parts_shown(one.answer, picture, height)
        if picture == STACKED and columns and self._to_segment(one, columns):
            return
        upright = picture not in pictures.IN_ROWS
        step = (columns * _WEEK + rows) if picture == HEAT else columns if upright else rows
        if picture == HEAT and (self.part < 0 or not 0 <= self.part + step < count):
            step = 1 if self.part < 0 and columns > 0 else 0  # the first day is entered at the left
        if step and -1 <= self.part + step < count and not (upright and self.part == -1 and step < 0):
            self.part, self.segment = self.part + step, -1
        elif not self.zoomed:
            self._to_card(columns, rows)

    def _to_segment(self, one: Shown, step: int) -> bool:
        if one.answer is None or not 0 <= self.part < len(one.answer.parts):
            return False
        segments = one.answer.parts[self.part].segments
        to = self.segment + step
        while 0 <= to < len(segments) and not segments[to].counted:
            to += step
        if not -1 <= to < len(segments):
            return False
        moved, self.segment = self.segment != to, to
        return moved

    def _to_card(self, columns: int, rows: int) -> None:
        here = self._places[self.at]

        def away(at: int) -> tuple[int, int] | None:
            there = self._places[at]
            if columns:
                beside = there.x > here.x if columns > 0 else there.x < here.x
                return (abs(there.y - here.y), abs(there.x - here.x)) if beside else None
            beyond = there.y > here.y if rows > 0 else there.y < here.y
            overlap = there.x < here.x + here.width and here.x < there.x + there.width
            return (abs(there.y - here.y), 0 if overlap else 1 + abs(there.x - here.x)) if beyond else None

        found = [(far, at) for at in range(len(self.cards)) if at != self.at and (far := away(at)) is not None]
        if rows:
            found = [one for one in found if one[0][1] == 0] or found
        if found:
            self.to(min(found)[1])
