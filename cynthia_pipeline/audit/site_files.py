"""What a site's files are called in reports and packs."""

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from cynthia_pipeline.text import neutralise

OVERRIDES: Final = "cynthia-fixes.css"
"""The stylesheet that changes are written to where the page has no place of its own for them; beside the document."""

_NOT_A_NAME: Final = frozenset({"", ".git", "git~1"})
"""Once dots and spaces at the end are dropped, as Windows does; git~1 is how that calls .git."""
_NO_PART_OF_A_NAME: Final = re.compile(r"[/\\:\t\n]")


def file_name(url: str) -> str:
    """The path of a file in a checkout of the site: the address's path, index.html for a folder.

    Always relative, below the checkout and on one line: what an escape in the address hides (`%2F..%2F`, a line
    break that would end a patch's header, `.git`) stays an escape.
    """
    path = "/".join(map(_name, urlsplit(url).path.lstrip("/").split("/")))
    return f"{path}index.html" if not path or path.endswith("/") else path


def _name(segment: str) -> str:
    """One part of a path, unescaped where that is harmless."""
    name = unquote(segment)
    if name.rstrip(". ").lower() in _NOT_A_NAME and name:
        return quote(name, safe="").replace(".", "%2E").replace("~", "%7E")
    # Half a surrogate pair, which a script may write, has no bytes to be escaped as.
    escaped = quote(name, safe="", errors="replace")
    return escaped if _NO_PART_OF_A_NAME.search(name) or neutralise(name) != name else name
