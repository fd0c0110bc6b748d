"""Presses keys on a measured page: where the Tab key leads, whether it leads out again, and whether the focus is seen.

The Tab key is really pressed, over CDP. It comes last, since it changes the page, and it is bounded; where neither
handlers nor styles could make a difference it is not pressed at all. The page is to be held still for it
(stillness.py). The in-page half is in js/keyboard.js.
"""

import asyncio
import re
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from playwright.async_api import CDPSession, Error

from cynthia_pipeline.audit.keyboard import Folded, Keyboard, Leaving
from cynthia_pipeline.browser.frames import World
from cynthia_pipeline.errors import TransientError

_MOST_STOPS: Final = 30
_MOST_LOOKS: Final = 5
"""Kinds of elements whose focus is compared by pixels."""
_ROUNDS: Final = 3
"""Presses without a new stop after which the focus is going round."""

_HANDLERS_MS: Final = 15
"""What handlers are given after a key, milliseconds: they often put the focus back by a timer."""

_REST_S: Final = 0.3
_MOST_RESTS: Final = 3
"""How often on one page it is waited until nothing moves any more, and how long, seconds."""

_INNER_STOPS: Final = 15
"""Presses that a player or an embedded document may keep for stops of its own."""

_SHIFT: Final = 8
_CONTROL: Final = 2
_NAMED_KEY: Final = re.compile(
    r"(?:press(?:ing)?|use|hit|type|pulsa|presiona|tecla)\s+(?:the\s+)?(?:key\s+)?[\"'“«]?"
    r"(?:(ctrl|control)\s*\+\s*)?(esc(?:ape)?|[a-z0-9])\b",
    re.IGNORECASE,
)
_READ_TEXT: Final = "(index) => document.body?.innerText.slice(0, 5000) ?? ''"


async def press_through(
    world: World, session: CDPSession, count: int, folding: Collection[int] = frozenset()
) -> Keyboard:
    """What the keyboard does on the page of `count` elements; what was seen so far if it moves on meanwhile.

    Args:
        folding: repeated blocks whose controls are used to see whether they fold them away.
    """
    walk = _Walk(world, session, count, folding)
    try:
        await walk.go()
    except (Error, TransientError):
        # A key may open another page: what is measured stays measured, and the rest stays unknown.
        walk.left_page = True
    return walk.seen()


@dataclass
class _Walk:
    world: World
    session: CDPSession
    count: int
    folding: Collection[int]
    left_page: bool = False
    patience: int = _MOST_RESTS
    rest_ms: int = _HANDLERS_MS
    pressed: bool = False
    stops: list[int] = field(default_factory=list)
    trapped: tuple[int, ...] = ()
    escape: str | None = None
    is_dialog: bool = False
    unmarked: list[int] = field(default_factory=list)
    looked: set[str] = field(default_factory=set)
    keys: dict[str, Any] = field(default_factory=dict)
    motion: dict[str, Any] = field(default_factory=dict)
    folded: list[tuple[int, int, int]] = field(default_factory=list)
    lists: int = 0
    leaving: list[tuple[int, int]] = field(default_factory=list)

    def seen(self) -> Keyboard:
        known = range(self.count)
        return Keyboard(
            pressed=self.pressed,
            stops=tuple(index for index in self.stops if index in known),
            trapped=tuple(index for index in self.trapped if index in known),
            escape=self.escape,
            is_dialog=self.is_dialog,
            unmarked=tuple(index for index in self.unmarked if index in known),
            shortcuts=tuple(str(key)[:1] for key in self.keys.get("keys", ())),
            speaks_of_shortcuts=bool(self.keys.get("told")),
            device_moved=bool(self.motion.get("moved")),
            moves_with_device=bool(self.motion.get("changes")),
            controls=int(self.motion.get("controls", 0)),
            folded=tuple(Folded(int(at), bool(seen), bool(heard)) for at, seen, heard in self.folded if at in known),
            lists=self.lists,
            leaving=tuple(Leaving(int(at), bool(told)) for at, told in self.leaving if at in known),
        )

    async def go(self) -> None:
        begun = await self._ask("start", _MOST_STOPS)
        if begun["worth"]:
            await self._tab_through([int(index) for index in begun["stops"]], is_handled=bool(begun["handled"]))
        if begun["handled"]:
            self.keys = await self._ask("keys")
            self.motion = await self._ask("motion")
        if self.folding:
            self.folded = await self._ask("fold", list(self.folding))
        if begun["lists"]:
            await self._choose()
            self.lists = int(begun["lists"])

    async def _choose(self) -> None:
        """Without a network: what a script sends when something is chosen is no business of an audit."""
        cut = {"offline": True, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        await self.session.send("Network.enable")
        await self.session.send("Network.emulateNetworkConditions", cut)
        try:
            self.leaving = await self._ask("choose")
        finally:
            await self.session.send("Network.emulateNetworkConditions", {**cut, "offline": False})

    async def _tab_through(self, expected: list[int], *, is_handled: bool) -> None:
        """Until the focus has left the page, goes round, or has made enough stops.

        As long as each press leads to the stop that comes next, the next one follows at once: a handler that puts the
        focus back a little later is noticed by where that one leads.

        Args:
            expected: the stops that there should be, in the order of the document.
            is_handled: whether anything may interfere. Then a stop that the presses miss is given the focus, once.
        """
        self.pressed = True
        idle = 0
        round_trip: list[int] = []
        self.rest_ms = _HANDLERS_MS if is_handled else 0
        ahead = deque(expected)
        missable = expected if is_handled else []
        while len(self.stops) < _MOST_STOPS:
            here = await self._press_tab(at_once=bool(ahead))
            if ahead and int(here["index"]) != ahead.popleft():
                ahead.clear()
                here = await self._at()
            index = int(here["index"])
            if index == -1:
                missed = next((stop for stop in missable if stop not in self.stops), None)
                missable = []
                if missed is None or not await self._holds_focus(missed):
                    return
                index, here = missed, await self._at()
            if index in self.stops:
                idle += 1
                round_trip.append(index)
                if here.get("inner") and set(round_trip) == {index} and idle <= _INNER_STOPS:
                    continue
                if idle > _ROUNDS + len(set(round_trip)):
                    await self._judge_trap(round_trip, is_dialog=bool(here.get("dialog")))
                    return
                continue
            idle, round_trip = 0, []
            self.stops.append(index)
            if not here["shown"]:
                await self._look(index, str(here["kind"]))

    async def _holds_focus(self, index: int) -> bool:
        """Gives the focus to a stop that the Tab key missed; a script that takes it away leaves no sign of it."""
        await self._ask("focus", index)
        if int((await self._at())["index"]) != -1:
            return True
        self.unmarked.append(index)
        return False

    async def _judge_trap(self, round_trip: list[int], *, is_dialog: bool) -> None:
        inside = set(round_trip)
        for _ in range(len(self.stops) + _ROUNDS):
            here = await self._press_tab(_SHIFT)
            if int(here["index"]) not in inside:
                return
        self.trapped = tuple(sorted(inside))
        self.is_dialog = is_dialog
        self.escape = await self._named_way_out(inside)
        if self.escape is None and int(await self._ask("help", list(self.trapped))) >= 0:
            # The key may be named only by a help that has to be asked for from within.
            await self._press("Enter")
            self.escape = await self._named_way_out(inside)

    async def _named_way_out(self, inside: set[int]) -> str | None:
        """The key that the page names and that leads out of `inside`."""
        text = str(await self.world.call(_READ_TEXT, None))
        for control, key in _NAMED_KEY.findall(text)[:3]:
            await self._press(key, _CONTROL if control else 0)
            here = await self._press_tab()
            if int(here["index"]) not in inside:
                return f"{control}+{key}" if control else key
        return None

    async def _look(self, index: int, kind: str) -> None:
        """Compares the screen with the focus and without it, for one element of each kind."""
        if kind in self.looked or len(self.looked) >= _MOST_LOOKS:
            return
        self.looked.add(kind)
        while True:
            focused = await self._picture()
            if not await self._ask("blur"):
                return
            is_same = focused == await self._picture()
            await self._ask("focus", index)
            if is_same:
                self.unmarked.append(index)
                return
            if focused == await self._picture():
                return
            # Something moves by itself: what scrolling to the focus has set off comes to rest.
            if not self.patience:
                return
            self.patience -= 1
            await asyncio.sleep(_REST_S)

    async def _picture(self) -> str:
        answer = await self.session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        return str(answer["data"])

    async def _press_tab(self, modifiers: int = 0, *, at_once: bool = False) -> dict[str, Any]:
        await self._press("Tab", modifiers)
        return await self._at(at_once=at_once)

    async def _at(self, *, at_once: bool = False) -> dict[str, Any]:
        """Where the focus is, at once or when handlers had their time."""
        here: dict[str, Any] = await self._ask("at", 0 if at_once else self.rest_ms)
        return here

    async def _press(self, key: str, modifiers: int = 0) -> None:
        name = {"esc": "Escape", "escape": "Escape", "tab": "Tab", "enter": "Enter"}.get(key.lower(), key.lower())
        code = {"Tab": 9, "Enter": 13, "Escape": 27}.get(name) or ord(name[0].upper())
        options: dict[str, Any] = {"key": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        options["code"] = name if len(name) > 1 else f"Key{name.upper()}"
        events: list[dict[str, Any]] = [{"type": "rawKeyDown"}]
        typed = "\r" if name == "Enter" else name
        if len(typed) == 1 and not modifiers:
            events.append({"type": "char", "text": typed})
        events.append({"type": "keyUp"})
        # One after the other, without waiting in between: as quick as a finger, and for less.
        await asyncio.gather(*(self.session.send("Input.dispatchKeyEvent", {**event, **options}) for event in events))

    async def _ask(self, question: str, argument: object = None) -> Any:
        return await self.world.call(f"(argument) => cynthiaLater.keyboard.{question}(argument)", argument)
