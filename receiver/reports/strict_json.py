"""Parse JSON so that no two programs can read it differently, within bounds on its shape.

orjson is strict on UTF-8, surrogates, NaN and trailing text, and quick; but it takes duplicate keys, NUL, and whole
numbers beyond 64 bits (as floats).  What it lets through is found by counting, and only a document that looks wrong
is looked at more closely (benchmarks/strict_json.py measures it against the standard library's parser with hooks).
"""

import json
import re
from typing import Any

import orjson

from receiver import limits
from receiver.refusals import BeyondLimit, NotJson

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


def parse(raw: bytes) -> Any:
    """Return the value of `raw`, JSON as of RFC 8259 in UTF-8.  Raise NotJson or BeyondLimit."""
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise NotJson("The body is not JSON.", place, "Send UTF-8 JSON as of RFC 8259.") from None
    keys, has_huge_number = _measure(content, has_nul=b"\\u0000" in raw)
    _refuse_duplicates(raw, keys)
    if has_huge_number:
        json.loads(raw, parse_int=_bounded_integer)
    return content


def _refuse_duplicates(raw: bytes, keys: int) -> None:
    """Refuse when an object of `raw` has a key twice; `keys` is the number that was left after parsing.

    Every key is followed by a colon, and every further colon is inside a string: with as many colons as keys no key
    was lost.  Otherwise the strings are cut out first, which is sound because `raw` is known to be JSON.
    """
    if raw.count(b":") != keys and _STRING.sub(b"", raw).count(b":") != keys:
        raise NotJson("An object has the same key twice.", "", "Give every key once.")


def _measure(content: Any, *, has_nul: bool) -> tuple[int, bool]:  # noqa: C901 - a call for each value costs double
    """Return how many keys `content` has and whether a number may be beyond 64 bits.

    Raise BeyondLimit where it has too many values, too much depth, too long a string or key, or a NUL.
    """
    nodes = keys = 0
    has_huge_number = False
    level = [content]
    for _ in range(limits.DEPTH_MAX):
        nodes += len(level)
        if nodes > limits.NODES_MAX:
            raise _beyond("too many values", f"Send at most {limits.NODES_MAX} values.")
        below: list[Any] = []
        for value in level:
            kind = type(value)
            if kind is str:
                if len(value) > limits.STRING_LENGTH_MAX or has_nul:
                    _check_text(value, limits.STRING_LENGTH_MAX, "string")
            elif kind is dict:
                keys += len(value)
                for key in value:
                    if len(key) > limits.KEY_LENGTH_MAX or has_nul:
                        _check_text(key, limits.KEY_LENGTH_MAX, "key")
                below += value.values()
            elif kind is list:
                below += value
            elif (kind is int or kind is float) and not limits.INTEGER_MIN < value < limits.INTEGER_MAX:
                has_huge_number = True
        if not below:
            return keys, has_huge_number
        level = below
    raise _beyond("too much nesting", f"Nest at most {limits.DEPTH_MAX} levels.")


def _check_text(text: str, length_max: int, kind: str) -> None:
    if len(text) > length_max:
        raise _beyond(f"a {kind} that is too long", f"Send at most {length_max} characters a {kind}.")
    if "\0" in text:
        raise _beyond(f"a {kind} with a NUL", "Leave NUL characters out.")


def _bounded_integer(digits: str) -> int:
    if len(digits) > 20 or not limits.INTEGER_MIN <= (value := int(digits)) <= limits.INTEGER_MAX:
        raise NotJson("A whole number is beyond 64 bits.", "", "Keep integers from -2**63 to 2**63-1.")
    return value


def _beyond(what: str, what_to_do: str) -> BeyondLimit:
    return BeyondLimit(f"The report has {what}.", "", what_to_do)
