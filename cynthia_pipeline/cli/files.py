"""Files that a command was asked to write."""

from pathlib import Path

from cynthia_pipeline.errors import UsageError


def writable(path: Path) -> Path:
    """`path`, if a file can be made there: asked before the work, so that none is done in vain.

    Raises:
        UsageError: its folder is missing, or it is a folder itself.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder: name a file in it, such as {path / 'report.html'}")
    if not path.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}: make it first, or name another")
    return path


def write_document(path: Path, document: str) -> None:
    """Writes `document` as UTF-8, replacing what was there.

    Raises:
        UsageError: the system does not allow it.
    """
    try:
        path.write_text(document, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
