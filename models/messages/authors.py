"""Who says something, as it is written down: three name spaces that never meet.

A person of the staff stands under the id of the staff list, `chen`. A key, and a system that signs its events, stands
under `key:` and its name, `key:bank`. A customer stands under `customer:` and the customer's number, `customer:K-B1`;
a name that a customer types is content and nobody's identity. So a key that is named like a person, or a customer who
signs with a manager's name, is never taken for that person, wherever names are compared: separated duties, overrides,
journals and lists. No person may be listed under a name that begins like the others'.
"""

from __future__ import annotations

import hashlib

from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words
from models.values.words import InvalidValue

KEY = "key:"
CUSTOMER = "customer:"
OF_THE_HOUSE = frozenset({"temporal", "scanner", "system"})
"""Under these the programs of the house speak themselves."""
LONGEST_ID = 200
_LONGEST_AUTHOR = 80
_SEPARATOR = "/"
OF_PERSONS = frozenset(
    {
        Role.SERVICE_SUPERVISOR, Role.SALES_SUPERVISOR, Role.MARKETING_DIRECTOR, Role.FINANCE, Role.LEGAL,
        Role.ADMINISTRATOR,
    }
)  # fmt: skip
"""Roles whose word is a person's own: who supervises, confirms money as real (R53), or signs for the company."""
_NOT_A_PERSON = Words(
    "{author} 不是员工本人，不能以 {role} 的角色发言",
    "{author} is no person of the staff and cannot speak as {role}",
)
_KEYS = Words("密钥 {name}", "key {name}")
_CUSTOMERS = Words("客户 {name}", "customer {name}")


def key_author(name: str) -> str:
    """How a key, or a sender of signed events, is written down."""
    return f"{KEY}{name}"


def customer_author(customer: str) -> str:
    """How a customer is written down."""
    return f"{CUSTOMER}{customer}"


def is_key(author: str) -> bool:
    """Whether a key said it, or a system that signs its events."""
    return author.startswith(KEY)


def is_customer(author: str) -> bool:
    """Whether the customer said it."""
    return author.startswith(CUSTOMER)


def person_name(name: str) -> str:
    """The name, if a person of the staff may be listed under it. Raises InvalidValue."""
    if name.casefold().startswith((KEY, CUSTOMER)) or name.casefold() in OF_THE_HOUSE:
        raise InvalidValue(
            f"人员编号不得为 {name}：此名留给密钥、客户或系统",
            f"no person is called {name}: such names belong to keys, customers or the programs",
        )
    return name


def require_own_space(author: str, role: Role) -> None:
    """Raises Refusal(wrong_role) for a key in a role that is a person's own, and for a customer in any but the customer's."""
    if (is_key(author) and role in OF_PERSONS) or (is_customer(author) and role is not Role.CUSTOMER):
        words = _NOT_A_PERSON.filled(author=author_words(author), role=role)
        raise Refusal(Code.WRONG_ROLE, words, where="role")


def author_words(author: str) -> Words:
    """The author as people read it: a key and a customer say that they are one."""
    for space, words in ((KEY, _KEYS), (CUSTOMER, _CUSTOMERS)):
        if author.startswith(space):
            return words.filled(name=author.removeprefix(space))
    return Words(author, author)


# --- ids of facts ------------------------------------------------------------------------------------------------


def own_fact_id(author: str, given: str) -> str:
    """The id of a fact within its author's name space: another author's same id is another fact.

    What would be longer than an id may be stands there as its hash. No author's space begins with another's: a separator
    within a name is written otherwise.
    """
    if len(author) > _LONGEST_AUTHOR:
        author = f"{author[:20]}{hashlib.sha256(author.encode()).hexdigest()}"
    space = author.replace("%", "%25").replace(_SEPARATOR, "%2F") + _SEPARATOR
    if len(space) + len(given) > LONGEST_ID:
        given = hashlib.sha256(given.encode()).hexdigest()
    return f"{space}{given}"


def known_as(author: str, fact_id: str) -> str:
    """Under which name an order knows a fact: that of a key or a customer within the author's space.

    Persons of the staff and the programs of the house share the one space that all had at first; the doors by which
    persons come put the person into the id.
    """
    return own_fact_id(author, fact_id) if is_key(author) or is_customer(author) else fact_id


def earlier_author(author: str) -> str:
    """How the same author was written down before there were name spaces."""
    return author.removeprefix(KEY).removeprefix(CUSTOMER)
