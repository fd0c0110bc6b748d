"""The egress guard: strangers' pages reach the public web, and nothing else.

    policy = EgressPolicy.allowing(settings.allow_hosts)
    target = admitted_target(text, policy)            # refuses at sight, before anything is opened
    async with EgressProxy(policy) as proxy:          # one for each browser
        browser = await chromium.launch(args=[..., *egress_flags(proxy.url)])
        with proxy.admit(byte_limit=25_000_000) as passage:      # one for each audit
            context = await browser.new_context()                # inherits the proxy from the switches
            page = await context.new_page()
            await admit_page(page, passage)                      # once a context, before anything is opened
            ...
            passage.refusal_of(url)                   # why it did not come: .error() is what to raise
            passage.bytes_received

Chromium does not say why a proxy refused: it shows ERR_TUNNEL_CONNECTION_FAILED for https, and for http a bare 403
or 502 (ERR_HTTP_RESPONSE_CODE_FAILURE). Ask `passage.refusal_of(url)` first, with the address that failed (a redirect
may have led there), and only then the browser.
"""

from cynthia_pipeline.browser.egress.addresses import NotPublic, why_not_public
from cynthia_pipeline.browser.egress.admission import admit_page
from cynthia_pipeline.browser.egress.flags import egress_flags
from cynthia_pipeline.browser.egress.passage import Passage
from cynthia_pipeline.browser.egress.policy import EgressPolicy
from cynthia_pipeline.browser.egress.proxy import EgressProxy
from cynthia_pipeline.browser.egress.refusals import Refusal
from cynthia_pipeline.browser.egress.targets import admitted_target

__all__ = [
    "EgressPolicy",
    "EgressProxy",
    "NotPublic",
    "Passage",
    "Refusal",
    "admit_page",
    "admitted_target",
    "egress_flags",
    "why_not_public",
]
