"""Every setting, in one frozen object that is read once by whoever starts a process.

Nothing reads the environment at import. The names in the environment are the field names in capitals with
CYNTHIA_ before them; .env.example lists them all.
"""

from collections.abc import Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, ValidationError, field_validator, model_validator

from cynthia_pipeline.errors import UsageError

PREFIX = "CYNTHIA_"


class EngineChoice(StrEnum):
    """Which engine audits."""

    BROWSER = "browser"
    REMOTE = "remote"


class Settings(BaseModel):
    """The settings of one deployment. See each field's description, and docs/settings.md for the same as a table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Path = Field(
        default=Path(".cynthia"),
        description="Folder for all that is kept on disk: the embedded Postgres, logs, reports.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="The app's database, as a postgresql:// URL. Unset: an embedded Postgres under the home folder.",
    )
    dagster_postgres_url: SecretStr | None = Field(
        default=None,
        description="Dagster's own database. Unset: the database `dagster` on the app's server.",
    )
    webserver_host: str = Field(default="127.0.0.1", description="Where `cynthia up` binds the Dagster UI.")
    webserver_port: int = Field(default=3000, ge=0, le=65535, description="Port of the Dagster UI; 0 takes a free one.")
    webserver_read_only: bool = Field(
        default=False,
        description="`cynthia up` starts the Dagster UI for viewers: it shows everything and launches, changes and"
        " cancels nothing. Sensors and schedules go on.",
    )
    fork_runs: bool = Field(
        default=True,
        description="`cynthia up` on Linux: fork each run from a process that has all imported, which starts it in"
        " tenths of a second. `false` leaves runs to Dagster's own launcher.",
    )

    audit_engine: EngineChoice = Field(
        default=EngineChoice.BROWSER,
        description="`browser` audits in Chromium on this machine, `remote` asks the Audit API.",
    )
    audit_api_url: HttpUrl | None = Field(default=None, description="Address of the remote Audit API.")
    audit_api_token: SecretStr | None = Field(default=None, description="Bearer token for the remote Audit API.")
    audit_timeout_s: float = Field(default=60.0, gt=0, description="Longest one audit may take, seconds.")

    judgement_model: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Name of a language model that may add remarks for a person to review, beside what the `browser`"
        " engine measured, and word the drafts of content packs. Unset: none is asked. Needs the `judgement` extra and"
        " a key or an address.",
    )
    judgement_url: HttpUrl | None = Field(
        default=None,
        description="Address of the model's OpenAI-compatible API, up to and with /v1. Unset: OpenAI's own.",
    )
    judgement_api_key: SecretStr | None = Field(default=None, description="Key for the model's API.")
    judgement_timeout_s: float = Field(
        default=20.0,
        gt=0,
        description="Longest to wait for the model, seconds: in one audit, within the audit's time, and in one content"
        " pack, within a quarter of the pack's.",
    )

    chromium: Path | None = Field(
        default=None, description="The browser's executable. Unset: the first Chrome or Chromium found."
    )
    chromium_user: str | None = Field(
        default=None,
        description="As root: the account that the browser runs under, with its sandbox on where the system allows it."
        " Unset: `nobody` where that works, else root without a sandbox; a named account is never given up for root.",
    )
    allow_hosts: tuple[str, ...] = Field(
        default=(),
        description="Exact hosts or CIDR ranges to audit although not on the public internet, comma separated.",
    )
    contact_url: HttpUrl | None = Field(
        default=None,
        description="Where the owner of an audited site learns who visits; stands in the browser's User-Agent.",
    )
    honour_robots: bool = Field(
        default=False,
        description="Open no page that its site's robots.txt forbids to `Cynthia`. By default people decide: whoever"
        " types an address asks for one visit to it, as with a browser.",
    )
    audit_empty_pages: bool = Field(
        default=False,
        description="Audit a page that shows nothing for what its markup alone says: its title, its language. By"
        " default it is refused, since mostly it is a page whose script failed.",
    )
    page_max_mb: int = Field(default=25, gt=0, description="Most bytes one page load may transfer, MB.")
    page_max_nodes: int = Field(
        default=20_000,
        gt=0,
        description="Most DOM elements that are measured; the report says what was left out.",
    )

    audits_at_once: int = Field(default=5, ge=1, le=100, description="Audits running at once in the whole system.")
    audits_per_user: int = Field(
        default=2,
        ge=1,
        description="Audits running at once for each user; an anonymous session counts as a user.",
    )
    audits_per_host: int = Field(default=2, ge=1, description="Audits running at once against each registrable host.")
    audit_starts_per_minute: int | None = Field(
        default=None, ge=1, description="Most audits started in any 60 seconds. Unset: no limit."
    )
    fix_packs_at_once: int = Field(
        default=2, ge=1, le=50, description="Fix packs made at once in the whole system, beside the audits."
    )
    fix_pack_timeout_s: float = Field(
        default=120.0, gt=0, description="Longest one attempt at a fix pack may take, seconds."
    )
    ageing_s: float = Field(
        default=600.0,
        gt=0,
        description="A waiting audit rises by one priority class each time it has waited this long, seconds.",
    )
    dedupe_window_s: float = Field(
        default=600.0,
        ge=0,
        description="Sessions for the same page share a report that is at most this old, seconds; 0 audits each one.",
    )
    copy_reports: bool = Field(
        default=True,
        description="Give a fresh report of a public page to other users too, each in an audit of their own.",
    )
    max_attempts: int = Field(
        default=4, ge=1, description="Attempts for each audit before a transient failure is final."
    )
    backoff_base_s: float = Field(
        default=2.0, gt=0, description="First retry's longest wait, seconds; doubles with each attempt."
    )
    backoff_cap_s: float = Field(default=300.0, gt=0, description="Longest wait between two attempts, seconds.")
    lease_s: float = Field(
        default=30.0, gt=0, description="A claim that is not renewed for this long frees its audit, seconds."
    )
    linger_s: float = Field(
        default=30.0, ge=0, description="How long a drain waits for more work before it ends, seconds."
    )
    keep_warm: bool = Field(default=False, description="Keep one drain alive although nothing is due.")
    drain_max_age_s: float = Field(
        default=3600.0, gt=0, description="A drain takes no new work after this long, seconds."
    )
    drain_grace_s: float = Field(
        default=20.0,
        ge=0,
        description="How long running audits may go on after a drain was told to end, seconds.",
    )
    poll_s: float = Field(
        default=5.0,
        gt=0,
        description="How often a drain looks for work that no notification told it of, seconds.",
    )

    stuck_after_s: float = Field(
        default=600.0,
        gt=0,
        description="Open work that nothing moved for this long fails the asset check `nothing_stuck`, seconds.",
    )
    retention_days: int = Field(
        default=30,
        ge=1,
        description="How long Dagster's runs, their events and partitions are kept, and attempts that were not final.",
    )
    partitions_kept: int = Field(
        default=10_000, ge=1, description="Most sessions that Dagster's UI lists as partitions, the newest."
    )
    maintenance_budget_s: float = Field(
        default=600.0, gt=0, description="Longest one maintenance run prunes, seconds; the next one goes on."
    )

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _remote_needs_address(self) -> Self:
        if self.audit_engine is EngineChoice.REMOTE and self.audit_api_url is None:
            raise ValueError("CYNTHIA_AUDIT_ENGINE=remote needs CYNTHIA_AUDIT_API_URL")
        return self

    @model_validator(mode="after")
    def _model_needs_a_way_to_it(self) -> Self:
        if self.judgement_model is not None and self.judgement_url is None and self.judgement_api_key is None:
            raise ValueError("CYNTHIA_JUDGEMENT_MODEL needs CYNTHIA_JUDGEMENT_API_KEY or CYNTHIA_JUDGEMENT_URL")
        return self

    def allowed_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The entries of `allow_hosts` that are addresses or ranges."""
        return tuple(network for network in map(_as_network, self.allow_hosts) if network is not None)


def _as_network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def load_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that `environment` gives; an empty value counts as not given.

    Raises:
        UsageError: a value cannot be read; names the variable and what it may be.
    """
    given = {
        name: environment[variable]
        for name, variable in environment_names().items()
        if environment.get(variable, "") != ""
    }
    try:
        return Settings.model_validate(given)
    except ValidationError as error:
        raise UsageError("; ".join(_explain(problem["loc"], problem["msg"]) for problem in error.errors())) from error


def environment_names() -> dict[str, str]:
    """The environment variable of each setting, by field name."""
    return {
        name: "DAGSTER_POSTGRES_URL" if name == "dagster_postgres_url" else PREFIX + name.upper()
        for name in Settings.model_fields
    }


def _explain(location: tuple[int | str, ...], message: str) -> str:
    if not location:
        return message.removeprefix("Value error, ")
    return f"{environment_names().get(str(location[0]), str(location[0]))}: {message}"
