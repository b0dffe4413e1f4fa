"""D: an installation that joins or leaves shows in two consecutive weeks.

The attacker knows in which week the target joined or left, and has the files of that week and the one before.  From
communities that they simulated themselves they have learned how figures move when somebody with an attribute moves, and
when somebody without it does.  They claim what they are more than 90 % sure of, among what at most half have.

D': the attacker knows, too, that nobody else joined or left in that week.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from tests.privacy.model.published import Edition
from tests.privacy.model.scene import Scene
from tests.privacy.model.scoring import Result, Score
from tests.privacy.model.world import Attribute, Attributes

SURE, COMMON = 0.9, 0.5
_BOUND = 3  # a change that is larger is as this one
_WEIGHT = 200  # of what is known of a wider context, in cases
_LEARNED = 5  # times as many moves to learn from as targets

Context = tuple[str, ...]


@dataclass(frozen=True)
class Move:
    """Somebody who joined (1) or left (-1) between two editions, with what they had."""

    before: Edition
    after: Edition
    sign: int
    is_only: bool
    own: Attributes


@dataclass(frozen=True)
class Clue:
    """How one figure changed, in the direction of the move, and where."""

    attribute: Attribute
    share: float
    contexts: tuple[Context, Context, Context]  # from the widest
    change: str


def moves_of(scene: Scene) -> Iterator[Move]:
    """Yield everybody who joined or left in the weeks that are published."""
    truth = {week.week_start: week.standing for week in scene.world.weeks}
    for before, after in pairwise(scene.published):
        old, new = truth[before.week_start], truth[after.week_start]
        moved = [(1, new[uuid].own) for uuid in sorted(new.keys() - old.keys())]
        moved += [(-1, old[uuid].own) for uuid in sorted(old.keys() - new.keys())]
        yield from (Move(before, after, sign, len(moved) == 1, own) for sign, own in moved)


def clues(move: Move) -> Iterator[Clue]:
    """Yield a clue for each figure that is shown in either week."""
    before, after = move.before, move.after
    total = max(-1, min(1, move.sign * (after.established - before.established)))
    for attribute in sorted(before.cells.keys() | after.cells.keys()):
        old, new = before.cells.get(attribute), after.cells.get(attribute)
        if old is None or new is None:
            change = "towards" if (old is None) == (move.sign == 1) else "away"
        else:
            change = str(max(-_BOUND, min(_BOUND, move.sign * (new - old))))
        figure = old or new or 0
        mart, size = attribute[0], str(figure.bit_length())
        contexts = ((mart,), (mart, size), (mart, size, str(total)))
        yield Clue(attribute, min(0.999, figure / before.established), contexts, change)


class Likelihoods:
    """How often a figure changed in each way, for those who have the attribute and those who have not."""

    def __init__(self, moves: Sequence[Move]) -> None:
        """Learn from three moves of four; the fourth tells from where on the beliefs hold what they promise."""
        self._seen: Counter[tuple[Context, str, bool]] = Counter()
        for move in (move for number, move in enumerate(moves) if number % 4):
            for clue in clues(move):
                has = clue.attribute in move.own
                for context in clue.contexts:
                    self._seen[context, clue.change, has] += 1
                    self._seen[context, "", has] += 1
        self._enough = self._where_it_holds(moves[::4])

    def claims(self, move: Move) -> set[Attribute]:
        """Return what is claimed of somebody who moved, among what at most half have."""
        found = (clue for clue in clues(move) if clue.share <= COMMON)
        return {clue.attribute for clue in found if self._belief(clue) >= self._enough}

    def _belief(self, clue: Clue) -> float:
        """Return how sure one may be that the target has the attribute, if its share is all else that is known."""
        odds = clue.share / (1 - clue.share) * self._chance(clue, True) / self._chance(clue, False)
        return odds / (1 + odds)

    def _chance(self, clue: Clue, has: bool) -> float:
        chance = 1 / (2 * _BOUND + 3)
        for context in clue.contexts:
            seen, all_seen = self._seen[context, clue.change, has], self._seen[context, "", has]
            chance = (seen + _WEIGHT * chance) / (all_seen + _WEIGHT)
        return chance

    def _where_it_holds(self, moves: Sequence[Move]) -> float:
        """Return the belief, 0.9 at least, above which it was borne out by what was not learned from."""
        believed = sorted(
            (
                (belief, clue.attribute in move.own)
                for move in moves
                for clue in clues(move)
                if clue.share <= COMMON and (belief := self._belief(clue)) > SURE
            ),
            reverse=True,
        )
        right, enough = 0, 1.0
        for number, (belief, is_right) in enumerate(believed, 1):
            right += is_right
            if right >= SURE * number - 2 * sqrt(number * SURE * (1 - SURE)):  # two standard errors
                enough = belief
        return enough


def join_and_leave(scenes: Sequence[Scene], training: Iterable[Scene]) -> list[Result]:
    """Claim of everybody who moved; success is to be right about something that at most half have."""
    known = [move for scene in training for move in moves_of(scene)]
    moved = [move for scene in scenes for move in moves_of(scene)]
    return [
        _scored(
            attack, scenes[0].installations, _some(moves, scenes[0]), Likelihoods(_some(learned, scenes[0], _LEARNED))
        )
        for attack, moves, learned in (
            ("D", moved, known),
            ("D'", [move for move in moved if move.is_only], [move for move in known if move.is_only]),
        )
    ]


def _some(moves: list[Move], scene: Scene, times: int = 1) -> list[Move]:
    return scene.random.sample(moves, min(len(moves), times * scene.targets))


def _scored(attack: str, installations: int, moves: Sequence[Move], trained: Likelihoods) -> Result:
    score = Score()
    for move in moves:
        score.add(trained.claims(move), move.own)
    tries = max(1, score.targets)
    return Result(attack, installations, score.touched / tries, 0.0, score.precision, score.targets, score.claims)
