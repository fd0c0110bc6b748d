"""Three pages of small businesses, for the demonstration: one with care, one as most are, one with many faults."""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).with_name("pages")
"""The folder that a web server has to serve."""


@dataclass(frozen=True)
class Sample:
    """One page.

    Attributes:
        file: its name in PAGES.
        about: what it stands for.
    """

    file: str
    about: str


SAMPLES = (
    Sample("bakery.html", "made with care"),
    Sample("plumber.html", "as most are"),
    Sample("restaurant.html", "many faults"),
)
