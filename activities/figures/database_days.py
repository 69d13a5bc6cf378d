"""Days and hours within statements: the two databases keep moments differently and reckon with them by other functions."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, Date, Integer, String, cast, func


def business_day(moment: Column[object], dialect: str) -> ColumnElement[object]:
    """The business day of a moment, to be compared with columns that hold days."""
    if dialect == "sqlite":
        return func.date(moment, "+8 hours", type_=String())
    return cast(func.timezone("Asia/Shanghai", moment), Date)


def seconds_between(first: Column[object], last: Column[object], dialect: str) -> ColumnElement[int]:
    """Whole seconds from one moment to another."""
    if dialect == "sqlite":
        return cast(func.strftime("%s", last), Integer) - cast(func.strftime("%s", first), Integer)
    return cast(func.extract("epoch", last - first), Integer)


def days_between(first: Column[object], last: Column[object], dialect: str) -> ColumnElement[int]:
    """Days from one day to another."""
    if dialect == "sqlite":
        return cast(func.julianday(last) - func.julianday(first), Integer)
    return cast(last - first, Integer)
