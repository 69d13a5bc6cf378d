"""What the Temporal server has of an order's workflow, and how one comes back that is lost."""

from __future__ import annotations

from models.values.vocabulary import Term


class ServerState(Term):
    """How the workflow of an order stands on the server: only one that is completed has ended as orders end."""

    RUNNING = "running", "运行中", "running"
    COMPLETED = "completed", "已办完", "completed"
    TERMINATED = "terminated", "被强行终止", "terminated"
    CANCELLED = "cancelled", "被取消", "cancelled"
    FAILED = "failed", "已失败", "failed"
    TIMED_OUT = "timed_out", "已超时", "timed out"
    ABSENT = "absent", "不在服务器上", "not on the server"


class Revival(Term):
    """How an order came back."""

    RAN = "ran", "本来就在运行", "it runs already"
    BEGUN = "begun", "按原请求开始", "begun from its request"
    REBUILT = "rebuilt", "按请求与日志恢复", "rebuilt from its request and its journal"
    RESET = "reset", "从服务器历史的最后一步续办", "taken up again at the last task of its history"
    ANEW = (
        "anew",
        "按请求与日志重办，另立新篇",
        "lived anew from its request and its journal, in an epoch of its own",
    )
