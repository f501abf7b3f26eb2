"""Making dojos, finding them, changing and closing them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.content.model.questions import Phase
from bot.dojos.model.dojo import Asking, DojoSettings
from bot.dojos.model.refusals import DojoUnknown, NotAllowed, UnknownTimeZone
from tests.dojos.service.house import House
from tests.people import CHANNEL, FACILITATOR, GUILD, MANAGER, MEMBER, OTHER_CHANNEL, ROLE

pytestmark = pytest.mark.usefixtures("quick_databases")

SETTINGS = DojoSettings(
    facilitator_role_id=ROLE,
    format_id="quick-10",
    language="en",
    time_zone="Europe/Rome",
    asking=Asking.FACILITATORS,
)
OWN = 'version = 1\n[[question]]\nid = "own-1"\nphase = "start"\ntext = "What now?"\n'


class TestSetUp:
    async def test_makes_a_dojo_of_a_channel_at_once(self, house, clock):
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        assert house.dojos.find(CHANNEL) == dojo
        assert (dojo.guild_id, dojo.channel_id, dojo.settings) == (GUILD, CHANNEL, SETTINGS)
        assert (dojo.set_up_at, dojo.set_up_user_id) == (clock.present, MANAGER.user_id)

    async def test_is_kept_over_a_restart(self, path, library, clock):
        async with House.opened(path, library, clock) as house:
            dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        async with House.opened(path, library, clock) as house:
            assert house.dojos.find(CHANNEL) == dojo

    async def test_a_second_time_changes_the_settings_and_keeps_the_id(self, house, clock):
        before = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        clock.forward(days=1)
        changed = replace(SETTINGS, format_id="pair-25", asking=Asking.EVERYONE)
        after = await house.dojos.set_up(GUILD, CHANNEL, changed, FACILITATOR)
        assert after == replace(before, settings=changed)
        assert house.dojos.of_guild(GUILD) == [after]

    async def test_forms_sent_in_the_same_instant_do_not_overwrite_each_other(self, house, clock):
        """F5: each changes what was entered in it, in memory and on disk."""
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        entered = replace(SETTINGS, format_id="pair-25")
        await asyncio.gather(
            house.dojos.set_up(GUILD, CHANNEL, entered, MANAGER, before=SETTINGS),
            house.dojos.change(dojo, lambda now: replace(now, support_line="116 123"), MANAGER),
            house.dojos.set_up(
                GUILD,
                CHANNEL,
                replace(SETTINGS, asking=Asking.EVERYONE),
                FACILITATOR,
                before=SETTINGS,
            ),
        )
        wanted = replace(entered, support_line="116 123", asking=Asking.EVERYONE)
        assert house.dojos.get(CHANNEL).settings == wanted
        await house.dojos.load()
        assert house.dojos.get(CHANNEL).settings == wanted

    async def test_a_dojo_that_is_closed_while_it_is_changed_is_closed_with_the_change(self, house):
        """F5: in memory as on disk."""
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        await asyncio.gather(
            house.dojos.change(dojo, lambda now: replace(now, quote_days=9), MANAGER),
            house.dojos.close(CHANNEL, MANAGER),
        )
        assert house.dojos.find(CHANNEL) is None
        known = house.dojos.known(CHANNEL, GUILD)
        assert known is not None
        assert known.settings.quote_days == 9

    @pytest.mark.parametrize("person", [FACILITATOR, MEMBER])
    async def test_a_new_dojo_needs_the_right_to_manage_channels(self, house, person):
        with pytest.raises(NotAllowed):
            await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, person)
        assert house.dojos.find(CHANNEL) is None

    async def test_a_role_cannot_make_itself_facilitator(self, house):
        """The role asked for counts for nothing before it is set."""
        await house.dojos.set_up(
            GUILD, CHANNEL, replace(SETTINGS, facilitator_role_id=None), MANAGER
        )
        with pytest.raises(NotAllowed):
            await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, FACILITATOR)

    async def test_a_member_cannot_change_a_dojo(self, house):
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        with pytest.raises(NotAllowed) as refused:
            await house.dojos.set_up(GUILD, CHANNEL, DojoSettings(), MEMBER)
        assert refused.value == NotAllowed("configure", ROLE)
        assert house.dojos.find(CHANNEL) == dojo

    async def test_a_city_becomes_its_zone(self, house):
        settings = replace(SETTINGS, time_zone="new york")
        dojo = await house.dojos.set_up(GUILD, CHANNEL, settings, MANAGER)
        assert dojo.settings.time_zone == "America/New_York"

    async def test_an_unknown_zone_is_refused_with_near_ones_and_nothing_is_set_up(self, house):
        with pytest.raises(UnknownTimeZone) as refused:
            await house.dojos.set_up(
                GUILD, CHANNEL, replace(SETTINGS, time_zone="Europe/Roma"), MANAGER
            )
        assert refused.value.name == "Europe/Roma"
        assert "Europe/Rome" in refused.value.nearest
        assert house.dojos.find(CHANNEL) is None
        assert await house.database.all("SELECT * FROM dojos") == []

    async def test_an_unknown_zone_leaves_a_dojo_as_it_was(self, house):
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        with pytest.raises(UnknownTimeZone):
            await house.dojos.set_up(GUILD, CHANNEL, replace(SETTINGS, time_zone="x"), MANAGER)
        assert house.dojos.find(CHANNEL) == dojo

    async def test_two_at_once_make_one_dojo(self, house):
        dojos = await asyncio.gather(
            *(house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER) for _ in range(5))
        )
        assert len({dojo.id for dojo in dojos}) == 1
        assert house.dojos.find(CHANNEL).id == dojos[0].id


class TestFinding:
    async def test_a_thread_belongs_to_the_dojo_of_its_channel(self, house):
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        assert house.dojos.find(5555, CHANNEL) == dojo

    async def test_the_first_channel_that_is_a_dojo_counts(self, house):
        await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        thread = await house.dojos.set_up(GUILD, OTHER_CHANNEL, SETTINGS, MANAGER)
        assert house.dojos.find(OTHER_CHANNEL, CHANNEL) == thread

    @pytest.mark.parametrize("channels", [(), (None,), (None, None), (5555,)])
    async def test_no_dojo_is_found_elsewhere(self, house, channels):
        await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        assert house.dojos.find(*channels) is None

    async def test_where_one_is_needed_its_lack_is_refused(self, house):
        with pytest.raises(DojoUnknown) as refused:
            house.dojos.get(5555, None)
        assert refused.value.channel_id == 5555

    async def test_the_dojos_of_a_guild_come_oldest_first(self, house, clock):
        made = []
        everywhere = replace(MANAGER, managed=frozenset({CHANNEL, OTHER_CHANNEL, 1, 9}))
        for channel in (CHANNEL, OTHER_CHANNEL, 1):
            made.append(await house.dojos.set_up(GUILD, channel, SETTINGS, everywhere))
            clock.forward(minutes=1)
        await house.dojos.set_up(GUILD + 1, 9, SETTINGS, replace(everywhere, guild_id=GUILD + 1))
        assert house.dojos.of_guild(GUILD) == made
        # The first is closed, and set up again: it stands where it stood.
        await house.dojos.close(CHANNEL, MANAGER)
        again = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        by_age = sorted([again, *made[1:]], key=lambda dojo: dojo.set_up_at)
        assert house.dojos.of_guild(GUILD) == by_age


class TestClosing:
    async def test_a_closed_dojo_is_found_no_more_also_after_a_restart(self, path, library, clock):
        async with House.opened(path, library, clock) as house:
            await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
            await house.dojos.close(CHANNEL, FACILITATOR)
            assert house.dojos.find(CHANNEL) is None
        async with House.opened(path, library, clock) as house:
            assert house.dojos.find(CHANNEL) is None
            assert house.dojos.of_guild(GUILD) == []

    async def test_a_member_cannot_close_a_dojo(self, house):
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        with pytest.raises(NotAllowed):
            await house.dojos.close(CHANNEL, MEMBER)
        assert house.dojos.find(CHANNEL) == dojo

    async def test_what_is_no_dojo_cannot_be_closed(self, house):
        with pytest.raises(DojoUnknown):
            await house.dojos.close(CHANNEL, MANAGER)

    async def test_a_channel_is_known_by_what_it_was_before(self, house):
        assert house.dojos.known(CHANNEL, GUILD) is None
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        assert house.dojos.known(CHANNEL, GUILD) == dojo
        await house.dojos.close(CHANNEL, MANAGER)
        assert house.dojos.known(CHANNEL, GUILD) == dojo
        assert house.dojos.open_or_closed(dojo.id) == dojo
        assert house.dojos.by_id(dojo.id) is None

    async def test_its_facilitators_may_open_it_again_and_others_not(self, house):
        await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        await house.dojos.close(CHANNEL, FACILITATOR)
        with pytest.raises(NotAllowed):
            await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MEMBER)
        await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, FACILITATOR)
        assert house.dojos.find(CHANNEL)

    async def test_opening_again_keeps_id_content_and_bag(self, path, library, clock):
        settings = replace(SETTINGS, asking=Asking.EVERYONE)
        async with House.opened(path, library, clock) as house:
            before = await house.dojos.set_up(GUILD, CHANNEL, settings, MANAGER)
            await house.contents.import_file(before, OWN, MANAGER)
            deck = (await house.contents.of_dojo(before)).bank.deck(Phase.START)
            picked = [await house.question(before, Phase.START, MEMBER) for _ in range(10)]
            await house.dojos.close(CHANNEL, MANAGER)
        clock.forward(days=30)
        async with House.opened(path, library, clock) as house:
            after = await house.dojos.set_up(GUILD, CHANNEL, settings, MANAGER)
            assert after.id == before.id
            assert (await house.contents.of_dojo(after)).bank.find("own-1")
            left = range(len(deck) - len(picked))
            picked += [await house.question(after, Phase.START, MEMBER) for _ in left]
        assert sorted(question.id for question in picked) == sorted(deck)

    async def test_the_dojo_of_a_deleted_channel_is_closed(self, path, library, clock):
        async with House.opened(path, library, clock) as house:
            dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
            assert await house.dojos.channel_deleted(CHANNEL) == dojo
            assert house.dojos.find(CHANNEL) is None
        async with House.opened(path, library, clock) as house:
            assert house.dojos.find(CHANNEL) is None

    async def test_a_deleted_channel_that_was_no_dojo_changes_nothing(self, house):
        dojo = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        assert await house.dojos.channel_deleted(OTHER_CHANNEL) is None
        assert house.dojos.of_guild(GUILD) == [dojo]


class TestSeveralDojosOfAGuild:
    async def test_have_settings_of_their_own(self, house):
        one = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        two = await house.dojos.set_up(GUILD, OTHER_CHANNEL, DojoSettings(), MANAGER)
        assert one.id != two.id
        assert house.dojos.find(CHANNEL).settings == SETTINGS
        assert house.dojos.find(OTHER_CHANNEL).settings == DojoSettings()

    async def test_have_facilitators_of_their_own(self, house):
        await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        await house.dojos.set_up(GUILD, OTHER_CHANNEL, DojoSettings(), MANAGER)
        with pytest.raises(NotAllowed):
            await house.dojos.close(OTHER_CHANNEL, FACILITATOR)

    async def test_have_content_of_their_own(self, house):
        one = await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        two = await house.dojos.set_up(GUILD, OTHER_CHANNEL, SETTINGS, MANAGER)
        await house.contents.import_file(one, OWN, MANAGER)
        assert (await house.contents.of_dojo(one)).bank.find("own-1")
        assert not (await house.contents.of_dojo(two)).bank.find("own-1")

    async def test_have_bags_of_their_own(self, house):
        dojos = [
            await house.dojos.set_up(GUILD, channel, DojoSettings(), MANAGER)
            for channel in (CHANNEL, OTHER_CHANNEL)
        ]
        deck = (await house.contents.of_dojo(dojos[0])).bank.deck(Phase.CHECK_IN)
        picked = {dojo.id: [] for dojo in dojos}
        for _ in deck:
            for dojo in dojos:
                question = await house.question(dojo, Phase.CHECK_IN, MEMBER)
                picked[dojo.id].append(question.id)
        for ids in picked.values():
            assert sorted(ids) == sorted(deck)

    async def test_are_closed_one_by_one(self, house):
        await house.dojos.set_up(GUILD, CHANNEL, SETTINGS, MANAGER)
        two = await house.dojos.set_up(GUILD, OTHER_CHANNEL, SETTINGS, MANAGER)
        await house.dojos.close(CHANNEL, MANAGER)
        assert house.dojos.of_guild(GUILD) == [two]
