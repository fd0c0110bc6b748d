"""The colours that a text names, for the swatches beside it."""

import re
from typing import Final

from coloraide import Color

_MOST: Final = 4
_CANDIDATE: Final = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\([0-9a-z.,%/ +-]{1,60}\)", re.IGNORECASE
)


def colours_in(text: str) -> tuple[str, ...]:
    """The first colours named in `text`, each once, as opaque #rrggbb in sRGB; at most four.

    Only hexadecimal and functional notation count: in prose a word such as `tan` or `red` is seldom a colour.
    """
    found: dict[str, None] = {}
    for candidate in _CANDIDATE.finditer(text):
        parsed = Color.match(candidate[0], fullmatch=True)
        if parsed is None:
            continue
        hexadecimal = parsed.color.convert("srgb").fit().to_string(hex=True, alpha=False)
        found[hexadecimal] = None
        if len(found) == _MOST:
            break
    return tuple(found)
