"""What can go wrong with the world outside, each with its code and the words for the person who meets it."""

from __future__ import annotations

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

BAD_SETTING = Words(
    "环境变量 {variable} 的值 {value!r} 不能用：{reason}。请改正或取消该变量，然后重试。",
    "The environment variable {variable} has the value {value!r}, which cannot be used: {reason}. "
    "Correct or unset it and try again.",
)
_UNAVAILABLE = Words(
    "连接不到 Temporal 服务器 {address}（命名空间 {namespace}）。请先运行 `make run`，"
    "或用 TEMPORAL_ADDRESS 指明服务器地址。原因：{reason}",
    "The Temporal server at {address} (namespace {namespace}) cannot be reached. Start it with `make run`, "
    "or name another one by TEMPORAL_ADDRESS. Reason: {reason}",
)
_PORT_BUSY = Words(
    "端口 {port} 已被别的程序占用。请停掉该程序，或用 TEMPORAL_ADDRESS=127.0.0.1:PORT 换一个端口"
    "（网页端口再加 1000，也可用 DINGDAN_UI_URL 指定）。",
    "Port {port} is used by another program. Stop that program, or choose another port with "
    "TEMPORAL_ADDRESS=127.0.0.1:PORT (the UI takes that port plus 1000, or the one in DINGDAN_UI_URL).",
)
_ALREADY_RUNNING = Words(
    "本系统已在运行（进程 {owner}，数据目录 {folder}）。同一数据目录只能运行一个；"
    "请用正在运行的那个，或用 DINGDAN_VAR 指定别的目录。",
    "The system is already running here (process {owner}, data folder {folder}). One data folder serves one "
    "server: use the running one, or name another folder by DINGDAN_VAR.",
)
_DISK_FULL = Words(
    "磁盘空间不足：{folder} 只剩 {free} MB，至少需要 {needed} MB。请清理磁盘或用 DINGDAN_VAR 换一个目录；"
    "已保存的数据没有丢失。",
    "The disk is full: {folder} has {free} MB left and needs at least {needed} MB. Make room, or name another "
    "folder by DINGDAN_VAR; nothing that was saved is lost.",
)
_BINARY_MISSING = Words(
    "找不到 Temporal 程序{place}。请运行 `make environment` 安装依赖，或用 DINGDAN_TEMPORAL_BINARY 指明它的位置。",
    "The Temporal program was not found{place}. Install the dependencies with `make environment`, or name the program "
    "by DINGDAN_TEMPORAL_BINARY.",
)
_SERVER_FAILED = Words(
    "内置的 Temporal 服务器没有启动或已停止：{reason}。详情见 {log}。",
    "The embedded Temporal server did not start or has stopped: {reason}. Details are in {log}.",
)
_FOREIGN_ADDRESS = Words(
    "TEMPORAL_ADDRESS={address} 指向别的机器，不能在那里启动内置服务器。请取消该变量，或不带 --embedded 运行。",
    "TEMPORAL_ADDRESS={address} names another machine, where no embedded server can be started. Unset it, or run "
    "without --embedded.",
)
_WRONG_ATTRIBUTE = Words(
    "搜索属性 {name} 在命名空间 {namespace} 中已登记为 {found}，本系统需要 {wanted}。"
    "请用 `temporal operator search-attribute remove --name {name}` 删除后重新运行 setup。",
    "The search attribute {name} is registered in the namespace {namespace} as {found}, but must be {wanted}. "
    "Remove it with `temporal operator search-attribute remove --name {name}` and run setup again.",
)


class ServerUnavailable(Refusal):
    """No Temporal server answers where one was expected."""

    def __init__(self, address: str, namespace: str, reason: str) -> None:
        words = _UNAVAILABLE.filled(address=address, namespace=namespace, reason=reason)
        super().__init__(Code.SERVER_UNAVAILABLE, words, where=address)


class PortBusy(Refusal):
    """Another program listens on a port that the embedded server needs."""

    def __init__(self, port: int) -> None:
        super().__init__(Code.SERVER_UNAVAILABLE, _PORT_BUSY.filled(port=port), where=str(port))
        self.port = port


class AlreadyRunning(Refusal):
    """A living process of ours already serves this data folder."""

    def __init__(self, owner: int, folder: object) -> None:
        words = _ALREADY_RUNNING.filled(owner=owner, folder=folder)
        super().__init__(Code.SERVER_UNAVAILABLE, words, where=str(folder))


class DiskFull(Refusal):
    """There is no room to write in the data folder. Sizes in MB (10⁶ bytes)."""

    def __init__(self, folder: object, free: int, needed: int) -> None:
        words = _DISK_FULL.filled(folder=folder, free=free, needed=needed)
        super().__init__(Code.DISK_FULL, words, where=str(folder))


class BinaryMissing(Refusal):
    """The `temporal` program is not where it was looked for."""

    def __init__(self, named: object = "") -> None:
        words = _BINARY_MISSING.filled(place=f" ({named})" if named else "")
        super().__init__(Code.NOT_SET_UP, words, where=str(named))


class ServerFailed(Refusal):
    """The embedded server ended or did not come up."""

    def __init__(self, reason: str, log: object) -> None:
        super().__init__(
            Code.SERVER_UNAVAILABLE, _SERVER_FAILED.filled(reason=reason, log=log), where=str(log)
        )


class ForeignAddress(Refusal):
    """An embedded server was asked for at an address of another machine."""

    def __init__(self, address: str) -> None:
        super().__init__(Code.NOT_SET_UP, _FOREIGN_ADDRESS.filled(address=address), where=address)


class WrongAttributeType(Refusal):
    """A search attribute exists with another type than ours; the server would accept it silently."""

    def __init__(self, name: str, namespace: str, *, found: str, wanted: str) -> None:
        words = _WRONG_ATTRIBUTE.filled(name=name, namespace=namespace, found=found, wanted=wanted)
        super().__init__(Code.NOT_SET_UP, words, where=name)
