"""What a site's files are called in reports and packs."""

from typing import Final
from urllib.parse import unquote, urlsplit

OVERRIDES: Final = "cynthia-fixes.css"
"""The stylesheet that changes are written to where the page has no place of its own for them; beside the document."""


def file_name(url: str) -> str:
    """The path of a file in a checkout of the site: the address's path, index.html for a folder."""
    path = unquote(urlsplit(url).path).lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path
