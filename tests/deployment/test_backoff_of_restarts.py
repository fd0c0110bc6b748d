"""When a process that died is started again."""

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.deployment.backoff import deaths_in_a_row, restart_delay_s


@given(deaths=st.integers(min_value=1, max_value=10_000))
def test_waits_longer_after_each_death_but_never_beyond_half_a_minute(deaths: int) -> None:
    assert 0.5 <= restart_delay_s(deaths) <= restart_delay_s(deaths + 1) <= 30


def test_starts_with_half_a_second_and_doubles() -> None:
    assert [restart_delay_s(deaths) for deaths in (1, 2, 3, 4)] == [0.5, 1, 2, 4]


@given(before=st.integers(min_value=0, max_value=1000), lived_s=st.floats(min_value=0, max_value=1e6))
def test_a_process_that_lived_a_minute_begins_anew(before: int, lived_s: float) -> None:
    assert deaths_in_a_row(before, lived_s) == (1 if lived_s >= 60 else before + 1)
