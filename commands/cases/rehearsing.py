"""`rehearse` for stories of after-sales cases: the same command, their own format; they are played on the model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from commands.session import Session
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from rehearsal.case_player import PlayedCase, play_case
from rehearsal.case_story import FOLDER, CaseScript, case_script_of, read_case_story
from rehearsal.files import COMPANY_FILE, read_company, story_files
from rehearsal.moments import shown_offset
from rehearsal.story import Company

_STORIES = Path(__file__).resolve().parents[2] / "stories"


def is_of_cases(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of cases."""
    return path.name == FOLDER if path.is_dir() else path.parent.name == FOLDER


def case_scripts(paths: list[Path], company: Company, now: datetime) -> list[CaseScript]:
    """The stories in files and folders, made ready. Raises Refusal that names the file."""
    return [case_script_of(read_case_story(file), company, now) for file in story_files(paths)]


def rehearse_cases(current: Session, paths: list[Path], *, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    company = read_company(_STORIES if not (paths[0].parent / COMPANY_FILE).exists() else paths[0].parent)
    results = [play_case(script) for script in case_scripts(paths, company, datetime.now(UTC))]
    if as_json:
        current.speech.data([played.as_json() for played in results])
    else:
        for played in results:
            _show(current, played)
    differing = [played.name for played in results if not played.as_expected]
    if differing:
        names, count = ", ".join(differing), len(differing)
        words = Words(
            f"{count} 个故事与预期不符：{names}", f"{count} stories went otherwise than they expect: {names}"
        )
        raise Refusal(Code.STORY_DIFFERS, words)
    if not as_json:
        current.speech.say(
            f"{len(results)} 个售后故事在模型上全部与预期相符",
            f"all {len(results)} stories of cases went as they expect, on the model",
        )


def _show(current: Session, played: PlayedCase) -> None:
    title, speech = played.script.story.title, current.speech
    speech.title(f"{played.name} {title.zh}", f"{played.name}: {title.en}")
    for each in played.differences:
        after = shown_offset(each.at - played.script.begins)
        speech.say(
            f"  ✗ {after}  {each.what}：应为 {each.expected}，实为 {each.found}",
            f"  ✗ {after}  {each.what}: expected {each.expected}, found {each.found}",
        )
    if played.as_expected:
        speech.say("  ✓ 与预期相符", "  ✓ as expected")
