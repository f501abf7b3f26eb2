"""Taking the pictures: a Chromium that opens a person's page at that moment."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Locator

from tests.pictures import browser
from tests.pictures.seats import Seat

__all__ = ["Chromium"]

_WIDTH = 1000
"""Of a window in a picture, in points."""
_TALL = 1400
"""High enough for every card."""
_FORM = 900


class Chromium:
    """The camera of the README's pictures. Every picture has a window of its own."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium

    async def window(self, path: Path, address: str, seat: Seat, height: int, shown: int) -> None:
        """The whole window; AssertionError if not just so many messages can be seen in it."""
        async with self._opened(address, seat, height) as window:
            seen = await window.page.evaluate(
                "() => window.simcordPreview.visibleMessageIds.length"
            )
            assert seen == shown, (
                f"{path.stem} shows {seen} messages: say shown={seen} in its story"
            )
            await window.picture(path)

    async def card(self, path: Path, address: str, seat: Seat, message_id: int) -> None:
        """One message."""
        async with self._opened(address, seat, _TALL) as window:
            card = window.page.locator(f'article.channel-message[data-message-id="{message_id}"]')
            await _drawn(card)
            await window.picture(path, of=card)

    async def form(self, path: Path, address: str, seat: Seat, button: str) -> None:
        """The form that this button opens."""
        async with self._opened(address, seat, _FORM) as window:
            await window.press(button)
            await window.picture(path, of=window.form)

    async def start_page(self, path: Path, address: str) -> None:
        """The start page."""
        page = await browser.open_page(
            self._chromium, address, width=1120, height=700, dark=False, sharp=True
        )
        await page.locator("#people li").first.wait_for()
        await page.screenshot(path=path)
        await page.context.close()

    @contextlib.asynccontextmanager
    async def _opened(self, address: str, seat: Seat, height: int) -> AsyncIterator[browser.Seat]:
        window = await browser.take_seat(
            self._chromium,
            address,
            seat.place,
            seat.person,
            width=_WIDTH,
            height=height,
            sharp=True,
        )
        yield window
        await window.leave()


async def _drawn(card: Locator) -> None:
    """Wait for the pictures on a card, also for those in its closed menus."""
    for image in await card.locator("img").all():
        await image.evaluate("one => one.src && one.decode().catch(() => {})")
