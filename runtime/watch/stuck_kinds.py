"""The ways in which an order, or all of them, can be stuck: what it looks like, how it is found, why, what to do.

One table: the command line, the pages and `docs/operations.md` say what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.values.calendar import BUSINESS_ZONE, ONE_DAY, at, business_date
from models.values.vocabulary import Headline, Role, Term, Words

RUNNING = 'ExecutionStatus="Running"'
QUIET_DAYS = 7
"""So many days without a movement are too many where nobody says otherwise."""
SOON_DAYS = 2
"""A promise is in danger when its day is so near and the goods are not in the warehouse, as on the watch list (R34)."""
_LAST_HOUR = 23
BEFORE_THE_WAREHOUSE = (
    Headline.INCOMPLETE, Headline.IN_REVIEW, Headline.APPROVED, Headline.AWAITING_CONFIRMATION, Headline.AWAITING_DEPOSIT,
    Headline.AWAITING_PAYMENT, Headline.CONFIRMED, Headline.IN_PRODUCTION, Headline.IN_INSPECTION, Headline.IN_SERVICE,
    Headline.HANGING, Headline.ON_HOLD,
)  # fmt: skip
"""The status of an order whose day is promised and whose goods are not in the warehouse."""


class StuckKind(Term):
    """In which way something is stuck."""

    OVERDUE = "overdue", "超期", "overdue"
    WAITS_FOR_ROLE = "waits_for_role", "等某一角色", "waits for a role"
    ACTIVITY_FAILING = "activity_failing", "活动失败", "an activity fails"
    TASK_FAILING = "task_failing", "流程任务失败", "a workflow task fails"
    PROMISE_IN_DANGER = "promise_in_danger", "交期告急", "promise in danger"
    NO_MOVEMENT = "no_movement", "久无动静", "no movement"
    LOST = "lost", "流程丢失", "workflow lost"
    NO_WORKER = "no_worker", "没有工人", "no worker"
    NO_PRESS = "no_press", "没有文印", "no press"


@dataclass(frozen=True, slots=True)
class StuckRow:
    """One kind. `query` is that of the Temporal UI, with `{role}`, `{since}` and `{until}` to be filled in; empty where the
    server cannot be asked for it by a query."""

    looks_like: Words
    why: Words
    what_to_do: Words
    query: str = ""

    def filled(self, now: datetime, *, role: Role | None = None, days: int = QUIET_DAYS) -> str:
        """The query for this moment (UTC); `role` is whose step is waited for, `days` how long nothing moved."""
        until = at(business_date(now) + SOON_DAYS * ONE_DAY, _LAST_HOUR)
        return self.query.format(
            role=role.value if role else "",
            since=_instant(now - timedelta(days=days)),
            until=_instant(until),
        )


def _instant(moment: datetime) -> str:
    return moment.astimezone(BUSINESS_ZONE).replace(microsecond=0).isoformat()


STUCK: dict[StuckKind, StuckRow] = {
    StuckKind.OVERDUE: StuckRow(
        Words(
            "订单页有“⚠ 已超期”；待办按期限排在最前",
            "its page says ⚠ overdue, its step stands first in the inbox",
        ),
        Words(
            "有人没有在期限内办；上级已收到提醒",
            "somebody did not do it within its limit; their superior was told",
        ),
        Words(
            "找页上写的人；确需更多时间用 extension_given，须告知客户",
            "speak to whom the page names; where more time is needed extension_given gives it, and tells the customer",
        ),
        f"{RUNNING} AND DingdanOverdue=true",
    ),
    StuckKind.WAITS_FOR_ROLE: StuckRow(
        Words(
            "订单页“谁办”写着该角色；starter.py waiting 角色", "its page names the role; starter.py waiting ROLE"
        ),
        Words(
            "该角色的人不在，或没有人担任该角色",
            "whoever has the role is away, or nobody has it",
        ),
        Words(
            "请假或离职用 starter.py reassign 改派；无人担任时先导入人员",
            "starter.py reassign gives the work of one who is away or has left to another; import the person where nobody has the role",
        ),
        f'{RUNNING} AND DingdanWaitsOn="{{role}}"',
    ),
    StuckKind.ACTIVITY_FAILING: StuckRow(
        Words(
            "Temporal 界面该流程 Pending Activities 中次数大于 1，带错误；页面上的行不再更新",
            "its Pending Activities in the Temporal UI show an attempt above 1 with a failure; its rows on the pages stand still",
        ),
        Words(
            "订单数据库不在、磁盘已满、或数据库版本旧于程序；订单本身继续，未存的条目留在流程里",
            "the order database is away, the disk is full, or the database is older than the program; the order goes on and keeps what is "
            "not saved",
        ),
        Words(
            "按错误处理数据库或磁盘；活动自动重试，不必动订单。数据库较旧：starter.py setup",
            "mend the database or the disk that the failure names; the activity is tried again by itself, leave the order alone. "
            "Database too old: starter.py setup",
        ),
    ),
    StuckKind.TASK_FAILING: StuckRow(
        Words(
            "Temporal 界面流程带红色提示 WorkflowTaskFailed；约一分钟后可查到",
            "the Temporal UI marks the workflow with a failed workflow task; it is found after about a minute",
        ),
        Words(
            "程序出错，或新程序与已有历史不符；不丢任何东西，任务一直重试",
            "a fault of the program, or a program that does not fit the history; nothing is lost, the task is tried again",
        ),
        Words(
            "换回上一版本的工人（多版本运行时 take-over）；修好后重启工人即自行继续，不要终止流程",
            "go back to the worker of the version before (take-over where versions are on); once it is mended and the worker started "
            "anew it goes on by itself; terminate nothing",
        ),
        'TemporalReportedProblems IN ("category=WorkflowTaskFailed", "category=WorkflowTaskTimedOut")',
    ),
    StuckKind.PROMISE_IN_DANGER: StuckRow(
        Words(
            "预交日在两天内或已过，货还没入库；也在每日关注表上",
            "promised within two days or past, and the goods are not in the warehouse; the daily watch list has it too",
        ),
        Words(
            "生产晚了，或确认书、定金没有到",
            "production is late, or sheet or deposit have not come",
        ),
        Words(
            "跟单员按订单页“在等”催办；确实赶不上由生产部报新日期，由规则处理",
            "the merchandiser urges what its page waits for; where it cannot be kept production tells the new day, the rules do the rest",
        ),
        f'{RUNNING} AND DingdanPromisedDate <= "{{until}}" AND DingdanStage IN ('
        + ", ".join(f'"{stage.value}"' for stage in BEFORE_THE_WAREHOUSE)
        + ")",
    ),
    StuckKind.NO_MOVEMENT: StuckRow(
        Words(
            "等得最久的一件事已开着 N 天以上",
            "what it has waited for longest is open for more than N days",
        ),
        Words(
            "合同月结和大批生产本来就久；其余多半被忘了",
            "on account and in a long production that is as it should be; of others somebody has forgotten them",
        ),
        Words(
            "看订单页；该结束的用 cancel，等客户的用 hold，其余催办",
            "look at its page: cancel what is to end, hold what waits for the customer's word, urge the rest",
        ),
        f'{RUNNING} AND DingdanWaitingSince <= "{{since}}"',
    ),
    StuckKind.LOST: StuckRow(
        Words(
            "流程已终止、失败或超时，订单却未终结；待办 lost_order",
            "its workflow was terminated, has failed or timed out and the order has not ended; the step lost_order",
        ),
        Words(
            "有人在 Temporal 里终止了它，或服务器换过",
            "somebody terminated it in Temporal, or the server is another one",
        ),
        Words(
            "starter.py bring-back 订单号 --by 人员",
            "starter.py bring-back ORDER --by PERSON",
        ),
        'ExecutionStatus IN ("Terminated", "Failed", "TimedOut", "Canceled") AND '
        'WorkflowType IN ("OrderWorkflow", "QuoteWorkflow", "CaseWorkflow", "ContractWorkflow")',
    ),
    StuckKind.NO_WORKER: StuckRow(
        Words(
            "任务队列没有轮询者；报告事实得到 stored（HTTP 202）",
            "nobody polls the task queue; facts that are told are answered with stored (HTTP 202)",
        ),
        Words(
            "工人没有启动、连不上服务器，或新版本尚未启用",
            "no worker was started, none reaches the server, or the new version was not made current",
        ),
        Words(
            "启动 worker.py；多版本运行时 starter.py take-over。什么都没丢，所报的事实随后自行补报",
            "start worker.py; where versions are on, starter.py take-over. Nothing is lost: what was told is told by itself then",
        ),
    ),
    StuckKind.NO_PRESS: StuckRow(
        Words(
            "文书与通知一直在等；文印队列没有轮询者",
            "papers and notices keep waiting; nobody polls the queue of documents",
        ),
        Words("worker.py --documents 没有运行", "worker.py --documents does not run"),
        Words(
            "启动它；它从第一份未标记的文书继续",
            "start it; it goes on with the first paper that is not marked",
        ),
    ),
}  # fmt: skip
"""Every kind of being stuck."""
