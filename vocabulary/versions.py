"""The order of versions: core and proxies by Foreman's own habits, plugins as RubyGems has it.

Each order is a text that sorts as the versions do, so that any database and any spreadsheet can order by it.
What cannot be read sorts last.  Pure functions.
"""

import re
from functools import lru_cache

UNKNOWN = "(unknown)"  # a version that was not reported
OTHER = "(other)"
LAST = "~"  # after every version that can be read

_CORE = re.compile(
    r"(?P<numbers>\d+(?:\.\d+)*)(?:-(?P<build>\d+)|[-.]?(?P<stage>develop|alpha|beta|pre|rc)[-.]?(?P<count>\d*))?",
    re.IGNORECASE | re.ASCII,
)
_GEM = re.compile(r"[0-9]+(?:[.-]?[0-9A-Za-z]+)*")
_GEM_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+")
_SERIES = re.compile(r"([0-9]+)\.([0-9]+)")
# One digit more than any release in the catalogue has, and no segment more: a message finds little room in it.  Of four
# segments only small numbers, because 10.20.30.40 is somebody's address.
_PLAIN_NUMBER, _PLAIN_SMALL = "(?:0|[1-9][0-9]{0,2})", "(?:0|[1-9][0-9]?)"
_PLAIN = re.compile(
    rf"(?:{_PLAIN_NUMBER}(?:\.{_PLAIN_NUMBER}){{0,2}}|[0-9](?:\.{_PLAIN_SMALL}){{3}})"
    r"(?:-[1-9][0-9]?|[.-]?(?:rc|RC)(?:\.?[0-9]{1,2})?|[.-]develop)?"
)
_STAGES = ("develop", "alpha", "beta", "pre", "rc")
_RELEASE, _BUILD = 5, 6
_CORE_SEGMENTS, _GEM_SEGMENTS = 4, 8


def is_plain(version: str) -> bool:
    """Return whether a version consists of numbers, with at most rc, develop or `-N` (a rebuild) behind them.

    It then names nobody, whoever reports it.  Any other word may be the name of a company: `3.9.0-acme`.
    """
    return _PLAIN.fullmatch(version) is not None


@lru_cache(65536)
def core_order(version: str) -> str:
    """Return a text by which versions of core and proxies sort.

    Numeric segments padded with 0; then develop < alpha < beta < pre < rcN < release < `-N` (`0.1-6` is a rebuild).
    """
    match = _CORE.fullmatch(version)
    if not match:
        return LAST + version
    segments = match["numbers"].split(".")
    segments += ["0"] * (_CORE_SEGMENTS - len(segments))
    if match["build"]:
        stage, count = _BUILD, match["build"]
    elif match["stage"]:
        stage, count = _STAGES.index(match["stage"].lower()), match["count"] or "0"
    else:
        stage, count = _RELEASE, "0"
    return ".".join(map(_number, segments)) + f" {stage}{_number(count)} {version}"


@lru_cache(65536)
def gem_order(version: str) -> str:
    """Return a text by which versions of gems sort (`Gem::Version#<=>`: letters come before numbers)."""
    if not _GEM.fullmatch(version):
        return LAST + version
    segments = _GEM_SEGMENT.findall(version.replace("-", ".pre."))
    segments += ["0"] * (_GEM_SEGMENTS - len(segments))
    return "".join(_number(segment) if segment.isdigit() else f"!{segment} " for segment in segments) + f" {version}"


def series(version: str) -> str:
    """Return the first two segments of a version (`3.9` of `3.9.0-rc1`), or UNKNOWN."""
    match = _SERIES.match(version)
    return match.group(0) if match else UNKNOWN


def stage(version: str) -> str:
    """Return what kind of build reports this version: release, candidate, develop, or UNKNOWN."""
    match = _CORE.fullmatch(version)
    if not match:
        return UNKNOWN
    if not match["stage"]:
        return "release"
    return "develop" if match["stage"].lower() == "develop" else "candidate"


def _number(digits: str) -> str:
    """Return digits so that they sort by value: their count first."""
    digits = digits.lstrip("0") or "0"
    return f"{len(digits):02}{digits}"
