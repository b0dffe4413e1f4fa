"""What the receiver's protocol uses of uvicorn though it is private there, so that no upgrade changes it unseen."""

import ast
import inspect
import os
import textwrap
from pathlib import Path

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from connection.protocol import BoundedProtocol
from tests.receiver.running import ROOT, Receiver


def attributes(source: object, of: str, *, is_set: bool | None = None) -> set[str]:
    """Return the attributes that a class's source uses of `of` ("self" or "self.cycle"), or only those it sets."""

    tree = ast.parse(textwrap.dedent(inspect.getsource(source)))  # type: ignore[arg-type]
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == of]
    return {node.attr for node in found if is_set is None or isinstance(node.ctx, ast.Store) == is_set}


def test_every_attribute_that_the_protocol_uses_is_there() -> None:
    """uvicorn is pinned for this: after an upgrade, look at each name that is missing before changing the pin."""
    own = attributes(BoundedProtocol, "self", is_set=True) | vars(BoundedProtocol).keys()
    uvicorns = attributes(HttpToolsProtocol, "self", is_set=True) | set(dir(HttpToolsProtocol))
    used = attributes(BoundedProtocol, "self") - (own - uvicorns)
    assert {"parser", "cycle", "scope", "url", "headers", "flow", "client"} <= used
    assert used - uvicorns == set()


def test_every_attribute_of_a_cycle_that_the_protocol_uses_is_there() -> None:
    uvicorns = attributes(RequestResponseCycle, "self", is_set=True) | set(dir(RequestResponseCycle))
    used = attributes(BoundedProtocol, "self.cycle")
    assert {"keep_alive", "response_complete", "message_event", "scope"} <= used
    assert used - uvicorns == set()


def test_every_method_that_the_protocol_overrides_is_one_of_uvicorn() -> None:
    """A callback that uvicorn or httptools no longer calls would end a guard without a word."""
    callbacks = {name for name in vars(BoundedProtocol) if name.startswith("on_")}
    assert callbacks == {
        "on_message_begin",
        "on_header",
        "on_headers_complete",
        "on_message_complete",
        "on_response_complete",
    }
    assert callbacks <= set(dir(HttpToolsProtocol))
    for name in ("connection_made", "data_received", "eof_received", "connection_lost", "pause_writing", "shutdown"):
        assert name in vars(BoundedProtocol)
        assert hasattr(HttpToolsProtocol, name)


def test_the_event_loop_is_not_whatever_is_installed(tmp_path: Path) -> None:
    """Found: with uvloop in the environment, the receiver ran on a loop on which nothing was ever tried."""
    (tmp_path / "uvloop.py").write_text("raise SystemExit('the receiver took uvloop')")
    with Receiver(tmp_path / "data", environment={"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}):
        pass
