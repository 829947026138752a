"""Words to draw from, and the patterns that put them together: ``{family} & {family} {form}``, ``+44 7700 900###``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from string import ascii_uppercase
from typing import NamedTuple, TypeVar

from crm_tui.errors import BadInput, nearest
from crm_tui.i18n import _
from crm_tui.text import fold

T = TypeVar("T")

Roll = Callable[[], float]
"""The ``random`` method of a seeded ``random.Random``: a number from 0 up to 1. Every draw is one roll."""

STEEP, GENTLE = 2, 6
"""How much more often the first lines of a list are drawn: 1.5 times, or 7/6 times, as often as the second."""

_PLACE = re.compile(r"\{(\w+)\}")
_NUMBER_PLACE = re.compile(r"#{1,3}|@")


def pick(roll: Roll, table: Sequence[T]) -> T:
    """Return one entry of a table that is not empty."""
    return table[int(roll() * len(table))]


def weighted(entries: Sequence[T], *, fall: int = STEEP) -> tuple[T, ...]:
    """Return a table where the earlier of ``entries`` come up more often: in proportion to 1 / (``fall`` + index)."""
    return tuple(entry for at, entry in enumerate(entries) for _time in range(max(1, round(60 / (at + fall)))))


class Word(NamedTuple):
    """A word as it is ``shown``, and as e-mail and web addresses spell it (``slug``: a-z and 0-9 only)."""

    shown: str
    slug: str


def read_word(text: str, *, native: bool = False) -> Word:
    """Return the word a list writes as ``shown`` or ``shown|Latin spelling``.

    Records in their own script (``native``) show the first spelling, the others the Latin one.
    """
    own, _bar, latin = text.partition("|")
    latin = latin or own
    return Word(own if native else latin, re.sub("[^a-z0-9]", "", fold(latin)))


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places that are drawn anew each time."""

    shape: str
    """The text in printf form, with a ``%s`` for every place."""
    tables: tuple[tuple[str, ...], ...]
    """What is drawn for each place."""

    def draw(self, roll: Roll) -> str:
        """Return the text with every place filled."""
        drawn = []
        for table in self.tables:  # a loop, as a comprehension costs a call and this runs millions of times
            drawn.append(table[int(roll() * len(table))])
        return self.shape % tuple(drawn)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A name with places that are drawn anew each time, and which of its words go into addresses made from it."""

    shape: str
    """The text in printf form, with a ``%s`` for every place."""
    tables: tuple[tuple[Word, ...] | None, ...]
    """What is drawn for each place; None stands for the city the record is in."""
    spelt: tuple[int, ...]
    """The places whose words go into addresses, in order."""

    def draw(self, roll: Roll, city: Word) -> tuple[str, list[str]]:
        """Return the name and the slug of the word in each place."""
        shown, slugs = [], []
        for table in self.tables:  # loops, as comprehensions cost calls and this runs millions of times
            word = city if table is None else table[int(roll() * len(table))]
            shown.append(word[0])
            slugs.append(word[1])
        return self.shape % tuple(shown), slugs


def number_template(pattern: str) -> Template:
    """Return the template of a number in which ``#`` stands for a digit and ``@`` for a capital letter."""
    places = _NUMBER_PLACE.findall(pattern)
    shape = _NUMBER_PLACE.sub("%s", pattern.replace("%", "%%"))
    return Template(shape, tuple(tuple(ascii_uppercase) if place == "@" else _digits(len(place)) for place in places))


def text_template(pattern: str, lists: Mapping[str, Sequence[Word]], where: str) -> Template:
    """Return the template of a text in which ``{street}`` stands for a word of that list.

    Raises BadInput, naming ``where`` the pattern stands, when there is no such list.
    """
    shape, places = _cut(pattern, lists, where)
    return Template(shape, tuple(tuple(word.shown for word in lists[place]) for place in places))


def name_phrase(
    pattern: str,
    lists: Mapping[str, Sequence[Word]],
    where: str,
    *,
    wanted: Sequence[str] = (),
    unwanted: Sequence[str] = (),
    most: int = 2,
) -> Phrase:
    """Return the phrase of a pattern; ``{city}`` stands for the city the record is in.

    Addresses are made from the ``wanted`` places, the first of each and in this order; without any from the first
    ``most`` places that are not ``unwanted``. Raises BadInput, naming ``where`` the pattern stands, when a list or
    a place for addresses is missing.
    """
    shape, places = _cut(pattern, {**lists, "city": ()}, where)
    if wanted:
        missing = next((place for place in wanted if place not in places), None)
        spelt = [places.index(place) for place in wanted] if missing is None else []
    else:
        spelt = [at for at, place in enumerate(places) if place not in unwanted][:most]
        missing = None if spelt else "family"
    if missing is not None:
        raise BadInput(_('{where}: "{pattern}" needs {{{word}}}.').format(where=where, pattern=pattern, word=missing))
    tables = tuple(None if place == "city" else tuple(lists[place]) for place in places)
    return Phrase(shape, tables, tuple(spelt))


def _cut(pattern: str, lists: Mapping[str, object], where: str) -> tuple[str, list[str]]:
    """Return the pattern in printf form and the names of its places, all of them in ``lists``."""
    places = _PLACE.findall(pattern)
    for place in places:
        if place not in lists:
            message = _('{where}: there is no list for {{{word}}} in "{pattern}".')
            raise BadInput(message.format(where=where, word=place, pattern=pattern) + nearest(place, lists))
    return _PLACE.sub("%s", pattern.replace("%", "%%")), places


@cache
def _digits(count: int) -> tuple[str, ...]:
    """Return every text of ``count`` digits."""
    return tuple(f"{number:0{count}}" for number in range(10**count))
