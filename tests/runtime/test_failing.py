"""What the server says no to, called by its name: what is too large or wrong is not a server that does not answer."""

from __future__ import annotations

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from models.values.errors import OF_THE_WORLD, Code, Refusal
from runtime.delivery.order_handles import start_order
from runtime.refusals import is_silent, named_answers, refusal_of_server
from tests.activities.conftest import order_start


@pytest.mark.parametrize(
    "size", [2_200_000, 5_000_000]
)  # more than a payload, and more than a message may have
async def test_what_the_real_server_finds_too_large_is_too_large(temporal_client: Client, size: int) -> None:
    start = order_start(f"20270105-{size}")
    start = start.model_copy(update={"request": start.request.model_copy(update={"words": "x" * size})})
    with pytest.raises(Refusal) as refused, named_answers():
        await start_order(temporal_client, start, "nobody")
    assert refused.value.code is Code.TOO_LARGE
    assert refused.value.exit_code == 3
    assert "does not answer" not in refused.value.words.en


@pytest.mark.parametrize(
    ("status", "text", "code", "silent"),
    [
        (RPCStatusCode.INVALID_ARGUMENT, "Blob data size exceeds limit.", Code.TOO_LARGE, False),
        (RPCStatusCode.RESOURCE_EXHAUSTED, "grpc: received message larger than max", Code.TOO_LARGE, False),
        (RPCStatusCode.INVALID_ARGUMENT, "WorkflowId is not valid", Code.SERVER_REFUSES, False),
        (RPCStatusCode.RESOURCE_EXHAUSTED, "namespace rate exceeded", Code.SERVER_UNAVAILABLE, False),
        (RPCStatusCode.NOT_FOUND, "Namespace x is not found.", Code.NOT_SET_UP, True),
        (RPCStatusCode.NOT_FOUND, "workflow not found", Code.UNKNOWN_ORDER, False),
        (RPCStatusCode.PERMISSION_DENIED, "no", Code.SERVER_UNAVAILABLE, False),
        (RPCStatusCode.INTERNAL, "shard", Code.SERVER_UNAVAILABLE, False),
        (RPCStatusCode.UNAVAILABLE, "refused", Code.SERVER_UNAVAILABLE, True),
        (RPCStatusCode.DEADLINE_EXCEEDED, "late", Code.SERVER_UNAVAILABLE, True),
    ],
)
def test_each_answer_has_its_code(status: RPCStatusCode, text: str, code: Code, silent: bool) -> None:
    with pytest.raises(Refusal) as refused, named_answers():
        raise RPCError(text, status, b"")
    assert refused.value.code is code
    assert is_silent(refused.value) is silent
    assert ("does not answer" in refused.value.words.en) is (
        silent and code in OF_THE_WORLD - {Code.NOT_SET_UP}
    )
    assert refusal_of_server(RPCError(text, status, b"")).code is code
