"""From a session to an audit, or to a refusal in the session's language."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from cynthia_pipeline.audit.engine import TargetType
from cynthia_pipeline.errors import ErrorCode
from cynthia_pipeline.messages import Language
from cynthia_pipeline.queue.acceptance import MAX_IDEA_CHARS, NewSession, accept
from cynthia_pipeline.queue.model import Plan, Priority, SessionId

SESSION, USER = SessionId(UUID(int=1)), UUID(int=2)


def session(
    value: str,
    *,
    input_type: str = "url",
    language: str = "en",
    user_id: UUID | None = None,
    plan: Plan | None = None,
) -> NewSession:
    return NewSession(
        id=SESSION,
        language=language,
        input_type=input_type,
        input_value=value,
        user_id=user_id,
        plan=plan,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def test_an_address_becomes_a_target_with_its_registrable_host() -> None:
    audit = accept(session("www.Example.co.uk/a"))
    assert (audit.target_type, audit.target_value, audit.target_host, audit.refusal) == (
        TargetType.URL,
        "https://www.example.co.uk/a",
        "example.co.uk",
        None,
    )
    assert audit.context == {"source": "build-my-site", "inputType": "url", "originalInput": "www.Example.co.uk/a"}


def test_what_is_no_address_is_refused_in_the_sessions_language() -> None:
    english, spanish = accept(session("no way")), accept(session("no way", language="es"))
    assert english.refusal is not None
    assert spanish.refusal is not None
    assert english.refusal.code is spanish.refusal.code is ErrorCode.NOT_A_URL
    assert "not a web address" in english.refusal.message
    assert "dirección web" in spanish.refusal.message


def test_an_idea_is_a_frame_and_an_empty_one_is_refused() -> None:
    assert accept(session("a bakery in Cádiz", input_type="idea")).target_type is TargetType.FRAME
    refusal = accept(session(" \n ", input_type="idea")).refusal
    assert refusal is not None
    assert refusal.code is ErrorCode.EMPTY_IDEA


def test_paid_goes_before_free_before_anonymous() -> None:
    assert accept(session("a.test", user_id=USER, plan=Plan.STARTER)).priority is Priority.PAID
    assert accept(session("a.test", user_id=USER, plan=Plan.FREE)).priority is Priority.FREE
    assert accept(session("a.test", user_id=USER)).priority is Priority.FREE
    assert accept(session("a.test")).priority is Priority.ANONYMOUS
    assert Priority.PAID < Priority.FREE < Priority.ANONYMOUS


def test_each_anonymous_session_is_an_owner_of_its_own() -> None:
    assert accept(session("a.test")).owner == SESSION
    assert accept(session("a.test", user_id=USER)).owner == USER


@given(
    st.text(max_size=300) | st.text(alphabet="htps:/.@%[]0123456789x", max_size=60),
    st.sampled_from(["url", "idea"]),
    st.text(max_size=5),
)
def test_no_input_breaks_the_acceptance(value: str, input_type: str, language: str) -> None:
    audit = accept(session(value, input_type=input_type, language=language))
    assert audit.language in Language
    assert len(audit.target_value) <= MAX_IDEA_CHARS
    assert (audit.refusal is None) == (bool(audit.target_host) or (input_type == "idea" and bool(value.strip())))
