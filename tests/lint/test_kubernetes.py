"""The Kubernetes example as far as it can be read without a cluster: the shape of each object, who runs as what, and settings there are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from runtime.settings import PREFIX, Settings
from runtime.worker.worker_life import LIMIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "deploy" / "kubernetes"
TEXT = {"type": "string", "minLength": 1}
NAMED = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}},
}


def shape(required: list[str], **properties: Any) -> dict[str, Any]:
    """An object that has these members and no other."""
    return {
        "type": "object", "required": required, "properties": properties, "additionalProperties": False,
    }  # fmt: skip


def an_object(version: str, kind: str, **members: Any) -> dict[str, Any]:
    """An object of Kubernetes with these members beside the usual ones."""
    return shape(
        ["apiVersion", "kind", "metadata", *members],
        apiVersion={"const": version}, kind={"const": kind}, metadata=NAMED, **members,
    )  # fmt: skip


POD = {"type": "object", "required": ["spec"]}
LABELS = shape(["matchLabels"], matchLabels={"type": "object", "minProperties": 1})
WORKER_OPTIONS = shape(
    ["connectionRef", "temporalNamespace"],
    connectionRef=NAMED,
    temporalNamespace=TEXT,
    unsafeCustomBuildID=TEXT,
)
SCHEMAS = {
    "ConfigMap": an_object("v1", "ConfigMap", data={"type": "object", "additionalProperties": {"type": "string"}}),
    "Service": an_object(
        "v1", "Service", spec=shape(["selector", "ports"], selector={"type": "object"}, ports={"type": "array"})
    ),
    "Job": an_object(
        "batch/v1", "Job",
        spec=shape(["template"], backoffLimit={"type": "integer"}, ttlSecondsAfterFinished={"type": "integer"}, template=POD),
    ),
    "Deployment": an_object(
        "apps/v1", "Deployment",
        spec=shape(
            ["selector", "template"], replicas={"type": "integer"}, strategy={"type": "object"}, selector=LABELS, template=POD
        ),
    ),
    "NetworkPolicy": an_object(
        "networking.k8s.io/v1", "NetworkPolicy",
        spec=shape(
            ["podSelector", "policyTypes"], podSelector={"type": "object"}, policyTypes={"const": ["Ingress"]},
            ingress={"type": "array"},
        ),
    ),
    "Connection": an_object(
        "temporal.io/v1alpha1", "Connection",
        spec=shape(["hostPort"], hostPort={"pattern": r"^[^:]+:\d+$"}, mutualTLSSecretRef=NAMED, apiKeySecretRef=NAMED),
    ),
    "WorkerDeployment": an_object(
        "temporal.io/v1alpha1", "WorkerDeployment",
        spec=shape(
            ["workerOptions", "rollout", "sunset", "template"],
            replicas={"type": "integer"}, workerOptions=WORKER_OPTIONS, template=POD,
            rollout=shape(
                ["strategy"], strategy={"enum": ["Manual", "AllAtOnce", "Progressive"]}, steps={"type": "array"},
                gate={"type": "object"},
            ),
            sunset=shape([], scaledownDelay={"pattern": r"^\d+[smh]$"}, deleteDelay={"pattern": r"^\d+[smh]$"}),
        ),
    ),
}  # fmt: skip
"""By hand: of Kubernetes what is used here, of the Temporal Worker Controller its v1alpha1 resources."""
OBJECTS = [
    (file.name, each)
    for file in sorted(FOLDER.glob("*.yaml"))
    for each in yaml.safe_load_all(file.read_text())
]
PODS = [
    (f"{name} {each['metadata']['name']}", each["spec"]["template"]["spec"])
    for name, each in OBJECTS
    if "template" in each.get("spec", {})
]


@pytest.mark.parametrize(
    ("name", "found"), OBJECTS, ids=lambda each: each if isinstance(each, str) else each["kind"]
)
def test_every_object_has_its_shape(name: str, found: dict[str, Any]) -> None:
    faults = [
        f"{list(each.path)}: {each.message}"
        for each in Draft202012Validator(SCHEMAS[found["kind"]]).iter_errors(found)
    ]
    assert faults == [], name


def test_a_wrong_shape_is_seen() -> None:
    (worker,) = (each for _, each in OBJECTS if each["kind"] == "WorkerDeployment")
    wrong = {**worker, "spec": {**worker["spec"], "rollout": {"strategy": "Sometimes"}}}
    assert not Draft202012Validator(SCHEMAS["WorkerDeployment"]).is_valid(wrong)


def test_there_are_worker_press_gateway_and_set_up() -> None:
    assert [name.split()[1] for name, _ in PODS] == [
        "dingdan-gateway",
        "dingdan-press",
        "dingdan-set-up",
        "dingdan-worker",
    ]


@pytest.mark.parametrize(("name", "pod"), PODS, ids=lambda each: each if isinstance(each, str) else "")
def test_every_pod_is_nobody_writes_nowhere_and_has_time_to_end(name: str, pod: dict[str, Any]) -> None:
    whole, (container,) = pod["securityContext"], pod["containers"]
    assert whole["runAsNonRoot"] is True
    assert (whole["runAsUser"], whole["runAsGroup"]) == (10001, 10001)
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text()
    own = container["securityContext"]
    assert own["readOnlyRootFilesystem"] is True
    assert own["allowPrivilegeEscalation"] is False
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert pod["automountServiceAccountToken"] is False
    assert set(container["resources"]["requests"]) == {"cpu", "memory"}
    assert "memory" in container["resources"]["limits"]
    assert pod["terminationGracePeriodSeconds"] >= LIMIT_SECONDS + 5
    tag = container["image"].rpartition(":")[2]
    assert tag not in {"", "latest"}
    mounted = {each["name"] for each in container["volumeMounts"]}
    assert mounted == {each["name"] for each in pod["volumes"]}


def test_settings_are_there_and_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    (values,) = (each["data"] for _, each in OBJECTS if each["kind"] == "ConfigMap")
    named = {
        str(each.validation_alias or PREFIX + name.upper()) for name, each in Settings.model_fields.items()
    }
    assert set(values) <= named | {"TEMPORAL_NAMESPACE"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    # what the controller gives, as the worker's command hands it on
    monkeypatch.setenv("DINGDAN_DEPLOYMENT", "dingdan/dingdan-worker")
    monkeypatch.setenv("DINGDAN_BUILD_ID", "0.2.0-4f2a")
    settings = Settings()
    assert (settings.deployment, settings.build_id) == ("dingdan/dingdan-worker", "0.2.0-4f2a")
    (container,) = dict(PODS)["worker.yaml dingdan-worker"]["containers"]
    assert "$TEMPORAL_DEPLOYMENT_NAME" in container["command"][-1]
    assert "$TEMPORAL_WORKER_BUILD_ID" in container["command"][-1]


def test_the_door_is_asked_whether_it_is_ready() -> None:
    (container,) = dict(PODS)["gateway.yaml dingdan-gateway"]["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/health"
    assert set(container) >= {"startupProbe", "livenessProbe"}


@pytest.mark.parametrize("name", ["worker", "press"])
def test_workers_and_press_are_asked_at_their_watch_address(name: str) -> None:
    pod = next(pod for place, pod in PODS if place.startswith(f"{name}.yaml"))
    (container,) = pod["containers"]
    asked = {probe: container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")}
    assert asked == {"livenessProbe": "/live", "readinessProbe": "/ready"}
    assert {"name": "watch", "containerPort": 9100} in container["ports"]
