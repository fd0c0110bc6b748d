"""Whether a deployment can do its work, asked of the webserver: it answers, its code is loaded, its daemon lives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

_ASK_TIMEOUT = aiohttp.ClientTimeout(total=10.0)

_QUERY = """
{
  version
  instance { daemonHealth { allDaemonStatuses { daemonType required healthy } } }
  workspaceOrError {
    __typename
    ... on PythonError { message }
    ... on Workspace {
      locationEntries { name loadStatus locationOrLoadError { __typename ... on PythonError { message } } }
    }
  }
}
"""


@dataclass(frozen=True)
class Health:
    """What the webserver says of the deployment.

    Attributes:
        version: of Dagster; None if the webserver does not answer.
        locations: the code locations that are loaded.
        load_errors: why others are not, by location.
        daemons_missing: the daemons that have shown no sign of life lately.
    """

    version: str | None = None
    locations: tuple[str, ...] = ()
    load_errors: Mapping[str, str] | None = None
    daemons_missing: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether everything is there."""
        return self.version is not None and bool(self.locations) and not self.daemons_missing and not self.load_errors


async def ask_health(address: str) -> Health:
    """The health of the deployment whose UI is at `address`; an empty one if it does not answer."""
    try:
        # Straight to loopback, whatever proxy the environment names.
        async with (
            aiohttp.ClientSession(timeout=_ASK_TIMEOUT, trust_env=False, raise_for_status=True) as client,
            client.post(f"{address}/graphql", json={"query": _QUERY}) as response,
        ):
            data = (await response.json()).get("data")
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return Health()
    return read_health(data) if isinstance(data, dict) else Health()


def read_health(data: Mapping[str, Any]) -> Health:
    """What the webserver's answer says. Pure."""
    workspace = data["workspaceOrError"]
    entries = workspace.get("locationEntries", [])
    errors = {
        entry["name"]: str(entry["locationOrLoadError"].get("message", "unknown"))
        for entry in entries
        if (entry["locationOrLoadError"] or {}).get("__typename") == "PythonError"
    }
    if workspace["__typename"] == "PythonError":
        errors["workspace"] = str(workspace.get("message", "unknown"))
    return Health(
        version=data["version"],
        locations=tuple(
            entry["name"] for entry in entries if entry["loadStatus"] == "LOADED" and entry["name"] not in errors
        ),
        load_errors=errors,
        daemons_missing=tuple(
            status["daemonType"]
            for status in data["instance"]["daemonHealth"]["allDaemonStatuses"]
            if status["required"] and not status["healthy"]
        ),
    )
