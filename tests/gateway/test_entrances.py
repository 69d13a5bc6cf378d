"""Every route and who gets in, written by hand: what the table of docs/security.md is made from is tested against this.

`test_rights` knocks at every cell; a route that lost its lock would still answer as its table says. So the locks stand
here once more, in a person's words.
"""

from __future__ import annotations

import pytest

from gateway.security import rights_table
from gateway.security.rights_table import Answer, Entrance, Entry, Who, entrances, tables, written

SERVICES = """
POST /v1/orders
POST /v1/orders/{number}/facts
POST /v1/orders/{number}/decisions
POST /v1/orders/{number}/hold
POST /v1/orders/{number}/resume
POST /v1/orders/{number}/cancel
POST /v1/orders/{number}/amend
GET /v1/orders
GET /v1/orders/{number}
GET /v1/orders/{number}/timeline
GET /v1/orders/{number}/promises
GET /v1/orders/{number}/steps
GET /v1/orders/{number}/documents
GET /v1/orders/{number}/notices
GET /v1/orders/{number}/documents/{document}
POST /v1/quotes
POST /v1/cases
GET /v1/quotes
GET /v1/quotes/{number}
POST /v1/quotes/{number}/facts
GET /v1/cases
GET /v1/cases/{number}
POST /v1/cases/{number}/facts
GET /v1/contracts
GET /v1/contracts/{number}
POST /v1/contracts/{number}/facts
GET /v1/inbox/{role}
GET /v1/customers
GET /v1/prices
GET /v1/me
GET /v1/products
POST /v1/products
POST /v1/receipts
GET /v1/receipts
GET /v1/receipts/{number}
POST /v1/receipts/{number}/acts
POST /v1/endpoints
GET /v1/endpoints
GET /v1/endpoints/{endpoint}
POST /v1/endpoints/{endpoint}
POST /v1/endpoints/{endpoint}/rotate
POST /v1/endpoints/{endpoint}/pause
POST /v1/endpoints/{endpoint}/resume
POST /v1/endpoints/{endpoint}/replay
DELETE /v1/endpoints/{endpoint}
GET /v1/events
GET /v1/events/schemas
"""
PEOPLE = """
POST /codec/decode
POST /codec/encode
POST /orders/heard
POST /logout
GET /
GET /events
GET /board
GET /search
GET /orders
POST /orders/views
POST /orders/many
GET /orders/export.xlsx
GET /orders/export.csv
GET /orders/papers.pdf
GET /palette
GET /handovers/new
POST /handovers
POST /handovers/{number}/take-back
GET /introduction
POST /introduction/put-away
GET /rules/{rule}
GET /orders/new
POST /orders/new/lines
POST /orders/new/check
POST /orders/new
GET /orders/new/customers
GET /orders/new/products
POST /orders/new/as-last
POST /orders/new/read
POST /orders/new/take
POST /orders/new/customer
GET /calendar
GET /calendar/tonight
GET /calendar/move
GET /orders/upload
POST /orders/upload
GET /orders/upload/{upload}
GET /orders/upload/{upload}/result.csv
GET /orders/{number}
GET /orders/{number}/sheet-check
POST /orders/{number}/sheet-check
GET /orders/{number}/next
GET /orders/{number}/acts/{kind}
POST /orders/{number}/act
GET /orders/{number}/papers/{document}
GET /orders/{number}/steps/{key:path}
GET /orders/{number}/held/{key}
POST /orders/{number}/held/{key}/undo
GET /orders/{number}/held/{key}/form
GET /orders/{number}/files/{document}
GET /card/{token}
GET /kept
POST /kept/drop
POST /desk/{key:path}
GET /desk/{key:path}
GET /scans/{digest}
POST /orders/{number}/links
POST /orders/{number}/links/{digest}/revoke
GET /orders/{number}/signatures/{document}
GET /account
GET /account/password
POST /account/password
GET /account/second-factor
POST /account/second-factor
POST /account/second-factor/again
POST /account/sessions/end
POST /account/sessions/end-others
GET /people
POST /people/unlock
POST /people/end-sessions
POST /people/reset-second-factor
GET /floor
POST /floor/read
POST /floor/{number}/photo
POST /floor/{number}/act
GET /production-report
POST /production-report
GET /reassign
POST /reassign
GET /company
GET /company/customers
GET /company/customer
GET /company/customer/new
POST /company/customer/new
GET /company/customer/edit
POST /company/customer/edit
POST /company/customer/verify
GET /credit
GET /credit/customer
POST /credit/assess
GET /invoices
GET /invoices/{number}
POST /invoices/{number}/{act}
GET /accounts
POST /accounts
GET /archive
GET /archive/{number}.zip
GET /company/statement
GET /company/statement.pdf
GET /company/statement.xlsx
GET /company/prices
GET /company/price
GET /company/products
GET /company/product
GET /company/product/new
POST /company/product/new
GET /company/product/edit
POST /company/product/edit
POST /company/product/picture
POST /company/product/pictures
GET /company/product/picture/{document}
GET /company/own-prices
GET /company/own-price
GET /company/own-price/new
POST /company/own-price/new
GET /company/own-price/edit
POST /company/own-price/edit
POST /company/own-price/end
GET /company/lines
GET /company/line
GET /company/line/new
POST /company/line/new
GET /company/line/edit
POST /company/line/edit
GET /schedule
GET /schedule/if
GET /schedule/replan
POST /schedule/downtime
POST /schedule/downtime/back
POST /schedule/replan
GET /company/price/new
POST /company/price/new
GET /company/price/edit
POST /company/price/edit
GET /company/staff
GET /company/person
GET /company/person/new
POST /company/person/new
GET /company/person/edit
POST /company/person/edit
POST /company/person/password
POST /company/person/absence
POST /company/person/absence/end
GET /company/keys
GET /company/key/new
POST /company/key/new
POST /company/key/rotate
POST /company/key/revoke
GET /company/endpoints
GET /company/endpoints/new
POST /company/endpoints/new
GET /company/endpoint
POST /company/endpoint/rotate
POST /company/endpoint/pause
POST /company/endpoint/resume
POST /company/endpoint/remove
POST /company/endpoint/replay
GET /company/links
POST /company/links/revoke
GET /company/holidays
GET /company/holiday/edit
POST /company/holiday/edit
POST /company/holiday/drop
GET /company/holidays/import
POST /company/holidays/import
GET /company/reports
GET /company/report/now
GET /company/report/made
GET /company/notices
POST /company/notices/send
GET /company/reminders
GET /company/reminders/pause
POST /company/reminders/pause
POST /company/reminders/run
GET /company/jobs
GET /company/stuck
GET /company/senders
GET /company/changes
GET /figures
GET /figures/{figure}
GET /money
POST /money/confirm
POST /money/leave
GET /money/split
POST /money/split
GET /money/receipt
POST /money/receipt
GET /money/receipts
POST /money/receipts
GET /money/receipts/{number}
POST /money/receipts/{number}
GET /quotes
GET /quotes/new
POST /quotes/new
GET /quotes/{number}
POST /quotes/{number}/tell
GET /quotes/{number}/papers/{document}
GET /contracts
GET /contracts/new
POST /contracts/new
GET /contracts/{number}
POST /contracts/{number}/tell
GET /contracts/{number}/papers/{document}
GET /cases
GET /cases/statistics
GET /cases/new
POST /cases/new
GET /cases/{number}
POST /cases/{number}/tell
GET /sandbox
POST /sandbox
POST /sandbox/{number}/skip
GET /stock
GET /stock/item
GET /stock/new
POST /stock/new
GET /stock/act
POST /stock/act
GET /presale
GET /presale/batch
GET /presale/new
POST /presale/new
GET /presale/act
POST /presale/act
GET /shop/payments
POST /shop/payments/refund
"""
CUSTOMERS = """
GET /c/{token}
GET /c/{token}/papers/{document}
POST /c/{token}/code
POST /c/{token}/sign
POST /c/{token}/receipt
POST /c/{token}/confirm
POST /c/{token}/scan
POST /c/{token}/questions
POST /c/{token}/again
POST /c/{token}/agree
POST /c/{token}/choice
POST /c/{token}/acceptance
POST /c/{token}/trial
POST /c/{token}/invoice
"""
ACCOUNTS = """
GET /c/orders
GET /c/orders/{number}
GET /c/orders/{number}/papers/{document}
POST /c/orders/{number}/code
POST /c/orders/{number}/sign
POST /c/orders/{number}/receipt
POST /c/orders/{number}/confirm
POST /c/orders/{number}/scan
POST /c/orders/{number}/questions
POST /c/orders/{number}/again
GET /c/quotes
GET /c/quotes/{number}
GET /c/quotes/{number}/papers/{document}
POST /c/quotes/{number}/answer
GET /c/contracts
GET /c/contracts/{number}
GET /c/contracts/{number}/papers/{document}
POST /c/contracts/{number}/code
POST /c/contracts/{number}/sign
POST /c/contracts/{number}/decline
GET /c/cases
GET /c/cases/new/{order}
POST /c/cases/new/{order}
GET /c/cases/{number}
POST /c/cases/{number}/answer
GET /c/rating/{order}
POST /c/rating/{order}
POST /c/orders/{number}/agree
POST /c/orders/{number}/choice
POST /c/orders/{number}/acceptance
POST /c/orders/{number}/trial
POST /c/orders/{number}/invoice
GET /shop/checkout
POST /shop/checkout
GET /shop/done/{checkout}
GET /shop/orders
POST /shop/orders/{number}/again
POST /shop/orders/{number}/cancel
GET /shop/account
POST /shop/account/address
POST /shop/account/address/drop
POST /shop/account/invoice
POST /shop/account/member
POST /shop/account/member/change
"""
ANYBODY = """
GET /health
GET /health/live
GET /health/ready
GET /robots.txt
GET /login/oidc
GET /login/oidc/back
GET /login
POST /login
GET /login/code
POST /login/code
GET /c/login
POST /c/login
POST /c/login/code
POST /c/logout
GET /shop
GET /shop/p/{product:path}
GET /shop/compare
GET /shop/terms
GET /shop/enquiry
POST /shop/enquiry
GET /shop/pictures/{document}
GET /shop/login
POST /shop/login
POST /shop/login/code
POST /shop/logout
POST /shop/cart/put
GET /shop/cart
POST /shop/cart/change
POST /shop/cart/acknowledge
GET /shop/pay/{intent}
POST /shop/pay/{intent}
GET /shop/pay/{intent}/back
"""
SENDERS = """
POST /hooks/{sender}
POST /shop/callbacks/{provider}
"""

ENTRIES = {
    **dict.fromkeys(SERVICES.strip().splitlines(), "key"),
    **dict.fromkeys(PEOPLE.strip().splitlines(), "staff"),
    **dict.fromkeys(CUSTOMERS.strip().splitlines(), "link"),
    **dict.fromkeys(ACCOUNTS.strip().splitlines(), "account"),
    **dict.fromkeys(ANYBODY.strip().splitlines(), "open"),
    **dict.fromkeys(SENDERS.strip().splitlines(), "signed"),
}
WHO = [
    "nobody",
    "key",
    "own_key",
    "other_key",
    "staff",
    "forged_form",
    "link",
    "changed_link",
    "account",
    "signed",
]
OF_A_CUSTOMER = ("POST /v1/orders", "POST /v1/quotes", "POST /v1/products", "POST /v1/receipts")
"""What is asked in a customer's name."""
RECEIPT_ACTS = "POST /v1/receipts/{number}/acts"
"""What finance does with money: a person, whatever orders the key is for."""
HOLDS_ORDERS = [
    name
    for name in SERVICES.strip().splitlines()
    if "{number}" in name or "{endpoint}" in name or name in ("POST /v1/cases", *OF_A_CUSTOMER)
]
OF_SERVICES = [
    name for name in SERVICES.strip().splitlines() if " /v1/endpoints" in name or name == "GET /v1/events"
]
"""Endpoints, and what they are told, belong to services; a person's own key has none."""


NO_FORMS = {"POST /codec/decode", "POST /codec/encode"}
"""What the Temporal UI's page asks: it has no form of ours, and its origin is looked at (`test_codec`)."""


def answers(name: str) -> dict[str, str]:
    """What each is answered at a route, by these rules.

    Who has nothing, or something for another door, is asked to log in. A key for other customers gets lists (of
    theirs), places no order for this one, and is told of a single order that there is none. A service's key decides
    nothing and holds nothing up; a person's own key may. A form that did not come from our page is refused where
    something is done.
    """
    entry = ENTRIES[name]
    if entry == "open":
        return dict.fromkeys(WHO, "in")
    found = dict.fromkeys(WHO, "401")
    found |= {
        "key": {
            "key": "403"
            if name in ("POST /v1/products", RECEIPT_ACTS)
            or name.endswith(tuple(f"/orders/{{number}}/{act}" for act in ("decisions", "hold", "resume")))
            else "in",
            "own_key": "403" if name in OF_SERVICES else "in",
            "other_key": "403"
            if name in (*OF_A_CUSTOMER, RECEIPT_ACTS)
            else "404"
            if name in HOLDS_ORDERS
            else "in",
        },
        "staff": {
            "staff": "in",
            "forged_form": "403" if name.startswith("POST") and name not in NO_FORMS else "in",
        },
        "link": {"link": "in"},
        "account": {"account": "in"},
        "signed": {"signed": "in"},
    }[entry]
    return found


def test_there_is_no_other_route_and_each_has_its_lock() -> None:
    assert {door.name: door.entry.value for door in entrances()} == ENTRIES
    assert [who.value for who in Who] == WHO


def test_no_route_stands_twice() -> None:
    """Of two that match an address the earlier one answers, and the other is never asked."""
    names = [door.name for door in entrances()]
    assert [name for name in names if names.count(name) > 1] == []


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_who_gets_in(name: str) -> None:
    door = next(each for each in entrances() if each.name == name)
    assert {who.value: door.answer(who).value for who in Who} == answers(name)


def test_a_route_that_nobody_has_yet_is_judged_by_its_lock_alone() -> None:
    new = Entrance("POST", "/v1/orders/{number}/anything", Entry.KEY)
    assert [new.answer(who) for who in (Who.NOBODY, Who.KEY, Who.OTHER_KEY)] == [
        Answer.LOG_IN,
        Answer.IN,
        Answer.UNKNOWN,
    ]


def rows(heading: str) -> dict[str, list[str]]:
    """One of the written tables: its rows by their first cell."""
    part = tables().split(f"### {heading}\n\n")[1].split("\n\n")[0]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in part.splitlines()[2:]]
    return {row[0]: row[1:] for row in cells}


def test_what_is_written_into_the_docs_is_what_a_person_expects_there() -> None:
    routes = rows("Routes")
    assert set(routes) == {f"`{name}`" for name in ENTRIES}
    assert routes["`POST /v1/orders`"] == [
        "a service's key",
        "401",
        "in",
        "in",
        "403",
        "401",
        "401",
        "401",
        "401",
        "401",
        "401",
    ]
    assert routes["`POST /v1/orders/{number}/hold`"][1:5] == ["401", "403", "in", "404"]
    assert routes["`POST /orders/{number}/act`"] == [
        "a log-in of staff",
        "401",
        "401",
        "401",
        "401",
        "in",
        "403",
        "401",
        "401",
        "401",
        "401",
    ]
    people = rows("Staff")
    assert len(people) == 19
    assert people["业务员 `salesperson`"] == ["the own orders", "yes"]
    assert people["财务部 `finance`"] == ["every order", "403"]
    assert people["物流 `logistics`"] == ["the own orders", "403"]
    assert people["管理员 `administrator`"] == ["the own orders", "403"]
    assert not any("customer" in name or "system" in name for name in people)
    said = rows("Facts and decisions")
    assert said["`cash_cleared`"] == ["cash cleared", "finance"]
    assert said["`decision three_party`"] == [
        "three-party confirmation",
        "salesperson, material_controller, finance",
    ]
    assert "`decision`" not in said


def test_only_what_stands_between_the_marks_is_written_anew() -> None:
    begin, end = "<!-- tables -->", "<!-- end of tables -->"
    assert (begin, end) == (rights_table.BEGIN, rights_table.END)
    text = written(f"before\n{begin}\nold\n{end}\nafter")
    assert text.startswith(f"before\n{begin}\n\n### Routes")
    assert text.endswith(f"{end}\nafter")
    assert "\nold\n" not in text
    assert (rights_table.DOCUMENT.parent.name, rights_table.DOCUMENT.name) == ("docs", "security.md")


def test_the_tables_have_their_headings() -> None:
    heads = [text.split("\n")[2] for text in tables().split("### ")[1:]]
    who = (
        "nobody | key | a person's own key | key of other customers | staff | staff, form from elsewhere | link"
        " | changed link | a customer's log-in | signed"
    )
    assert heads == [
        f"| route | entered by | {who} |",
        "| role | sees | places orders |",
        "| said | in words | by (all other roles: 403) |",
    ]
    words = [each for kind in (Entry, Who, Answer) for each in kind]
    assert all(any("一" <= sign <= "鿿" for sign in each.zh) for each in words)
    assert {each.en for each in Entry} == {
        "open",
        "a service's key",
        "a log-in of staff",
        "a customer's link",
        "a customer's log-in",
        "a sender's signature",
    }
