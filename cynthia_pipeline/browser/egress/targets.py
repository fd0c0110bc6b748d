"""What can be said of a user's address before anything is resolved or dialled. Pure.

The proxy judges every connection anyhow; this only spares the user the wait, and the queue the attempt.
"""

from cynthia_pipeline.audit.target import Target, parse_target
from cynthia_pipeline.browser.egress.policy import EgressPolicy
from cynthia_pipeline.browser.egress.refusals import Refusal


def admitted_target(text: str, policy: EgressPolicy) -> Target:
    """The target that `text` names, if the policy does not refuse it at sight.

    Raises:
        PermanentError: NOT_A_URL, SCHEME_REFUSED, CREDENTIALS_IN_URL; ADDRESS_REFUSED for an address, or for a
            name that means this machine by definition; PORT_REFUSED.
    """
    target = parse_target(text)
    refused = policy.decide_at_sight(target.host, target.port)
    if refused is not None:
        raise Refusal(target.host, target.port, refused.code, refused.why).error()
    return target
