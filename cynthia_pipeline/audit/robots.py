"""Whether a site's robots.txt lets a page be opened (RFC 9309). Pure; Protego reads the rules.

Protego knows the longest match, `*` and `$`, and the many ways to write an escape. Which group is meant is decided
here, before it reads: it copies each rule for every name above it, so that half a megabyte of names and rules would
fill the machine's memory.
"""

import re
from collections.abc import Iterator
from typing import Final

from protego import Protego

LARGEST_BYTES: Final = 500 * 1024
"""What is read of a robots.txt, unpacked; RFC 9309, section 2.5, asks for no less. What lies beyond does not count."""

_OURS: Final = "cynthia"
"""The product token: what a group has to name to mean this product, in any case."""

# Wider than Protego's own idea of such a line, so that none reaches it as it was written.
_AGENT_LINE: Final = re.compile(r"\s*user[\s-]*agent[\s:]+(?P<agent>[^#]*)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[a-z_-]+")  # RFC 9309, section 2.2.1
_EVERYBODY: Final = "*"
_SOMEBODY_ELSE: Final = "another"


def allows(robots_txt: bytes, url: str) -> bool:
    """Whether `robots_txt` lets this product open `url`.

    Args:
        robots_txt: the file as it came, unpacked; no more than LARGEST_BYTES are read.
        url: absolute, on the site that the file is of.
    """
    text = robots_txt[:LARGEST_BYTES].decode("utf-8-sig", errors="replace")
    if len(robots_txt) > LARGEST_BYTES:
        text = text.rpartition("\n")[0]  # half a rule may mean anything
    return bool(Protego.parse("\n".join(_named_anew(text))).can_fetch(url, _OURS))


def _named_anew(text: str) -> Iterator[str]:
    """The lines, with three names in all: this product's, everybody's, and one for all others."""
    for line in text.splitlines():
        found = _AGENT_LINE.match(line)
        yield line if found is None else f"User-agent: {_whom(found['agent'].strip().lower())}"


def _whom(agent: str) -> str:
    if agent == _EVERYBODY:
        return _EVERYBODY
    token = _TOKEN.match(agent)
    return _OURS if token is not None and token[0] == _OURS else _SOMEBODY_ELSE
