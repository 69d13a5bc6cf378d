"""`rehearse` for stories of after-sales cases: the same command, their own format; they are played on the model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commands.session import Session
from commands.stories.beside_orders import company_of, is_in, tell_results
from models.values.vocabulary import Words
from rehearsal.case_player import play_case
from rehearsal.case_story import FOLDER, CaseScript, case_script_of, read_case_story
from rehearsal.files import story_files
from rehearsal.story import Company

_WHAT = Words("售后", "cases")


def is_of_cases(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of cases."""
    return is_in(FOLDER, path)


def case_scripts(paths: list[Path], company: Company, now: datetime) -> list[CaseScript]:
    """The stories in files and folders, made ready. Raises Refusal that names the file."""
    return [case_script_of(read_case_story(file), company, now) for file in story_files(paths)]


def rehearse_cases(current: Session, paths: list[Path], *, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    scripts = case_scripts(paths, company_of(paths), datetime.now(UTC))
    tell_results(current, [play_case(script) for script in scripts], _WHAT, as_json=as_json)
