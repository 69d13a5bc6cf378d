"""The SDK's sandbox for workflows, without its way in for every payload.

For each payload that goes in or out the SDK asks the order in which context it is converted, and enters the sandbox to
hear it: a sixth of what replaying an order costs. The answer only matters to storage outside of the server, and to codecs
and converters that look at it; our encryption does not. Where there is none of these it is given out here; with one of
them the SDK's own runner is used as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    PayloadConverter,
    SerializationContext,
    StorageDriverStoreContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info


def sandbox(restrictions: SandboxRestrictions, converter: DataConverter) -> SandboxedWorkflowRunner:
    """The sandbox for a worker whose client has this data converter: the quick one where that may be."""
    if contexts_matter(converter):
        return SandboxedWorkflowRunner(restrictions=restrictions)
    return QuickSandbox(restrictions=restrictions)


def contexts_matter(converter: DataConverter) -> bool:
    """Whether anything may look at the context in which a payload is converted.

    Of a codec and a failure converter the SDK's own sign says so; any storage outside of the server counts.
    """
    codec: object = converter.payload_codec
    return (
        isinstance(codec, WithSerializationContext)
        or converter.external_storage is not None
        or type(converter).with_context is not DataConverter.with_context
        or issubclass(converter.failure_converter_class, WithSerializationContext)
        or _looks_at_contexts(converter.payload_converter_class())
    )


def _looks_at_contexts(converter: PayloadConverter) -> bool:
    if not isinstance(converter, CompositePayloadConverter):
        return isinstance(converter, WithSerializationContext)
    # The composite itself only hands the context on to its parts.
    own = type(converter)
    hands_on = (
        own.with_context is CompositePayloadConverter.with_context
        and own.get_converters_with_context is CompositePayloadConverter.get_converters_with_context
    )
    return not hands_on or any(
        isinstance(part, WithSerializationContext) for part in converter.converters.values()
    )


@dataclass(frozen=True)
class QuickSandbox(SandboxedWorkflowRunner):
    """The sandbox for a data converter to which contexts do not matter. The workflow itself runs within as ever."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """The SDK's instance, with its questions about contexts answered outside."""
        return _AnsweredOutside(super().create_instance(det), det.info)


class _AnsweredOutside(WorkflowInstance):
    def __init__(self, inside: WorkflowInstance, info: Info) -> None:
        self._inside = inside
        self._context = WorkflowSerializationContext(namespace=info.namespace, workflow_id=info.workflow_id)
        self._nowhere = StorageDriverStoreContext(target=None)

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._inside.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext:
        return self._context

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        return self._nowhere

    def get_info(self) -> Info:
        return self._inside.get_info()

    def get_thread_id(self) -> int | None:
        return self._inside.get_thread_id()
