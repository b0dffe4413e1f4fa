"""The groups of a week: how many installations count under each key, by mart and parent."""

import sqlite3
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping

from transforms.database.configurations import Configurations
from transforms.sql import statement
from transforms.weeks.key_counts import KeyCounts

Group = tuple[str, str]  # mart, parent


class WeekGroups:
    """All groups of a week, before anything is hidden."""

    def __init__(self, key_counts: KeyCounts, configurations: Configurations, established: int) -> None:
        self.established = established
        self.sizes: defaultdict[Group, dict[int, int]] = defaultdict(dict)  # installations by key_id
        self._key_counts, self._configurations = key_counts, configurations
        for key_id, installations in key_counts.installations.items():
            if installations:
                self.sizes[configurations.names[key_id][:2]][key_id] = installations

    def name(self, key_id: int) -> str:
        return self._configurations.names[key_id].name

    def names_nobody(self, key_id: int) -> bool:
        """Return whether a name is safe to show: of safe characters, and known or reported from k networks."""
        return key_id not in self._configurations.uncommon and self._configurations.names[key_id].is_publishable

    def has_one_value_each(self, field: str) -> bool:
        """Return whether a report says only one value of this further key."""
        return self._configurations.kind_of_field(field) != "words"

    def came(self, quarter: int) -> int:
        """Return how many of those first seen in a quarter have ever counted."""
        return self._key_counts.installations[self._configurations.id_of("quarters_established", self.name(quarter))]

    def parts(self, key_id: int) -> int:
        """Return how many proxies or compute resources count under a key; elsewhere, how many installations."""
        return self._key_counts.installations[key_id] + self._key_counts.parts[key_id]

    def count_together(
        self, connection: sqlite3.Connection, groups: Mapping[int, Group]
    ) -> dict[Group, tuple[int, int]]:
        """Count the installations with any of the keys of a group, each once, and their parts."""
        installations: Counter[Group] = Counter()
        parts: Counter[Group] = Counter()
        wanted = set(groups)
        for packed, more_parts in connection.execute(statement("weeks/sql/standing_keys")):
            keys = array("I", packed)
            if wanted.isdisjoint(keys):
                continue
            of_groups = [groups[key_id] for key_id in keys if key_id in wanted]
            more = [groups[key_id] for key_id in array("I", more_parts) if key_id in wanted]
            for group in set(of_groups):
                installations[group] += 1
            for group in of_groups + more:
                parts[group] += 1
        return {group: (installations[group], parts[group]) for group in installations}
