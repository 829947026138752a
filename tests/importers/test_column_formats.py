"""What one cell cannot tell, all cells of a column together can; what stays in doubt is said."""

from __future__ import annotations

from crm_tui.importers.column_formats import ColumnFormats
from crm_tui.values import DayOrder, NumberStyle


def days(*samples: str, **chosen: DayOrder) -> tuple[DayOrder, tuple[str, ...]]:
    found = ColumnFormats.detect({"Since": samples}, {"Since": "day"}, days=chosen.get("days"))
    return found["Since"].days, found.warnings


def numbers(*samples: str) -> tuple[NumberStyle, tuple[str, ...]]:
    found = ColumnFormats.detect({"Fee": samples}, {"Fee": "money"})
    return found["Fee"].numbers, found.warnings


def test_one_day_beyond_twelve_settles_the_column() -> None:
    assert days("03/04/2025", "NULL", "25/04/2025") == (DayOrder.DMY, ())
    assert days("03/04/2025", "04/25/2025", "2025-01-01") == (DayOrder.MDY, ())


def test_doubt_is_told_with_its_example_and_its_remedy() -> None:
    order, warnings = days("03/04/2025", "05/06/2025")
    assert order is DayOrder.DMY
    assert warnings == (
        "Since: 03/04/2025 can be 3 Apr 2025 or 4 Mar 2025; "
        "read as day first. --dates mdy reads month first, so does D on the screen.",
    )
    assert days("03/04/2025", days=DayOrder.MDY) == (DayOrder.MDY, ())


def test_what_is_the_same_either_way_is_no_doubt() -> None:
    assert days("03/03/2025", "2025-04-03") == (DayOrder.DMY, ())
    assert days("03.04.2025")[1] == ()  # with points it is always the day first


def test_contradictions_are_told() -> None:
    order, warnings = days("25/04/2025", "13/04/2025", "04/25/2025")
    assert order is DayOrder.DMY
    assert "others month first" in warnings[0]


def test_a_column_in_doubt_is_read_as_its_neighbour() -> None:
    found = ColumnFormats.detect(
        {"Since": ["03/04/2025"], "Until": ["04/25/2025"], "Name": ["01/02/2025"]},
        {"Since": "day", "Until": "day", "Name": "text"},
    )
    assert found["Since"].days is DayOrder.MDY
    assert found.warnings == ()
    assert "Name" not in found.columns


def test_serial_numbers_need_the_whole_column() -> None:
    assert days("45000", "45001.5", "") == (DayOrder.SERIAL, ())
    assert days("45000", "2025-01-01")[0] is DayOrder.DMY
    assert days("12", "13")[0] is DayOrder.DMY


def test_years_of_two_digits_are_told() -> None:
    order, warnings = days("25/04/68")
    assert order is DayOrder.DMY
    assert warnings == ("Since: 25/04/68 has a year of two digits; it is read as 1968.",)
    assert days("97-03-04")[0] is DayOrder.YMD


def test_the_decimal_mark_is_found_out() -> None:
    assert numbers("12", "1.234", "12.50") == (NumberStyle.POINT, ())
    assert numbers("12", "1.234", "12,50") == (NumberStyle.COMMA, ())
    assert numbers("1.234", "1.234.567") == (NumberStyle.COMMA, ())
    assert numbers("1,234", "1,234,567") == (NumberStyle.POINT, ())
    assert numbers("32.38", "4.54", "NULL", "abc") == (NumberStyle.POINT, ())


def test_a_thousand_in_doubt_is_told() -> None:
    style, warnings = numbers("1.234", "2.500")
    assert style is NumberStyle.COMMA
    assert warnings == ("Fee: 1.234 can be a thousand and more or a decimal; read as thousands.",)
    assert numbers("1,234")[0] is NumberStyle.POINT


def test_marks_of_both_kinds_are_told() -> None:
    _style, warnings = numbers("1.5", "1,5")
    assert "each is read as it is written" in warnings[0]
