"""What every kind of field answers to."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

import peewee as pw

from crm_tui.i18n import _
from crm_tui.text import fold, quoted

if TYPE_CHECKING:
    _Field = pw.Field[Any]
else:
    _Field = pw.Field


class Inherited(_Field):
    """A field whose copy in a table that inherits it shares what it holds: nothing changes that afterwards, and
    copying it deeply, as Peewee does, is a twentieth of the program's start."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return copy(self)


Stored = str | int | bool | list[str] | None
"""A value as JSON keeps it in the journal and in snapshots."""


class Kind(Inherited):
    """A field that knows its label, its text and its JSON. ``family`` decides the comparisons of the query language."""

    family: ClassVar[str] = "text"
    empty: Any = None
    align: ClassVar[str] = "left"
    multiline: ClassVar[bool] = False
    custom: ClassVar[bool] = False
    """Whether an admin added the field; it is kept in the record's JSON (``fields.custom``)."""

    def __init__(
        self,
        label: str = "",
        *,
        help: str = "",
        required: bool = False,
        readonly: bool = False,
        in_form: bool = True,
        ruled: bool = False,
        internal: bool = False,
        aliases: Sequence[str] = (),
        width: int = 16,
        **column: Any,
    ) -> None:
        """``label`` and ``help`` are untranslated (``N_``); ``readonly`` values are derived by the program, and the
        journal does not tell them; ``ruled`` ones are given by the entity's rule only, and journalled, and those that
        are ``internal`` say nothing to people; one that is not ``in_form`` follows from where a record is made;
        ``width`` is in terminal cells; ``column`` goes to Peewee."""
        self._label, self._help = label, help
        self.required, self.readonly, self.aliases, self.width = required, readonly, tuple(aliases), width
        self.ruled, self.internal = ruled or internal, internal
        self.in_form = in_form and not self.ruled
        if self.empty is None:
            column.setdefault("null", True)
        super().__init__(**column)

    @property
    def label(self) -> str:
        """What a person calls the field, in the session's language."""
        return _(self._label)

    @property
    def help(self) -> str:
        """One line on what belongs here, in the session's language."""
        return _(self._help) if self._help else ""

    @property
    def keyed(self) -> bool:
        """Whether a folded companion column ``<name>_key`` exists for search without case and accents."""
        return False

    @property
    def initial(self) -> Any:
        """The value of a new record where nobody filled in anything."""
        if self.default is None:
            return self.empty
        return self.default() if callable(self.default) else self.default

    def key(self, value: Any) -> str:
        """Return the folded form of a value by which it is compared and sorted (keyed kinds)."""
        return fold(str(value or ""))

    def expression(self) -> Any:
        """Return the SQL expression of the value, to compare and sort by."""
        return self.model._meta.fields[self.name + "_key"] if self.keyed else self

    def parse(self, text: str) -> Any:
        """Return the value of what a person typed; "" is empty. Raises ValueError with a plain reason."""
        return self.empty if not text.strip() else self.check(text)

    def check(self, value: Any) -> Any:
        """Return a Python or typed value made valid. Raises ValueError with a plain reason."""
        return value

    def is_empty(self, value: Any) -> bool:
        """Whether there is no value."""
        return bool(value is None or value == self.empty)

    def show(self, value: Any) -> str:
        """Return the value as a person reads it; an empty one is ""."""
        return "" if value is None else str(value)

    def edit(self, value: Any) -> str:
        """Return the value as text that ``parse`` reads back."""
        return self.show(value)

    def to_stored(self, value: Any) -> Stored:
        """Return the value's form in JSON."""
        return value  # type: ignore[no-any-return]  # most values are their own JSON form

    def from_stored(self, stored: Any) -> Any:
        """Return the value of its form in JSON."""
        return stored


def written(value: Any) -> str:
    """Return a text, or a number from a script, as text. Raises ValueError for anything else (yes and no, lists)."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else str(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    raise ValueError(_("{value} is not text").format(value=quoted(value)))
