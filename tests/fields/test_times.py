"""Days and moments of records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from crm_tui import clock
from crm_tui.fields import Day, Moment
from tests.conftest import NOW


def test_a_day_is_typed_in_words_or_figures() -> None:
    assert Day().parse("tomorrow") == Day().parse("23.11.2026") == date(2026, 11, 23)
    assert Day().check(datetime(2026, 11, 23, 23, 59)) == date(2026, 11, 23)
    assert Day().show(date(2026, 11, 23)) == "tomorrow"
    assert Day().edit(date(2026, 11, 23)) == "2026-11-23"


@pytest.mark.parametrize("kind", [Day(), Moment()])
@pytest.mark.parametrize("text", ["0026-11-22", "9999-12-31", "1899-12-31", "2200-01-01", "-9999w"])
def test_a_slip_of_the_finger_in_the_year_is_refused(kind: Day | Moment, text: str) -> None:
    with pytest.raises(ValueError, match=r"is outside (1900 to 2199|the years 1 to 9999)"):
        kind.parse(text)


def test_moments_are_utc_in_whole_milliseconds() -> None:
    moment = Moment()
    assert moment.check(datetime(2026, 1, 2, 3, 4, 5, 678_912)) == datetime(2026, 1, 2, 3, 4, 5, 678_000)
    assert moment.check(datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=5)))) == datetime(2026, 1, 1, 19)
    assert moment.check(datetime(2026, 1, 2, tzinfo=UTC)).tzinfo is None
    assert moment.check(date(2026, 1, 2)) == datetime(2026, 1, 2)
    assert moment.to_stored(datetime(2026, 1, 2, 3, 4)) == "2026-01-02T03:04:00Z"


def test_an_editor_shows_a_moment_as_exactly_as_it_is_known() -> None:
    with clock.use(NOW, "Europe/Berlin"):
        assert Moment().edit(datetime(2026, 7, 1, 10, 0)) == "2026-07-01 12:00"
        assert Moment().edit(datetime(2026, 7, 1, 10, 0, 5)) == "2026-07-01 12:00:05"
        assert Moment().edit(datetime(2026, 7, 1, 10, 0, 5, 60_000)) == "2026-07-01 12:00:05.060"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first, second = datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30)
    with clock.use(NOW, "Europe/Berlin"):
        assert [Moment().edit(moment) for moment in (first, second)] == ["2026-10-25 02:30", "2026-10-25 02:30+01:00"]
        assert [Moment().parse(Moment().edit(moment)) for moment in (first, second)] == [first, second]
