"""I: one company behind five networks makes its own names public.

Nobody attacks: a company with a sender of its own has a dozen installations behind several networks, and they report
an internal plugin, versions with the company's suffix, a feature, a compute resource and the name of its own system.
"""

from collections.abc import Iterator
from typing import Any

from tests.privacy.model import before
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result
from tests.privacy.model.world import Attribute, World
from tests.transforms.simulated import Dated
from weeks import weeks_later

WEEKS, MEMBERS, NETWORKS = 6, 12, 5
NAMES: tuple[Attribute, ...] = (
    ("plugins", "", "foreman_globex_warehouse"),
    ("plugin_versions", "katello", "4.14.0.globex1"),
    ("core_versions", "", "3.12.0-globex2"),
    ("proxy_versions", "", "3.12.0-globex3"),
    ("proxy_features", "", "Globex_Robots"),
    ("compute_resources", "", "GlobexCloud"),
    ("facts", "server_operatingsystem", "GlobexOS 7"),
)
REPORT: dict[str, Any] = {
    "core_version": "3.12.0-globex2",
    "plugins": [{"name": "katello", "version": "4.14.0.globex1"}, {"name": "foreman_globex_warehouse", "version": "1"}],
    "proxies": [{"version": "3.12.0-globex3", "features": ["Globex_Robots", "DNS"]}],
    "compute_resources": ["GlobexCloud"],
    "server_operatingsystem": "GlobexOS 7",
}


def company(world: World) -> Iterator[Dated]:
    """Yield what the company's installations upload."""
    for week in range(1 - WEEKS, 1):
        day = weeks_later(world.last.week_start, week)
        for member in range(MEMBERS):
            uuid = f"{member:08}-910b-4e8a-8000-000000000000"
            yield f"{day}T11:00:00Z", {"uuid": uuid, **REPORT}, f"{member % NETWORKS:016x}"


def names(scene: Scene) -> Result:
    """Success is the part of the names that are public."""
    world = scene.world.since(WEEKS)
    together = world.joined_by(company(world))
    if scene.is_on:
        content = scene.house(together.uploads).settings.public.read_bytes()
        seen = sum(name.encode() in content for *_, name in NAMES)
    else:
        seen = len(before.common_names(together.last) & set(NAMES))
    return Result("I", scene.installations, seen / len(NAMES), 0.0, 1.0, len(NAMES))
