"""`rehearse` for stories of the house: the same command, their own format, an order database for each."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.session import Session
from commands.stories.beside_orders import company_of, is_in, tell_results
from models.values.vocabulary import Words
from rehearsal.files import story_files
from rehearsal.house.house_script import HouseScript, house_script_of
from rehearsal.house.house_story import FOLDER, read_house_story
from rehearsal.house.on_model import play as play_on_model
from rehearsal.house.played import PlayedHouse
from rehearsal.story import Company

if TYPE_CHECKING:
    from runtime.settings import Settings

_WHAT = Words("公司", "the house")


def is_of_house(path: Path) -> bool:
    """Whether a file, or a folder, holds stories of the house."""
    return is_in(FOLDER, path)


def house_scripts(paths: list[Path], company: Company, now: datetime) -> list[HouseScript]:
    """The stories in files and folders, made ready. Raises Refusal that names the file."""
    return [house_script_of(read_house_story(path), company, now) for path in story_files(paths)]


def rehearse_house(current: Session, paths: list[Path], *, model: bool, as_json: bool) -> None:
    """Play them and say where they differ. Raises Refusal(story_differs)."""
    scripts = house_scripts(paths, company_of(paths), datetime.now(UTC))
    results = [play_on_model(script) if model else _play_anew(current, script) for script in scripts]
    told = [each for each in results if each.was_played or as_json]
    for each in results:
        if each not in told:
            current.speech.say(
                f"{each.name}：要订单数据库才能演，规则模型上没有演；去掉 --model 即可",
                f"{each.name}: needs an order database and was not played on the pure rules; play it without --model",
            )
    if told:
        tell_results(current, told, _WHAT, as_json=as_json)


def _play_anew(current: Session, script: HouseScript) -> PlayedHouse:
    """One story on a SQLite order database of its own, gone afterwards: who is in charge depends on every order there is."""
    with tempfile.TemporaryDirectory(prefix="dingdan-rehearsal-") as folder:
        database = f"sqlite:///{Path(folder) / 'dingdan.db'}"
        own = current.settings.model_copy(update={"var": Path(folder), "database_url": database})
        return play_on(own, script)


def play_on(settings: Settings, script: HouseScript) -> PlayedHouse:
    """One story on the order database of these settings, which has no order yet; its tables are made where there are none."""
    from activities.store.database import upgrade
    from commands.desk.order_database import import_company
    from rehearsal.house.on_database import play
    from runtime.databases import engine_of

    upgrade(settings.database_url)
    import_company(settings, script.company)
    engine = engine_of(settings)
    try:
        return play(engine, script)
    finally:
        engine.dispose()
