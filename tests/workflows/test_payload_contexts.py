"""Contexts of payloads are given out outside the sandbox where nobody looks at them, and by the SDK where somebody may."""

from __future__ import annotations

import base64
import dataclasses
import os
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter, pydantic_data_converter
from temporalio.converter import (
    ActivitySerializationContext,
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverter,
    ExternalStorage,
    JSONPlainPayloadConverter,
    PayloadCodec,
    SerializationContext,
    StorageDriver,
    StorageDriverClaim,
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)
from temporalio.worker import Replayer, Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from models.values.vocabulary import Ending
from runtime.encryption.data_converter import PLAIN, data_converter_of
from runtime.server.registration import register_attributes
from runtime.settings import Settings
from runtime.worker.sandbox import QuickSandbox, contexts_matter
from runtime.worker.workers import build_worker, workflow_runner
from tests.workflows.conftest import Desk, MemoryRecords, contact, order_start
from workflows.engine.interceptor import CaseInterceptor
from workflows.engine.search_attributes import SEARCH_ATTRIBUTES
from workflows.order import OrderWorkflow

ENCRYPTED = data_converter_of(
    Settings(payload_keys=SecretStr(f"tried:{base64.b64encode(bytes(32)).decode()}"))
)
KEY = AESGCM.generate_key(bit_length=256)


class Sealed(PayloadCodec):
    """Encrypts; a codec that is blind to contexts."""

    def __init__(self, bound_to: str = "") -> None:
        self._bound_to = bound_to.encode()

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal each payload."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open each payload that is sealed."""
        return [
            self._open(each) if each.metadata.get("encoding") == b"binary/encrypted" else each
            for each in payloads
        ]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(12)
        data = AESGCM(KEY).encrypt(nonce, payload.SerializeToString(), self._bound_to)
        return Payload(metadata={"encoding": b"binary/encrypted"}, data=nonce + data)

    def _open(self, payload: Payload) -> Payload:
        opened = AESGCM(KEY).decrypt(payload.data[:12], payload.data[12:], self._bound_to)
        return Payload.FromString(opened)


class SealedInContext(Sealed, WithSerializationContext):
    """What is sealed for one order or activity opens for no other."""

    def with_context(self, context: SerializationContext) -> Self:
        """The codec of one context."""
        if isinstance(context, ActivitySerializationContext):
            return type(self)(f"activity/{context.workflow_id}/{context.activity_type}")
        assert isinstance(context, WorkflowSerializationContext)
        return type(self)(f"order/{context.workflow_id}")


class Attentive(JSONPlainPayloadConverter, WithSerializationContext):
    """A part of a payload converter that looks at contexts."""

    def with_context(self, context: SerializationContext) -> Self:
        """Itself, for once."""
        return self


class AttentivePart(CompositePayloadConverter):
    def __init__(self) -> None:
        super().__init__(Attentive())


class AttentiveWhole(PydanticPayloadConverter):
    def with_context(self, context: SerializationContext) -> Self:
        """Itself, for once."""
        return self


class AttentiveToFailures(DefaultFailureConverter, WithSerializationContext):
    def with_context(self, context: SerializationContext) -> Self:
        """Itself, for once."""
        return self


class AttentiveConverter(DataConverter):
    def with_context(self, context: SerializationContext) -> Self:
        """Itself, for once."""
        return self


class Shelf(StorageDriver):
    """A place outside of the server, which is never asked here."""

    def name(self) -> str:
        """What it is called."""
        return "shelf"

    async def store(
        self, context: StorageDriverStoreContext, payloads: Sequence[Payload]
    ) -> list[StorageDriverClaim]:
        """Never asked."""
        raise NotImplementedError

    async def retrieve(
        self, context: StorageDriverRetrieveContext, claims: Sequence[StorageDriverClaim]
    ) -> list[Payload]:
        """Never asked."""
        raise NotImplementedError


def converter(**changes: Any) -> DataConverter:
    """The product's data converter with something changed."""
    return dataclasses.replace(pydantic_data_converter, **changes)


ATTENTIVE = {
    "codec in context": converter(payload_codec=SealedInContext()),
    "external storage": converter(external_storage=ExternalStorage(drivers=[Shelf()])),
    "a part of the payload converter": converter(payload_converter_class=AttentivePart),
    "the payload converter": converter(payload_converter_class=AttentiveWhole),
    "the failure converter": converter(failure_converter_class=AttentiveToFailures),
    "the data converter": AttentiveConverter(payload_converter_class=PydanticPayloadConverter),
}


@pytest.mark.parametrize("what", ATTENTIVE)
def test_who_may_look_at_contexts_gets_the_runner_of_the_sdk(what: str) -> None:
    assert contexts_matter(ATTENTIVE[what])
    assert type(workflow_runner(ATTENTIVE[what])) is SandboxedWorkflowRunner


BLIND = converter(payload_codec=Sealed())


@pytest.mark.parametrize("blind", [pydantic_data_converter, DataConverter.default, BLIND, PLAIN, ENCRYPTED])
def test_the_product_and_the_sdk_by_default_look_at_none(blind: DataConverter) -> None:
    assert not contexts_matter(blind)
    assert type(workflow_runner(blind)) is QuickSandbox


def with_converter(client: Client, of: DataConverter) -> Client:
    """The same client with another data converter."""
    return Client(client.service_client, namespace=client.namespace, data_converter=of)


@pytest.mark.parametrize(
    ("of", "runner"),
    [
        (pydantic_data_converter, QuickSandbox),
        (ENCRYPTED, QuickSandbox),
        (ATTENTIVE["codec in context"], SandboxedWorkflowRunner),
    ],
)
async def test_the_worker_decides_by_the_converter_of_its_client(
    temporal_client: Client, settings: Settings, of: DataConverter, runner: type[SandboxedWorkflowRunner]
) -> None:
    worker = build_worker(with_converter(temporal_client, of), settings)
    assert type(worker.config()["workflow_runner"]) is runner


@pytest.mark.parametrize(
    "of",
    [PLAIN, ENCRYPTED, ATTENTIVE["codec in context"]],
    ids=["none", "ours", "context"],
)
async def test_an_order_lives_with_and_without_a_codec(
    temporal_client: Client, records: MemoryRecords, threads: ThreadPoolExecutor, of: DataConverter
) -> None:
    """Update, signal, timer, local activity, remote activity, search attributes, and the end; then lived again."""
    await register_attributes(temporal_client, SEARCH_ATTRIBUTES)
    client = with_converter(temporal_client, of)
    desk = Desk(client, f"test-{uuid.uuid4().hex}", records)
    async with Worker(
        client,
        task_queue=desk.queue,
        workflows=[OrderWorkflow],
        activities=[records.record, records.read_calendar],
        activity_executor=threads,
        workflow_runner=workflow_runner(client.data_converter),
        interceptors=[CaseInterceptor()],
    ):
        handle = await desk.place(order_start())
        assert (await desk.tell(handle, contact("a"))).status == "accepted"
        await handle.signal("contact_logged", contact("b"))
        await handle.cancel()
        outcome = await handle.result()
    assert outcome.ending == Ending.CANCELLED
    history = await handle.fetch_history()
    sealed = b"binary/encrypted" in history.events[0].SerializeToString()
    assert sealed == (of.payload_codec is not None)

    def replayer(runner: SandboxedWorkflowRunner) -> Replayer:
        return Replayer(
            workflows=[OrderWorkflow],
            data_converter=of,
            workflow_runner=runner,
            interceptors=[CaseInterceptor()],
        )

    await replayer(workflow_runner(of)).replay_workflow(history)
    quick = QuickSandbox(restrictions=workflow_runner(of).restrictions)
    if isinstance(of.payload_codec, SealedInContext):
        # The canary: whoever looks at contexts would be misled.
        with pytest.raises((InvalidTag, RuntimeError)):
            await replayer(quick).replay_workflow(history)
    else:
        await replayer(quick).replay_workflow(history)
