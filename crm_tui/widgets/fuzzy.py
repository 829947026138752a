"""Finding one of many by a few letters of it: ``arc cl`` finds "Archive the client", ``ctk`` finds "client.task".

Textual's own matcher knows no accents, takes exponential time where letters repeat (nine typed against twenty: 67 ms)
and reads what it finds as markup. This one folds case and accents, is linear or nearly so, and only returns numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from crm_tui.text import fold

LONGEST = 200
"""Characters of a text that are looked at."""

_WORD_START = re.compile(r"(?<![^\W_])[^\W_]")

_WHOLE, _BEGINS, _WORD, _INSIDE, _INITIALS, _SCATTERED = 100.0, 90.0, 80.0, 60.0, 50.0, 20.0
_LESSER = 0.5
"""What a match outside of the name counts."""


class Finder:
    """Finds entries by what is typed, best first. Each entry is its name, then lesser texts such as id, keys and help.

    Every typed word must be found: in the name also by letters in their order (scattered, or beginning its words), in
    the lesser texts only as it is written.
    """

    def __init__(self, entries: Sequence[Sequence[str]]) -> None:
        self._entries = [tuple(fold(text[:LONGEST]) for text in texts) for texts in entries]
        self._last: tuple[str, list[int]] = ("", list(range(len(entries))))

    def find(self, typed: str) -> list[int]:
        """Return the positions of the entries found, best first; all in their order when nothing is typed."""
        folded = fold(typed)
        words = folded.split()
        before, candidates = self._last
        if not folded.startswith(before):  # fewer letters than before: what was not found then may be found now
            candidates = list(range(len(self._entries)))
        scores: dict[int, float] = {}
        for at in candidates:
            if score := self._score(words, self._entries[at]):
                scores[at] = score
        self._last = (folded, list(scores))
        return sorted(scores, key=lambda at: -scores[at]) if words else list(scores)

    @staticmethod
    def _score(words: Sequence[str], texts: Sequence[str]) -> float:
        total = 1.0
        for word in words:
            best = 0.0
            if texts and (found := _match(word, texts[0])):
                best = found[0]
            for text in texts[1:]:
                if best < _WHOLE * _LESSER and word in text:
                    best = max(best, _LESSER * _written(word, text, text.find(word)))
            if not best:
                return 0.0
            total += best
        return total


def places(typed: str, text: str) -> frozenset[int]:
    """Return which characters of a name make it match what was typed, to be drawn so that they are seen."""
    return _places(typed, text[:LONGEST]) if typed else frozenset()


@lru_cache(1024)
def _places(typed: str, text: str) -> frozenset[int]:
    folded, origin = fold(text), list(range(LONGEST))
    if len(folded) != len(text):  # a character became two, or none
        pieces = [fold(character) for character in text]
        folded, origin = "".join(pieces), [at for at, piece in enumerate(pieces) for _ in piece]
    marked: set[int] = set()
    for word in fold(typed).split():
        if found := _match(word, folded):
            marked.update(origin[at] for at in found[1])
    return frozenset(marked)


def _match(word: str, text: str) -> tuple[float, Sequence[int]] | None:
    """Return how well a folded word matches a folded text and at which places; None if it does not."""
    if not _in_order(word).match(text):
        return None
    at = text.find(word)
    if at >= 0:
        score = _written(word, text, at)
        if score < _WORD and (start := _at_word_start(word, text)) >= 0:
            at, score = start, _WORD - start / LONGEST
        return score - min(len(text), LONGEST) / LONGEST, range(at, at + len(word))
    shortness = min(len(text), LONGEST) / LONGEST
    if found := _beginnings(word, text):
        return _INITIALS - shortness, found
    found = _scattered(word, text)
    return _SCATTERED - (found[-1] - found[0]) / LONGEST * 10 - shortness, found


def _written(word: str, text: str, at: int) -> float:
    """Return the score of a word that stands in a text as it is written, first at ``at``."""
    if at == 0:
        return _WHOLE if len(word) == len(text) else _BEGINS
    return _WORD - at / LONGEST if not text[at - 1].isalnum() else _INSIDE - at / LONGEST


def _at_word_start(word: str, text: str) -> int:
    """Return where a word of the text begins with ``word``, or -1."""
    at = text.find(word)
    while at > 0 and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at


@lru_cache(64)
def _in_order(word: str) -> re.Pattern[str]:
    """Return what matches the texts that have these letters in this order; it cannot backtrack."""
    return re.compile("".join(f"[^{re.escape(letter)}]*+{re.escape(letter)}" for letter in word))


def _beginnings(word: str, text: str) -> list[int]:
    """Return the places of ``word`` as beginnings of words of the text one after the other, or none.

    Reached places are kept letter by letter, each with the place it was reached from, so nothing is tried twice.
    """
    starts = [match.start() for match in _WORD_START.finditer(text)]
    reached: list[dict[int, int]] = [{at: -1 for at in starts if text[at] == word[0]}]
    for letter in word[1:]:
        following: dict[int, int] = {}
        if not reached[-1]:
            return []
        first = min(reached[-1])
        for at in starts:
            if at > first and text[at] == letter:
                following[at] = max(place for place in reached[-1] if place < at)
        for place in reached[-1]:
            if text[place + 1 : place + 2] == letter:
                following[place + 1] = place
        reached.append(following)
    if not reached[-1]:
        return []
    found = [min(reached[-1])]
    for before in reversed(reached[1:]):
        found.append(before[found[-1]])
    return found[::-1]


def _scattered(word: str, text: str) -> list[int]:
    """Return the places of letters known to stand in this order, as close together as the first end allows."""
    end = -1
    for letter in word:
        end = text.find(letter, end + 1)
    found = [end]
    for letter in reversed(word[:-1]):
        found.append(text.rfind(letter, 0, found[-1]))
    return found[::-1]
