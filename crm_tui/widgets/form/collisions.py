"""Fields that two people changed at once: what each of them wrote, and what may be kept of it. No screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from crm_tui import formats
from crm_tui.fields import Kind, Markdown, Reference, both_of, common
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


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said around the fields, where they are not those of two people's edits."""

    said: str
    """What this is about, in a line."""
    ask: str
    """What is to be decided, in a line."""
    words: Mapping[str, str]
    """What stands for mine, theirs and both."""
    remembers: bool = True
    """Whether the fields held something before, which is shown too."""


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
    ways: Mapping[str, str] = field(default_factory=dict)
    """What is chosen to begin with, by field name."""
    wording: Wording | None = None

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
        found = [
            Collision(name, kind, self.mine[name], self.theirs[name], self.was.get(name), self.titles.get(name, {}))
            for name, kind in entered.items()
            if name in self.mine and name in self.theirs
        ]
        for collision in found:
            way = self.ways.get(collision.name, "")
            collision.chosen = way if way in collision.ways else ""
        return found


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
