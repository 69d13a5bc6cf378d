"""`rehearse` for stories of after-sales cases: the same command, their own format."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commands.session import Session
from commands.stories.beside_orders import company_of, is_in, number_of, rehearse_beside
from models.values.vocabulary import Words
from rehearsal.beside.case_player import CASES
from rehearsal.beside.case_story import FOLDER, CaseScript, case_script_of, read_case_story
from rehearsal.files import story_files
from rehearsal.story import Company

_WHAT = Words("售后", "cases")


def is_of_cases(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of cases."""
    return is_in(FOLDER, path)


def case_scripts(paths: list[Path], company: Company, now: datetime) -> list[CaseScript]:
    """The stories in files and folders, made ready; each case has a number by its name. Raises Refusal that names the file."""
    stories = map(read_case_story, story_files(paths))
    return [case_script_of(story, company, now, int(number_of(story.name))) for story in stories]


def rehearse_cases(current: Session, paths: list[Path], *, model: bool, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    company = company_of(paths)
    scripts = case_scripts(paths, company, datetime.now(UTC))
    rehearse_beside(current, CASES, scripts, company, _WHAT, model=model, as_json=as_json)
