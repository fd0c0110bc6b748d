"""A report as one HTML file that needs nothing else: no script, no outside resource, pictures inside.

The file may be mailed, archived and opened from disk. Everything in it that came from the audited page is text;
see markup.py for what guards that.
"""

from collections.abc import Sequence
from datetime import datetime

from cynthia_pipeline.audit.engine import Evidence
from cynthia_pipeline.audit.report import Axis, Report
from cynthia_pipeline.markup import render_page
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.presenter import view_of
from cynthia_pipeline.report.texts import texts_for


def render_html(
    report: Report, evidence: Sequence[Evidence], *, target: str, audited_at: datetime, language: Language
) -> str:
    """The report as an HTML document.

    Args:
        report: what was found.
        evidence: the pictures that belong to it: crops by issue id, "page-desktop" and "page-mobile".
        target: the address or the idea that was audited, as it was given.
        audited_at: when; aware.
        language: of the document's frame; the findings are in the language they were written in.

    Returns:
        A whole document, to be written as UTF-8. The same arguments give the same document.
    """
    texts = texts_for(language)
    return render_page(
        "cynthia_pipeline.report",
        "report.html.j2",
        language=language.value,
        texts=texts,
        report=view_of(report, evidence, target=target, texts=texts),
        audited_at=audited_at,
        axis_total=len(Axis),
    )
