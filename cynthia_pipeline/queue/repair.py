"""What a session or an audit should say where the two disagree. Pure; store/repair.py finds and writes.

No write of this project leaves them apart, since both move in one transaction. The web app can: it deletes an audit,
writes a status, points a session to another audit. So can an operator's own SQL.
"""

from cynthia_pipeline.queue.model import WorkStatus


def session_should_be(session: WorkStatus, audit: WorkStatus | None) -> WorkStatus | None:
    """The state that an open session should be in; None if it is right as it is. A final one always is.

    Args:
        session: its state.
        audit: the state of its audit; None if the audit is gone, and the session is to be accepted as a new one.
    """
    if session.is_final:
        return None
    if audit is None:
        return WorkStatus.PENDING if session is WorkStatus.RUNNING else None
    return None if audit is session else audit


def is_adrift(status: WorkStatus, *, leased: bool, scheduled: bool) -> bool:
    """Whether nothing would ever move the audit again.

    Args:
        leased: it has a lease, and the lease an end.
        scheduled: it has a moment for its next attempt.
    """
    match status:
        case WorkStatus.PENDING:
            return not scheduled
        case WorkStatus.RUNNING:
            return not leased
        case WorkStatus.COMPLETED | WorkStatus.FAILED:
            return False
