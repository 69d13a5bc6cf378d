"""Who reads and who keeps the company's records, by role. Pure.

- The administrator keeps people and keys and takes no business decisions: no customers, no prices.
- A customer's file is kept by who deals with customers; a salesperson reads and keeps the own customers' alone (R85). What
  an order's terms rest on is not the salesperson's: class and contract are the sales supervisor's and the director's, the
  contract also legal's and finance's, who approve it (R28); who signs for the customer is the clerk's and the supervisors'
  (R31); whose customer it is, the supervisors'.
- Prices are the director's and the sales supervisor's, who settle prices (R20). The list is open to all staff.
- A customer's credit is assessed by finance alone (R108), and seen by the supervisors, too; a salesperson sees the own
  customers'.
- Machine lines are kept by production, who runs them, and the supervisors; open to all staff. That a line stands is
  production's to say. The plan of the lines is read by who makes, buys material and answers for promises (R150).
- A statement of account is read by finance, who deals with customers, and the director; a salesperson's own customers'.
"""

from __future__ import annotations

from models.access import PLACES, SEES_ALL, Caller
from models.values.errors import Code, Refusal
from models.values.vocabulary import Role, Words

_R = Role
SUPERVISORS = frozenset({_R.SERVICE_SUPERVISOR, _R.SALES_SUPERVISOR, _R.MARKETING_DIRECTOR})
_DECIDES_TERMS = frozenset({_R.SALES_SUPERVISOR, _R.MARKETING_DIRECTOR})
_DEALS = PLACES | {_R.MARKETING_DIRECTOR}
_SIGNERS = frozenset({_R.SERVICE_CLERK, _R.SERVICE_SUPERVISOR, _R.SALES_SUPERVISOR})
CUSTOMER_KEEPERS: dict[str, frozenset[Role]] = {
    **dict.fromkeys(("name", "contact", "phone", "address", "email", "fax"), frozenset(_DEALS)),
    **dict.fromkeys(("designated_signers", "signer_contacts"), _SIGNERS),
    "customer_class": _DECIDES_TERMS,
    "contract": _DECIDES_TERMS | {_R.LEGAL, _R.FINANCE},
    **dict.fromkeys(("salesperson", "service_clerk", "merchandiser", "region"), SUPERVISORS),
}
"""Field of a customer's file -> who keeps it."""
VERIFIERS = frozenset({_R.SERVICE_CLERK, _R.SALESPERSON})
"""Who says that a customer's data are real (R17)."""
PRICE_KEEPERS = frozenset({_R.MARKETING_DIRECTOR, _R.SALES_SUPERVISOR})
PRODUCT_KEEPERS = PRICE_KEEPERS
"""Who says what is sold in the shop, its prices by quantity among it (R120). The catalogue is open to all staff."""
PEOPLE_KEEPERS = frozenset({_R.ADMINISTRATOR})
CALENDAR_KEEPERS = SUPERVISORS
LINE_KEEPERS = SUPERVISORS | {_R.PRODUCTION}
DOWNTIME_TELLERS = frozenset({_R.PRODUCTION})
"""Who says that a machine line stands, and takes it back (R150)."""
SCHEDULE_READERS = SUPERVISORS | {_R.PRODUCTION, _R.MATERIAL_CONTROLLER}
STATEMENT_READERS = frozenset({_R.FINANCE, _R.SERVICE_CLERK, _R.MERCHANDISER, _R.SALESPERSON, *SUPERVISORS})
CREDIT_READERS = frozenset({_R.FINANCE, _R.SALESPERSON, *SUPERVISORS})
"""Who sees what customers may owe and do owe; a salesperson the own customers' (R109)."""
ASSESSORS = frozenset({_R.FINANCE})
"""Who assesses a customer's credit (R108)."""
INVOICE_READERS = frozenset(
    {_R.FINANCE, _R.SALESPERSON, _R.SERVICE_CLERK, _R.SERVICE_ASSISTANT, *SUPERVISORS}
)
"""Who sees invoices and credit notes; a salesperson of the own orders (R162, R164)."""
ARCHIVE_READERS = SEES_ALL
"""Who finds archived orders and takes their files (R165)."""
QUOTE_READERS = (
    _R.SALESPERSON, _R.SERVICE_CLERK, _R.SERVICE_SUPERVISOR, _R.SALES_SUPERVISOR, _R.MARKETING_DIRECTOR, _R.FINANCE,
    _R.LEGAL, _R.TECHNICAL, _R.PRODUCTION, _R.PURCHASING,
)  # fmt: skip
"""Who works on quotes, who enters one first: they see costs and margins (R102)."""
ACCOUNT_READERS = frozenset({_R.FINANCE, _R.SALESPERSON, *SUPERVISORS})
"""Who sees what stands on salespeople's accounts; a salesperson the own one (R164)."""
PAUSERS = frozenset({_R.FINANCE, _R.SALESPERSON, _R.SERVICE_CLERK, _R.MERCHANDISER, *SUPERVISORS})
"""Who may leave a customer alone for a while (R51)."""
RUNS_JOBS = frozenset({_R.OPERATOR, _R.ADMINISTRATOR, _R.FINANCE, *SUPERVISORS})
"""Who sees when jobs ran and run."""
SEES_STUCK = frozenset({_R.OPERATOR, _R.ADMINISTRATOR, *SUPERVISORS})
"""Who sees what is stuck, and what to do."""
READS_SENDERS = frozenset({_R.OPERATOR, _R.ADMINISTRATOR})
LINK_KEEPERS = PLACES
"""Who makes and revokes links for customers."""
STOCK_READERS = frozenset({*SEES_ALL, _R.SALESPERSON})
"""Who sees what is in stock; whose it is, only who sees every order (R85, R110)."""
NOTICE_READERS = SEES_ALL
NOTICE_KEEPERS = frozenset(
    {_R.SERVICE_CLERK, _R.SERVICE_ASSISTANT, _R.MERCHANDISER, _R.FINANCE, *SUPERVISORS}
)
"""Who brings a notice forward that waits."""
_NOT_THEIRS = Words("此事由{may}办理，您的岗位是{have}", "this is for {may}; your roles are: {have}")
_NOT_THIS_CUSTOMER = Words("客户 {customer} 由其业务员负责", "customer {customer} is another salesperson's")


def has_one_of(caller: Caller, roles: frozenset[Role]) -> bool:
    """Whether the caller has one of these roles."""
    return bool(roles & set(caller.roles))


def require_one_of(caller: Caller, roles: frozenset[Role]) -> None:
    """Raises Refusal(wrong_role) for who has none of these roles."""
    if not has_one_of(caller, roles):
        may = Words.listed([role for role in Role if role in roles])
        words = _NOT_THEIRS.filled(may=may, have=Words.listed(caller.roles))
        raise Refusal(Code.WRONG_ROLE, words, where="role")


def role_of(caller: Caller, roles: frozenset[Role]) -> Role | None:
    """In which of these roles they do something, for the record of acts."""
    return next((role for role in caller.roles if role in roles), None)


def sees_customer(caller: Caller, salesperson: str) -> bool:
    """Whether they read this customer's file: who sees every order, and the customer's own salesperson (R85)."""
    return has_one_of(caller, SEES_ALL) or (Role.SALESPERSON in caller.roles and salesperson == caller.name)


def require_customer(caller: Caller, customer: str, salesperson: str) -> None:
    """Raises Refusal(wrong_role) for a customer that is not theirs to see."""
    if not sees_customer(caller, salesperson):
        words = _NOT_THIS_CUSTOMER.filled(customer=customer)
        raise Refusal(Code.WRONG_ROLE, words, where=customer[:100], rule="R85")


def lists_customers(caller: Caller) -> bool:
    """Whether they have a list of customers at all."""
    return has_one_of(caller, SEES_ALL | {Role.SALESPERSON})


def customer_fields(caller: Caller) -> tuple[str, ...]:
    """The fields of a customer's file that they keep."""
    return tuple(field for field, roles in CUSTOMER_KEEPERS.items() if has_one_of(caller, roles))


def own_customers_only(caller: Caller) -> str | None:
    """The salesperson whose customers are all they see; None: they see every customer's file."""
    return None if has_one_of(caller, SEES_ALL) else caller.name
