"""`rehearse` for stories of contracts: the same command, their own format."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commands.session import Session
from commands.stories.beside_orders import company_of, is_in, number_of, rehearse_beside
from models.values.vocabulary import Words
from rehearsal.beside.contract_player import CONTRACTS
from rehearsal.beside.contract_story import FOLDER, ContractScript, contract_script_of, read_contract_story
from rehearsal.files import story_files
from rehearsal.story import Company

_WHAT = Words("合同", "contracts")


def is_of_contracts(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of contracts."""
    return is_in(FOLDER, path)


def contract_scripts(paths: list[Path], company: Company, now: datetime) -> list[ContractScript]:
    """The stories in files and folders, made ready; each contract has a number by its name. Raises Refusal that names the file."""
    stories = map(read_contract_story, story_files(paths))
    return [
        contract_script_of(story, company, now, f"H{now:%Y%m%d}-{number_of(story.name)}-1")
        for story in stories
    ]


def rehearse_contracts(current: Session, paths: list[Path], *, model: bool, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    company = company_of(paths)
    scripts = contract_scripts(paths, company, datetime.now(UTC))
    rehearse_beside(current, CONTRACTS, scripts, company, _WHAT, model=model, as_json=as_json)
