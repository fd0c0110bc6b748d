"""A page's scripts, when they keep the page from answering: stopped from outside, so that it can be measured."""

import asyncio
from typing import Final

from playwright.async_api import CDPSession, Error

NO_DIALOGS: Final = """alert = () => {};
confirm = () => false;
prompt = () => null;
print = () => {};"""
"""Runs before a page's own scripts and answers for the user who would close each dialog. A dialog in a loop is then an
endless script like any other, which can be stopped; one that is really open keeps every command from the page."""

_FORGET_TIMERS: Final = """(() => {
  const timer = setTimeout(() => {}, 0);
  for (let id = 0; id <= timer; id += 1) clearTimeout(id);  // intervals share the numbers
  const frame = requestAnimationFrame(() => {});
  for (let id = 0; id <= frame; id += 1) cancelAnimationFrame(id);
})()"""


async def answers(session: CDPSession, within_s: float) -> bool:
    """Whether the page's main thread is free, now or within so many seconds."""
    try:
        async with asyncio.timeout(within_s):
            await session.send("Runtime.evaluate", {"expression": "0"})
    except TimeoutError:
        return False
    except Error:
        return True  # it moved on meanwhile, which a busy page cannot; or it is gone, as what is asked next will find
    return True


async def stop_scripts(session: CDPSession, within_s: float) -> bool:
    """Ends what the page's scripts are doing and what they have set a timer for.

    Chromium takes both of the first commands while a script runs. Scripts are allowed again afterwards: what measures
    the page needs timers too.

    Returns:
        Whether the page answers again.
    """
    try:
        async with asyncio.timeout(within_s):
            await session.send("Emulation.setScriptExecutionDisabled", {"value": True})
            await session.send("Runtime.terminateExecution")
            await session.send("Runtime.evaluate", {"expression": _FORGET_TIMERS})
            await session.send("Emulation.setScriptExecutionDisabled", {"value": False})
    except TimeoutError:
        return False
    return await answers(session, within_s)
