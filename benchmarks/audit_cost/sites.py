"""Pages that this project did not write: website templates from npm packages, served on loopback."""

import functools
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any


@dataclass(frozen=True, slots=True)
class Template:
    """One page of one npm package.

    Attributes:
        package: name and version, as `npm pack` takes them.
        page: path of the page inside the package.
    """

    package: str
    page: str

    @property
    def name(self) -> str:
        """For the table."""
        return f"{self.package.partition('@')[0]} {self.page}"


TEMPLATES = (
    Template("startbootstrap-creative@7.0.7", "dist/index.html"),
    Template("startbootstrap-resume@7.0.6", "dist/index.html"),
    Template("startbootstrap-simple-sidebar@6.0.6", "dist/index.html"),
    Template("startbootstrap-sb-admin@7.0.7", "dist/index.html"),
    Template("startbootstrap-sb-admin-2@4.1.4", "tables.html"),
)


def fetch(templates: tuple[Template, ...], cache: Path) -> None:
    """Unpacks each package under `cache`, unless it is there from before."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the pages: install Node.js")
    cache.mkdir(parents=True, exist_ok=True)
    for template in templates:
        folder = cache / template.package
        if folder.is_dir():
            continue
        packed = subprocess.run([npm, "pack", "--silent", template.package], cwd=cache, check=True, capture_output=True)
        archive = cache / packed.stdout.decode().strip().splitlines()[-1]
        with tarfile.open(archive) as package:
            package.extractall(folder, filter="data")
        archive.unlink()


@contextmanager
def served(templates: tuple[Template, ...], cache: Path) -> Iterator[dict[str, str]]:
    """Serves `cache` on a free port of loopback; gives each template's address by its name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(cache)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        root = f"http://127.0.0.1:{server.server_address[1]}"
        yield {template.name: f"{root}/{template.package}/package/{template.page}" for template in templates}
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name is the base class's
        """The table is what is read."""
