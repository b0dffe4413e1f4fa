"""What the admin of an installation wants of it, whatever its version can give: plugins, features, resources, size.

Every share is a survey's or an assumption (`facts/`, with its source).  A wish that changes is drawn again with the
same chance, so that shares stay where they are however long the community lives.
"""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from simulation.chance import Weighted, between, log_between
from simulation.tables import FACTS, rates, rows


class Wish(NamedTuple):
    """Something wanted with a chance; only where the plugin `needs` is wanted too, unless that is empty."""

    name: str
    chance: float
    needs: str
    family: str


@dataclass(slots=True)
class Wishes:
    """What one installation is to have.  `resources` maps a compute resource to the number of its entries."""

    plugins: list[str]
    features: set[str]
    resources: dict[str, int]
    proxies: int
    hosts: int
    families: list[tuple[str, float]]


class Wishing:
    """Draws wishes, and draws single ones again."""

    def __init__(self, *, has_satellites: bool) -> None:
        self._rates = rates()
        self._satellites = self._rates["satellites"] if has_satellites else 0.0
        self._satellite_plugins = [row["plugin"] for row in rows(FACTS, "satellite_plugins.csv")]
        self._plugins = self._read_plugins()
        self._features = self._read_features()
        self._feature_families = list(dict.fromkeys(wish.family for wish in self._features))
        shares = {row["compute_resource"]: row["share_percent"] for row in rows(FACTS, "compute_resources.csv")}
        self._resources = [Wish(name, float(share) / 100, "", "") for name, share in shares.items()]
        self._families = [
            (row["family"], float(row["share_percent"]) / 100) for row in rows(FACTS, "host_families.csv")
        ]
        self._sizes = {question: self._read_buckets(question) for question in ("hosts", "proxies")}

    def _read_plugins(self) -> list[Wish]:
        """Return the chances for those who are no Satellite and want plugins, so that shares of all come out right."""
        satellites, none = self._satellites, self._rates["no_plugins"]
        chances: dict[str, float] = {}
        wishes = []
        for row in rows(FACTS, "plugins.csv"):
            name, needs, share = row["plugin"], row["needs_plugin"], float(row["share_percent"]) / 100
            apart = satellites if name in self._satellite_plugins else 0.0
            chances[name] = (share - apart) / (1 - satellites - none)
            wishes.append(Wish(name, min(1.0, chances[name] / chances.get(needs, 1.0)), needs, ""))
        return wishes

    def _read_features(self) -> list[Wish]:
        """Return the chances for those who have a proxy at all."""
        proxied = (
            1 - next(float(row["share_percent"]) for row in rows(FACTS, "buckets.csv") if row["most"] == "0") / 100
        )
        wishes = {
            row["wish"]: Wish(row["wish"], min(1.0, float(row["share_percent"]) / 100 / proxied), "", row["family"])
            for row in rows(FACTS, "features.csv")
        }
        return list(wishes.values())

    @staticmethod
    def _read_buckets(question: str) -> Weighted[tuple[int, int]]:
        buckets = [row for row in rows(FACTS, "buckets.csv") if row["question"] == question]
        return Weighted([((int(row["least"]), int(row["most"])), float(row["share_percent"])) for row in buckets])

    def draw(self, random: Random, *, is_satellite: bool) -> Wishes:
        """Return what a new installation is to have."""
        size = random.random()
        together = random.random() < self._rates["size_together"]
        wishes = Wishes(
            plugins=list(self._satellite_plugins) if is_satellite else self._draw_plugins(random),
            features=self._draw_features(random),
            resources={wish.name: self._entries(random) for wish in self._resources if random.random() < wish.chance},
            proxies=log_between(random, *self._sizes["proxies"].at(size if together else random.random())),
            hosts=log_between(random, *self._sizes["hosts"].at(size)),
            families=[(name, between(random, 0.05, 1)) for name, share in self._families if random.random() < share],
        )
        wishes.families = wishes.families or [("Redhat", 1.0)]
        return wishes

    def _draw_plugins(self, random: Random) -> list[str]:
        satellites, none = self._satellites, self._rates["no_plugins"]
        draw, chosen = random.random, list[str]()
        if draw() < none / (1 - satellites):
            return chosen
        for wish in self._plugins:
            if draw() < wish.chance and (not wish.needs or wish.needs in chosen):
                chosen.append(wish.name)
        return chosen

    def _draw_features(self, random: Random) -> set[str]:
        draw, together = random.random, self._rates["family_together"]
        of_family = {family: draw() for family in self._feature_families}
        chosen = set()
        for wish in self._features:
            quantile = of_family[wish.family] if draw() < together else draw()
            if quantile < wish.chance:
                chosen.add(wish.name)
        return chosen

    def _entries(self, random: Random) -> int:
        count = 1
        while random.random() < self._rates["resources_more"] and count < 12:
            count += 1
        return count

    def redraw_plugins(self, wishes: Wishes, random: Random, tries: int = 6) -> None:
        """Think again about a few plugins; who has none, or a Satellite's set, keeps to that."""
        if not wishes.plugins or wishes.plugins[: len(self._satellite_plugins)] == self._satellite_plugins:
            return
        for _ in range(tries):
            wish = self._plugins[int(random.random() * len(self._plugins))]
            wanted = random.random() < wish.chance and (not wish.needs or wish.needs in wishes.plugins)
            # Katello is for good: taking it out again means installing from scratch.
            if wanted == (wish.name in wishes.plugins) or wish.name == "katello":
                continue
            if wanted:
                wishes.plugins.append(wish.name)
            elif len(wishes.plugins) > 1:
                wishes.plugins.remove(wish.name)

    def redraw_feature(self, wishes: Wishes, random: Random) -> None:
        """Think again about one feature."""
        wish = self._features[int(random.random() * len(self._features))]
        (wishes.features.add if random.random() < wish.chance else wishes.features.discard)(wish.name)

    def redraw_resource(self, wishes: Wishes, random: Random) -> None:
        """Think again about one compute resource, or about how many entries one has."""
        if wishes.resources and random.random() < 0.7:
            names = list(wishes.resources)
            wishes.resources[names[int(random.random() * len(names))]] = self._entries(random)
            return
        wish = self._resources[int(random.random() * len(self._resources))]
        wishes.resources.pop(wish.name, None)
        if random.random() < wish.chance:
            wishes.resources[wish.name] = self._entries(random)
