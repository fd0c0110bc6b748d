"""A fix pack as one HTML file that needs nothing else, and as Markdown for the Dagster UI: before and after."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PIL import Image

from cynthia_pipeline.audit.pictures import opened
from cynthia_pipeline.fix_packs.ports import FixState, MadePack, Screenshot
from cynthia_pipeline.markup import render_page
from cynthia_pipeline.messages import Language
from cynthia_pipeline.report.fix_pack_texts import FIX_PACK_TEXTS
from cynthia_pipeline.report.texts import texts_for
from cynthia_pipeline.text import clip

_LONGEST: Final = 4_000
"""Characters of one excerpt that are shown; the pack itself holds them all."""

_TALLEST: Final = 2_400
"""px of a screenshot that are shown, from the top."""

_THUMBNAIL: Final = (320, 480)
"""px of the pictures in Markdown: Dagster keeps them in its event log."""


@dataclass(frozen=True, slots=True)
class _Picture:
    label: str
    source: str
    width: int
    height: int


def render_fix_pack(pack: MadePack, *, target: str, made_at: datetime, language: Language) -> str:
    """The pack as an HTML document: scores, pictures, what is fixed and left, every change.

    Args:
        pack: a verified pack.
        target: the address as it was given.
        made_at: when; aware.
        language: of the document's frame.
    """
    words = FIX_PACK_TEXTS[language]
    proof = pack.verification
    names = texts_for(language).axis_names
    return render_page(
        "cynthia_pipeline.report",
        "fix_pack.html.j2",
        language=language.value,
        words=words,
        pack=pack,
        target=target,
        made=texts_for(language).moment(made_at),
        axes=[
            (names[axis], proof.before.get(axis), score)
            for axis, score in proof.after.items()
            if score is not None or proof.before.get(axis) is not None
        ],
        fixed=[(item, words.states[item.state]) for item in proof.fixed],
        partly=[(item, words.states[item.state]) for item in proof.partly],
        not_fixed=(*proof.dropped, *proof.left),
        diffs=[(diff, clip(diff.before, _LONGEST), clip(diff.after, _LONGEST)) for diff in pack.patch_preview.diffs],
        pictures=[(_picture(b, words.before), _picture(a, words.after)) for b, a in _before_and_after(pack)],
    )


def fix_pack_markdown(pack: MadePack, language: Language = Language.ENGLISH) -> str:
    """The pack as Markdown, small enough for an event's metadata: scores, counts, both screenshots as thumbnails."""
    words = FIX_PACK_TEXTS[language]
    proof = pack.verification
    lines = [f"**{pack.title}**: {pack.description}", "", f"| | {words.before} | {words.after} |", "|---|---|---|"]
    lines.append(f"| {words.score} | {_shown(proof.overall_before)} | {_shown(proof.overall_after)} |")
    changed = [(axis, proof.before.get(axis), after) for axis, after in proof.after.items()]
    lines += [f"| {axis} | {_shown(old)} | {_shown(new)} |" for axis, old, new in changed if old != new]
    for before, after in _before_and_after(pack):
        pictures = (f"![{label}]({_thumbnail(shot)})" for label, shot in ((words.before, before), (words.after, after)))
        lines.append(f"| {before.name.removeprefix('before-')} | {' | '.join(pictures)} |")
    drafts = sum(item.state is FixState.DRAFT for item in (*proof.fixed, *proof.partly))
    lines += ["", f"{words.fixed}: {len(proof.fixed)} ({drafts} {words.states[FixState.DRAFT]}); "]
    lines[-1] += f"{words.partly}: {len(proof.partly)}; "
    lines[-1] += f"{words.not_fixed}: {len(proof.left) + len(proof.dropped)}"
    return "\n".join(lines)


def _before_and_after(pack: MadePack) -> Sequence[tuple[Screenshot, Screenshot]]:
    by_name = {shot.name: shot for shot in pack.screenshots}
    views = ("desktop", "mobile")
    return [
        (by_name[f"before-{view}"], by_name[f"after-{view}"])
        for view in views
        if f"before-{view}" in by_name and f"after-{view}" in by_name
    ]


def _picture(shot: Screenshot, label: str) -> _Picture:
    image = opened(shot)
    image = image.crop((0, 0, image.width, min(image.height, _TALLEST)))
    return _Picture(f"{label}, {shot.name.partition('-')[2]}", _data(image, 80), image.width, image.height)


def _thumbnail(shot: Screenshot) -> str:
    image = opened(shot)
    width, height = _THUMBNAIL
    scaled = image.resize((width, max(1, round(image.height * width / image.width))))
    return _data(scaled.crop((0, 0, width, min(height, scaled.height))), 60)


def _data(image: Image.Image, quality: int) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _shown(score: int | None) -> str:
    return "–" if score is None else str(score)
