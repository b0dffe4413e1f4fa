"""Those who are not honest, or not well.  Each scenario adds uploads to a community and names itself on each."""

from collections.abc import Mapping
from types import MappingProxyType

from simulation.scenarios.base import Hostile, Plan, Scenario
from simulation.scenarios.botnet import Botnet
from simulation.scenarios.broken_sender import BrokenSender
from simulation.scenarios.company import Company
from simulation.scenarios.stuffer import Stuffer
from simulation.scenarios.vandal import Vandal

SCENARIOS: Mapping[str, type[Scenario]] = MappingProxyType(
    {scenario.name: scenario for scenario in (Stuffer, Botnet, Vandal, BrokenSender, Company)}
)

__all__ = ["SCENARIOS", "Hostile", "Plan", "Scenario"]
