"""What the Temporal server has of an order's workflow."""

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
