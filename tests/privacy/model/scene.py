"""Where an attack is tried: a community, how the product publishes it, and a folder for the files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from tests.privacy.model.published import Edition, editions
from tests.privacy.model.world import World, simulated
from tests.transforms.given import Given
from tests.transforms.simulated import NOW, Dated

OFF = {"POPCON_NOISE": "0", "POPCON_PUBLISH_AFTER_DAYS": "0"}
ON: dict[str, str] = {}  # as the product is delivered


@dataclass(frozen=True)
class Scene:
    """One size of community, with the defences on or off.  The same seed gives the same community in both."""

    installations: int
    weeks: int
    seed: int
    targets: int  # at most
    folder: Path
    is_on: bool = False
    communities: int = 1  # in which fakes are tried, while the defences are on

    @property
    def world(self) -> World:
        return simulated(self.installations, self.weeks, self.seed)

    @property
    def random(self) -> Random:
        """Return the attacker's chance: not the community's, or fakes would be given the uuids of its members."""
        return Random(f"{self.seed}/attacker")

    @property
    def now(self) -> datetime:
        """Return when every week of the community may be published."""
        return NOW + timedelta(days=3) if self.is_on else NOW

    @property
    def published(self) -> list[Edition]:
        """Return what the product publishes of the community, worked out once."""
        return _published(self)

    def other(self, seed: int) -> "Scene":
        """Return another community of this size, as an attacker may simulate it too."""
        return replace(self, seed=seed)

    def house(self, some: Iterable[Dated]) -> Given:
        """Return a fresh folder in which the product has published these uploads.

        Its secret noise key is always the same for a seed, so that results can be repeated.
        """
        house = Given(Path(mkdtemp(dir=self.folder)), dict(ON if self.is_on else OFF))
        house.settings.noise_key.write_bytes(sha256(f"{self.seed}/noise".encode()).digest())
        house.append(some)
        house.refresh(self.now)
        return house

    def editions(self, some: Iterable[Dated]) -> list[Edition]:
        """Return what the product publishes of these uploads."""
        return editions(self.house(some).settings.public)


@lru_cache(8)
def _published(scene: Scene) -> list[Edition]:
    return scene.editions(scene.world.uploads)
