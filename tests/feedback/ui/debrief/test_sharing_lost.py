"""Feedback that was shared while Discord's answers were lost: once in the room, and taken back.

SimCord does not merge equal nonces, so it stands for a Discord that has let go of them.
"""

from __future__ import annotations

import contextlib
from unittest import mock

import aiohttp
import pytest

from bot.feedback.ui.debrief import posts as debrief_posts
from tests.feedback.ui.debrief.test_sharing import WORDS, full_of, let_words_be_shown
from tests.feedback.ui.steps import feedback_of, press
from tests.kit.requests.test_posted_once import numbers, sent
from tests.rounds.ui.steps import posts, rows
from tests.rounds.ui.trouble import lost_answers, refusing
from tests.simulation.world import labels, text, told


@pytest.fixture(autouse=True)
def _provoked(world):
    world.provoked += (aiohttp.ClientError,)


async def asked_of(group):
    """How much to share, as the coach is asked."""
    full = await feedback_of(group, group.coach)
    return (await press(group.world, group.coach, full, "Share with the room")).response


async def share_unheard(group) -> None:
    """Share everything; Discord takes it, and its answer is lost."""
    asked = await asked_of(group)
    with lost_answers(group.world):
        answer = await press(group.world, group.coach, asked, "Everything noted")
    assert "look whether it worked" in told(answer)


@contextlib.contextmanager
def second_lost(world):
    """The answer to each message after the first one is lost."""
    reached, came = world.bot.http.request, []

    async def request(route, **about):
        answer = await reached(route, **about)
        if route.method == "POST" and route.path.endswith("/messages"):
            came.append(answer)
            if len(came) > 1:
                raise aiohttp.ServerDisconnectedError
        return answer

    with mock.patch.object(world.bot.http, "request", request):
        yield


async def test_what_was_shared_with_a_lost_answer_is_taken_back(world, server):
    """W9: also after a restart; what is not known to be gone is said, and tried again."""
    group, _ = await full_of(world, server)
    before = len(posts(group.room))
    await share_unheard(group)
    assert len(posts(group.room)) > before
    await world.restart()

    asked = await asked_of(group)
    assert "Take it back" in labels(asked)
    with mock.patch.object(world.bot.http, "logs_from", side_effect=TimeoutError):
        await press(world, group.coach, asked, "Take it back")
    assert "I could not delete it" in text(asked)
    asked = await asked_of(group)
    await press(world, group.coach, asked, "Take it back")
    assert "Nothing of your feedback is shared any more" in text(asked)
    assert len(posts(group.room)) == before
    assert rows(world, "debriefs")[0]["posts"] == ""


async def test_sharing_again_after_a_lost_answer_is_the_same_post(world, server):
    """W8: by its nonce at first, and later by what stands in the room."""
    group, _ = await full_of(world, server)
    before = len(posts(group.room))
    await share_unheard(group)
    title = "shares their feedback"
    with mock.patch.object(world.bot.http, "logs_from", side_effect=TimeoutError):
        await press(world, group.coach, await asked_of(group), "Everything noted")
    assert len(numbers(sent(world, title))) == 1
    tried = len(sent(world, title))
    asked = await asked_of(group)
    await press(world, group.coach, asked, "Everything noted")
    assert "Shared in" in text(asked)
    assert len(sent(world, title)) == tried

    # Something else is another post, and so is the same once it was taken back.
    await press(world, group.coach, await asked_of(group), "My one thing to try")
    await press(world, group.coach, await asked_of(group), "Take it back")
    assert len(posts(group.room)) == before
    await press(world, group.coach, await asked_of(group), "Everything noted")
    assert len(numbers(sent(world, title))) == 2
    assert len(posts(group.room)) == before + 1


async def test_of_several_cards_none_is_there_twice(world, server, monkeypatch):
    """W8: the second of them was lost, and then the disk knows the first."""
    monkeypatch.setattr("bot.feedback.ui.debrief.sharing.PAGE_TEXT", 60)
    group, _ = await full_of(world, server)
    before = len(posts(group.room))
    asked = await asked_of(group)
    with second_lost(world):
        await press(world, group.coach, asked, "Everything noted")
    on_disk = rows(world, "debriefs")[0]["posts"].split()
    assert str(posts(group.room)[before].id) in on_disk
    asked = await asked_of(group)
    await press(world, group.coach, asked, "Everything noted")
    shown = [text(one) for one in posts(group.room)[before:] if text(one)]
    assert len(shown) > 2
    assert len(set(shown)) == len(shown)
    await press(world, group.coach, await asked_of(group), "Take it back")
    assert len(posts(group.room)) == before


async def test_words_shared_with_a_lost_answer_go_when_the_client_says_no(world, server):
    """W9: consent; nobody knew that they are there."""
    group, _ = await full_of(world, server)
    await let_words_be_shown(group)
    await share_unheard(group)
    assert any(words in text(one) for words in WORDS for one in posts(group.room))
    await press(world, group.client, await feedback_of(group, group.client), "No words, please")
    assert not any(words in text(one) for words in WORDS for one in posts(group.room))


async def test_a_press_of_which_nothing_came_leaves_nothing_to_take_back(world, server):
    """W9: a missing right is certain; a cut connection is looked after, and nothing is found."""
    group, _ = await full_of(world, server)
    with refusing(world, 403, 50013, room=group.room):
        await press(world, group.coach, await asked_of(group), "Everything noted")
    asked = await asked_of(group)
    assert "Take it back" not in labels(asked)
    with mock.patch.object(debrief_posts, "posted", side_effect=aiohttp.ClientConnectionError):
        await press(world, group.coach, asked, "Everything noted")
    asked = await asked_of(group)
    assert "Take it back" in labels(asked)
    await press(world, group.coach, asked, "Take it back")
    assert "Nothing of your feedback is shared any more" in text(asked)
    assert rows(world, "debriefs")[0]["posts"] == ""
