"""Yesterday's program: a committed tree of the project, unpacked beside this one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

from tests.changing.trees import HERE, Tree

EDITIONS = "models/values/editions.py"


class NoOlderTree(Exception):
    """No older revision can be had here: the clone is shallow, or it is no clone."""


def older_tree(folder: Path) -> Tree:
    """The tree before the newest edition came, or the revision that `YESTERDAY` names. Raises NoOlderTree."""
    revision = (
        os.environ.get("YESTERDAY", "")
        or f"{_git('log', '-1', '--format=%H', '--', EDITIONS).decode().strip()}~1"
    )
    packed = _git("archive", "--format=tar", revision)
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return Tree(folder)


def _git(*words: str) -> bytes:
    """What git says. Raises NoOlderTree."""
    git = shutil.which("git")
    if git is None:
        raise NoOlderTree("git is not there")
    said = subprocess.run([git, *words], cwd=HERE, capture_output=True, check=False)
    if said.returncode:
        raise NoOlderTree(said.stderr.decode().strip())
    return said.stdout
