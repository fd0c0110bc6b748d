"""Folders for servers, and a way to run a program that the test may kill."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cynthia_pipeline.store.embedded import EmbeddedPostgres


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, on a short path."""
    folder = Path(tempfile.mkdtemp(prefix="cyn-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server(open_folder: Path) -> Iterator[EmbeddedPostgres]:
    """An embedded server that has not been started."""
    server = EmbeddedPostgres(open_folder / "postgres", {"fsync": "off"})
    yield server
    server.destroy()
