"""What the product is made of: every licence known, and a look for vulnerabilities that never calls silence good news."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


licences, vulnerabilities = _loaded("licences"), _loaded("vulnerabilities")
LOCK = (ROOT / "requirements.lock").read_text()
NOT_FOR_US = ("GPL-3.0", "AGPL", "SSPL", "BUSL", "Proprietary", "Commercial")
"""Licences that would bind what we make or forbid its use; LGPL is well, for nothing of it is changed here."""


def test_every_dependency_has_a_licence_that_suits_and_the_page_says_so() -> None:
    rows = licences.rows(LOCK)
    assert len(rows) == len(licences.locked(LOCK)) > 100
    for name, _, licence in rows:
        assert licence != licences.UNKNOWN, name
        plain = licence.replace("LGPL-3.0", "")
        assert not any(each in plain for each in NOT_FOR_US), (name, licence)
    page = (ROOT / "docs" / "licences.md").read_text()
    assert all(f"| {name} | {version} | {licence} |" in page for name, version, licence in rows)


def answered(*packages: dict[str, Any]) -> Any:
    """What is made of an answer of pip-audit about two packages."""
    return vulnerabilities.judged({"dependencies": list(packages)}, {"one", "the-other"})


ONE = {"name": "one", "version": "1", "vulns": []}
OTHER = {"name": "The_Other", "version": "1", "vulns": []}
SKIPPED = {"name": "the-other", "skip_reason": "could not be audited"}
BAD = {"name": "the-other", "version": "1", "vulns": [{"id": "CVE-2027-1"}]}


@pytest.mark.parametrize(
    ("packages", "code", "said"),
    [
        ((ONE, OTHER), 0, "2 looked at, 0 with known vulnerabilities, 0 could"),
        ((ONE, BAD), 1, "CVE-2027-1"),
        ((ONE, SKIPPED), 3, "1 could not be looked at"),
        ((ONE,), 3, "the-other"),
        ((), 3, "0 looked at"),
        ((SKIPPED, BAD), 1, "CVE-2027-1"),
    ],
)
def test_what_was_not_looked_at_is_no_good_news(
    packages: tuple[dict[str, Any], ...], code: int, said: str
) -> None:
    looked = answered(*packages)
    assert looked.exit_code == code
    assert said in looked.words()


@pytest.mark.parametrize("answer", ["", "no JSON", json.dumps({"dependencies": []})])
def test_a_tool_that_says_nothing_has_not_looked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str
) -> None:
    tool = tmp_path / "tool.py"
    tool.write_text(f"print({answer!r})")
    assert vulnerabilities.main([sys.executable, str(tool)]) == 3
    assert "没能查" in capsys.readouterr().out
    assert vulnerabilities.main([str(tmp_path / "missing")]) == 3
