"""How many drains the backlog needs. Pure; the sensor asks it on every tick."""

from dataclasses import dataclass
from math import ceil

from cynthia_pipeline.queue.model import Limits


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits and who works, at one moment.

    Attributes:
        due: audits that could start now, new sessions included.
        later: audits that wait for a retry.
        running: audits under a live lease.
        live_slots: places of all drains that are alive and take new work.
        live_drains: how many such drains there are.
        paused: an operator paused this kind of work.
    """

    due: int
    later: int
    running: int
    live_slots: int
    live_drains: int
    paused: bool = False


def drains_needed(backlog: Backlog, *, starting: int, slots_per_drain: int, limits: Limits, keep_warm: bool) -> int:
    """How many more drains to start; 0 if those alive and those being started suffice.

    Args:
        starting: drains that were asked for and have not yet shown a sign of life.
        slots_per_drain: how many audits one drain works on at once.
    """
    if backlog.paused:
        return 0
    wanted_slots = min(backlog.due + backlog.running, limits.at_once)
    missing = ceil((wanted_slots - backlog.live_slots) / slots_per_drain) - starting if backlog.due else 0
    if keep_warm and backlog.live_drains + starting == 0:
        missing = max(missing, 1)
    return max(missing, 0)
