"""Text that strangers wrote, made safe to show: in the HTML report, in a drafted page, on a terminal.

A page's own words reach all three. Escaping markup is the template engine's business; here go the characters that
no escaping touches: controls (a terminal obeys them), bidirectional formatting (it makes text read as what it is
not), what cannot be seen at all, and lone surrogates (they cannot be written as UTF-8).
"""

import re
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS: Final = "…"

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_SURROGATES = range(0xD800, 0xE000)
# Unicode Standard Annex 9, section 2: the explicit directional formatting characters.
_BIDI_FORMATTING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
# What nobody sees and no script needs: zero-width spaces, invisible operators, interlinear marks, and the tags that
# spell hidden ASCII. The joiners stay: Persian, the Indic scripts and emoji are written with them.
_UNSEEN = (0x180E, 0x200B, *range(0x2060, 0x2065), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))
_LINE_SEPARATORS = (0x85, 0x2028, 0x2029)

_NEUTRAL: Final[dict[int, str | None]] = {
    **dict.fromkeys(_CONTROLS, REPLACEMENT),
    **dict.fromkeys(_SURROGATES, REPLACEMENT),
    **dict.fromkeys((*_BIDI_FORMATTING, *_UNSEEN)),
    **dict.fromkeys(_LINE_SEPARATORS, "\n"),
    ord("\t"): "\t",
    ord("\n"): "\n",
}

_KEPT: Final = frozenset(map(ord, "\t\n"))
_STEERING: Final = re.compile(f"[{''.join(re.escape(chr(code)) for code in _NEUTRAL if code not in _KEPT)}]")


def neutralise(text: str) -> str:
    """`text` without anything that steers a terminal or a reader's eye; line breaks and tabs stay.

    Controls and lone surrogates show as U+FFFD, bidirectional formatting and the unseen are dropped, every kind of
    line break becomes a line feed.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NEUTRAL)


def one_line(text: str) -> str:
    """`text` neutralised, on one line, every run of white space as one space."""
    return " ".join(neutralise(text).split())


def json_escaped(document: str) -> str:
    """The same JSON document, with an escape for each character that steers a terminal or cannot be written."""
    return _STEERING.sub(_json_escape, document)


def _json_escape(found: "re.Match[str]") -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def clip(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, cut between words where a space is near, with an ellipsis if cut.

    Args:
        text: what to shorten.
        limit: longest result in characters, at least 1.
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    whole_words = head.rpartition(" ")[0] if " " in head[limit // 2 :] else head
    return whole_words.rstrip(" ,;:.-\n\t") + ELLIPSIS
