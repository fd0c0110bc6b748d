"""What the keyboard did on a page. Every element is an index into ViewportArtifacts.elements."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Folded:
    """A repeated block after the control that speaks of it was used: whether it can still be seen, and heard."""

    element: int
    is_seen: bool
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """A drop-down list that leaves the page when something is chosen, and whether its label says so."""

    element: int
    is_told: bool


@dataclass(frozen=True, slots=True)
class Keyboard:
    """What pressing keys showed.

    Attributes:
        pressed: whether the Tab key was pressed at all; it is not where nothing could come of it.
        stops: elements that took the focus, in the order of the Tab key.
        trapped: those among which the focus went round, unable to leave by Tab and Shift+Tab.
        escape: the other key that the page names and that lets the focus out.
        is_dialog: whether the trap is a dialog, which may keep the focus while it is open.
        unmarked: elements that look the same with the focus and without, to the last pixel.
        shortcuts: printable keys that change the page while no field has the focus.
        speaks_of_shortcuts: whether the page's text does.
        device_moved: whether a movement of the device was simulated.
        moves_with_device: whether moving the device changes the page.
        controls: elements that the keyboard should reach and that do something.
        folded: repeated blocks, where nothing but folding them away can lead past them.
        lists: drop-down lists in which something was chosen.
        leaving: those of them that leave the page.
    """

    pressed: bool = False
    stops: tuple[int, ...] = ()
    trapped: tuple[int, ...] = ()
    escape: str | None = None
    is_dialog: bool = False
    unmarked: tuple[int, ...] = ()
    shortcuts: tuple[str, ...] = ()
    speaks_of_shortcuts: bool = False
    device_moved: bool = False
    moves_with_device: bool = False
    controls: int = 0
    folded: tuple[Folded, ...] = ()
    lists: int = 0
    leaving: tuple[Leaving, ...] = ()
