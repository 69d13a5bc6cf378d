"""Every command has its page, or a reason why it stays a command, in docs/company.md."""

from __future__ import annotations

import re
from pathlib import Path

from typer.models import CommandInfo

import starter

PAGE = Path(__file__).resolve().parents[2] / "docs" / "company.md"


def _name(command: CommandInfo) -> str:
    assert command.callback is not None
    return command.name or command.callback.__name__


def test_every_command_stands_in_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = {
        part
        for cell in re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
        for part in re.findall(r"`([^`]+)`", cell)
    }
    commands = {command.name for command in starter.app.registered_commands}
    for group in starter.app.registered_groups:
        assert group.typer_instance is not None
        commands |= {f"{group.name} {_name(each)}" for each in group.typer_instance.registered_commands}
    told = {" ".join(word for word in name.split() if not word.startswith(("-", "…"))) for name in named}
    missing = {
        name
        for name in commands
        if name and not any(each == name or each.startswith(f"{name} ") for each in told)
    } - {"logins unlock"}  # the same as `unlock`
    assert missing == set()
