"""Whose signature under which version counts (R31, R107)."""

from __future__ import annotations

from datetime import datetime

from models.contracts.contents import ContractSigned
from models.contracts.contract import Draft, OrderContract
from models.contracts.terms import ContractSide
from models.messages.authors import is_customer, is_key
from models.messages.envelope import Envelope
from models.values.errors import AlreadyKnown, Code, Refusal
from models.values.vocabulary import Role, Words

_UNKNOWN = Words("没有第{version}版合同", "there is no version {version}")
_STALE = Words(
    "第{version}版不再签署，现在是第{now}版",
    "version {version} is signed no more; version {now} is the newest",
)
_OTHER = Words("校验码与第{version}版不符", "the hash is not that of version {version}")
_NOT_APPROVED = Words(
    "第{version}版还没有批准，不能签署", "version {version} is not approved and cannot be signed"
)
_PAPER = Words(
    "代交签字须注明签字人和编号", "a signature that is handed in names who signed it and its reference"
)
_NOT_THE_PAGE = Words(
    "经链接的签字只由客户页面报告", "a signature by a link is told by the customer's page alone"
)
_NOT_ITS_NAME = Words("签字人须与页面上所填姓名一致", "who signed it is the name that was typed on the page")
_NO_NAME = Words("须注明签字人", "name who signed it")
_SIGNER = Words("须由指定签字人签署：{known}", "a designated person signs: {known}")
_BEFORE = Words("签署早于批准", "it was signed before it was approved")


def signs_for(role: Role) -> ContractSide:
    """R107: the marketing director signs for the company; whatever else is told is the customer's signature."""
    return ContractSide.COMPANY if role is Role.MARKETING_DIRECTOR else ContractSide.CUSTOMER


def is_signed_already(contract: OrderContract, said: ContractSigned) -> bool:
    """Whether this version is in force, or was: its signatures are known, however often they are told."""
    draft = contract.draft_numbered(said.version)
    return draft is not None and draft.in_force_from is not None and draft.digest.startswith(said.digest)


def find_signed(contract: OrderContract, content: ContractSigned, side: ContractSide) -> Draft:
    """The version that is signed.

    Raises Refusal: contradiction, stale_version, not_asked; AlreadyKnown where this side has signed it.
    """
    draft = contract.draft_numbered(content.version)
    if draft is None:
        words = _UNKNOWN.filled(version=content.version)
        raise Refusal(Code.CONTRADICTION, words, where="content.version", rule="R107")
    if not draft.digest.startswith(content.digest):
        words = _OTHER.filled(version=draft.version)
        raise Refusal(Code.STALE_VERSION, words, where="content.digest", rule="R107")
    if draft.signature_of(side) is not None:
        raise AlreadyKnown
    if not draft.is_pending:
        words = _STALE.filled(version=draft.version, now=contract.newest.version)
        raise Refusal(Code.STALE_VERSION, words, where="content.version", rule="R107")
    if draft.approved_at is None:
        words = _NOT_APPROVED.filled(version=draft.version)
        raise Refusal(Code.NOT_ASKED, words, where="content.version", rule="R107")
    return draft


def require_named_paper(envelope: Envelope, content: ContractSigned) -> None:
    """Who hands in the customer's signature names signer and paper, and so does a customer's own system, which is no person.

    What was done by a link is told by the customer's page alone, of the very name that was typed there (R31).
    Raises Refusal: not_in_writing, wrong_role, contradiction.
    """
    if content.link_signature is not None:
        if not is_customer(envelope.by):
            raise Refusal(Code.WRONG_ROLE, _NOT_THE_PAGE, where="content.link_signature", rule="R31")
        if content.signed_by != content.link_signature.signer:
            raise Refusal(Code.CONTRADICTION, _NOT_ITS_NAME, where="content.signed_by", rule="R31")
    if envelope.role in (Role.CUSTOMER, Role.MARKETING_DIRECTOR) and not is_key(envelope.by):
        return
    if not (content.signed_by and content.document):
        where = "content.document" if content.signed_by else "content.signed_by"
        raise Refusal(Code.NOT_IN_WRITING, _PAPER, where=where, rule="R107")


def require_signer(
    contract: OrderContract, draft: Draft, signer: str, side: ContractSide, moment: datetime
) -> None:
    """R31, R107: a designated person of the customer signs, after the approval. Raises Refusal: missing_field, contradiction."""
    if not signer:
        raise Refusal(Code.MISSING_FIELD, _NO_NAME, where="content.signed_by", rule="R107")
    known = contract.customer.designated_signers
    if side is ContractSide.CUSTOMER and known and signer not in known:
        words = _SIGNER.filled(known="、".join(known))
        raise Refusal(Code.CONTRADICTION, words, where="content.signed_by", rule="R107")
    if draft.approved_at is not None and moment < draft.approved_at:
        raise Refusal(Code.CONTRADICTION, _BEFORE, where="happened_at", rule="R107")
