"""HTML files that stand alone: no script, no outside resource, one style block that the policy names by its hash.

The report and the drafted pages are both made this way. Every value that a template prints goes through
`neutralise` and then through autoescaping: there is no template expression that could skip either.
"""

import base64
import hashlib
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from cynthia_pipeline.text import neutralise

STYLESHEET = "style.css"


def _printable(value: object) -> object:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return neutralise(value)


@lru_cache
def environment(package: str) -> Environment:
    """The templates of `package`, with escaping on and undefined names refused."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render_page(package: str, template: str, *, form_action: str = "'none'", **values: object) -> str:
    """One file from `template` of `package`, with its style block (`style`) and policy (`policy`) filled in.

    Args:
        package: dotted name of the package whose folder `templates` holds the template and its style.css.
        template: the template's file name.
        form_action: where the policy lets forms be sent, as CSP writes it.
        values: what the template names.
    """
    templates = environment(package)
    style = templates.get_template(STYLESHEET).render()
    return templates.get_template(template).render(
        style=Markup(style),  # noqa: S704 - the project's own file, and escaping would break its hash
        policy=content_security_policy(style, form_action),
        **values,
    )


def content_security_policy(style: str, form_action: str) -> str:
    """The policy under which nothing loads or runs but data: pictures and this one style block."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action {form_action}"
