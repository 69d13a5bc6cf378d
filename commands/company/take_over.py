"""`take-over`: with worker versions on, the orders go to the workers of this build from now on."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.session import JsonOption, session, with_client
from runtime.worker.deployments import make_current, version_of


def take_over(
    wait: Annotated[
        float, typer.Option("--wait", min=0, help="等新版工人报到的秒数 · seconds to wait for its workers")
    ] = 60,
    as_json: JsonOption = False,
) -> None:
    """让本版本的工人接手：新订单从这里开始，进行中的订单下一步起转来 · orders go to the workers of this build from now on.

    DINGDAN_DEPLOYMENT=dingdan DINGDAN_BUILD_ID=0.2.0 starter.py take-over

    只在启用工人版本（DINGDAN_DEPLOYMENT、DINGDAN_BUILD_ID）时需要；重复运行无妨。回退：用旧的 DINGDAN_BUILD_ID 再运行一次。
    """
    current = session(as_json=as_json)
    version = version_of(current.settings)
    before = with_client(current, lambda client: make_current(client, current.settings, wait))
    if as_json:
        current.speech.data({"current": version, "before": before or None})
    elif before == version:
        current.speech.say(f"{version} 本来就是当前版本", f"{version} was the current version already")
    else:
        current.speech.say(
            f"当前版本 {version}（之前：{before or '无'}）",
            f"the current version is {version} (before: {before or 'none'})",
        )
