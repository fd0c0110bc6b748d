"""What pages put in to break the store."""

import json

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB

from cynthia_pipeline.store.storable import storable, to_json

texts = st.text(alphabet=st.characters(exclude_categories=()) | st.sampled_from('\x00\ud800\udfff\\u0"😀'), max_size=20)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)


@given(documents)
def test_a_document_keeps_all_but_what_cannot_be_stored(document: object) -> None:
    assert json.loads(to_json(document)) == storable(document)
    to_json(document).encode()


def test_postgres_takes_the_worst(engine: Engine) -> None:
    worst = {"a\x00\ud800": ["\x00", "\\u0000", "half \udc00", "😀", '"']}
    with engine.connect() as connection:
        stored = connection.scalar(select(bindparam("document", worst, type_=JSONB)))
    assert stored == storable(worst)
