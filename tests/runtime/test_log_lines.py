"""A log line is one line, and as JSON says of which order it is."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from runtime.log_lines import OneLine, OneObject


def record(message: str, **more: Any) -> logging.LogRecord:
    made = logging.LogRecord("dingdan.test", logging.WARNING, __file__, 1, message, (), None)
    made.__dict__.update(more)
    return made


@pytest.mark.parametrize(
    ("message", "more", "order"),
    [
        ("20270105-0042 sheet:1: no font", {}, "20270105-0042"),
        ("order 20270105-10042 waits", {}, "20270105-10042"),
        ("case C20270105-0001-1 waits", {}, "C20270105-0001-1"),
        ("completing", {"temporal_activity": {"workflow_id": "order-20270105-0007"}}, "20270105-0007"),
        (
            "of 20270105-0042",
            {"temporal_workflow": {"workflow_id": "quote-Q20270105-0001"}},
            "Q20270105-0001",
        ),
        ("of 20270105-0042", {"temporal_workflow": {"workflow_id": "watch-list"}}, None),
        ("phone 0755-5550102, key x20270105-0042", {}, None),
        ("nothing", {}, None),
    ],
)
def test_the_order_of_a_message(message: str, more: dict[str, Any], order: str | None) -> None:
    said = json.loads(OneObject().format(record(message, **more)))
    assert said.get("order") == order
    assert (said["message"], said["level"], said["logger"]) == (message, "WARNING", "dingdan.test")
    assert said["at"].endswith("+00:00")


def test_whatever_is_said_is_one_line_and_an_error_is_in_it() -> None:
    try:
        raise ValueError("the disk\nis full")
    except ValueError:
        failed = record("a\nb\x1b[31m")
        failed.exc_info = sys.exc_info()
    line = OneObject().format(failed)
    assert "\n" not in line
    assert json.loads(line)["error"].endswith("ValueError: the disk\nis full")
    assert "\x1b" not in json.loads(line)["message"]
    assert OneLine("%(message)s").format(record("a\nb")).count("\n") == 0
