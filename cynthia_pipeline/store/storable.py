"""What Postgres cannot hold in text or jsonb is replaced before it gets there.

U+0000 has no place in either, and half a surrogate pair no encoding in UTF-8. Both come from pages on purpose;
neither may cost a session its report.
"""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


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
