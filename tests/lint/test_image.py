"""The image as far as it can be read without Docker: hadolint's rules that apply to it, by their numbers."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def faults(dockerfile: str) -> list[str]:
    """Which of hadolint's rules these instructions break; DD… are our own."""
    joined = re.sub(r"\\\n\s*", "", dockerfile)
    lines = [line.split(None, 1) for line in joined.splitlines() if line.strip() and not line.startswith("#")]
    told = [(name.upper(), rest.strip()) for name, rest in lines]
    of_run = [rule for name, rest in told if name == "RUN" for rule in _faults_of_run(rest)]
    other = [rule for name, rest in told if name != "RUN" for rule in _faults_of(name, rest)]
    names = [name for name, _ in told]
    one_after_another = any(pair == ("RUN", "RUN") for pair in pairwise(names))
    twice = names.count("CMD") > 1
    users = [rest for name, rest in told if name == "USER"] or ["root"]
    return [
        *of_run,
        *other,
        *["DL3059"] * one_after_another,
        *["DL4003"] * twice,
        *["DL3002"] * (users[-1].split(":")[0] in {"root", "0"}),
        *["DD01"]
        * (not re.fullmatch(r"\d+:\d+", users[-1])),  # only a number shows Kubernetes that it is not root
    ]


def _faults_of_run(command: str) -> list[str]:
    broken = {
        "DL3003": re.search(r"(^|&& |; )cd ", command),
        "DL3004": "sudo " in command,
        "DL3042": "pip install" in command and "--no-cache-dir" not in command,
        "DD03": "pip install" in command and "--require-hashes" not in command,
        "DL3046": "useradd" in command and "--no-log-init" not in command,
        "DL4006": " | " in command,
        "DL3009": "apt-get install" in command and "rm -rf /var/lib/apt/lists" not in command,
    }
    return [rule for rule, is_broken in broken.items() if is_broken]


def _faults_of(name: str, rest: str) -> list[str]:
    tag = rest.partition(":")[2]
    broken = {
        "DL3006": name == "FROM" and not tag,
        "DL3007": name == "FROM" and tag == "latest",
        "DD02": name == "FROM" and not re.match(r"\d+\.\d+\.\d+-", tag),
        "DL3000": name == "WORKDIR" and not rest.startswith("/"),
        "DL3020": name == "ADD",
        "DL3025": name in {"CMD", "ENTRYPOINT"} and not rest.startswith("["),
        "DL4000": name == "MAINTAINER",
        "DD04": name in {"ENV", "ARG"} and re.search(r"(KEY|SECRET|PASSWORD|TOKEN)", rest),
    }
    return [rule for rule, is_broken in broken.items() if is_broken]


def test_the_image_keeps_the_rules() -> None:
    assert faults(DOCKERFILE) == []


@pytest.mark.parametrize(
    ("was", "instead", "rule"),
    [
        ("python:3.11.14-slim-bookworm", "python", "DL3006"),
        ("python:3.11.14-slim-bookworm", "python:latest", "DL3007"),
        ("python:3.11.14-slim-bookworm", "python:3.11-slim", "DD02"),
        ("USER 10001:10001", "USER root", "DL3002"),
        ("USER 10001:10001", "USER dingdan", "DD01"),
        (" --no-cache-dir", "", "DL3042"),
        (" --require-hashes", "", "DD03"),
        (" --no-log-init", "", "DL3046"),
        ("WORKDIR /app", "WORKDIR app", "DL3000"),
        ("COPY models models", "ADD models models", "DL3020"),
        ('["python", "worker.py"]', "python worker.py", "DL3025"),
        ("&& groupadd", "&& cd /tmp && groupadd", "DL3003"),
        ("PYTHONUNBUFFERED=1", "PYTHONUNBUFFERED=1 LINK_SECRET=x", "DD04"),
    ],
)
def test_a_broken_rule_is_seen(was: str, instead: str, rule: str) -> None:
    assert was in DOCKERFILE
    assert rule in faults(DOCKERFILE.replace(was, instead))
