"""Round-robin between owners, as a number that is given once and sorted by an index.

Start-time fair queueing (Goyal, Vin and Cheng, SIGCOMM 1996) with equal weights: each audit gets a turn when it
is accepted. An owner's audits stand one turn behind each other; an owner who had nothing open starts at the
queue's present turn, so neither a long backlog delays newcomers nor does absence earn credit.
"""

from collections.abc import Mapping, Sequence

from cynthia_pipeline.queue.model import OwnerKey


def next_turns(owners: Sequence[OwnerKey], last_turn: Mapping[OwnerKey, int], present_turn: int) -> list[int]:
    """The turn of each new audit.

    Args:
        owners: of the new audits, in the order of their arrival, all of one priority.
        last_turn: the highest turn among each owner's open audits of that priority; absent if there are none.
        present_turn: the turn being served.
    """
    last = dict(last_turn)
    turns: list[int] = []
    for owner in owners:
        turn = max(present_turn, last[owner] + 1) if owner in last else present_turn
        last[owner] = turn
        turns.append(turn)
    return turns
