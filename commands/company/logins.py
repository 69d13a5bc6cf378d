"""`password`, `unlock`, `logins`: who of the staff may log in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.company.rights import kept_by_administrator
from commands.session import ByOption, JsonOption, session
from models.access import NEEDS_SECOND_FACTOR
from models.values.vocabulary import Words
from runtime.databases import engine_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

app = typer.Typer(
    help="员工登录：列出、解除锁定、结束登录、重置动态口令 · log-ins of staff", no_args_is_help=True
)
PersonArgument = Annotated[str, typer.Argument(help="员工编号 · staff id", metavar="PERSON")]


def password(
    person: PersonArgument,
    new: Annotated[
        str,
        typer.Option(
            "--password", envvar="DINGDAN_NEW_PASSWORD", prompt="新密码 · new password", hide_input=True,
            confirmation_prompt=True, help="新密码；不写则提示输入 · asked for where it is not given",
        ),
    ],
    by: ByOption = None,
    as_json: JsonOption = False,
) -> None:  # fmt: skip
    """给员工设首次密码（登录后须自己改；已登录的会话随即失效） · give a person of the staff a first password; open sessions end.

    Whom it is for changes it at the first log-in; who sets their own has chosen it.

    starter.py password chen
    """
    from activities.access.logins import set_password

    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, f"password {person}"):
        set_password(
            engine_of(current.settings),
            person,
            new,
            must_change=by != person,
            words=current.settings.company_words,
        )
    if as_json:
        current.speech.data({"person": person})
    else:
        current.speech.say(f"{person} 可以登录了", f"{person} may log in now")


def unlock(person: PersonArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """解除因输错密码的锁定 · somebody who was locked out by wrong passwords may try again at once, from everywhere.

    starter.py unlock chen --by admin
    """
    from activities.access.logins import unlock as free

    _done(f"unlock {person}", free, person, by, as_json, Words("可以再试了", "may try again"))


def _done(
    act: str, work: Callable[[Engine, str], Any], person: str, by: str | None, as_json: bool, said: Words
) -> None:
    current = session(as_json=as_json)
    with kept_by_administrator(current.settings, by, act):
        work(engine_of(current.settings), person)
    if as_json:
        current.speech.data({"person": person})
    else:
        current.speech.say(f"{person} {said.zh}", f"{person} {said.en}")


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """列出员工的登录：密码、动态口令、锁定、登录着几处 · who may log in, and how.

    starter.py logins list
    """
    from activities.access.logins import list_log_ins
    from gateway.security.staff_sessions import rules_of

    current = session(as_json=as_json)
    found = list_log_ins(engine_of(current.settings), datetime.now(UTC), rules_of(current.settings))
    if as_json:
        current.speech.data(
            [
                {
                    "person": each.person, "password": each.has_password, "must_change": each.must_change,
                    "second_factor_since": each.second_factor_since, "blocked_until": each.blocked_until,
                    "sessions": each.sessions, "needs_second_factor": bool(NEEDS_SECOND_FACTOR & set(each.roles)),
                }
                for each in found
            ]
        )  # fmt: skip
        return
    current.speech.table(
        (Words("人员", "person"), Words("岗位", "roles"), Words("密码", "password"), Words("动态口令自", "second factor since"),
         Words("锁定至", "locked until"), Words("登录着", "logged in")),
        [
            (each.person, Words.listed(each.roles), _password(each.has_password, each.must_change),
             each.second_factor_since, each.blocked_until, each.sessions)
            for each in found
        ],
    )  # fmt: skip


def _password(has: bool, must_change: bool) -> Words:
    if not has:
        return Words("-", "-")
    return Words("首次登录须改", "to be changed") if must_change else Words("已设", "set")


@app.command("unlock")
def unlock_(person: PersonArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """同 starter.py unlock · the same as `starter.py unlock`."""
    unlock(person, by, as_json)


@app.command("end-sessions")
def end_sessions(person: PersonArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """结束某人的所有登录，立即生效 · end all that somebody has open, at once.

    starter.py logins end-sessions chen --by admin
    """
    from activities.access.logins import end_sessions as end

    _done(
        f"end sessions of {person}",
        end,
        person,
        by,
        as_json,
        Words("的登录已结束", "is logged out everywhere"),
    )


@app.command("reset-second-factor")
def reset_second_factor(person: PersonArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """手机和恢复码都没有了：重置动态口令，登录随即结束 · somebody lost the device and the recovery codes.

    starter.py logins reset-second-factor qian --by admin
    """
    from activities.access.logins import reset_second_factor as reset

    said = Words("的动态口令已重置", "has no second factor any more and sets up another")
    _done(f"reset second factor of {person}", reset, person, by, as_json, said)
