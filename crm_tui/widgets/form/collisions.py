"""Fields that two people changed at once: what each of them wrote, and what may be kept of it. No screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from crm_tui import formats
from crm_tui.fields import Kind, Markdown, Reference, Text
from crm_tui.i18n import N_, _
from crm_tui.widgets.form.fields import Described

MINE, THEIRS, BOTH = "mine", "theirs", "both"
WORDS = {MINE: N_("mine"), THEIRS: N_("theirs"), BOTH: N_("both")}


class Clash(Protocol):
    """What saving raises when others changed the same fields meanwhile (``services.records.EditConflict``)."""

    mine: dict[str, Any]
    theirs: dict[str, Any]
    version: int
    who: str

    @property
    def entity(self) -> Described:
        """The entity of the record."""


@dataclass(frozen=True)
class ConflictData:
    """What there is to decide: Python values by field name, of the colliding fields."""

    entity: Described
    mine: Mapping[str, Any]
    theirs: Mapping[str, Any]
    version: int
    """The version that holds ``theirs``."""
    who: str
    """The login of whoever changed the record last."""
    was: Mapping[str, Any] = field(default_factory=dict)
    """What the fields held when they were read."""
    when: datetime | None = None
    """When the record was changed last, naive UTC."""
    titles: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """What references lead to is called, by field name and id."""

    @classmethod
    def of(
        cls,
        clash: Clash,
        was: Mapping[str, Any],
        when: datetime | None = None,
        titles: Mapping[str, Mapping[int, str]] | None = None,
    ) -> ConflictData:
        """Return what there is to decide about a clash; ``was`` is what the form was loaded with."""
        return cls(clash.entity, clash.mine, clash.theirs, clash.version, clash.who, was, when, titles or {})

    def collisions(self) -> list[Collision]:
        """Return what to decide, field by field, in the entity's order."""
        entered = self.entity.entered
        return [
            Collision(name, kind, self.mine[name], self.theirs[name], self.was.get(name), self.titles.get(name, {}))
            for name, kind in entered.items()
            if name in self.mine and name in self.theirs
        ]


@dataclass
class Collision:
    """One field that both changed, and what was chosen for it."""

    name: str
    kind: Kind
    mine: Any
    theirs: Any
    was: Any
    titles: Mapping[int, str]
    chosen: str = ""
    """``mine``, ``theirs``, ``both``, or "" while that is open."""

    def __post_init__(self) -> None:
        self.both = both_of(self.kind, self.mine, self.theirs)
        """What both wrote put together; None where that makes no sense."""

    @property
    def label(self) -> str:
        """What a person calls the field."""
        return self.kind.label or self.name

    @property
    def ways(self) -> tuple[str, ...]:
        """What may be chosen."""
        return (MINE, THEIRS) if self.both is None else (MINE, THEIRS, BOTH)

    def value(self, way: str) -> Any:
        """Return the value that a choice keeps."""
        return {MINE: self.mine, THEIRS: self.theirs, BOTH: self.both}[way]

    def text(self, way: str) -> str:
        """Return a value as a person reads it; of a long text the part that differs."""
        return self._differing(self.value(way))

    def text_was(self) -> str:
        """Return what the field held before either changed it."""
        return self._differing(self.was)

    def _differing(self, value: Any) -> str:
        if not isinstance(self.kind, Markdown) or not value:
            return self.shown(value)
        head, tail = common(self.mine or "", self.theirs or "")
        lines = value.split("\n")
        middle = lines[head : max(head, len(lines) - tail)]
        return "\n".join(["..."] * bool(head) + middle + ["..."] * bool(tail))

    def shown(self, value: Any) -> str:
        """Return a value of the field as a person reads it."""
        if value is None or value == self.kind.empty and self.kind.family != "flag":
            return _("(empty)")
        if isinstance(self.kind, Reference):
            return self.titles.get(value, f"#{value}")
        if self.kind.family == "day":
            return formats.long_day(value)
        return formats.full_moment(value) if self.kind.family == "moment" else self.kind.show(value)

    def step(self, by: int) -> None:
        """Choose the next way, or the one before, round the end."""
        ways = self.ways
        at = ways.index(self.chosen) if self.chosen else -1 if by > 0 else 0
        self.chosen = ways[(at + by) % len(ways)]


def both_of(kind: Kind, mine: Any, theirs: Any) -> Any:
    """Return two values put together: tags united, lines one after the other; None where that is not a value."""
    if not mine or not theirs:
        return None
    if kind.family == "tags":
        joined: Any = (*mine, *theirs)
    elif isinstance(kind, Markdown):
        head, tail = common(mine, theirs)
        ours, others = mine.split("\n"), theirs.split("\n")
        joined = "\n".join([*ours[: len(ours) - tail], *others[head:]])
    elif type(kind) is Text:
        joined = mine if theirs in mine else theirs if mine in theirs else f"{mine}, {theirs}"
    else:
        return None
    try:
        value = kind.check(joined)
    except ValueError:
        return None
    return None if value in (mine, theirs) else value


def common(mine: str, theirs: str) -> tuple[int, int]:
    """Return how many lines two texts have in common at their beginning, and at their end after that."""
    ours, others = mine.split("\n"), theirs.split("\n")
    most = min(len(ours), len(others))
    head = next((at for at in range(most) if ours[at] != others[at]), most)
    most -= head
    tail = next((at for at in range(most) if ours[-1 - at] != others[-1 - at]), most)
    return head, tail
