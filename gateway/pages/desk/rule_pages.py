"""What a rule says: the page behind each rule number that stands on the staff's pages (R86)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import HTMLResponse

from activities.access.logins import Session
from gateway.pages.rendering import page
from gateway.security.staff_sessions import staff
from models.rules.table import CHAPTERS, RULES
from models.values.errors import Code, Refusal
from models.values.vocabulary import Words

router = APIRouter(include_in_schema=False)
Who = Annotated[Session, Depends(staff)]
Name = Annotated[str, Path(pattern=r"^R\d{1,3}$")]
_NO_RULE = Words("没有这条规则", "there is no such rule")


@router.get("/rules/{rule}")
async def rule_page(request: Request, rule: Name, session: Who) -> HTMLResponse:
    """One rule with its text, and its neighbours. Raises Refusal(unknown_place) for a number that is none."""
    if rule not in RULES:
        raise Refusal(Code.UNKNOWN_PLACE, _NO_RULE, where=rule)
    chapter = next(each for each in CHAPTERS if RULES[rule] in each.rules)
    return page(request, "rule.html", session=session, rule=RULES[rule], chapter=chapter, active="")
