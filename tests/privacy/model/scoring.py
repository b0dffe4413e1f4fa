"""What an attack won, next to what the published shares alone would give."""

from collections.abc import Collection
from dataclasses import dataclass

from tests.privacy.model.published import Edition
from tests.privacy.model.world import Attribute


@dataclass(frozen=True)
class Result:
    """One attack on one community.  `success` and `baseline` are fractions of `tries`, or of what they hold."""

    attack: str
    installations: int
    success: float
    baseline: float
    precision: float  # of what was claimed, how much is right; 1 where nothing was claimed
    tries: int
    claims: int = 0


@dataclass
class Score:
    """Claims about several targets, against the truth."""

    attributes: int = 0
    claims: int = 0
    right: int = 0
    targets: int = 0
    whole: int = 0  # targets of whom everything was claimed, and nothing wrong
    touched: int = 0  # targets of whom anything was rightly claimed

    def add(self, claimed: Collection[Attribute], true: Collection[Attribute]) -> None:
        """Take in the claims about one target."""
        claimed, true = set(claimed), set(true)
        self.attributes += len(true)
        self.claims += len(claimed)
        self.right += len(claimed & true)
        self.targets += 1
        self.whole += claimed == true
        self.touched += bool(claimed & true)

    @property
    def recall(self) -> float:
        return self.right / self.attributes if self.attributes else 0.0

    @property
    def precision(self) -> float:
        return self.right / self.claims if self.claims else 1.0

    @property
    def net(self) -> float:
        """Return right claims less wrong ones, as a fraction of the attributes: what guessing blindly cannot raise."""
        return (2 * self.right - self.claims) / self.attributes if self.attributes else 0.0

    def net_of(self, attack: str, installations: int, guesses: "Score") -> Result:
        """Return what was won in attributes; success is net of what was claimed wrongly, as is that of the guesses."""
        return Result(attack, installations, self.net, guesses.net, self.precision, self.targets, self.claims)

    def whole_lists(self, attack: str, installations: int, guesses: "Score") -> Result:
        """Return how many targets were read entirely, and how many of them by the guesses."""
        tries = max(1, self.targets)
        return Result(attack, installations, self.whole / tries, guesses.whole / tries, self.precision, self.targets)


def best_guess(edition: Edition) -> set[Attribute]:
    """Return what is claimed of anybody who knows the shares alone: what more than half have."""
    return {attribute for attribute in edition.cells if edition.share(attribute) > 0.5}
