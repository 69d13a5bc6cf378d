"""Worker Versioning: which build of the workers orders go to (switched on by DINGDAN_DEPLOYMENT and DINGDAN_BUILD_ID)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from models.values.errors import Code, Refusal
from models.values.vocabulary import Words
from runtime.failures import BAD_SETTING
from runtime.refusals import named_answers
from runtime.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client

_LOOK_AGAIN_SECONDS = 0.5
_NO_WORKER = Words(
    "{seconds} 秒内没有版本 {version} 的工人报到；请先启动它们",
    "no worker of version {version} has come within {seconds} s; start them first",
)
_OFF = Words("未给出：没有启用工人版本", "not given: worker versions are off")


def version_of(settings: Settings) -> str:
    """The version of this installation's workers, as the server writes it. Raises Refusal(malformed) where versions are off."""
    if not settings.deployment:
        words = BAD_SETTING.filled(variable="DINGDAN_DEPLOYMENT", value="", reason=_OFF.en)
        raise Refusal(Code.MALFORMED, words, where="DINGDAN_DEPLOYMENT")
    return f"{settings.deployment}.{settings.build_id}"


async def make_current(client: Client, settings: Settings, patience_seconds: float) -> str:
    """Make the version of these settings the current one: new orders begin on it, open ones move to it with their next step.

    The version before, empty where there was none. Doing it again changes nothing. It waits so long for the first worker of
    that version. Raises Refusal(malformed, not_set_up: no worker has come, server_unavailable).
    """
    from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
    from temporalio.service import RPCError, RPCStatusCode

    version, until = version_of(settings), time.monotonic() + patience_seconds
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace,
        deployment_name=settings.deployment,
        build_id=settings.build_id,
        identity=client.identity,
    )
    while True:
        try:
            with named_answers():
                done = await client.workflow_service.set_worker_deployment_current_version(request)
        except Refusal as refusal:
            cause = refusal.__cause__
            unknown = isinstance(cause, RPCError) and cause.status in (
                RPCStatusCode.NOT_FOUND,
                RPCStatusCode.FAILED_PRECONDITION,
            )
            if not unknown:
                raise
            if time.monotonic() > until:
                words = _NO_WORKER.filled(version=version, seconds=f"{patience_seconds:g}")
                raise Refusal(Code.NOT_SET_UP, words, where=version) from refusal
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        else:
            before = done.previous_deployment_version
            return f"{before.deployment_name}.{before.build_id}" if before.build_id else ""
