"""Kinds of field with few values: one of a list, yes or no, tags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import peewee as pw

from crm_tui.errors import nearest
from crm_tui.fields.kind import Kind, Stored, written
from crm_tui.i18n import _
from crm_tui.text import clean_line, fold, quoted

if TYPE_CHECKING:
    _TextField = pw.TextField[Any]
    _BooleanField = pw.BooleanField[Any]
else:
    _TextField, _BooleanField = pw.TextField, pw.BooleanField


class Option(NamedTuple):
    """One of the values of a ``Choice``: the ``value`` kept and the untranslated ``label`` shown."""

    value: str
    label: str
    meaning: str = ""
    """What it means to the program, whatever it is called: a stage that is ``gone`` asks for no contact."""
    also: tuple[str, ...] = ()
    """Other words for it that are understood where one is typed or imported."""
    limit: int | None = None
    """Of a stage: how many records may be in it at once before one is warned."""
    requires: tuple[str, ...] = ()
    """Of a stage: the fields that must be filled in to enter it."""

    @property
    def spellings(self) -> set[str]:
        """Every way in which it may be written, in the form of ``spelled``."""
        return {spelled(word) for word in (self.value, self.label, _(self.label), *self.also)}


vocabulary: dict[str, tuple[Option, ...]] = {}
"""Options a workspace has of its own, by the name of their vocabulary; they replace the declared ones. Filled by
``models.words``."""


class Choice(Kind, _TextField):
    """One of a few values, declared here or configured by the agency."""

    family = "choice"
    empty = ""

    def __init__(
        self,
        label: str = "",
        *,
        options: Sequence[Option],
        words: str = "",
        needs: Sequence[str] = (),
        fixed: bool = False,
        **column: Any,
    ) -> None:
        """``words`` names the vocabulary that may replace ``options``; ``needs`` are the meanings that it always has a
        word of, because the program gives records that word; of a ``fixed`` one only labels and order change."""
        self.declared, self.words, self.needs, self.fixed = tuple(options), words, tuple(needs), fixed
        column.setdefault("default", "")
        super().__init__(label, **column)

    @property
    def options(self) -> tuple[Option, ...]:
        """The values there are, in their order."""
        return vocabulary.get(self.words, self.declared)

    @property
    def meanings(self) -> tuple[str, ...]:
        """What the options may mean to the program; none when it makes no difference."""
        return tuple(dict.fromkeys(option.meaning for option in self.declared if option.meaning))

    @property
    def initial(self) -> Any:
        """The first option that means what the declared default does."""
        if self.words not in vocabulary or not self.default:
            return super().initial
        return self.counterpart(self.default) or self.options[0].value

    def counterpart(self, value: str) -> str:
        """Return the first option that means what one of the program's own does, "" when there is none."""
        meaning = next((option.meaning for option in self.declared if option.value == value), "")
        return next((option.value for option in self.options if meaning and option.meaning == meaning), "")

    def meaning(self, value: Any) -> str:
        """Return what a value means to the program, "" for one that is no option."""
        return next((option.meaning for option in self.options if option.value == value), "")

    def option(self, value: Any) -> Option | None:
        """Return the option of a value, None for one that is none."""
        return next((option for option in self.options if option.value == value), None)

    def meant(self, meaning: str) -> tuple[str, ...]:
        """Return the values of a meaning, in their order."""
        return tuple(option.value for option in self.options if option.meaning == meaning)

    def check(self, value: Any) -> Any:
        """Return the option's value; its label, other capitals, ``decision-maker`` and ``decision_maker`` do too."""
        wanted = spelled(written(value))
        for option in self.options:
            if wanted in option.spellings:
                return option.value
        own = self.words in vocabulary  # then what is shown says more than what is kept
        known = [_(option.label) if own else option.value for option in self.options]
        raise ValueError(
            _("{text} is not one of {known}.").format(text=quoted(value), known=", ".join(known))
            + nearest(wanted, known)
        )

    def show(self, value: Any) -> str:
        return next((_(option.label) for option in self.options if option.value == value), str(value or ""))

    def edit(self, value: Any) -> str:
        return str(value or "")


class Choices(Kind, _TextField):
    """Several of a few values: a tuple of them, in the order they are listed in."""

    family = "tags"
    empty = ()

    def __init__(self, label: str, options: Sequence[Option], **column: Any) -> None:
        self.options = tuple(options)
        column.setdefault("default", ())
        super().__init__(label, **column)

    @property
    def keyed(self) -> bool:
        return True

    def key(self, value: Any) -> str:
        return fold(f"|{'|'.join(value)}|") if value else ""

    def check(self, value: Any) -> Any:
        """Options separated by commas, or a sequence of them, each as ``Choice`` takes it."""
        if not isinstance(value, str | list | tuple | set | frozenset):
            raise ValueError(_("{text} is not a list of choices").format(text=quoted(value)))
        one = Choice(options=self.options)
        names = value.split(",") if isinstance(value, str) else value
        chosen = {one.check(name) for name in names if written(name).strip()}
        return tuple(option.value for option in self.options if option.value in chosen)

    def show(self, value: Any) -> str:
        return ", ".join(value or ())

    def to_stored(self, value: Any) -> Stored:
        return list(value or ())

    def from_stored(self, stored: Any) -> Any:
        return tuple(stored or ())


def spelled(text: str) -> str:
    """Return a word without what may differ where somebody types it: case, accents, hyphens, spaces."""
    return " ".join(re.sub(r"[-_]", " ", fold(text)).split())


class Flag(Kind, _BooleanField):
    """Yes or no."""

    family = "flag"
    empty = False
    _YES: ClassVar[frozenset[str]] = frozenset(
        {"yes", "y", "true", "t", "1", "on", "x", "✓", "sim", "s", "si", "sí", "oui", "o", "tak", "ja", "j"}
        | {"vrai", "verdadeiro", "verdadero", "prawda", "wahr"}
    )
    _NO: ClassVar[frozenset[str]] = frozenset(
        {"no", "n", "false", "f", "0", "off", "nao", "não", "non", "nie", "nein"} | {"faux", "falso", "fałsz", "falsch"}
    )

    def __init__(self, label: str = "", **options: Any) -> None:
        options.setdefault("default", False)
        super().__init__(label, **options)

    def check(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        word = written(value).strip().casefold()
        if word in self._YES or word in self._NO:
            return word in self._YES
        raise ValueError(_("{text} is neither yes nor no").format(text=quoted(value)))

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
    longest: ClassVar[int] = 60
    """Characters of one tag."""
    most: ClassVar[int] = 100
    """Tags of one record."""

    # What a tag cannot hold: the bar and the comma between two, also in the wide form that folds to them.
    _BETWEEN: ClassVar[re.Pattern[str]] = re.compile("[|,\uff0c\uff5c\ufe50\ufe10]")

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
        """Names separated by commas, or a sequence of them; without doubles, sorted as people read.

        A ``+`` or ``-`` before a name is not part of it: those add to and take from a record's tags.
        """
        if isinstance(value, str):
            names: Sequence[Any] = self._BETWEEN.split(value, 10 * self.most)
        elif isinstance(value, list | tuple | set | frozenset):
            names = list(value)
        else:
            raise ValueError(_("{text} is not a list of tags").format(text=quoted(value)))
        by_key: dict[str, str] = {}
        for name in names:
            tidy = " ".join(self._BETWEEN.sub(" ", clean_line(written(name))).split()).lstrip("+- ")
            if len(tidy) > self.longest:
                raise ValueError(
                    _("the tag {tag} is longer than {n} characters").format(tag=quoted(tidy, 20), n=self.longest)
                )
            if fold(tidy):
                by_key.setdefault(fold(tidy), tidy)
        if len(by_key) > self.most:
            raise ValueError(_("{n} tags are too many; {most} fit").format(n=len(by_key), most=self.most))
        return tuple(by_key[key] for key in sorted(by_key))

    def show(self, value: Any) -> str:
        return ", ".join(value or ())

    def to_stored(self, value: Any) -> Stored:
        return list(value or ())

    def from_stored(self, stored: Any) -> Any:
        return tuple(stored or ())
