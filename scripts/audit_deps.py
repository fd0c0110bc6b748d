"""Asks whether a locked package has a known hole: `make audit-deps`. Needs uv, which fetches pip-audit for itself.

Where the advisory service cannot be reached pip-audit skips packages and calls that success. Here that is said, and is
an error only with --strict, so that a build without the internet goes on.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
TOOL: Final = "pip-audit==2.10.1"
ANSWERS_S: Final = 300.0


def main() -> int:
    """Prints what was found; 1 if a package has a known hole, or with --strict if not all could be asked about."""
    report, problem = ask()
    vulnerable, skipped, lines = verdict(report)
    for line in lines:
        sys.stdout.write(f"{line}\n")
    if problem:
        sys.stderr.write(f"The dependencies were not audited: {problem}\n")
    elif skipped:
        sys.stderr.write(
            f"{skipped} packages were not audited: the advisory service does not know or answer for them\n"
        )
    return 1 if vulnerable or ("--strict" in sys.argv[1:] and (problem or skipped)) else 0


def ask() -> tuple[dict[str, Any], str]:
    """pip-audit's report, and why there is none."""
    uv = shutil.which("uv") or shutil.which("uv", path=ROOT / ".venv-tools" / "bin")
    if uv is None:
        return {}, "uv is missing; run `make setup`"
    options = ["--requirement", "requirements.lock", "--disable-pip", "--require-hashes", "--format", "json"]
    command = [uv, "tool", "run", "--quiet", TOOL, *options, "--progress-spinner", "off"]
    try:
        done = subprocess.run(  # noqa: S603 - uv, with arguments of this file
            command, cwd=ROOT, capture_output=True, text=True, timeout=ANSWERS_S, check=False
        )
        report: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {}, f"no answer within {ANSWERS_S:g} s"
    except ValueError:
        return {}, (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
    return report, ""


def verdict(report: dict[str, Any]) -> tuple[int, int, list[str]]:
    """How many packages have a hole, how many were skipped, and a line for each hole and for the sum."""
    packages = report.get("dependencies", [])
    skipped = sum("skip_reason" in package for package in packages)
    vulnerable = [package for package in packages if package.get("vulns")]
    lines = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'none'}"
        for package in vulnerable
        for hole in package["vulns"]
    ]
    if len(packages) > skipped:
        lines.append(f"{len(packages) - skipped} packages audited, {len(vulnerable)} with a known hole")
    return len(vulnerable), skipped, lines


if __name__ == "__main__":
    sys.exit(main())
