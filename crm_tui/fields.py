"""The kinds of field: the single source of truth about every value the program holds.

A kind is a Peewee field that also knows its label, how to parse what a person types, how to show it, how it is kept
in JSON and which comparisons make sense. List columns, form editors, filter terms, import mappings, export columns
and command-line arguments are all read from these declarations; nothing states them twice.

Three forms of a value: the Python *value* (``date``, ``int``, ``str``, ``tuple`` of tags, ``None`` or ``""`` when
empty), the *stored* form (JSON of the journal and snapshots: ISO text, numbers, lists, ids), and the *text* a person
reads (``show``) or types (``edit``, read back by ``parse``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar

import peewee as pw

from crm_tui import formats, moments
from crm_tui.errors import nearest
from crm_tui.i18n import _
from crm_tui.text import LONGEST_TEXT, clean, clean_line, fold

if TYPE_CHECKING:
    _Field = pw.Field[Any]
    _TextField = pw.TextField[Any]
    _IntegerField = pw.IntegerField[Any]
    _BigIntegerField = pw.BigIntegerField[Any]
    _DateField = pw.DateField[Any]
    _DateTimeField = pw.DateTimeField[Any]
    _BooleanField = pw.BooleanField[Any]
    _ForeignKeyField = pw.ForeignKeyField[Any]
else:
    _Field, _TextField, _IntegerField, _BigIntegerField = pw.Field, pw.TextField, pw.IntegerField, pw.BigIntegerField
    _DateField, _DateTimeField, _BooleanField = pw.DateField, pw.DateTimeField, pw.BooleanField
    _ForeignKeyField = pw.ForeignKeyField

Stored = str | int | bool | list[str] | None
"""A value as JSON keeps it in the journal and in snapshots."""


class Kind(_Field):
    """What every kind of field answers to. ``family`` decides the comparisons of the query language."""

    family: ClassVar[str] = "text"
    empty: Any = None
    align: ClassVar[str] = "left"
    multiline: ClassVar[bool] = False

    def __init__(
        self,
        label: str = "",
        *,
        help: str = "",
        required: bool = False,
        readonly: bool = False,
        aliases: Sequence[str] = (),
        width: int = 16,
        **column: Any,
    ) -> None:
        """``label`` and ``help`` are untranslated (``N_``); ``readonly`` values are set by the program only;
        ``width`` is in terminal cells; ``column`` goes to Peewee."""
        self._label, self._help = label, help
        self.required, self.readonly, self.aliases, self.width = required, readonly, tuple(aliases), width
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
        return value is None or value == self.empty

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


class Text(Kind, _TextField):
    """One line of text."""

    empty = ""

    def __init__(self, label: str = "", *, longest: int = 500, **options: Any) -> None:
        """``longest`` is the most characters taken."""
        self.longest = longest
        options.setdefault("default", "")
        super().__init__(label, **options)

    @property
    def keyed(self) -> bool:
        return True

    def check(self, value: Any) -> Any:
        text = clean(str(value)).strip() if self.multiline else clean_line(str(value))
        if len(text) > self.longest:
            raise ValueError(
                _("{n} characters are too many; {most} fit").format(
                    n=formats.whole(len(text)), most=formats.whole(self.longest)
                )
            )
        return text


class Markdown(Text):
    """Text of several lines, in Markdown."""

    multiline = True

    def __init__(self, label: str = "", **options: Any) -> None:
        options.setdefault("longest", LONGEST_TEXT)
        super().__init__(label, **options)


_PLAIN_EMAIL = re.compile(r"^[A-Za-z0-9_%+-]+(\.[A-Za-z0-9_%+-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$")


class Email(Text):
    """One e-mail address."""

    def check(self, value: Any) -> Any:
        text: str = super().check(value)
        if not text or (len(text) <= 254 and _PLAIN_EMAIL.match(text)):
            return text
        from email_validator import EmailNotValidError, validate_email

        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError as error:
            reason = _("write one address, like ana@example.com")
            raise ValueError(_('"{text}" is not an e-mail address; {reason}').format(text=text, reason=reason)) from error


class Phone(Text):
    """A telephone number as people write it; compared by its digits."""

    _SHAPE: ClassVar[re.Pattern[str]] = re.compile(r"^[+\d\s().,/x#*;=-]+(?:\s*(?:ext|int|ramal)\.?\s*\d+)?$", re.I)

    def check(self, value: Any) -> Any:
        text: str = super().check(value)
        if text and (not self._SHAPE.match(text) or not 3 <= sum(char.isdigit() for char in text) <= 20):
            raise ValueError(_('"{text}" is not a phone number; write it like +49 30 1234567').format(text=text))
        return text

    def key(self, value: Any) -> str:
        return "".join(char for char in str(value or "") if char.isdecimal())


class Link(Text):
    """A web address, with or without its scheme."""

    def check(self, value: Any) -> Any:
        text: str = super().check(value)
        if text and (" " in text or "." not in text or re.match(r"^(?!https?:)[a-z]+:", text, re.I)):
            raise ValueError(_('"{text}" is not a web address; write it like example.com').format(text=text))
        return text


class Currency(Text):
    """An ISO 4217 currency code."""

    def check(self, value: Any) -> Any:
        text: str = super().check(value).upper()
        if not text:
            return text
        from babel.numbers import is_currency

        if not is_currency(text):
            raise ValueError(_('"{text}" is not a currency; write its code, like EUR, USD or BRL').format(text=text))
        return text


class Number(Kind, _IntegerField):
    """A whole number between ``least`` and ``most``."""

    family = "number"
    align = "right"

    def __init__(self, label: str = "", *, least: int = -(2**31), most: int = 2**31 - 1, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(label, **options)

    def check(self, value: Any) -> Any:
        if isinstance(value, bool):
            raise ValueError(_("a yes or no is not a number"))
        number = value if isinstance(value, int) else read_number(str(value))
        if number != int(number):
            raise ValueError(_("{text} is not a whole number").format(text=value))
        if not self.least <= number <= self.most:
            raise ValueError(
                _("{text} is outside {least} to {most}").format(
                    text=value, least=formats.whole(self.least), most=formats.whole(self.most)
                )
            )
        return int(number)

    def show(self, value: Any) -> str:
        return "" if value is None else formats.whole(value)

    def edit(self, value: Any) -> str:
        return "" if value is None else str(value)


def read_number(text: str) -> Decimal:
    """Return the number a person wrote: ``1,200``, ``1.200,50``, ``10k``, ``2m``. Raises ValueError."""
    bare = text.strip().replace(" ", "").replace("\u202f", "").replace("_", "")
    scale = {"k": 1_000, "m": 1_000_000}.get(bare[-1:].lower(), 1)
    bare = bare[:-1] if scale > 1 else bare
    if "," in bare and "." in bare:
        bare = bare.replace("." if bare.rfind(",") > bare.rfind(".") else ",", "")
    bare = bare.replace(",", "") if re.match(r"^-?\d{1,3}(,\d{3})+$", bare) else bare.replace(",", ".")
    try:
        number = Decimal(bare) if len(bare) <= 40 else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(_('"{text}" is not a number').format(text=text.strip()))
    return number * scale


class Percent(Number):
    """A whole percentage, 0 to 100."""

    def __init__(self, label: str = "", **options: Any) -> None:
        super().__init__(label, least=0, most=100, **options)

    def check(self, value: Any) -> Any:
        return super().check(value.strip().rstrip("%") if isinstance(value, str) else value)

    def show(self, value: Any) -> str:
        return "" if value is None else f"{formats.whole(value)} %"


class Money(Kind, _BigIntegerField):
    """An amount in integer minor units; the record's ``currency`` field says of what."""

    family = "money"
    align = "right"

    def __init__(self, label: str = "", *, currency_field: str = "currency", **options: Any) -> None:
        self.currency_field = currency_field
        super().__init__(label, **options)

    def check(self, value: Any) -> Any:
        """``value`` in major units (text or Decimal); ints are minor units already."""
        if isinstance(value, int):
            return value
        minor = (value if isinstance(value, Decimal) else read_number(str(value))) * 100
        if minor != minor.to_integral_value():
            raise ValueError(_("{text} has more decimals than money has").format(text=value))
        if abs(minor) >= 2**62:
            raise ValueError(_("{text} is more money than can be kept").format(text=value))
        return int(minor)

    def show(self, value: Any, currency: str = "EUR") -> str:
        return "" if value is None else formats.amount(value, currency)

    def edit(self, value: Any) -> str:
        return "" if value is None else str(formats.decimal_amount(value, ""))


class Day(Kind, _DateField):
    """A day, without time or zone."""

    family = "day"

    def check(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else moments.read_day(str(value).strip())

    def show(self, value: Any) -> str:
        return "" if value is None else formats.near_day(value)

    def edit(self, value: Any) -> str:
        return "" if value is None else value.isoformat()

    def to_stored(self, value: Any) -> Stored:
        return None if value is None else value.isoformat()

    def from_stored(self, stored: Any) -> Any:
        return None if stored is None else date.fromisoformat(stored)


class Moment(Kind, _DateTimeField):
    """A moment, kept as naive UTC."""

    family = "moment"

    def check(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value
        return moments.read_moment(value.isoformat() if isinstance(value, date) else str(value))

    def show(self, value: Any) -> str:
        return "" if value is None else formats.near_moment(value)

    def edit(self, value: Any) -> str:
        from crm_tui import clock

        return "" if value is None else f"{clock.local(value):%Y-%m-%d %H:%M}"

    def to_stored(self, value: Any) -> Stored:
        return None if value is None else formats.iso_moment(value)

    def from_stored(self, stored: Any) -> Any:
        return None if stored is None else datetime.fromisoformat(stored.rstrip("Z"))


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values of a ``Choice``: the ``value`` kept and the untranslated ``label`` shown."""

    value: str
    label: str


vocabulary: dict[str, tuple[Option, ...]] = {}
"""Options an agency configured, by the name of their vocabulary; they replace the declared ones."""


class Choice(Kind, _TextField):
    """One of a few values, declared here or configured by the agency."""

    family = "choice"
    empty = ""

    def __init__(self, label: str = "", *, options: Sequence[Option], words: str = "", **column: Any) -> None:
        """``words`` names the vocabulary that may replace ``options``."""
        self._options, self.words = tuple(options), words
        column.setdefault("default", "")
        super().__init__(label, **column)

    @property
    def options(self) -> tuple[Option, ...]:
        """The values there are, in their order."""
        return vocabulary.get(self.words, self._options)

    def check(self, value: Any) -> Any:
        wanted = fold(str(value).strip())
        for option in self.options:
            if wanted in (fold(option.value), fold(_(option.label))):
                return option.value
        known = [option.value for option in self.options]
        raise ValueError(
            _('"{text}" is not one of {known}.').format(text=value, known=", ".join(known)) + nearest(wanted, known)
        )

    def show(self, value: Any) -> str:
        return next((_(option.label) for option in self.options if option.value == value), str(value or ""))

    def edit(self, value: Any) -> str:
        return str(value or "")


class Flag(Kind, _BooleanField):
    """Yes or no."""

    family = "flag"
    empty = False
    _YES: ClassVar[frozenset[str]] = frozenset("yes y true t 1 on sim s si sí oui o tak x ✓".split())
    _NO: ClassVar[frozenset[str]] = frozenset("no n false f 0 off nao não non nie".split())

    def __init__(self, label: str = "", **options: Any) -> None:
        options.setdefault("default", False)
        super().__init__(label, **options)

    def check(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        word = str(value).strip().casefold()
        if word in self._YES or word in self._NO:
            return word in self._YES
        raise ValueError(_('"{text}" is neither yes nor no').format(text=value))

    def show(self, value: Any) -> str:
        return _("yes") if value else _("no")

    def edit(self, value: Any) -> str:
        return "yes" if value else "no"

    def is_empty(self, value: Any) -> bool:
        return not value


class Tags(Kind, _TextField):
    """Several tags, a tuple of names; kept in one column as ``|vip|long term|`` so that one record is one row."""

    family = "tags"
    empty = ()

    def __init__(self, label: str = "", **options: Any) -> None:
        options.setdefault("default", ())
        super().__init__(label, **options)

    @property
    def keyed(self) -> bool:
        return True

    def key(self, value: Any) -> str:
        return fold(self.db_value(value))

    def db_value(self, value: Any) -> Any:
        return f"|{'|'.join(value)}|" if value else ""

    def python_value(self, value: Any) -> Any:
        return tuple(value.strip("|").split("|")) if value else ()

    def check(self, value: Any) -> Any:
        """Names separated by commas, or a sequence of them; without doubles, sorted as people read."""
        names = value.split(",") if isinstance(value, str) else value
        by_key: dict[str, str] = {}
        for name in names:
            tidy = " ".join(clean_line(str(name)).replace("|", " ").replace(",", " ").split())
            if len(tidy) > 60:
                raise ValueError(_('the tag "{tag}…" is longer than 60 characters').format(tag=tidy[:20]))
            if tidy:
                by_key.setdefault(fold(tidy), tidy)
        return tuple(by_key[key] for key in sorted(by_key))

    def show(self, value: Any) -> str:
        return ", ".join(value or ())

    def to_stored(self, value: Any) -> Stored:
        return list(value or ())

    def from_stored(self, stored: Any) -> Any:
        return tuple(stored or ())


class Reference(Kind, _ForeignKeyField):
    """Another record, by its id. Text is resolved to an id by ``services.references`` (it needs the database)."""

    family = "reference"

    def __init__(self, model: Any, label: str = "", **options: Any) -> None:
        options.setdefault("null", True)
        options.setdefault("lazy_load", False)
        options.setdefault("on_delete", "RESTRICT")
        options.setdefault("index", True)
        super().__init__(label, model=model, **options)

    def check(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            value = value.get("id")
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(_("{text} is not the id of a record").format(text=value))
        return value


Resolver = Callable[[Reference, str], int]
"""Finds the id of the record that a text names for a reference; raises ValueError with a plain reason."""
