"""What a letter typed in the filter bar costs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from statistics import median

from tests.bench import measure, report
from tests.bench.budgets.registry import MANY, budget
from tests.bench.programs import CrmTui
from tests.bench.report import Line

COMPARISON = re.compile("[:<=>]")
INDEXED = ("stage:active", "kind:client", "owner:me", "score>=70")
WORDS = 4  # names typed for the full-text search


@budget
def letter(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A letter typed in the filter bar, to the last byte of its results: terms on indexed fields.

    Until its comparison is typed a term is a word like any other, looked up in the full text: that is ``search``.
    """
    times = [took for text, took in _typed(crm, INDEXED, runs) if COMPARISON.search(text)]
    yield report.at_most("letter typed, indexed terms, p95", measure.percentile(times, 95), 50, "ms")
    yield report.noted("letter typed, indexed terms, median", f"{median(times):.0f} ms")


@budget
def search(crm: CrmTui, runs: int) -> Iterator[Line]:
    """The same for bare words, which search the full text."""
    listed, _ = crm.run(crm.workspace(MANY), "list", "clients", "--limit", "500", "--json")
    words = {word.lower() for client in json.loads(listed) for word in client["name"].split() if word.isalpha()}
    chosen = sorted((word for word in words if len(word) >= 5), key=lambda word: (len(word), word))[-WORDS:]
    times = [took for text, took in _typed(crm, [*chosen, *INDEXED], runs) if not COMPARISON.search(text)]
    yield report.at_most("letter typed, full text, p95", measure.percentile(times, 95), 80, "ms")
    yield report.noted("letter typed, full text, median", f"{median(times):.0f} ms ({', '.join(chosen)})")


def _typed(crm: CrmTui, texts: Sequence[str], runs: int) -> list[tuple[str, float]]:
    """What stood in the filter bar after every letter of ``texts``, and the milliseconds that the letter took.

    Each text is typed into an empty bar, ``runs`` times, after a first time that warms the program.
    """
    times: list[tuple[str, float]] = []
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as terminal:
        for turn, text in enumerate([texts[0], *list(texts) * runs]):
            terminal.press("/")
            terminal.settle(measure.LETTER_QUIET)
            took = measure.letter_times(terminal, text)
            if turn:
                times += [(text[: end + 1], seconds) for end, seconds in enumerate(took)]
            terminal.press("escape")
            terminal.settle(measure.LETTER_QUIET)
    return times
