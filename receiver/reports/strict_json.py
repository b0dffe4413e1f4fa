"""Parse JSON so that no two programs can read it differently, within bounds on its shape.

orjson is fast and strict on UTF-8, surrogates, NaN and trailing text; but it accepts duplicate keys, NUL, and whole
numbers beyond 64 bits (as floats).  These are found by counting, and only a document that looks wrong is examined more
closely (benchmarks/receiver.py compares it with the standard library's parser with hooks).
"""

import json
import re
from typing import Any

import orjson

from receiver import limits
from receiver.refusals import BeyondLimit, NotJson

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')


def parse(raw: bytes) -> Any:
    """Return the value of `raw`, JSON as defined by RFC 8259, in UTF-8.  Raise NotJson or BeyondLimit."""
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise NotJson("The body is not JSON.", place, "Send JSON as defined by RFC 8259, in UTF-8.") from None
    keys, has_huge_number = _measure(content, has_nul=b"\\u0000" in raw)
    _refuse_duplicates(raw, keys)
    if has_huge_number:
        json.loads(raw, parse_int=_bounded_integer)
    return content


def _refuse_duplicates(raw: bytes, keys: int) -> None:
    """Refuse when an object of `raw` has a key twice; `keys` is the number of keys after parsing.

    Every key is followed by a colon, and every further colon is inside a string: with as many colons as keys, no key
    was lost.  Otherwise the strings are removed first, which is safe because `raw` is known to be JSON.
    """
    if raw.count(b":") != keys and _STRING.sub(b"", raw).count(b":") != keys:
        raise NotJson("An object has the same key twice.", "", "Give every key once.")


def _measure(content: Any, *, has_nul: bool) -> tuple[int, bool]:  # noqa: C901 - a call for each value costs double
    """Return how many keys `content` has and whether a number may exceed 64 bits.

    Raise BeyondLimit if it has too many values, too much depth, too long a string or key, or a NUL.
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
        raise _beyond(f"a {kind} that is too long", f"Send at most {length_max} characters in a {kind}.")
    if "\0" in text:
        raise _beyond(f"a {kind} with a NUL", "Send no NUL characters.")


def _bounded_integer(digits: str) -> int:
    if len(digits) > 20 or not limits.INTEGER_MIN <= (value := int(digits)) <= limits.INTEGER_MAX:
        raise NotJson("A whole number exceeds 64 bits.", "", "Send integers from -2**63 to 2**63-1.")
    return value


def _beyond(what: str, what_to_do: str) -> BeyondLimit:
    return BeyondLimit(f"The report has {what}.", "", what_to_do)
