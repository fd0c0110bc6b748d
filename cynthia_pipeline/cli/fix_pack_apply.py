"""Applies a pack to a checkout of the site, or undoes it: to the byte, or not at all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cynthia_pipeline.errors import UsageError
from cynthia_pipeline.fix_packs.patches import PatchError, applied, undone
from cynthia_pipeline.fix_packs.ports import Diff

_ENCODING: Final = "utf-8"
_UNREADABLE: Final = "surrogateescape"
"""Bytes that are no UTF-8 pass through unchanged."""


def apply_pack(diffs: Sequence[Diff], folder: Path, *, reverse: bool = False) -> tuple[Path, ...]:
    """Makes the diffs in the files under `folder`, or undoes them. Nothing is written unless all of them fit.

    Returns:
        The files that were changed, added or removed.

    Raises:
        UsageError: a file is missing, or an excerpt does not occur exactly once in it; nothing was changed.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    by_file: dict[str, list[Diff]] = {}
    for diff in diffs:
        by_file.setdefault(diff.file, []).append(diff)
    results: dict[Path, bytes | None] = {}
    for file, own in by_file.items():
        path = _inside(folder, file)
        adds = not own[0].before
        text = _read(path, may_be_missing=adds and not reverse)
        try:
            changed = undone(text, own) if reverse else applied(text, own)
        except PatchError as error:
            raise UsageError(f"{error}; nothing was changed") from error
        results[path] = None if reverse and adds and not changed else changed.encode(_ENCODING, _UNREADABLE)
    for path, content in results.items():
        _write(path, content)
    return tuple(results)


def _inside(folder: Path, file: str) -> Path:
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise UsageError(f"the pack names {file}, which lies outside of {folder}")
    return path


def _read(path: Path, *, may_be_missing: bool) -> str:
    try:
        return path.read_bytes().decode(_ENCODING, _UNREADABLE)
    except FileNotFoundError as error:
        if may_be_missing:
            return ""
        raise UsageError(f"{path} is missing; nothing was changed") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _write(path: Path, content: bytes | None) -> None:
    try:
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
