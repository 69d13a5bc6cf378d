"""Under which licence each package is that requirements.lock names, read from what is installed: `make licences`.

The table goes to standard output. Exit code 1 where a package says nothing of its licence, or is not installed.
"""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
UNKNOWN = "?"
_HEAD = """# Licences

Of every package in `requirements.lock`, as its own metadata say it; made by `make licences`. Not in it: htmx in `gateway/static` (0BSD),
and the images of `docker-compose.yml`, each under its own.

| package | version | licence |
|---|---|---|
"""
_LONG = 60


def locked(lock: str) -> dict[str, str]:
    """Name and version of each package in the lock."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", lock, re.MULTILINE))


def licence_of(found: metadata.PackageMetadata) -> str:
    """What the metadata say: the expression, else the classifiers, else a short text."""
    said = found.json
    expression = str(said.get("license_expression") or "").strip()
    classified = [
        each.rpartition(" :: ")[2]
        for each in said.get("classifier") or []
        if each.startswith("License :: ") and each != "License :: OSI Approved"
    ]
    text = " ".join(str(said.get("license") or "").split())
    short = text if 0 < len(text) <= _LONG and text.upper() != "UNKNOWN" else ""
    return expression or ", ".join(classified) or short or text[:_LONG] or UNKNOWN


def rows(lock: str) -> list[tuple[str, str, str]]:
    """Each package with its version and licence, in their order."""
    found = []
    for name, version in sorted(locked(lock).items(), key=lambda each: each[0].lower()):
        try:
            licence = licence_of(metadata.metadata(name))
        except metadata.PackageNotFoundError:
            licence = UNKNOWN
        found.append((name, version, licence))
    return found


def main() -> int:
    """Write the table; returns the exit code."""
    found = rows(LOCK.read_text(encoding="utf-8"))
    sys.stdout.write(
        _HEAD + "".join(f"| {name} | {version} | {licence} |\n" for name, version, licence in found)
    )
    unknown = [name for name, _, licence in found if licence == UNKNOWN]
    if unknown:
        sys.stderr.write(f"许可证不明 · nothing is said of the licence of: {', '.join(unknown)}\n")
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
