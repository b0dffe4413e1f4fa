"""What every attack is held to: without the defences, what it won when it was found; with them, what may be left."""

from math import sqrt

from tests.campaign import length
from tests.privacy.model.scoring import Result

# Measured when the attacks were found: from and to, as fractions.  A suite that does not win this proves nothing.
MEASURED = {
    "A": (0.84, 0.99),
    "B": (1, 1),
    "B net": (1, 1),
    "B series": (1, 1),
    "B version": (1, 1),
    "C": (1, 1),
    "D'": (1, 1),
    "E": (1, 1),
    "F": (1, 1),
    "G": (0.73, 0.85),
    "I": (1, 1),
    "M": (1, 1),
    "M net": (1, 1),
    "R fakes": (1, 1),
}
JOIN_AND_LEAVE = {150: 0.25, 300: 0.04, 1000: 0, 3000: 0}  # D
WITHIN = length(0.2, 0.1)  # the short form has few targets

NOTHING = ("A", "A file", "D", "D'", "F", "G'", "I", "R", "R fakes")
BY_CHANCE = ("B", "C", "E", "G", "M", "O")  # no more often than the baseline
LITTLE = ("B all", "B net", "B series", "B version", "M net")  # no more than 5 points beyond it
STANDARD_ERRORS = 3  # two would be exceeded by chance alone, in one of two dozen results
BEYOND = length(0.5, 0.05)  # six targets say little
TOLD = ("E mean", "V")  # it is said what is left

# Where that does not hold, and why; docs/privacy-attacks.md says so too.
MISSED = {
    "B net": "two draws of a pair, with all that is known of plugin lists, tell more than 5 points",
    "B series": "one draw of each series tells more than 5 points",
    "B version": "two draws of three versions tell more than 5 points",
}


def most(result: Result) -> float:
    """Return the success that an attack may have while the defences are on."""
    if result.attack in NOTHING:
        return 0.0
    if result.attack in BY_CHANCE:
        chance = min(0.99, max(0.01, result.baseline))
        return result.baseline + STANDARD_ERRORS * sqrt(chance * (1 - chance) / result.tries)
    return result.baseline + BEYOND if result.attack in LITTLE else 1.0


def broken(result: Result, *, is_on: bool) -> bool:
    """Return whether a result is outside its limits."""
    if not result.tries:
        return False  # nobody in these communities could be attacked in this way
    if is_on:
        return result.success > most(result) + 1e-9
    if result.attack == "D":
        return abs(result.success - JOIN_AND_LEAVE[result.installations]) > length(0.25, 0.1)
    least, greatest = MEASURED.get(result.attack, (0, 1))
    return not least - WITHIN <= result.success <= greatest + WITHIN
