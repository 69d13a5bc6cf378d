"""The open steps of any case as operators see them: in which order, as plain data, and beside the one timer."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from models.dossier.dossier import Dossier
from models.dossier.open_steps import OpenStep
from models.dossier.step_kinds import StepKind
from models.values.calendar import BUSINESS_ZONE
from models.values.vocabulary import Words
from workflows.engine.plain_markdown import as_text

_LONGEST_SUMMARY = 360
"""Bytes; the server takes 400 with what stands around the text."""


def holding_up(dossier: Dossier) -> list[OpenStep]:
    """The open steps: a hold first, then those that hold the case up, the longest open ones first among them."""
    return sorted(
        dossier.steps.values(),
        key=lambda step: (step.kind is not StepKind.RESUME, not step.blocking, step.since, step.key),
    )


@lru_cache(4096)
def business_moment(moment: datetime) -> str:
    """A moment in business time (+08:00), to the minute."""
    return moment.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%d %H:%M")


def timer_summary(dossier: Dossier, deadline: datetime) -> str:
    """What the one timer runs for, in both languages."""
    words = next(
        (step.words for step in holding_up(dossier) if step.due == deadline),
        Words("下一时限", "the next deadline"),
    )
    return shortened(f"{as_text(words.zh)} · {as_text(words.en)} · {business_moment(deadline)}")


def shortened(text: str) -> str:
    """A summary cut to what the server takes."""
    plain = text.replace("\n", " ").encode()
    return plain[:_LONGEST_SUMMARY].decode(errors="ignore")


def steps_of(dossier: Dossier) -> list[dict[str, Any]]:
    """The open steps as plain data, those that hold the case up first: the answer to the query `steps`."""
    return [
        {
            **step.model_dump(mode="json"),
            "zh": step.words.zh,
            "en": step.words.en,
            "then_zh": step.afterwards.zh,
            "then_en": step.afterwards.en,
            "command": f"{dossier.commands}{step.command(dossier.number)}",
        }
        for step in holding_up(dossier)
    ]
