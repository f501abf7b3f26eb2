"""Clicking through a rehearsal in a real browser: for the README's pictures and by hand.

`Seat` is one person at one place; what it does is what a person would do with keyboard
and mouse:

    async with browser() as chromium:
        carla = await take_seat(chromium, address, "dojo", "carla")
        await carla.slash("question", phase="Start")
        await carla.press("Another")
        await carla.picture("another.png")

By hand, against a rehearsal started with `dojo-bot try`:

    python -m asyncio
    >>> from tests.pictures.browser import *
    >>> chromium = await browser(shown=True).__aenter__()
    >>> carla = await take_seat(chromium, "http://127.0.0.1:8765/", "dojo", "carla")
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

__all__ = ["NoBrowser", "Seat", "browser", "find_browser", "open_page", "take_seat"]

VARIABLE = "DOJO_BROWSER"
"""Names a Chromium that is not on the PATH."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


class NoBrowser(Exception):
    """There is no Chromium; the message says what to do about it."""


def find_browser(environment: Mapping[str, str] = os.environ) -> str:
    """The path of a Chromium. Raises NoBrowser."""
    if given := environment.get(VARIABLE, ""):
        if path := shutil.which(given):
            return path
        raise NoBrowser(f"{VARIABLE} is {given}, which is no program.")
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoBrowser(
        f"There is no Chromium here: install one ({', '.join(NAMES[:3])})"
        f" or name its program in {VARIABLE}."
    )


@contextlib.asynccontextmanager
async def browser(*, shown: bool = False) -> AsyncIterator[Browser]:
    """A Chromium of the system's, without a window unless `shown`. Raises NoBrowser."""
    path = find_browser()
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=path, headless=not shown, args=list(ARGUMENTS)
        )
        try:
            yield chromium
        finally:
            await chromium.close()


async def open_page(
    chromium: Browser,
    address: str,
    *,
    width: int = 1100,
    height: int = 760,
    dark: bool = True,
    sharp: bool = False,
) -> Page:
    """Open an address in a window of its own; `sharp` doubles the pixels of its pictures."""
    context = await chromium.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2 if sharp else 1,
        color_scheme="dark" if dark else "light",
        locale="en-GB",
        # SimCord's pages allow no evaluated scripts, which is how playwright looks into them.
        bypass_csp=True,
    )
    context.set_default_timeout(10_000)
    page = await context.new_page()
    await page.goto(address)
    return page


async def take_seat(
    chromium: Browser,
    address: str,
    place: str,
    person: str,
    *,
    width: int = 1100,
    height: int = 760,
    sharp: bool = False,
) -> Seat:
    """Sit down as `person` (such as carla) at `place` (dojo, lounge, dm, a thread's id)."""
    room = f"{address.rstrip('/')}/in/{place}/as/{person}"
    seat = Seat(await open_page(chromium, room, width=width, height=height, sharp=sharp))
    await seat.settled()
    return seat


class Seat:
    """What one person sees and does at one place. Every action waits until it has shown."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def messages(self) -> Locator:
        """All messages, oldest first."""
        return self.page.locator("article.channel-message")

    @property
    def latest(self) -> Locator:
        """The latest message."""
        return self.messages.last

    @property
    def form(self) -> Locator:
        """The open form (modal)."""
        return self.page.locator("#modal-root .modal-dialog")

    async def text(self) -> str:
        """Everything that can be read in the conversation."""
        return await self.page.locator("#channel-message-list").inner_text()

    async def sees(self, text: str, *, within: float = 5.0) -> None:
        """Wait until `text` can be read; AssertionError if it cannot within so many seconds."""
        list_ = self.page.locator("#channel-message-list")
        await expect(list_).to_contain_text(text, timeout=within * 1000)

    async def say(self, text: str) -> None:
        """Write a message."""
        await self.page.locator("#channel-composer-input").fill(text)
        await self.page.locator("#send-message").click()
        await self.settled()

    async def slash(self, command: str, **options: object) -> None:
        """Use a command such as "dojo setup"; an option's value is what its list shows."""
        if await self.page.locator(".command-context-close").count():
            # A command that got no answer stays in the message box.
            await self.page.locator(".command-context-close").click()
        composer = self.page.locator("#channel-composer-input")
        await composer.fill(f"/{command}")
        entry = self.page.locator(".command-entry").filter(
            has=self.page.locator("strong", has_text=_exactly(f"/{command}"))
        )
        await entry.click()
        for name, value in options.items():
            await self.option(name, value)
        await self.page.locator("#send-message").click()
        error = self.page.locator(".command-error")
        if await error.count():
            raise AssertionError(f"/{command}: {await error.first.inner_text()}")
        await self.settled()

    async def option(self, name: str, value: object) -> None:
        """Fill an option of the command that is being typed."""
        field = self.page.locator(f'.command-option-input[data-option="{name}"]')
        if not await field.count():
            await self.page.locator(".command-ghost").click()
            await self._suggestion(name).click()
        await field.click()
        await field.fill(str(value))
        if await field.get_attribute("role") == "combobox":
            await self._suggestion(str(value)).click()

    def _suggestion(self, label: str) -> Locator:
        suggestion = self.page.locator(".command-popup .command-suggestion")
        return suggestion.filter(
            has=self.page.locator(".command-suggestion-label", has_text=_exactly(label))
        )

    async def press(self, label: str) -> None:
        """Press the latest button of this label."""
        await self._press(_exactly(label))

    async def tap(self, label: str) -> None:
        """Press the latest button of this label on a pad, which also counts and marks the focus."""
        await self._press(re.compile(rf"^\W*{re.escape(label)}( \d+)?\s*$"))

    async def _press(self, label: re.Pattern[str]) -> None:
        labels = self.page.locator(".button-label", has_text=label)
        button = self.page.locator("button.component-button").filter(has=labels).last
        await button.click()
        try:
            await self.settled()
        except AssertionError:
            # The message has just changed, and the page was behind: it takes no such click.
            await asyncio.sleep(1)
            await button.click()
            await self.settled()

    async def choose(self, select: str, *labels: str) -> None:
        """Choose in the latest select that reads `select`, in a message or the open form."""
        where = self.form if await self.form.count() else self.messages
        trigger = where.get_by_role("combobox", name=select)
        await self._pick(trigger.last, *labels)
        await self.settled()

    async def _pick(self, trigger: Locator, *labels: str) -> None:
        await trigger.click()
        options = self.page.locator(".select-list:popover-open [role=option]")
        for label in labels:
            name = self.page.locator(".option-label, .entity-name", has_text=_exactly(label))
            await options.filter(has=name).first.click()
        if await trigger.get_attribute("aria-expanded") == "true":
            await trigger.click()

    async def fill(self, label: str, *values: str) -> None:
        """Fill the field `label` of the open form: text, or what is to be chosen or ticked."""
        pattern = re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$")
        field = self.form.locator(".modal-field").filter(has=self.page.get_by_text(pattern))
        text = field.locator("input.modal-input, textarea.modal-input")
        trigger = field.get_by_role("combobox")
        if await trigger.count():
            await self._pick(trigger, *values)
        elif await text.count():
            await text.fill("".join(values))
        else:
            for value in values:
                await field.locator(".modal-choice").filter(has_text=value).click()

    async def submit(self) -> None:
        """Send the open form."""
        await self.form.locator("button[type=submit]").click()
        await self.settled()
        if await self.form.count():
            raise AssertionError(f"the form stays open: {await self.form.inner_text()}")

    async def settled(self) -> None:
        """Wait until the page has drawn the outcome of what was done."""
        await self.page.wait_for_function(
            "() => window.simcordPreview?.ready && !window.simcordPreview.pendingAction"
        )
        rejected = await self.page.evaluate(
            "() => window.simcordPreview.lastAction?.rejected"
            " ? JSON.stringify(window.simcordPreview.lastAction.diagnostics) : null"
        )
        if rejected:
            raise AssertionError(f"the page did not pass this on: {rejected}")

    async def picture(self, path: Path | str, *, of: Locator | None = None) -> None:
        """Save what is seen, or only a part of it, as a PNG."""
        await self.settled()
        # Not where the pointer happens to hover, nor what was pressed last.
        await self.page.mouse.move(0, 0)
        await self.page.evaluate("() => document.activeElement?.blur()")
        if of is not None:
            await of.screenshot(path=path)
        else:
            await self.page.screenshot(path=path)

    async def leave(self) -> None:
        """Close the window."""
        await self.page.context.close()


def _exactly(text: str) -> re.Pattern[str]:
    """Just this text, though an emoji may stand before it."""
    return re.compile(rf"^\W*{re.escape(text)}\s*$")
