"""Sound and film on a page, and the words beside them, as js/recordings.js read them. Parsed here, at the boundary."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cynthia_pipeline.audit.untrusted import number, text

_READING_CAP = 20_000
"""Longest text in which words about a recording are looked for, characters."""


@dataclass(frozen=True, slots=True)
class Media:
    """An audio or video element.

    Attributes:
        element: an index into ViewportArtifacts.elements.
        seconds: that play; 0 where unknown.
        has_sound: None where unknown.
        tracks: kinds of its text tracks, those that a script added among them.
        is_loaded: whether there is a recording at all.
        address: of the recording, without its query; empty where it is in the page itself.
        said: its name, its description and its figure's caption.
    """

    element: int
    tag: str
    seconds: float
    autoplays: bool
    muted: bool
    loops: bool
    controls: bool
    has_sound: bool | None
    tracks: tuple[str, ...]
    is_loaded: bool
    is_shown: bool
    address: str
    said: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What there is to read on a page with recordings.

    Attributes:
        heard: words that assistive technology gets, wherever they are.
        seen: those of them that are on the screen too.
        words: the text itself, in document order.
        controls: names of the controls that are seen and heard; empty for one without a name.
    """

    heard: int = 0
    seen: int = 0
    words: str = ""
    controls: tuple[str, ...] = ()


def parse_media(row: Sequence[Any]) -> Media:
    """One row of the script's answer.

    Raises:
        ValueError, TypeError: it is not in the script's shape.
    """
    index, tag, seconds, autoplays, muted, loops, controls, has_sound, tracks, is_loaded, is_shown, address, said = row
    return Media(
        element=int(index),
        tag=text(tag),
        seconds=min(max(number(seconds), 0.0), 1e6),
        autoplays=bool(autoplays),
        muted=bool(muted),
        loops=bool(loops),
        controls=bool(controls),
        has_sound=None if has_sound is None else bool(has_sound),
        tracks=tuple(text(kind) for kind in tracks),
        is_loaded=bool(is_loaded),
        is_shown=bool(is_shown),
        address=text(address),
        said=text(said),
    )


def parse_reading(row: Sequence[Any]) -> Reading:
    """The page's words, as the script counted them.

    Raises:
        ValueError, TypeError: it is not in the script's shape.
    """
    heard, seen, words, controls = row
    return Reading(int(heard), int(seen), text(words, _READING_CAP), tuple(text(name) for name in controls))
