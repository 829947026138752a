"""The arithmetic of the benchmark report: what is kept, what is missed, and by how much."""

from __future__ import annotations

from tests.bench import report
from tests.bench.measure import percentile


def test_a_ratio_is_to_what_was_measured_beside_it() -> None:
    kept, missed = (report.against("cursor key", value, 5.0, 1.2, "ms") for value in (6.0, 6.1))
    assert kept.cells() == ("cursor key", "<= 1.2 x", "6.0 ms", "5.0 ms", "1.20 x", "ok")
    assert missed.verdict == "MISSED"


def test_limits_hold_at_the_limit() -> None:
    assert report.at_most("memory", 65.0, 65, "MiB").verdict == "ok"
    assert report.at_most("memory", 65.1, 65, "MiB").verdict == "MISSED"
    assert report.at_least("import", 5_000, 5_000, "rows/s").verdict == "ok"
    assert report.at_least("import", 4_999, 5_000, "rows/s").verdict == "MISSED"


def test_what_could_not_be_measured_is_neither_kept_nor_missed() -> None:
    assert report.not_measured("bulk", "no such field").verdict == ""


def test_the_95th_of_a_hundred_is_the_95th() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 95) == 95
    assert percentile(values, 50) == 50
    assert percentile([7.0], 95) == 7


def test_columns_line_up() -> None:
    lines = report.table(("what", "ms"), [("cursor key", "5"), ("page", "12")]).splitlines()
    assert lines == [
        "| what       | ms |",
        "| ---------- | -: |",
        "| cursor key |  5 |",
        "| page       | 12 |",
    ]
