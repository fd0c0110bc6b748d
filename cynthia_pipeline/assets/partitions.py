"""The sessions that Dagster's UI lists: dynamic partitions, one a session, as a rolling window of the newest.

The UI lists some 10,000 partitions at ease and is unusable with hundreds of thousands, so the window is kept while
keys are added, not only by the daily maintenance. What leaves it stays in Postgres.
"""

from collections.abc import Callable, Sequence

from dagster import DagsterInstance, DynamicPartitionsDefinition

NAME = "build_sessions"

session_partitions = DynamicPartitionsDefinition(name=NAME)

_TRIM_EVERY = 200
"""Keys added between two looks at how many there are: reading all of them costs more than deleting some."""


class SessionPartitions:
    """The partitions as one drain adds to them.

    Args:
        kept: the most that are listed, but for those added since the last look.
    """

    def __init__(self, instance: DagsterInstance, kept: int) -> None:
        self._instance = instance
        self._kept = kept
        self._untrimmed = 0

    def add(self, keys: Sequence[str]) -> None:
        """Lists the keys that are not listed yet, in one call, and lets go of the oldest beyond the window."""
        if not keys:
            return
        self._instance.add_dynamic_partitions(NAME, list(keys))
        self._untrimmed += len(keys)
        if self._untrimmed >= _TRIM_EVERY:
            trim(self._instance, self._kept, lambda: True)
            self._untrimmed = 0


def trim(instance: DagsterInstance, kept: int, has_time: Callable[[], bool]) -> int:
    """Deletes the oldest keys beyond the newest `kept`, while there is time. Returns how many went."""
    keys = instance.get_dynamic_partitions(NAME)
    return delete(instance, keys[: max(len(keys) - kept, 0)], has_time)


def delete(instance: DagsterInstance, keys: Sequence[str], has_time: Callable[[], bool]) -> int:
    """Deletes the keys while there is time. Returns how many went."""
    for count, key in enumerate(keys):
        if not has_time():
            return count
        instance.delete_dynamic_partition(NAME, key)
    return len(keys)
