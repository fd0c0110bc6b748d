"""What two links of one name lead to: telephone numbers, addresses that ask for different things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.rules.same_names import ask_apart, telephones

ADDRESSES = st.builds(
    lambda path, query: f"https://rye.example/{path}{'?' if query else ''}{'&'.join(f'{k}={v}' for k, v in query)}",
    st.sampled_from(["", "list", "list/old"]),
    st.lists(st.tuples(st.sampled_from(["page", "item_id", "from", "utm_source"]), st.sampled_from("123")), max_size=3),
)


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("Phone: (0841) 22 51 90", {"0841225190"}),
        ("call us: 0841 225190 or +49 841 225191", {"0841225190", "49841225191"}),
        ("changed on (2026-01-04), 1,250,000 loaves, order 0841225190", set()),
        ("tel: 112", set()),
    ],
)
def test_telephone_numbers_are_told_from_dates_and_counts(content: str, numbers: set[str]) -> None:
    assert telephones(content.lower()) == numbers


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("/list?page=1", "/list?page=2", True),
        ("/list?item_id=7&sort=up", "/list?item_id=8&sort=up", True),
        ("/list?page=1", "/list", False),
        ("/list?page=1", "/other?page=2", False),
        ("/list?page=1&utm_source=a", "/list?page=2&utm_source=b", False),
        ("/in?from=bread", "/in?from=cake", False),
        ("/list#page=1", "/list#page=2", False),
    ],
)
def test_addresses_that_ask_one_page_for_different_things(one: str, other: str, *, apart: bool) -> None:
    assert ask_apart(f"https://rye.example{one}", f"https://rye.example{other}") is apart


@given(ADDRESSES, ADDRESSES)
def test_asking_apart_is_mutual_and_never_of_itself(one: str, other: str) -> None:
    assert ask_apart(one, other) is ask_apart(other, one)
    assert not ask_apart(one, one)
