"""Which lines of the processes' logs reach the terminal, and what is taken out of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.deployment.logs import Weight, exceptions_in, message_of, plain, set_aside, weight

LINE = "2026-03-01 10:00:00 +0000 - dagster.daemon.SensorDaemon - {} - tick - took 2 s"


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("DEBUG", Weight.DETAIL),
        ("INFO", Weight.DETAIL),
        ("WARNING", Weight.WARNING),
        ("ERROR", Weight.ERROR),
        ("CRITICAL", Weight.ERROR),
    ],
)
def test_a_line_weighs_as_its_level(level: str, expected: Weight) -> None:
    assert weight(LINE.format(level)) is expected
    assert message_of(LINE.format(level)) == "tick - took 2 s"


def test_a_line_without_a_level_is_a_detail() -> None:
    assert weight('  File "x.py", line 1') is Weight.DETAIL
    assert message_of("as it is") == "as it is"


def test_what_every_first_start_says_is_a_detail() -> None:
    assert weight(LINE.format("WARNING").replace("tick", "No cursor for event type X")) is Weight.DETAIL


@given(text=st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not any((ord(char) < 32 and char not in "\t\n") or 127 <= ord(char) < 160 for char in plain(text))


def test_of_a_traceback_the_exceptions_count_the_cause_first() -> None:
    lines = ["Traceback (most recent call last):", "    raise ValueError(1)", "ValueError: 1", "", "a.b.LoadError: no"]
    assert exceptions_in(lines) == ["ValueError: 1", "a.b.LoadError: no"]


def test_colours_go_whole() -> None:
    assert plain("\x1b[32mgreen\x1b[0m\r\n") == "green"


def test_a_log_that_has_grown_too_large_is_set_aside(tmp_path: Path) -> None:
    log = tmp_path / "daemon.log"
    log.write_bytes(b"x")
    set_aside(log)
    assert log.exists()
    with log.open("wb") as file:
        file.truncate(20_000_001)
    set_aside(log)
    assert not log.exists()
    assert (log.parent / "daemon.old.log").exists()
