"""A slow botnet: 25,200 uploads in a month from 135 networks, each of a plausible installation.

A popularity contest really took as many fake submissions in one month (its maintainers had to undo them by hand).
"""

from simulation.installations.installation import NEVER, WEEK_SECONDS, Installation
from simulation.scenarios.base import Hostile, Plan, Scenario

PLUGIN = "foreman_wreckingball"
UPLOADS = 25_200
NETWORKS = 135


class Botnet(Scenario):
    """Made-up installations that behave like honest ones for four weeks, and all have one plugin."""

    name = "botnet"
    weeks_long = 4

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._each_week = UPLOADS // min(self.weeks_long, plan.weeks)
        self._bots: list[Installation] = []

    def strike(self, week: int) -> list[Hostile]:
        if not self._bots:
            self._bots = [self._bot(week) for _ in range(self._each_week)]
        for bot in self._bots:
            if bot.due_in <= week:
                self.life.live(bot, week)
        return [
            self.hostile(
                min(bot.moment + int(self.random.random() * 300), WEEK_SECONDS - 1),
                bot.uuid,
                bot.configuration,
                self.network + number % NETWORKS,
            )
            for number, bot in enumerate(self._bots)
        ]

    def _bot(self, week: int) -> Installation:
        bot = self.life.begin(week, is_fresh=False)
        bot.clone_in = bot.silent_in = bot.leave_in = NEVER
        if PLUGIN not in bot.situation.wishes.plugins:
            bot.situation.wishes.plugins.append(PLUGIN)
        self.life.rewrite(bot)
        return bot
