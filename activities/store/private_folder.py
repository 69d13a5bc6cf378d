"""Folders and files that only their owner may read: they hold hashes of passwords, secrets, what customers ordered."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_OWNER_FOLDER, _OWNER_FILE = 0o700, 0o600
_OURS = ("dingdan.db", "temporal.db")
"""What shows that an existing folder is one in which we keep our data, and not a home or a shared folder."""


def make_private_folder(folder: Path) -> None:
    """Make the folder, and those above it that are missing, for its owner alone; one that exists stays as it is.

    Raises OSError.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=_OWNER_FOLDER, exist_ok=True)
    folder.mkdir(exist_ok=True)  # says what is in the way where it is no folder


def close_data_folder(folder: Path) -> bool:
    """Make the data folder, or take from everybody else what an earlier release left open; whether that was needed.

    The group keeps what it was given: a department may share the folder on purpose. Raises OSError.
    """
    make_private_folder(folder)
    state = folder.stat()
    is_open = bool(state.st_mode & stat.S_IRWXO)
    if not is_open or state.st_uid != os.getuid() or not any((folder / name).exists() for name in _OURS):
        return False
    folder.chmod(stat.S_IMODE(state.st_mode) & ~stat.S_IRWXO)
    return True


def make_private_file(file: Path) -> None:
    """Make an empty file for its owner alone, where there is none. Raises OSError."""
    make_private_folder(file.parent)
    if not file.exists():
        file.touch(mode=_OWNER_FILE)
