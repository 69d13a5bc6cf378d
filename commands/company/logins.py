"""`password`, `unlock`: who of the staff may log in."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.company.rights import kept_by_administrator
from commands.session import ByOption, JsonOption, session
from runtime.databases import engine_of


def password(
    person: Annotated[str, typer.Argument(help="员工编号 · staff id", metavar="PERSON")],
    new: Annotated[
        str,
        typer.Option(
            "--password", envvar="DINGDAN_NEW_PASSWORD", prompt="新密码 · new password", hide_input=True,
            confirmation_prompt=True, help="新密码;不写则提示输入 · asked for where it is not given",
        ),
    ],
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """给员工设登录密码(已登录的会话随即失效) · give a person of the staff a password; open sessions end.

    starter.py password chen
    """
    from activities.access.logins import set_password

    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, f"password {person}"):
        set_password(engine_of(current.settings), person, new)
    if as_json:
        current.speech.data({"person": person})
    else:
        current.speech.say(f"{person} 可以登录了", f"{person} may log in now")


def unlock(
    person: Annotated[str, typer.Argument(help="员工编号 · staff id", metavar="PERSON")],
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:
    """解除因输错密码的锁定 · somebody who was locked out by wrong passwords may try again at once.

    starter.py unlock chen --by admin
    """
    from activities.access.logins import unlock as free

    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, f"unlock {person}"):
        free(engine_of(current.settings), person)
    if as_json:
        current.speech.data({"person": person})
    else:
        current.speech.say(f"{person} 可以再试了", f"{person} may try again")
