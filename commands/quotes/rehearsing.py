"""`rehearse` for stories of quotes: the same command, their own format."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commands.session import Session
from commands.stories.beside_orders import company_of, is_in, number_of, rehearse_beside
from models.values.vocabulary import Words
from rehearsal.beside.quote_player import QUOTES
from rehearsal.beside.quote_story import FOLDER, QuoteScript, quote_script_of, read_quote_story
from rehearsal.files import story_files
from rehearsal.story import Company

_WHAT = Words("报价", "quotes")


def is_of_quotes(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of quotes."""
    return is_in(FOLDER, path)


def quote_scripts(paths: list[Path], company: Company, now: datetime) -> list[QuoteScript]:
    """The stories in files and folders, made ready; each quote has a number by its name. Raises Refusal that names the file."""
    stories = map(read_quote_story, story_files(paths))
    return [
        quote_script_of(story, company, now, f"Q{now:%Y%m%d}-{number_of(story.name)}") for story in stories
    ]


def rehearse_quotes(current: Session, paths: list[Path], *, model: bool, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    company = company_of(paths)
    scripts = quote_scripts(paths, company, datetime.now(UTC))
    rehearse_beside(current, QUOTES, scripts, company, _WHAT, model=model, as_json=as_json)
