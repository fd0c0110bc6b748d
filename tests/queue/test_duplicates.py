"""Who is answered by whose report."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.duplicates import Copy, Join, Known, Reuse, answer, dedupe_key, is_public
from cynthia_pipeline.queue.model import AuditId, OwnerKey, WorkStatus

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ME, OTHER = OwnerKey(UUID(int=1)), OwnerKey(UUID(int=2))
REUSE = Reuse(window_s=600, copy=True)

knowns = st.builds(
    Known,
    id=st.uuids().map(AuditId),
    owner=st.sampled_from([ME, OTHER]),
    status=st.sampled_from(WorkStatus),
    completed_at=st.none() | st.integers(0, 1200).map(lambda age: NOW - timedelta(seconds=age)),
    is_copy=st.booleans(),
)


@given(st.lists(knowns, max_size=8, unique_by=lambda known: known.id), st.booleans(), st.booleans())
def test_only_ones_own_is_shared_and_only_fresh_originals_are_copied(
    known: list[Known], copy: bool, public: bool
) -> None:
    host = "example.com" if public else None
    found = answer(ME, known, public_host=host, reuse=Reuse(600, copy=copy), now=NOW)
    by_id = {each.id: each for each in known}
    match found:
        case Join(audit):
            assert by_id[audit].owner == ME
            assert by_id[audit].status is not WorkStatus.FAILED
        case Copy(audit):
            assert copy
            assert public
            source = by_id[audit]
            assert (source.owner, source.status, source.is_copy) == (OTHER, WorkStatus.COMPLETED, False)
            assert source.completed_at is not None
            assert NOW - source.completed_at <= timedelta(seconds=600)
        case None:
            assert not any(each.owner == ME and not each.status.is_final for each in known)


def test_a_fresh_report_is_better_than_an_open_audit() -> None:
    is_open = Known(AuditId(UUID(int=10)), ME, WorkStatus.RUNNING, None)
    fresh = Known(AuditId(UUID(int=11)), ME, WorkStatus.COMPLETED, NOW - timedelta(seconds=599))
    stale = Known(AuditId(UUID(int=12)), ME, WorkStatus.COMPLETED, NOW - timedelta(seconds=601))
    assert answer(ME, [is_open, fresh], public_host=None, reuse=REUSE, now=NOW) == Join(fresh.id)
    assert answer(ME, [is_open, stale], public_host=None, reuse=REUSE, now=NOW) == Join(is_open.id)
    assert answer(ME, [stale], public_host=None, reuse=REUSE, now=NOW) is None


def test_the_key_tells_targets_and_languages_apart_and_forgives_white_space_and_case_in_ideas() -> None:
    idea = dedupe_key(TargetType.FRAME, "A  bakery\n in Berlin ", Language.ENGLISH)
    assert idea == dedupe_key(TargetType.FRAME, "a bakery in berlin", Language.ENGLISH)
    assert idea != dedupe_key(TargetType.FRAME, "a bakery in berlin", Language.SPANISH)
    assert idea != dedupe_key(TargetType.URL, "a bakery in berlin", Language.ENGLISH)
    assert dedupe_key(TargetType.URL, "https://x.com/A", Language.ENGLISH) != dedupe_key(
        TargetType.URL, "https://x.com/a", Language.ENGLISH
    )


@given(st.text())
def test_any_idea_has_a_key(idea: str) -> None:
    assert len(dedupe_key(TargetType.FRAME, idea + "\ud83d", Language.ENGLISH)) == 64


@pytest.mark.parametrize(
    ("host", "public"),
    [
        ("example.com", True),
        ("sub.example.co.uk", True),
        ("8.8.8.8", True),
        ("10.0.0.1", False),
        ("127.0.0.1", False),
        ("::1", False),
        ("intranet", False),
        ("shop.local", False),
        ("db.prod.internal", False),
        ("allowed.example.com", False),
    ],
)
def test_what_is_on_the_public_internet(host: str, public: bool) -> None:
    assert is_public(host, {"allowed.example.com"}) is public
