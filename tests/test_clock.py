"""The one clock: stops for tests and screenshots, and knows the business's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from crm_tui import clock
from crm_tui.errors import BadInput
from tests.conftest import NOW


def test_it_stands_in_tests_and_goes_on_afterwards() -> None:
    with clock.use(datetime(2030, 1, 1, 0, 30), "Pacific/Kiritimati"):
        assert clock.now() == datetime(2030, 1, 1, 0, 30)
        assert clock.today() == date(2030, 1, 1)
        assert clock.local(clock.now()).hour == 14
    assert clock.now() == NOW


def test_the_day_is_that_of_the_business() -> None:
    with clock.use(datetime(2026, 11, 22, 23, 30), "Asia/Tokyo"):
        assert clock.today() == date(2026, 11, 23)


def test_moments_are_whole_milliseconds() -> None:
    with clock.use(datetime(2026, 11, 22, 14, 2, 3, 123_987)):
        assert clock.now() == datetime(2026, 11, 22, 14, 2, 3, 123_000)


def test_both_days_of_summer_time() -> None:
    with clock.use(NOW, "Europe/Berlin"):
        # 02:30 does not exist on the spring day, and comes twice on the autumn day: the first one is meant.
        assert clock.to_utc(datetime(2026, 3, 29, 2, 30)) == datetime(2026, 3, 29, 1, 30)
        assert clock.to_utc(datetime(2026, 10, 25, 2, 30)) == datetime(2026, 10, 25, 0, 30)


def test_a_moment_with_a_zone_of_its_own_keeps_it() -> None:
    aware = datetime(2026, 11, 22, 10, 0, tzinfo=timezone(timedelta(hours=-8)))
    assert clock.to_utc(aware) == datetime(2026, 11, 22, 18, 0)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", ""])
@pytest.mark.parametrize("moment", [datetime.min, datetime.max])
def test_the_ends_of_the_calendar_are_refused_in_plain_words(zone: str, moment: datetime) -> None:
    with clock.use(NOW, zone):
        assert clock.local(moment).replace(tzinfo=None)
        try:
            clock.to_utc(moment)
        except ValueError as error:
            assert str(error) == "that is outside the years 1 to 9999"


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../../etc/passwd", "a\0b", "Europe"])
def test_an_unknown_zone_is_no_zone(name: str) -> None:
    with pytest.raises(ValueError):
        clock.use_zone(name)


def test_the_environment_may_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_fixed", None)
    monkeypatch.setenv("CRM_TUI_NOW", "2026-01-02T03:04:05+01:00")
    assert clock.now() == datetime(2026, 1, 2, 2, 4, 5)
    monkeypatch.setenv("CRM_TUI_NOW", "soon")
    with pytest.raises(BadInput, match="CRM_TUI_NOW must be a moment like"):
        clock.now()
    monkeypatch.delenv("CRM_TUI_NOW")
    assert abs(clock.now() - datetime.now(UTC).replace(tzinfo=None)) < timedelta(minutes=1)
