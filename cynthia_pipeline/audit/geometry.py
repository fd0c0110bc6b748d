"""Boxes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rect:
    """A box in CSS px, in page coordinates (scrolling does not move it)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def area(self) -> float:
        return self.width * self.height

    def overlap(self, other: "Rect") -> float:
        """The area that both cover, px²."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(width, 0.0) * max(height, 0.0)
