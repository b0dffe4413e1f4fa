"""JSON that two programs could read differently, or that is beyond a bound, does not get in."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connection.refusals import Refusal
from receiver import limits
from receiver.refusals import BeyondLimit, NotJson
from receiver.reports import strict_json
from tests.receiver.running import Receiver, report

KEYS = b'"uuid": "0123456789abcdef", "core_version": "3.0"'
REFUSED: dict[str, bytes] = {
    "a key twice": b'{"core_version": "1.0", %b}' % KEYS,
    "a uuid twice": b'{%b, "uuid": "fedcba9876543210"}' % KEYS,
    "a key twice, once escaped": b'{%b, "\\u0075uid": "fedcba9876543210"}' % KEYS,
    "a key twice, behind a string with colons": b'{%b, "a": "::", "b": {"c": 1, "c": 2}}' % KEYS,
    "a key twice, deep inside": b'{%b, "a": [[{"b": [{"c": 1, "d": 2, "c": 3}]}]]}' % KEYS,
    "NaN": b'{%b, "a": NaN}' % KEYS,
    "Infinity": b'{%b, "a": -Infinity}' % KEYS,
    "beyond a double": b'{%b, "a": 1e309}' % KEYS,
    "2**63": b'{%b, "a": 9223372036854775808}' % KEYS,
    "2**64": b'{%b, "a": 18446744073709551616}' % KEYS,
    "-2**63 - 1": b'{%b, "a": -9223372036854775809}' % KEYS,
    "a number of 10,000 digits": b'{%b, "a": %b}' % (KEYS, b"9" * 10_000),
    "a lone surrogate": b'{%b, "a": "\\ud800"}' % KEYS,
    "a surrogate in UTF-8": b'{%b, "a": "\xed\xa0\x80"}' % KEYS,
    "no UTF-8": b'{%b, "a": "\xff"}' % KEYS,
    "an overlong byte": b'{%b, "a": "\xc0\xaf"}' % KEYS,
    "UTF-16": b"{%b}".decode().replace("%b", KEYS.decode()).encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{%b}" % KEYS,
    "a NUL in a name": b'{%b, "a\\u0000b": 1}' % KEYS,
    "a NUL in a string": b'{%b, "a": "\\u0000"}' % KEYS,
    "a NUL byte": b'{%b, "a": "\x00"}' % KEYS,
    "a control character": b'{%b, "a": "\n"}' % KEYS,
    "trailing text": b"{%b} x" % KEYS,
    "a second document": b"{%b}{%b}" % (KEYS, KEYS),
    "a trailing comma": b"{%b,}" % KEYS,
    "a comment": b"{%b /* a */}" % KEYS,
    "single quotes": b"{'uuid': '0123456789abcdef'}",
    "a leading zero": b'{%b, "a": 01}' % KEYS,
    "33 levels": b'{%b, "a": %b1%b}' % (KEYS, b"[" * 32, b"]" * 32),
    "100,000 levels": b'{%b, "a": %b' % (KEYS, b"[" * 100_000),
    "20,001 values": b'{%b, "a": [%b1]}' % (KEYS, b"1," * 20_000),
    "a string of 1,025 characters": b'{%b, "a": "%b"}' % (KEYS, b"a" * 1025),
    "a key of 129 characters": b'{%b, "%b": 1}' % (KEYS, b"a" * 129),
    "a list at the top": b"[{%b}]" % KEYS,
    "a string at the top": b'"uuid"',
    "null": b"null",
    "nothing": b"",
    "no uuid": b'{"core_version": "3.0"}',
    "a uuid that is a number": b'{"uuid": 1234567890123456, "core_version": "3.0"}',
    "a uuid with a line break": b'{"uuid": "0123456789abcdef\\n", "core_version": "3.0"}',
    "a uuid of other digits": '{"uuid": "\u0660123456789abcdef", "core_version": "3.0"}'.encode(),
    "no core_version": b'{"uuid": "0123456789abcdef"}',
}
TAKEN: dict[str, bytes] = {
    "the bounds": b'{%b, "a": %b1%b, "%b": "%b"}' % (KEYS, b"[" * 30, b"]" * 30, b"a" * 128, "ä".encode() * 1024),
    "the largest whole numbers": b'{%b, "a": [-9223372036854775808, 9223372036854775807]}' % KEYS,
    "a large double": b'{%b, "a": [1e308, -1.5e300, 9223372036854775808.0]}' % KEYS,
    "colons and quotes in strings": rb'{%b, "a:\":": "\"a\": :\\", "b": [{"c:": "::"}]}' % KEYS,
    "a pair of surrogates": b'{%b, "a": "\\ud83d\\ude00"}' % KEYS,
    "the same key in two objects": b'{%b, "a": [{"b": 1}, {"b": 2}]}' % KEYS,
    "a wrong type in an optional list": b'{%b, "plugins": 7, "proxies": [null]}' % KEYS,
    "white space": b" \r\n\t{%b} \n" % KEYS,
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_and_its_neighbours_are_stored(receiver: Receiver, name: str) -> None:
    """400, nothing stored, and the uploads before and after it have consecutive seqs."""
    _, before = receiver.post(report(1))
    status, _ = receiver.post(REFUSED[name])
    _, after = receiver.post(report(2))
    assert (status, after["seq"] - before["seq"]) == (400, 1)


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_only_odd_is_taken(receiver: Receiver, name: str) -> None:
    """Append first, judge later."""
    assert receiver.post(TAKEN[name])[0] == 201


def _slow_parse(raw: bytes) -> Any:
    """The standard library's parser with a hook on every object: the rule that counting must agree with."""

    def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("duplicate")
        return dict(pairs)

    return json.loads(raw, object_pairs_hook=no_duplicates)


TEXT = st.text(alphabet='a":\\{},é', max_size=4)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Objects and lists whose keys collide often, written out with their duplicates."""
    leaf = TEXT.map(json.dumps) | st.sampled_from(["1", "null", "-0.5e3"])

    def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        pair = st.tuples(TEXT.map(json.dumps), inner).map(": ".join)
        objects = st.lists(pair, max_size=4).map(lambda pairs: "{" + ", ".join(pairs) + "}")
        return objects | st.lists(inner, max_size=4).map(lambda items: "[" + ",".join(items) + "]")

    return draw(st.recursive(leaf, grown, max_leaves=12))


@given(documents())
def test_counting_finds_every_duplicate_key_and_no_other(document: str) -> None:
    """The quick check agrees with the slow one on every document."""
    raw = document.encode()
    try:
        expected = _slow_parse(raw)
    except ValueError:
        with pytest.raises(NotJson):
            strict_json.parse(raw)
    else:
        assert strict_json.parse(raw) == expected


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_but_a_refusal(raw: bytes) -> None:
    """Whatever is sent is a document or a refusal."""
    with contextlib.suppress(Refusal):
        strict_json.parse(raw)


def test_the_bounds_are_those_of_the_limits() -> None:
    """A document at a bound passes, one beyond does not."""
    assert strict_json.parse(b"[" * limits.DEPTH_MAX + b"]" * limits.DEPTH_MAX)
    with pytest.raises(BeyondLimit, match="nesting"):
        strict_json.parse(b"[" * (limits.DEPTH_MAX + 1) + b"]" * (limits.DEPTH_MAX + 1))


def test_the_reference_uploads_are_taken(receiver: Receiver) -> None:
    """The proposal's own example is a report."""
    assert receiver.post((Path(__file__).parents[3] / "docs" / "example-report.json").read_bytes())[0] == 201
