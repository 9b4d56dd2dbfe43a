"""Endless tasks that live and die together."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def together(*endless: Coroutine[Any, Any, None]) -> None:
    """Run coroutines that never end until one does; then stop the others and raise its error."""
    tasks = [asyncio.ensure_future(one) for one in endless]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()
