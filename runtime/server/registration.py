"""What a namespace must know before orders run in it: our search attributes, and how long it remembers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
    ListSearchAttributesResponse,
)
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType as IndexedValueType
from temporalio.service import RPCError, RPCStatusCode

from runtime.failures import ServerUnavailable, WrongAttributeType

RETENTION = timedelta(days=90)
"""How long Temporal itself still shows a closed order (the order database keeps it for good)."""


def _label(number: int) -> str:
    """A type as the Temporal command line spells it; a type newer than this program keeps its number."""
    known = {kind.value: kind.name.title().replace("_", "") for kind in IndexedValueType}
    return known.get(number, str(number))


async def _listed(client: Client) -> ListSearchAttributesResponse:
    return await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace), retry=True
    )


async def registered_attributes(client: Client) -> dict[str, int]:
    """The search attributes that were added to this namespace: name and the number of the index type."""
    return dict((await _listed(client)).custom_attributes)


async def register_attributes(client: Client, wanted: Mapping[str, IndexedValueType]) -> list[str]:
    """Make sure that the namespace knows these search attributes with these types; returns those it had to add.

    The server silently accepts a second registration with another type, so the types are compared here, before
    anything is added. Raises WrongAttributeType for the first one that differs, ServerUnavailable if the server
    does not answer. Doing it again changes nothing.
    """
    try:
        present = await _listed(client)
        known = {**present.system_attributes, **present.custom_attributes}
        for name, kind in wanted.items():
            if name in known and known[name] != kind.value:
                raise WrongAttributeType(
                    name, client.namespace, found=_label(known[name]), wanted=_label(kind.value)
                )
        missing = {name: kind for name, kind in wanted.items() if name not in known}
        if missing:
            request = AddSearchAttributesRequest(namespace=client.namespace)
            for name, kind in missing.items():
                request.search_attributes[name] = kind.value  # type: ignore[assignment]
            await client.operator_service.add_search_attributes(request, retry=True)
    except RPCError as error:
        raise ServerUnavailable(_host(client), client.namespace, error.message) from error
    return sorted(missing)


async def keep_closed_orders(client: Client, retention: timedelta = RETENTION) -> bool:
    """Let the namespace show closed orders that long; returns whether it had to be changed.

    Raises ServerUnavailable if the server does not answer or does not know the namespace.
    """
    try:
        described = await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace), retry=True
        )
        if described.config.workflow_execution_retention_ttl.ToTimedelta() == retention:
            return False
        duration = Duration()
        duration.FromTimedelta(retention)
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=duration)
            ),
            retry=True,
        )
    except RPCError as error:
        raise ServerUnavailable(_host(client), client.namespace, error.message) from error
    return True


async def knows_namespace(client: Client) -> bool:
    """Whether the server already answers for the client's namespace (just after its start it may not)."""
    try:
        await client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=client.namespace), retry=False
        )
    except RPCError as error:
        if error.status in (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE):
            return False
        raise
    return True


def _host(client: Client) -> str:
    return client.service_client.config.target_host
