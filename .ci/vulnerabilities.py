"""Whether anything is known against the packages of requirements.lock: `make vulnerabilities`.

pip-audit says "no known vulnerabilities" also when it could ask nobody about any package. So its answer is counted here:
0 all were looked at and nothing is known; 1 something is known; 3 not all could be looked at, which says nothing of those.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
WELL, KNOWN, NOT_LOOKED = 0, 1, 3
_SHOWN = 10
_PATIENCE_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of it: names of packages; `known` with what is known of each."""

    well: list[str]
    known: dict[str, list[str]]
    not_looked: list[str]

    @property
    def exit_code(self) -> int:
        """Something known weighs most; nothing known of what nobody looked at is no good news."""
        return KNOWN if self.known else NOT_LOOKED if self.not_looked or not self.well else WELL

    def words(self) -> str:
        """For people, in both languages."""
        wanted = len(self.well) + len(self.known) + len(self.not_looked)
        lines = [
            f"包 {wanted} 个：查过 {len(self.well) + len(self.known)}，有已知漏洞 {len(self.known)}，没能查 {len(self.not_looked)}"
            f" · {wanted} packages: {len(self.well) + len(self.known)} looked at, {len(self.known)} with known "
            f"vulnerabilities, {len(self.not_looked)} could not be looked at"
        ]
        lines += [f"  {name}: {', '.join(ids)}" for name, ids in sorted(self.known.items())]
        if self.not_looked:
            some = ", ".join(self.not_looked[:_SHOWN]) + (" …" if len(self.not_looked) > _SHOWN else "")
            lines.append(f"  没能查的不等于没有漏洞 · what could not be looked at may have any: {some}")
        return "\n".join(lines) + "\n"


def judged(answer: dict[str, Any], locked: set[str]) -> Looked:
    """pip-audit's answer beside the lock: what it does not name at all was not looked at either."""
    well: list[str] = []
    known: dict[str, list[str]] = {}
    seen: set[str] = set()
    for each in answer.get("dependencies", []):
        name = _plain(str(each["name"]))
        if name not in locked or "skip_reason" in each or "vulns" not in each:
            continue
        seen.add(name)
        ids = [str(found["id"]) for found in each["vulns"]]
        if ids:
            known[name] = ids
        else:
            well.append(name)
    return Looked(sorted(well), known, sorted(locked - seen))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked_names(lock: str) -> set[str]:
    """The packages of the lock, as registries name them."""
    return {_plain(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)}


def main(program: list[str]) -> int:
    """Ask pip-audit, which `program` starts; returns the exit code."""
    locked = locked_names(LOCK.read_text(encoding="utf-8"))
    asked = [
        *program, "--requirement", str(LOCK), "--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off",
    ]  # fmt: skip
    try:
        said = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=_PATIENCE_SECONDS)
        answer = json.loads(said.stdout or "{}")
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        sys.stderr.write(f"pip-audit: {type(error).__name__}\n")
        answer = {}
    looked = judged(answer, locked)
    sys.stdout.write(looked.words())
    return looked.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [sys.executable, "-m", "pip_audit"]))
