"""Which policies an installation has, and that nothing else is told to an order as its policy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from models.messages.envelope import Envelope, read_envelope
from models.policy import Policy
from models.values.errors import Code, Refusal
from runtime.delivery.adoption import installed_policies, with_installed_policy
from runtime.settings import Settings


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    """An installation with a policy in force and two others beside it."""
    (tmp_path / "policy.toml").write_text('version = "now"\n')
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "before.toml").write_text('version = "2026"\n[hanging]\ndays = 20\n')
    (tmp_path / "policies" / "after.toml").write_text('version = "2028"\n[hanging]\ndays = 5\n')
    (tmp_path / "policies" / "notes.txt").write_text("no policy")
    return Settings(policy=tmp_path / "policy.toml", var=tmp_path / "var")


def adopted(**content: Any) -> Envelope:
    """The fact, by an operator."""
    now = datetime.now(UTC).isoformat()
    said = {"kind": "adopted", "by": "op-1", "role": "operator", "happened_at": now, "fact_id": "op/1"}
    return read_envelope({**said, "content": {"reason": "新政策", **content}})


def test_an_installation_has_what_stands_in_its_files(here: Settings) -> None:
    found = installed_policies(here)
    assert {version: policy.hanging.days for version, policy in found.items()} == {
        "now": Policy().hanging.days,
        "2026": 20,
        "2028": 5,
    }


def test_a_version_is_filled_with_what_the_file_says(here: Settings) -> None:
    filled = with_installed_policy(here, adopted(policy_version="2028"))
    assert Policy.model_validate(filled.content["policy"]) == installed_policies(here)["2028"]
    assert filled.content["policy_version"] == "2028"
    assert (filled.fact_id, filled.by) == ("op/1", "op-1")
    again = with_installed_policy(here, filled)
    assert again.digest() == filled.digest()


def test_a_policy_without_a_version_beside_it_is_looked_for_by_its_own(here: Settings) -> None:
    policy = installed_policies(here)["2026"].model_dump(mode="json")
    assert with_installed_policy(here, adopted(policy=policy)).content["policy_version"] == "2026"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"policy_version": "2029"}, "content.policy_version"),
        ({"policy": {"version": "2029"}}, "content.policy_version"),
        ({"policy": {"hanging": {"days": 1}}}, "content.policy_version"),
        ({"policy_version": "2028", "policy": {"version": "2028", "hanging": {"days": 1}}}, "content.policy"),
        (
            {"policy_version": "2028", "policy": {"version": "2026", "hanging": {"days": 20}}},
            "content.policy",
        ),
    ],
)
def test_what_the_installation_does_not_have_is_refused(
    here: Settings, content: dict[str, Any], where: str
) -> None:
    with pytest.raises(Refusal) as refused:
        with_installed_policy(here, adopted(**content))
    assert (refused.value.code, refused.value.where) == (Code.UNKNOWN_POLICY, where)


def test_an_edition_alone_and_every_other_fact_stay_as_they_are(here: Settings) -> None:
    edition = adopted(edition=2)
    assert with_installed_policy(here, edition) is edition
    other = read_envelope({**edition.model_dump(mode="json"), "kind": "contact_logged", "content": {}})
    assert with_installed_policy(here, other) is other


def test_two_files_with_one_version_and_other_content_are_an_error_that_names_the_file(
    here: Settings,
) -> None:
    copy = here.policy.parent / "policies" / "copy.toml"
    copy.write_text('version = "2028"\n[hanging]\ndays = 5\n')
    assert installed_policies(here)["2028"].hanging.days == 5
    copy.write_text('version = "now"\n[hanging]\ndays = 9\n')
    with pytest.raises(Refusal) as refused:
        installed_policies(here)
    assert "copy.toml" in refused.value.words.en


def test_a_file_that_cannot_be_read_is_named(here: Settings) -> None:
    (here.policy.parent / "policies" / "wrong.toml").write_text('version = "x"\nhangin = 3\n')
    with pytest.raises(Refusal) as refused:
        installed_policies(here)
    assert "wrong.toml" in str(refused.value.where)
