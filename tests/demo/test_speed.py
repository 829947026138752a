"""How long a demo client takes to make: measured and reported, not judged; machines differ."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from time import process_time

from crm_tui import demo

CLIENTS = 5000


def test_speed_is_reported(record_property: Callable[[str, object], None]) -> None:
    started = process_time()
    made = demo.clients(CLIENTS, 1, date(2026, 11, 22))
    contacts = len(next(made).contacts)
    loaded = process_time()
    contacts += sum(len(client.contacts) for client in made)
    spent = process_time() - loaded
    record_property("milliseconds to read the word lists", round((loaded - started) * 1000))
    record_property("microseconds a client", round(spent / CLIENTS * 1e6, 1))
    print(f"{(loaded - started) * 1000:.0f} ms to start, {spent / CLIENTS * 1e6:.1f} us a client with its contacts")
    assert CLIENTS < contacts < 4 * CLIENTS
