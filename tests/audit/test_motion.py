"""The arithmetic of motion: CSS lists and times, and how often a sequence of frames flashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.motion import Animation, Keyframe, milliseconds, pairs_of_changes, split_list
from cynthia_pipeline.audit.rules.animations import flashes_per_second

levels = st.lists(st.floats(0, 1), max_size=12)


@given(levels, st.integers(0, 11))
def test_a_cycle_flashes_alike_wherever_it_is_cut(found: list[float], at: int) -> None:
    assert pairs_of_changes(found[at:] + found[:at], 0.1) == pairs_of_changes(found, 0.1)


@given(levels, st.floats(0.01, 0.5), st.floats(0.01, 0.5))
def test_a_higher_threshold_never_counts_more(found: list[float], one: float, other: float) -> None:
    assert pairs_of_changes(found, max(one, other)) <= pairs_of_changes(found, min(one, other))


@pytest.mark.parametrize(
    ("found", "pairs"), [([1, 0], 1), ([1, 1], 0), ([], 0), ([0.5, 1, 0], 1), ([1, 0, 1, 0], 2), ([0, 0.5, 1], 1)]
)
def test_pairs_of_known_cycles(found: list[float], pairs: float) -> None:
    assert pairs_of_changes(found, 0.1) == pairs


def animation(direction: str, *frames: tuple[float, str]) -> Animation:
    made = tuple(Keyframe(offset, {"opacity": value}) for offset, value in frames)
    return Animation(0, "", "blink", 250.0, None, direction, paused=False, frames=made)


def test_there_and_back_takes_two_turns() -> None:
    assert flashes_per_second(animation("normal", (0, "1"), (1, "0"))) == 4
    assert flashes_per_second(animation("alternate", (0, "1"), (1, "0"))) == 2
    assert flashes_per_second(animation("normal", (0.5, "0"))) == 4


@pytest.mark.parametrize(
    ("css", "parts"),
    [
        ("color, opacity", ["color", "opacity"]),
        ("cubic-bezier(0.2, 0, 0, 1), linear", ["cubic-bezier(0.2, 0, 0, 1)", "linear"]),
        ("all", ["all"]),
    ],
)
def test_lists_are_split_outside_of_brackets(css: str, parts: list[str]) -> None:
    assert split_list(css) == parts


@pytest.mark.parametrize(("css", "ms"), [("0.3s", 300), ("250ms", 250), ("auto", 0), ("xs", 0), ("1e999s", 0)])
def test_times(css: str, ms: float) -> None:
    assert milliseconds(css) == ms
