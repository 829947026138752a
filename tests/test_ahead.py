"""ahead: what an iterator gives, made by a second process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from itertools import count, islice

import pytest

from crm_tui import ahead
from crm_tui.errors import BadInput

pytestmark = pytest.mark.skipif(
    not ahead.possible(), reason="there is one processor only, or processes are not doubled"
)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _places() -> Iterator[tuple[int, int]]:
    for place in count():
        yield place, os.getpid()


def test_everything_comes_in_its_order_from_another_process() -> None:
    made = list(ahead.work_ahead(islice(_places(), 500)))
    assert [place for place, _process in made] == list(range(500))
    processes = {process for _place, process in made}
    assert len(processes) == 1
    assert os.getpid() not in processes


def test_it_ends_when_no_more_is_asked_for() -> None:
    with closing(ahead.work_ahead(_places())) as made:
        process = next(made)[1]
        assert _is_running(process)
    assert not _is_running(process)


def test_what_fails_there_is_raised_here() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise BadInput("titles.toml has no line 4", field="line")

    made = ahead.work_ahead(failing())
    assert next(made) == 1
    with pytest.raises(BadInput, match="no line 4") as caught:
        next(made)
    assert caught.value.field == "line"


def test_a_process_that_was_killed_is_noticed() -> None:
    made = ahead.work_ahead(_places())
    os.kill(next(made)[1], 9)
    with pytest.raises(RuntimeError, match="was stopped"):
        for _place in made:
            pass
