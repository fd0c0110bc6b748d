"""What the Dagster layer works with: plain objects, made when they are first used, never when code is loaded."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from cynthia_pipeline.audit.engine import AuditEngine
from cynthia_pipeline.fix_packs.ports import PackMaker
from cynthia_pipeline.queue.acceptance import IntakeRules
from cynthia_pipeline.queue.configured import limits_of
from cynthia_pipeline.queue.drain import DrainLimits
from cynthia_pipeline.queue.duplicates import Reuse
from cynthia_pipeline.queue.model import Limits, RetryPolicy
from cynthia_pipeline.settings import Settings, load_settings
from cynthia_pipeline.store.database import Database
from cynthia_pipeline.store.urls import databases

OpenEngine: TypeAlias = Callable[[Settings], AbstractAsyncContextManager[AuditEngine]]
OpenPackMaker: TypeAlias = Callable[[Settings], AbstractAsyncContextManager[PackMaker]]


@dataclass
class Pipeline:
    """The deployment as assets and sensors see it.

    Attributes:
        environment: where the settings are read from, on first use.
        open_audit_engine: opens the engine that the settings choose.
        open_pack_maker: opens the maker of fix packs; None where no packs are made.
    """

    environment: Mapping[str, str]
    open_audit_engine: OpenEngine
    open_pack_maker: OpenPackMaker | None = None

    @cached_property
    def settings(self) -> Settings:
        """The settings of this process."""
        return load_settings(self.environment)

    @cached_property
    def database_url(self) -> str:
        """The app's database; starts the embedded one where no URL is set."""
        return databases(self.settings).app

    @cached_property
    def database(self) -> Database:
        """The app's database, for what is done outside of a drain."""
        return Database(self.database_url)

    def limits(self) -> Limits:
        """How much may run at once."""
        return limits_of(self.settings)

    def intake_rules(self) -> IntakeRules:
        """What is settled when a session enters the queue and while it waits there."""
        settings = self.settings
        reuse = Reuse(
            window_s=settings.dedupe_window_s,
            # Whether a name leads into an allowed range is not known before it is looked up.
            copy=settings.copy_reports and not settings.allowed_networks(),
            private_hosts=frozenset(settings.allow_hosts),
        )
        return IntakeRules(ageing_s=settings.ageing_s, reuse=reuse if settings.dedupe_window_s else None)

    def retry_policy(self) -> RetryPolicy:
        """When transient failures are tried again."""
        settings = self.settings
        return RetryPolicy(
            max_attempts=settings.max_attempts, base_s=settings.backoff_base_s, cap_s=settings.backoff_cap_s
        )

    def drain_limits(self) -> DrainLimits:
        """How a drain behaves."""
        settings = self.settings
        return DrainLimits(
            slots=settings.audits_at_once,
            linger_s=settings.linger_s,
            max_age_s=settings.drain_max_age_s,
            grace_s=settings.drain_grace_s,
            poll_s=settings.poll_s,
            lease_s=settings.lease_s,
            attempt_timeout_s=settings.audit_timeout_s,
            retry=self.retry_policy(),
            keep_warm=settings.keep_warm,
        )

    def pack_drain_limits(self) -> DrainLimits:
        """How a drain of fix packs behaves."""
        settings = self.settings
        return replace(
            self.drain_limits(),
            slots=settings.fix_packs_at_once,
            attempt_timeout_s=settings.fix_pack_timeout_s,
        )
