"""How the browser introduces itself: as what it is, with the product's name behind it."""

from importlib.metadata import version
from typing import Any

from cynthia_pipeline.audit.artifacts import Viewport
from cynthia_pipeline.messages import Language

_SYSTEM = {
    Viewport.DESKTOP: "X11; Linux x86_64",
    # The frozen form of reduced user agents: https://www.chromium.org/updates/ua-reduction/
    Viewport.MOBILE: "Linux; Android 10; K",
}
_LOCALE = {Language.ENGLISH: "en-US", Language.SPANISH: "es-ES"}


def user_agent(viewport: Viewport, browser_version: str, contact_url: str | None = None) -> str:
    """The User-Agent header: Chromium's reduced one, which sites know how to serve, the product's name and its contact.

    Args:
        viewport: of the visit.
        browser_version: of Chromium, such as 156.0.8078.79.
        contact_url: where site owners learn who visits, in ASCII; written as crawlers do (RFC 9110, section 10.1.5).
    """
    major = browser_version.partition(".")[0]
    mobile = " Mobile" if viewport is Viewport.MOBILE else ""
    return (
        f"Mozilla/5.0 ({_SYSTEM[viewport]}) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{major}.0.0.0{mobile} Safari/537.36 {product(contact_url)}"
    )


def product(contact_url: str | None = None) -> str:
    """The product's name and version, and its contact: what requests say that are not the browser's own."""
    contact = "" if contact_url is None else f" (+{contact_url})"
    return f"Cynthia/{version('cynthia-pipeline')}{contact}"


def device(
    viewport: Viewport, language: Language, browser_version: str, contact_url: str | None = None
) -> dict[str, Any]:
    """Playwright's context options for one viewport: the same device for every audit, so that reports compare."""
    is_mobile = viewport is Viewport.MOBILE
    return {
        "viewport": {"width": viewport.width, "height": viewport.height},
        "screen": {"width": viewport.width, "height": viewport.height},
        "device_scale_factor": 1,
        "is_mobile": is_mobile,
        "has_touch": is_mobile,
        "user_agent": user_agent(viewport, browser_version, contact_url),
        "locale": _LOCALE[language],
        "timezone_id": "UTC",
        "color_scheme": "light",
        "reduced_motion": "no-preference",
    }


def window(viewport: Viewport) -> dict[str, Any]:
    """The same device's window, as the parameters of Emulation.setDeviceMetricsOverride."""
    return {
        "width": viewport.width,
        "height": viewport.height,
        "screenWidth": viewport.width,
        "screenHeight": viewport.height,
        "deviceScaleFactor": 1,
        "mobile": viewport is Viewport.MOBILE,
    }
