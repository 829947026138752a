"""What is dear to show waits until the user has stopped for a moment."""

from __future__ import annotations

import asyncio

from crm_tui.widgets.rest import Rest


async def test_it_tells_once_after_the_last_disturbance() -> None:
    told: list[float] = []
    rested = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell() -> None:
        told.append(loop.time())
        rested.set()

    rest = Rest(0.02, tell)
    rest.disturb()
    timer = rest._timer
    for _ in range(50):
        rest.disturb()
    assert rest._timer is timer
    await asyncio.sleep(0)
    last = loop.time()
    rest.disturb()
    await asyncio.wait_for(rested.wait(), 5)
    assert len(told) == 1 and told[0] >= last + 0.02


async def test_it_tells_nothing_once_cancelled() -> None:
    told: list[int] = []
    rest = Rest(0, lambda: told.append(1))
    rest.disturb()
    rest.cancel()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert told == []
