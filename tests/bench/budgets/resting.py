"""What a session costs that nobody touches, and that has been everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from tests.bench import measure, report
from tests.bench.budgets.registry import KEY_REST, MANY, budget, on_demand
from tests.bench.programs import LINE_LIST, CrmTui
from tests.bench.report import Line
from tests.terminal import Terminal

PERIOD, PERIODS = 15.0, 3
"""Seconds of nobody touching it, and how often: the median counts."""


@budget
def idle(crm: CrmTui, runs: int) -> Iterator[Line]:
    """Nobody touching it for a while, in turns with the bare list."""
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as ours, measure.open_painted(LINE_LIST) as bare:
        ours.settle(2.0)
        shares = [(measure.share(ours, PERIOD), measure.share(bare, PERIOD)) for _period in range(PERIODS)]
    used, floor = (median(one) * 100 for one in zip(*shares, strict=True))
    yield report.at_most("idle, of one core", used, 0.3, "%", 2)
    yield report.noted("idle, the bare list", f"{floor:.2f} %")


@budget
def memory(crm: CrmTui, runs: int) -> Iterator[Line]:
    """A session that has filtered, paged and seen every screen."""
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as terminal:
        terminal.press("/").type("stage:active").press("escape")
        for key in ["pagedown"] * 50 + [key for screen in "ctpokrimdasc" for key in ("g", screen)]:
            terminal.press(key)
            terminal.read(1.0)
            terminal.settle(KEY_REST)
        yield report.at_most("memory after every screen", terminal.rss(), 65, "MiB", 1)


@on_demand
def growth(crm: CrmTui, runs: int) -> Iterator[Line]:
    """Memory over 10,000 keys."""
    with measure.open_painted(crm.screen(crm.workspace(MANY))) as terminal:
        _hold_down(terminal, 500)
        before = terminal.rss()
        _hold_down(terminal, 10_000)
        yield report.at_most("growth of memory over 10,000 keys", terminal.rss() - before, 1, "MiB", 1)


def _hold_down(terminal: Terminal, keys: int) -> None:
    for burst in range(keys // 100):
        terminal.press(*(["j"] * 100 if burst % 2 == 0 else ["k"] * 100))
        terminal.settle(KEY_REST)
