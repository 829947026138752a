"""The fair lock between processes: in the order of asking, given up in time, never left behind by the dead."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from crm_tui.file_lock import FileLock, LockTimeout
from tests.processes import Crew, Say


def held_elsewhere(lock: FileLock) -> int:
    """Take the lock as another process would, and return the handle that holds it."""
    handle = os.open(lock.path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def waiting_for(path: Path) -> int:
    """How many processes and threads the kernel has in the queue for a file."""
    inode = f":{path.stat().st_ino} "
    return sum("->" in line and inode in line for line in Path("/proc/locks").read_text().splitlines())


def until_waiting(path: Path, count: int) -> None:
    """Wait until so many stand in the queue."""
    deadline = time.monotonic() + 30
    while waiting_for(path) < count:
        assert time.monotonic() < deadline


def take_a_turn(path: str, number: int, say: Say) -> int:
    """Wait for the lock, and write down whose turn it is."""
    with FileLock(Path(path)).hold(30), Path(path).with_suffix(".turns").open("a") as turns:
        turns.write(f"{number} ")
    return number


def hold_for_ever(path: str, number: int, say: Say) -> None:
    with FileLock(Path(path)).hold(30):
        say("held")
        threading.Event().wait()


@pytest.fixture
def lock(tmp_path: Path) -> FileLock:
    return FileLock(tmp_path / "w.db-lock")


def test_whoever_came_first_is_served_first(lock: FileLock) -> None:
    handle = held_elsewhere(lock)
    with Crew(6, take_a_turn, str(lock.path)) as crew:
        order = [3, 0, 5, 1, 4, 2]
        for place, number in enumerate(order, start=1):
            crew.begin(number)
            until_waiting(lock.path, place)
        os.close(handle)
        crew.results()
    assert lock.path.with_suffix(".turns").read_text().split() == [str(number) for number in order]


def test_waiting_is_given_up_in_time(lock: FileLock) -> None:
    handle = held_elsewhere(lock)
    with pytest.raises(LockTimeout), lock.hold(0.05):
        pytest.fail("two hold it")
    os.close(handle)
    with lock.hold(30):
        pass


def test_who_gave_up_keeps_nobody_waiting(lock: FileLock) -> None:
    handle = held_elsewhere(lock)
    with pytest.raises(LockTimeout), lock.hold(0.05):
        pytest.fail("two hold it")
    until_waiting(lock.path, 1)  # its place in the queue is still there
    os.close(handle)
    with lock.hold(30), pytest.raises(BlockingIOError):
        other = os.open(lock.path, os.O_RDWR)
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(other)


def test_all_who_wait_can_be_told_to_stop(lock: FileLock) -> None:
    handle = held_elsewhere(lock)
    given_up = threading.Event()

    def wait() -> None:
        try:
            with lock.hold(30):
                pass
        except LockTimeout:
            given_up.set()

    thread = threading.Thread(target=wait)
    thread.start()
    until_waiting(lock.path, 1)
    lock.give_up()
    thread.join(10)
    assert given_up.is_set()
    os.close(handle)


def test_the_lock_of_a_killed_process_is_free(lock: FileLock) -> None:
    with Crew(1, hold_for_ever, str(lock.path)) as crew:
        crew.begin()
        assert crew.heard(0) == "held"
        with pytest.raises(LockTimeout), lock.hold(0):
            pytest.fail("two hold it")
        crew.kill(0)
        with lock.hold(30):
            pass


def test_threads_of_one_process_take_turns(lock: FileLock) -> None:
    inside = most = 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _turn in range(20):
            with lock.hold(30):
                with guard:
                    inside += 1
                    most = max(most, inside)
                with guard:
                    inside -= 1

    threads = [threading.Thread(target=work) for _number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_what_is_raised_inside_lets_go_of_it(lock: FileLock) -> None:
    with pytest.raises(LookupError), lock.hold(30):
        raise LookupError
    with lock.hold(0):
        pass


def test_its_file_has_the_mode_asked_for_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        with FileLock(tmp_path / "shared", 0o660).hold(1):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "shared").stat().st_mode) == 0o660


def test_a_file_that_cannot_be_opened_is_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(OSError), FileLock(tmp_path / "nowhere" / "lock").hold(30):
        pytest.fail("held")
