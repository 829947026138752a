"""A query that was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from crm_tui.fields import Choice
from crm_tui.models.base import Entity
from crm_tui.scope import Actor

if TYPE_CHECKING:  # a list without a filter opens sooner without them
    from crm_tui.query.tree import Changed, Node, Was


class SortKey(NamedTuple):
    """A field to sort by."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was read: ``where`` is None when it asks for everything."""

    text: str
    entity: Entity = field(hash=False, repr=False)
    where: Node | None = None
    sort: tuple[SortKey, ...] = ()
    me: Actor | None = None
    """Who asks: what they may not see of other entities does not count."""
    mentioned: frozenset[str] = frozenset()
    """The fields it names, ``owner`` and ``contact.role`` alike; those it only sorts by are left out."""

    def mentions(self, name: str) -> bool:
        """Whether the query names a field, by whichever of its names; ``archived`` asks for archived records."""
        wanted = name.strip().replace("-", "_").lower()
        aliased = [key for key, kind in self.entity.fields.items() if wanted in kind.aliases]
        return not self.mentioned.isdisjoint((wanted, *aliased))

    def pinned(self, name: str) -> str:
        """Return the one value that a choice has in every match, "" when it may have several."""
        if self.where is None or not name:
            return ""
        from crm_tui.query.tree import And, Field, OneOf

        for part in self.where.parts if isinstance(self.where, And) else (self.where,):
            if isinstance(part, Field) and part.target.name == name and isinstance(part.test, OneOf):
                return str(part.test.values[0]) if len(part.test.values) == 1 else ""
        return ""

    @property
    def change(self) -> Changed | Was | None:
        """The first term that only makes sense of a change (``was``, ``changed``)."""
        if self.where is None:
            return None
        from crm_tui.query.tree import Changed, Was, walk

        return next((node for node in walk(self.where) if isinstance(node, Changed | Was)), None)

    @property
    def chosen(self) -> dict[str, str]:
        """The values it asks for of choices that a record cannot do without: what is added to its list begins so."""
        if self.where is None:
            return {}
        from crm_tui.query.tree import And, Field, OneOf

        found = {}
        for part in self.where.parts if isinstance(self.where, And) else (self.where,):
            if isinstance(part, Field) and isinstance(part.test, OneOf) and len(part.test.values) == 1:
                kind = self.entity.fields.get(part.target.name)
                if isinstance(kind, Choice) and kind.required and not kind.default:
                    found[kind.name] = str(part.test.values[0])
        return found
