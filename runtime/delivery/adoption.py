"""An order moves to another policy only if the installation has it: what it says comes from the company's own files."""

from __future__ import annotations

from models.facts.fact_kinds import FACT_KINDS
from models.messages.envelope import Envelope, read_content
from models.messages.fact_contents import Adopted
from models.policy import Policy
from models.values.errors import Code, Refusal
from models.values.fingerprint import lasting
from models.values.vocabulary import Words
from runtime.settings import Settings

ADOPTED = "adopted"
FOLDER = "policies"
"""Beside `policy.toml`: earlier and later states of it, each a file with a version of its own."""
_UNKNOWN = Words(
    "本机没有政策 {version}；有：{known}", "there is no policy {version} here; there are: {known}"
)
_TWICE = Words(
    "{file} 的版本 {version} 已用于另一政策", "{file}: version {version} belongs to another policy already"
)
_OTHER = Words("政策 {version} 的内容与本机的不同", "policy {version} says something else here")


def installed_policies(settings: Settings) -> dict[str, Policy]:
    """The policies of this installation by their version: `policy.toml` and those in `policies/` beside it.

    Raises Refusal that names a file which cannot be read, or says under a known version something else.
    """
    from activities.store.company_files import read_policy
    from runtime.signed_facts import as_signed_here

    found: dict[str, Policy] = {}
    for file in [settings.policy, *sorted((settings.policy.parent / FOLDER).glob("*.toml"))]:
        policy = as_signed_here(settings, read_policy(file))
        if found.setdefault(policy.version, policy) != policy:
            words = _TWICE.filled(file=file.name, version=policy.version)
            raise Refusal(Code.UNKNOWN_POLICY, words, where=file.name)
    return found


def with_installed_policy(settings: Settings, envelope: Envelope) -> Envelope:
    """The envelope with what the policy that it names says; any other envelope as it is.

    Raises Refusal(unknown_policy) for one that the installation does not have, or has otherwise.
    """
    if envelope.kind != ADOPTED:
        return envelope
    content = read_content(FACT_KINDS[ADOPTED].content, envelope.content, inside="content")
    if not isinstance(content, Adopted) or not (content.policy_version or content.policy):
        return envelope
    version = content.policy_version or (content.policy.version if content.policy else "")
    installed = installed_policies(settings)
    policy = installed.get(version)
    if policy is None:
        words = _UNKNOWN.filled(version=version, known=", ".join(installed))
        raise Refusal(Code.UNKNOWN_POLICY, words, where="content.policy_version")
    if content.policy is not None and content.policy != policy:
        raise Refusal(Code.UNKNOWN_POLICY, _OTHER.filled(version=version), where="content.policy")
    filled = {**envelope.content, "policy_version": version, "policy": lasting(policy)}
    return envelope.model_copy(update={"content": filled})
