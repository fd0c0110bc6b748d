"""Text that strangers wrote, made safe to show: in the HTML report, in a drafted page, on a terminal.

A page's own words reach all three. Escaping markup is the template engine's business; here go the characters that
no escaping touches: controls (a terminal obeys them), bidirectional formatting (it makes text read as what it is
not) and lone surrogates (they cannot be written as UTF-8).
"""

from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS: Final = "…"

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))
_SURROGATES = range(0xD800, 0xE000)
# Unicode Standard Annex 9, section 2: the explicit directional formatting characters.
_BIDI_FORMATTING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_LINE_SEPARATORS = (0x85, 0x2028, 0x2029)

_NEUTRAL: Final[dict[int, str | None]] = {
    **dict.fromkeys(_CONTROLS, REPLACEMENT),
    **dict.fromkeys(_SURROGATES, REPLACEMENT),
    **dict.fromkeys(_BIDI_FORMATTING),
    **dict.fromkeys(_LINE_SEPARATORS, "\n"),
    ord("\t"): "\t",
    ord("\n"): "\n",
}


def neutralise(text: str) -> str:
    """`text` without anything that steers a terminal or a reader's eye; line breaks and tabs stay.

    Controls and lone surrogates show as U+FFFD, bidirectional formatting is dropped, every kind of line break
    becomes a line feed.
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NEUTRAL)


def one_line(text: str) -> str:
    """`text` neutralised, on one line, every run of white space as one space."""
    return " ".join(neutralise(text).split())


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
