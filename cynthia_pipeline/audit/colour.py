"""Colour arithmetic: contrast as WCAG defines it, and the nearest colour that reaches a wanted contrast.

Colours here are opaque sRGB, as "#rrggbb".
"""

from dataclasses import dataclass
from functools import lru_cache

from coloraide import Color

_STEPS = 24
"""Halvings of a lightness interval: far finer than a step of eight bits."""


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


@lru_cache(maxsize=4096)
def parse(css: str) -> tuple[str, float] | None:
    """A computed CSS colour as an opaque colour and its alpha, 0 to 1; None for what is not a colour."""
    try:
        colour = Color(css).convert("srgb").clip()
    except ValueError:
        return None
    return colour.to_string(hex=True, alpha=False), colour.alpha(nans=False)


def over(colour: str, alpha: float, backdrop: str) -> str:
    """`colour` at `alpha` painted over an opaque backdrop: simple alpha compositing, as browsers do it in sRGB."""
    channels = (
        round(alpha * int(colour[at : at + 2], 16) + (1 - alpha) * int(backdrop[at : at + 2], 16)) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{channel:02x}" for channel in channels)


@lru_cache(maxsize=1024)
def nearest_passing(colour: str, backdrop: str, required: float) -> str | None:
    """The colour nearest to `colour` that has the required contrast against `backdrop`.

    Only the lightness moves, in OKLCH, so the hue stays and the eye sees the smallest change; chroma gives way where
    the new lightness leaves sRGB. None where neither direction reaches the ratio.
    """
    if contrast(colour, backdrop) >= required:
        return colour
    base = Color(colour).convert("oklch")
    start = base["lightness"]
    reached = [found for end in (0.0, 1.0) if (found := _towards(base, start, end, backdrop, required)) is not None]
    return min(reached, key=lambda found: (abs(found[0] - start), found[1]))[1] if reached else None


@dataclass(frozen=True, slots=True)
class Pair:
    """A colour of text and the one behind it."""

    text: str
    behind: str


def nearest_pair(text: str, behind: str, required: float) -> Pair:
    """The pair with the required contrast that is reached by moving one of the two colours the least.

    Text on a coloured button is often white already: then it is the button that has to move. Either colour can reach
    any ratio up to 4.58:1, which black or white has on every colour; beyond it black on white is the answer.
    """
    moved_text = nearest_passing(text, behind, required)
    moved_behind = nearest_passing(behind, text, required)
    text_move = _lightness_move(text, moved_text)
    behind_move = _lightness_move(behind, moved_behind)
    if moved_text is not None and text_move <= behind_move:
        return Pair(moved_text, behind)
    return Pair(text, moved_behind) if moved_behind is not None else Pair("#000000", "#ffffff")


def _lightness_move(colour: str, moved: str | None) -> float:
    if moved is None:
        return float("inf")
    return abs(float(_oklab(colour)["lightness"]) - float(_oklab(moved)["lightness"]))


def _towards(base: Color, start: float, end: float, backdrop: str, required: float) -> tuple[float, str] | None:
    """The least move from `start` towards `end` that passes, as lightness and colour."""
    if contrast(_at(base, end), backdrop) < required:
        return None
    failing, passing = start, end
    for _ in range(_STEPS):
        middle = (failing + passing) / 2
        if contrast(_at(base, middle), backdrop) >= required:
            passing = middle
        else:
            failing = middle
    return passing, _at(base, passing)


def _at(base: Color, lightness: float) -> str:
    moved: Color = base.clone().set("lightness", lightness).convert("srgb").fit(method="oklch-chroma")
    return moved.to_string(hex=True)


def difference(first: str, second: str) -> float:
    """The distance of two colours in OKLab; 0.02 is about the least that an eye can tell."""
    return float(_oklab(first).distance(_oklab(second), space="oklab"))


@lru_cache(maxsize=1024)
def _oklab(colour: str) -> Color:
    return Color(colour).convert("oklab")
