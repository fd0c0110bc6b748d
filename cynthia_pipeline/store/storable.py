"""What Postgres cannot hold in text or jsonb is replaced before it gets there.

U+0000 has no place in either, and half a surrogate pair no encoding in UTF-8. Both come from pages on purpose;
neither may cost a session its report.
"""

import json
import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAYBE_UNSTORABLE = re.compile(r"\\u0000|[\ud800-\udfff]")
"""In a JSON document: U+0000 is always escaped there, and may be the end of an innocent escaped backslash."""


def storable(value: Any) -> Any:
    """`value` (text, or what JSON is made of) with U+FFFD for each character that Postgres refuses."""
    match value:
        case str():
            return _UNSTORABLE.sub("�", value)
        case dict():
            return {storable(key): storable(item) for key, item in value.items()}
        case list():
            return [storable(item) for item in value]
        case _:
            return value


def to_json(value: Any) -> str:
    """`value` as the JSON document that is stored. Walked only where a character in it may be refused."""
    document = json.dumps(value, ensure_ascii=False)
    if _MAYBE_UNSTORABLE.search(document):
        document = json.dumps(storable(value), ensure_ascii=False)
    return document
