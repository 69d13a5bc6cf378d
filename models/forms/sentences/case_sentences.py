"""Journals of quotes, after-sales cases and contracts: what begins, is waited for and ends there has words of its own.

A key of a step means another thing in each of them, and open ones keep theirs; so they stand here by the letter of the number.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.cases.terms import CaseEnding
from models.contracts.terms import ContractEnding
from models.dossier.journal import EntryKind, JournalEntry
from models.forms.sentences.journal_sentences import Names, of_a_step, sentence_of
from models.quotes.quote import QuoteEnding
from models.reports.responsibility import name_of
from models.values.vocabulary import Term, Words

_BEGAN: Mapping[str, Words] = {
    "Q": Words("询价已登记", "the enquiry was taken in"),
    "C": Words("售后单已登记", "the case was opened"),
    "H": Words("合同已起草", "the contract was drafted"),
}
_ENDED: Mapping[str, tuple[Words, type[Term]]] = {
    "Q": (Words("报价终结：{ending}", "the quote ended: {ending}"), QuoteEnding),
    "C": (Words("售后单结案：{ending}", "the case ended: {ending}"), CaseEnding),
    "H": (Words("合同终结：{ending}", "the contract ended: {ending}"), ContractEnding),
}
STEPS: Mapping[str, Mapping[str, Words]] = {
    "Q": {
        "offer": Words("核算成本并做出报价", "work out the cost and make the offer"),
        "send": Words("向客户发出报价", "send the offer to the customer"),
        "answer": Words("客户答复报价", "the customer answers the offer"),
        "expired": Words("报价已过期：重新报价或撤回", "the offer has expired: quote anew, or withdraw"),
        "order": Words("由报价生成订单", "the order is made of the quote"),
    },
    "C": {
        "acknowledge": Words("受理售后并告知客户", "take the case up and tell the customer"),
        "assess": Words("核查售后证据", "assess the evidence of the case"),
        "send": Words("客户寄回货物", "the customer sends the goods back"),
        "receive": Words("签收退回货物", "receive the goods that come back"),
        "inspect": Words("检验退回货物", "inspect the goods that came back"),
        "count": Words("计算退货金额", "the value of the goods is worked out"),
        "replace": Words("登记换货订单", "the replacement order is entered"),
        "remedy": Words("办理退款、补发、维修或答复", "carry the remedy out"),
        "agree": Words("客户认可或提出异议", "the customer agrees or objects"),
    },
    "H": {
        "draft": Words("重新起草合同", "draft the contract anew"),
        "arrange": Words("安排签署的地点和时间", "arrange place and time of signing"),
        "sign_company": Words("我方签署合同", "sign the contract for the company"),
        "sign_customer": Words("客户签署合同", "the customer signs the contract"),
        "tell_order": Words("告知订单", "the order is told"),
    },
}
"""By the letter of the number, what a step is called whose key begins so."""


def case_sentence_of(number: str, entry: JournalEntry, names: Names | None = None) -> Words:
    """One entry of the journal of the case with this number, as a sentence."""
    letter = number[:1]
    if letter in _BEGAN and entry.kind is EntryKind.PLACED:
        return _BEGAN[letter]
    if letter in _ENDED and entry.kind is EntryKind.ENDED:
        words, endings = _ENDED[letter]
        known = next((each for each in endings if each.value == entry.subject), None)
        return words.filled(ending=known or entry.subject)
    steps = STEPS.get(letter, {})
    step = steps.get(entry.subject.partition(":")[0]) or name_of(entry.subject)
    return of_a_step(entry, step, names or {}) or sentence_of(entry, names)
