"""What holds hashes of passwords and what customers ordered is for its owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from activities.store.database import engine_at, upgrade
from activities.store.private_folder import close_data_folder, make_private_file, make_private_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_and_those_above_it_are_made_for_the_owner(tmp_path: Path) -> None:
    make_private_folder(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o700, 0o700)


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    """A home, a shared folder: they are not ours."""
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path)
    make_private_file(tmp_path / "one")
    assert not close_data_folder(tmp_path)
    assert (mode(tmp_path), mode(tmp_path / "one")) == (0o755, 0o600)


def test_a_data_folder_of_an_earlier_release_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "dingdan.db").touch()
    tmp_path.chmod(0o775)
    assert close_data_folder(tmp_path)
    assert mode(tmp_path) == 0o770
    assert not close_data_folder(tmp_path)


def test_a_file_in_the_way_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(OSError, match="var"):
        make_private_folder(tmp_path / "var")


def test_the_order_database_is_its_owners_wherever_it_lies(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    upgrade(f"sqlite:///{tmp_path / 'orders.db'}")
    engine_at(f"sqlite:///{tmp_path / 'orders.db'}").dispose()
    assert {mode(file) for file in tmp_path.iterdir()} == {0o600}
