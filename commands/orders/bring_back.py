"""`bring-back`: an order whose workflow was terminated, has failed or is gone lives again, and hears what was told meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

from commands.company.rights import check_named
from commands.session import ByOption, JsonOption, OrderArgument, session, with_client
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from runtime.databases import engine_of
from runtime.delivery.bringing_back import bring_back as bring_order_back

ROLES = (Role.OPERATOR, Role.SERVICE_CLERK, Role.SERVICE_SUPERVISOR, Role.ADMINISTRATOR)


def bring_back(order: OrderArgument, by: ByOption = None, as_json: JsonOption = False) -> None:
    """恢复一张订单：流程被终止、失败或不在服务器上，而订单没有终结 · bring an order back whose workflow is gone.

    starter.py bring-back 20270105-0001 --by zhao

    其间报来的事实随后补报。有哪些：starter.py waiting operator。正在运行的订单不受影响；重复运行无妨。
    """
    from activities.access import acts

    current = session(as_json=as_json)
    if not by:
        words = Words("请用 --by 写明谁办的", "name who did it with --by")
        raise Refusal(Code.MISSING_FIELD, words, where="--by")
    check_named(current.settings, by, ROLES)

    done = with_client(current, lambda client: bring_order_back(client, current.settings, order, by))
    acts.note_act(
        engine_of(current.settings),
        acts.Act(
            at=datetime.now(UTC), person=by, role=Role.OPERATOR.value, address="", act="bring-back", order_number=order,
            outcome=done.how.value,
        ),
    )  # fmt: skip
    if as_json:
        current.speech.data({"order": order, "how": done.how.value, "told": done.told})
        return
    current.speech.say(
        f"订单 {order}:{done.how.zh}；补报 {done.told} 条",
        f"order {order}: {done.how.en}; told {done.told} that waited",
    )
