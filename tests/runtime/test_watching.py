"""The patience of tests: looks come at once and again, and end with what was waited for."""

from __future__ import annotations

import pytest

from tests.runtime import watching
from tests.runtime.watching import looks, until


async def test_looks_go_on_until_the_loop_is_left() -> None:
    seen = 0
    async for _ in looks("three"):
        seen += 1
        if seen == 3:
            break
    for _ in looks("five"):
        seen += 1
        if seen == 5:
            break
    assert seen == 5


async def test_what_never_comes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PATIENCE_SECONDS", 0.0)
    look = looks("the order is paid")
    look.saw = "12.50"
    with pytest.raises(TimeoutError, match=r"the order is paid, but 12\.50"):
        async for _ in look:
            pass
    with pytest.raises(TimeoutError, match="a door"):
        for _ in looks("a door"):
            pass
    with pytest.raises(TimeoutError, match="it holds"):
        await until(lambda: False)
