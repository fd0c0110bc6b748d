"""The run launcher for dagster.yaml: hands each run to the fork server.

run_launcher:
  module: cynthia_pipeline.launcher.launcher
  class: ForkingRunLauncher
  config:
    socket: /path/of/the/server.sock
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from dagster import DagsterInstance, DagsterRun, Field, StringSource

# RunLauncher is marked as public but exported from nowhere else, and so are the classes that its methods deal in.
from dagster._core.launcher import CheckRunHealthResult, LaunchRunContext, RunLauncher, WorkerStatus
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import ConfigurableClass, ConfigurableClassData

from cynthia_pipeline.launcher.protocol import Answer, Ask, Request, State, ask

_ANSWER_WITHIN_S = 10.0
_PATIENCE_S = 30.0
"""How long a server that is not there is waited for: it may be starting again."""
_PAUSE_S = 0.2

_STATUS: Mapping[State, WorkerStatus] = {
    State.RUNNING: WorkerStatus.RUNNING,
    State.SUCCEEDED: WorkerStatus.SUCCESS,
    State.FAILED: WorkerStatus.FAILED,
    State.UNKNOWN: WorkerStatus.UNKNOWN,
}
"""Unknown is not "not found": a server that was started again knows nothing of processes that outlived the last."""


class ForkingRunLauncher(RunLauncher[DagsterInstance], ConfigurableClass):
    """Starts each run as a fork of the server on `socket`."""

    def __init__(self, socket: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Dagster's base has no annotations there
        self._socket = Path(socket)
        self._inst_data = inst_data

    @property
    def inst_data(self) -> ConfigurableClassData | None:
        """How Dagster made this object."""
        return self._inst_data

    @classmethod
    def config_type(cls) -> Mapping[str, Any]:
        """What dagster.yaml may set."""
        return {"socket": Field(StringSource, description="The fork server's Unix socket.")}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """The launcher as dagster.yaml describes it."""
        return cls(socket=config_value["socket"], inst_data=inst_data)

    def launch_run(self, context: LaunchRunContext) -> None:
        """Starts the run's process.

        Raises:
            OSError: the fork server does not answer; Dagster fails the run with it, and retries it as configured.
        """
        run = context.dagster_run
        if run.job_code_origin is None:
            raise ValueError(f"run {run.run_id} does not say where its code is")
        given = ExecuteRunArgs(run.job_code_origin, run.run_id, self._instance.get_ref(), set_exit_code_on_failure=True)
        arguments = given.get_command_args()
        # The arguments begin with the command that would start Dagster anew; the server has it loaded.
        after_command = tuple(arguments[list(arguments).index("api") :])
        answer = self._ask_patiently(Request(Ask.START, run.run_id, after_command))
        self._instance.report_engine_event(f"Forked process {answer.pid}.", run, cls=type(self))

    def terminate(self, run_id: str) -> bool:
        """Asks the run's process to end in order. Returns whether there was one."""
        run = self._instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            return False
        self._instance.report_run_canceling(run)
        return ask(self._socket, Request(Ask.STOP, run_id), within_s=_ANSWER_WITHIN_S).state is State.RUNNING

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Run monitoring can ask."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """What the server knows of the run's process."""
        try:
            answer = ask(self._socket, Request(Ask.STATE, run.run_id), within_s=_ANSWER_WITHIN_S)
        except OSError as error:
            return CheckRunHealthResult(WorkerStatus.UNKNOWN, f"the fork server does not answer: {error}")
        return CheckRunHealthResult(_STATUS[answer.state], f"its process: {answer.state}")

    def _ask_patiently(self, request: Request) -> Answer:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                return ask(self._socket, request, within_s=_ANSWER_WITHIN_S)
            except OSError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(_PAUSE_S)
