"""Pacing beside others: the bot's penalty is one, whoever was refused."""

from dataclasses import dataclass

from bot.delivery.pace import Pace
from bot.loops import Bell, Now, Wakeup
from bot.pipeline.membership import Membership
from storage.delivery.schedules import Schedules

_LOOK_AGAIN_SECONDS = 1.5


@dataclass(kw_only=True)
class PaceKeeper:
    """Stores what this process knows of the bot's penalty, and takes in what others do."""

    schedules: Schedules
    pace: Pace
    membership: Membership
    now: Now
    wakeup: Wakeup
    bell: Bell

    async def step(self) -> None:
        """One exchange, and a rest."""
        if changed := self.pace.to_store():
            known = await self.schedules.keep(*changed, self.now(), self.membership.number)
            self.pace.stored(*changed)
            if known != changed[1]:
                self.pace.take_in(known, None, self.now())
            self.bell.ring()
        elif self.membership.others:
            penalty, lowered, by = await self.schedules.known()
            if by != self.membership.number:
                self.pace.take_in(penalty, lowered, self.now())
        await self.wakeup.wait(_LOOK_AGAIN_SECONDS)
