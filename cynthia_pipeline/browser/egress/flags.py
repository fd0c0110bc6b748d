"""Chromium switches that leave the proxy as the only way out, each with its reason."""

from typing import Final

_ONLY_WAY_OUT: Final = (
    # By itself Chromium goes round any proxy for localhost and link-local addresses: the ones to guard most.
    "--proxy-bypass-list=<-loopback>",
    # The browser resolves nothing: names go to the proxy as names. What asks all the same finds nothing.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # HTTP/3 is UDP, which an HTTP proxy does not carry.
    "--disable-quic",
    # Peer connections: no UDP that the proxy does not carry, and so no local addresses told to the page.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # No lookups and connections on a guess.
    "--dns-prefetch-disable",
    # What the browser asks for on its own account: updates, field trials, safe browsing, reports.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--no-pings",
)


def egress_flags(proxy_url: str) -> tuple[str, ...]:
    """The switches to start Chromium with, given the proxy's address."""
    return (f"--proxy-server={proxy_url}", *_ONLY_WAY_OUT)
