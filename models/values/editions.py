"""Editions of the rules: a new rule binds the orders that begin with it, and no open one.

A rule that changes asks `Dossier.follows` and keeps its old way for orders of earlier editions: the model runs again whenever
an order is replayed, and an open order must live the same life again. An order moves to a newer edition only by the
recorded fact `adopted`, told by an operator. How to add one: docs/changing-open-orders.md.
"""

from __future__ import annotations

from enum import IntEnum


class Edition(IntEnum):
    """Every edition there was, with the rule that came with it."""

    FIRST = 1
    ONE_LETTER_FOR_ALL_PRICES = 2
    """One letter names all lines whose prices differ; it was a letter for each line (R20)."""
    EVERY_WAY = 3
    """What quotes, approval by matrix, stock and credit ask of an order (R101 to R113)."""
    DAILY_DUTIES = 4
    """The sheet is checked before it is sent (R170), goods on their way are followed (R172), an order is completed before it
    ends (R81)."""
    CONTRACTS_AND_CREDIT_NOTES = 5
    """Some orders wait for a contract that both sides signed (R107), and what is billed less than before has a credit note
    (R164)."""

    WORD_TO_DEPARTMENTS = 6
    """The departments hear of an approval, and the order reads as approved until its sheet is sent (R28); at release the terms
    of classes B and C are compared with the contract as well (R15)."""

    NO_MARKERS = 7
    """Which way the workflow goes is known from its start: it asks for no patch marker of before, and what follows the answer
    of a local activity has a task of its own (R47, docs/changing-open-orders.md)."""

    ERRANDS_HAVE_A_PLACE = 8
    """What is done outside for a case waits until it is recorded by an answer that has a workflow task of its own, in quotes,
    contracts and after-sales cases too, which begin with the newest edition from here on (R47)."""

    OWN_CHANGES = 9
    """Who asked for a change of the order does not approve what came of it: that is own work too (R106)."""

    BACK_THE_WAY_IT_CAME = 10
    """What a payment provider brought for an order of another kind than the shop's, such as a sample, goes back through that
    provider by itself; finance paid it back by hand (R123)."""

    OWN_WORK_EVERYWHERE = 11
    """Who sold or entered an order decides nothing else about it that is for others to judge: its ship date, its releases, its
    money (R106); in after-sales cases who decided first does not review it, and whoever agreed neither inspects nor pays (R143);
    who sells to a customer does not assess their credit (R108)."""

    FOUND_IS_SURPLUS = 12
    """Goods that turn up after they were made again are surplus: they are neither sent nor billed unless the customer takes
    them, and what is not made yet need not be made (R45, R74, R76)."""


NEWEST = int(max(Edition))
"""What orders begin with."""


def is_known(edition: int) -> bool:
    """Whether this program knows the edition."""
    return edition in set(Edition)
