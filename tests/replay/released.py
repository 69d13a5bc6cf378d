"""What a release has frozen: recorded histories and migrations, by the hashes of their files.

From a release on orders of customers are open that its code began. A recording of it says how such an order lives, and a
migration of it has run on a company's database: neither is made anew. `python -m tests.replay.released 0.3.0` freezes
what has come since the last release.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from pydantic import BaseModel

from models.values.editions import Edition

ROOT = Path(__file__).resolve().parents[2]
HISTORIES = Path(__file__).resolve().parent / "histories"
MIGRATIONS = ROOT / "migrations" / "versions"
RELEASES = Path(__file__).resolve().parent / "releases"


class Frozen(RuntimeError):
    """What a release has frozen was to be made anew."""


class Release(BaseModel):
    """What came with one release, by the name of the file without its folder."""

    editions: dict[str, int]
    """The editions of rules that orders of this release follow, by their names."""
    recordings: dict[str, str]
    """SHA-256 of each recorded history."""
    migrations: dict[str, str]
    """SHA-256 of each migration of the order database."""


def releases() -> dict[str, Release]:
    """All releases by their version."""
    return {
        file.stem: Release.model_validate_json(file.read_text()) for file in sorted(RELEASES.glob("*.json"))
    }


def frozen_since(recording: str) -> str | None:
    """The release that froze this recording; None while it may still be made anew."""
    file = f"{recording}.json.gz"
    return next((version for version, each in releases().items() if file in each.recordings), None)


def require_unreleased(recording: str) -> None:
    """A recording may be written. Raises Frozen for one of a release: a rule that was wrong gets an edition instead."""
    version = frozen_since(recording)
    if version is not None:
        raise Frozen(
            f"the recording {recording!r} is frozen since {version}: orders that lived so are open. Record another "
            "one beside it; a rule that was wrong is put right by an edition (docs/changing-open-orders.md)"
        )


def sums(folder: Path, ending: str) -> dict[str, str]:
    """The hash of each file of the folder with this ending, but of what only makes a package of it."""
    files = sorted(file for file in folder.glob(f"*{ending}") if file.name != "__init__.py")
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def freeze(version: str) -> Release:
    """Keep what no earlier release has. Raises Frozen for a version that was released."""
    known = releases()
    if version in known:
        raise Frozen(f"{version} was released")
    recordings, migrations = sums(HISTORIES, ".json.gz"), sums(MIGRATIONS, ".py")
    for each in known.values():
        recordings = {name: kept for name, kept in recordings.items() if name not in each.recordings}
        migrations = {name: kept for name, kept in migrations.items() if name not in each.migrations}
    editions = {each.name: int(each) for each in Edition}
    release = Release(editions=editions, recordings=recordings, migrations=migrations)
    RELEASES.mkdir(exist_ok=True)
    (RELEASES / f"{version}.json").write_text(json.dumps(release.model_dump(), indent=1) + "\n")
    return release


def main() -> None:
    """Freeze what came since the last release under this version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version")
    release = freeze(parser.parse_args().version)
    sys.stdout.write(f"{len(release.recordings)} recordings, {len(release.migrations)} migrations\n")


if __name__ == "__main__":
    main()
