"""Custom fields: kinds that an admin adds while the program runs, kept in the record's JSON and not in a column.

They answer to the same protocol as the declared ones, so lists, forms, queries, imports and exports take them as they
are. Labels and options are the admin's own words and are shown as they were written, in every language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import peewee as pw

from crm_tui.fields.choices import Choice, Choices, Flag, Option
from crm_tui.fields.kind import Kind, Stored
from crm_tui.fields.numbers import Money, Number, Percent
from crm_tui.fields.references import Reference
from crm_tui.fields.texts import Link, Text
from crm_tui.fields.times import Day

COLUMN = "custom"
"""The column of the JSON object, which every record has."""

LARGEST = 10**15
"""The most that a number may be: what everything that reads JSON still takes exactly."""


class InJson(pw.ColumnBase):
    """A value in the record's JSON as SQL: NULL where there is none."""

    def __init__(self, kind: Kind, key: str, as_type: str, otherwise: str = "") -> None:
        """``as_type`` is the type that PostgreSQL is told; ``otherwise`` the SQL of what stands for no value."""
        super().__init__()
        self._kind, self._key, self._type, self._otherwise = kind, key, as_type, otherwise

    @property
    def postgres(self) -> bool:
        """Whether the open workspace is a PostgreSQL database."""
        database: Any = self._kind.model._meta.database
        return isinstance(getattr(database, "obj", database), pw.PostgresqlDatabase)

    @property
    def indexable(self) -> bool:
        """Whether an index can be made of it: PostgreSQL reads days by the session's settings, so not of those."""
        return not (self.postgres and self._type == "date")

    def around(self) -> tuple[str, str]:
        """Return the SQL that stands before and behind the column's name: an index is made of the same words."""
        if not self.postgres:
            return "json_extract(", f", '$.\"{self._key}\"')"
        how = f"::{self._type}" if self._type else ' COLLATE "C"'
        return "((", f"::jsonb ->> '{self._key}'){how})"

    def __sql__(self, ctx: Any) -> Any:
        before, behind = self.around()
        if self._otherwise:
            ctx = ctx.literal("COALESCE(")
        ctx = ctx.literal(before).sql(self._kind.model._meta.fields[COLUMN]).literal(behind)
        return ctx.literal(f", {self._otherwise})") if self._otherwise else ctx


class Custom(Kind):
    """What custom fields of every kind have in common."""

    custom = True
    as_type: ClassVar[str] = ""
    otherwise: ClassVar[str] = "''"

    @property
    def label(self) -> str:
        return self._label

    @property
    def help(self) -> str:
        return self._help

    @property
    def companion(self) -> str:
        """The key in the JSON under which the folded form stands (keyed kinds)."""
        return f"{self.name}.key"

    def of(self, model: Any, name: str) -> Custom:
        """Make this the field ``name`` of a model."""
        self.model, self.name, self.column_name = model, name, COLUMN
        return self

    def expression(self) -> InJson:
        return InJson(self, self.companion if self.keyed else self.name, self.as_type)

    def __sql__(self, ctx: Any) -> Any:
        return ctx.sql(InJson(self, self.name, self.as_type, self.otherwise))

    def python_value(self, value: Any) -> Any:
        return self.empty if value is None else value

    def put(self, kept: dict[str, Any], value: Any) -> None:
        """Write a value into a record's JSON; what is empty leaves no trace there."""
        kept.pop(self.name, None)
        kept.pop(self.companion, None)
        if not self.is_empty(value):
            kept[self.name] = self.to_stored(value)
            if self.keyed:
                kept[self.companion] = self.key(value)

    def take(self, kept: Mapping[str, Any]) -> Any:
        """Return the value in a record's JSON."""
        stored: Stored = kept.get(self.name)
        return self.empty if stored is None else self.from_stored(stored)


class CustomText(Custom, Text):
    """One line of text."""


class CustomLink(Custom, Link):
    """A web address."""


class CustomNumber(Custom, Number):
    """A whole number."""

    as_type, otherwise = "bigint", ""


class CustomPercent(Custom, Percent):
    """A whole percentage."""

    as_type, otherwise = "bigint", ""


class CustomMoney(Custom, Money):
    """An amount of money, of one currency in all records."""

    as_type, otherwise = "bigint", ""

    def __init__(self, label: str, *, currency: str, **options: Any) -> None:
        super().__init__(label, currency_field="", **options)
        self.currency = currency or "EUR"

    def check(self, value: Any, currency: str = "") -> Any:
        return super().check(value, currency or self.currency)

    def show(self, value: Any, currency: str = "") -> str:
        return super().show(value, currency or self.currency)

    def edit(self, value: Any, currency: str = "") -> str:
        return super().edit(value, currency or self.currency)


class CustomDay(Custom, Day):
    """A day."""

    as_type, otherwise = "date", ""

    def python_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, date) else date.fromisoformat(value)


class CustomFlag(Custom, Flag):
    """Yes or no."""

    as_type, otherwise = "boolean", "false"

    def python_value(self, value: Any) -> Any:
        return bool(value)


class CustomChoice(Custom, Choice):
    """One of a few values."""

    def show(self, value: Any) -> str:
        return str(value or "")


class CustomChoices(Custom, Choices):
    """Several of a few values."""

    def python_value(self, value: Any) -> Any:
        return tuple(json.loads(value)) if value else ()


class CustomReference(Custom, Reference):
    """Another record."""

    as_type, otherwise = "bigint", ""

    def __init__(self, label: str, *, target: Any, **options: Any) -> None:
        super().__init__(target, label, index=False, **options)
        self.rel_field = target._meta.primary_key


def custom_kind(
    kind: str,
    label: str,
    *,
    options: Sequence[str] = (),
    target: Any = None,
    currency: str = "",
    help: str = "",
) -> Custom:
    """Return a new field of a kind named as admins name it (``models.custom.KINDS``); ``target`` is the model that a
    reference leads to. Raises KeyError for a kind there is none of."""
    about: dict[str, Any] = {"help": help, "width": 20 if kind in _WIDE else max(8, min(24, len(label) + 1))}
    made = tuple(Option(option, option) for option in options)
    match kind:
        case "choice":
            return CustomChoice(label, options=made, **about)
        case "choices":
            return CustomChoices(label, made, **about)
        case "reference":
            return CustomReference(label, target=target, **about)
        case "money":
            return CustomMoney(label, currency=currency, **about | {"width": max(14, len(label))})
        case "number":
            return CustomNumber(label, least=-LARGEST, most=LARGEST, **about)
    return _PLAIN[kind](label, **about)


_PLAIN: dict[str, type[Custom]] = {
    "text": CustomText,
    "link": CustomLink,
    "percent": CustomPercent,
    "day": CustomDay,
    "flag": CustomFlag,
}
_WIDE = ("text", "link", "choices", "reference")
