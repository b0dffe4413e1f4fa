"""The sender as a program in a folder of its own, run by each Python that the tests are for."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.reference import REFERENCE
from tests.sender.stand_ins.foremans import PASSWORD, USERNAME, Foreman, satellite_6_16
from tests.sender.stand_ins.receivers import Receiver
from tests.sender.stand_ins.server import StandIn, serving

PROGRAM = Path(__file__).parents[2] / "sender" / "foreman_popcon.py"
DAY = 86400


@cache
def pythons() -> dict[str, str]:
    """Return every Python from 3.6 on that starts here, oldest first, by its version: on the path, or kept by pyenv."""
    candidates = [shutil.which(f"python3.{minor}") for minor in range(6, 20)]
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True, check=False).stdout.strip()
        candidates += [str(path) for path in Path(root).glob("versions/3.*/bin/python3")]
    found: dict[str, str] = {}
    tell = "import sys; print('%d.%d' % sys.version_info[:2], sys.executable)"  # itself, not a script that chooses it
    for candidate in filter(None, candidates):
        said = subprocess.run([candidate, "-Ic", tell], capture_output=True, text=True, check=False).stdout
        version, _, executable = said.strip().partition(" ")
        if executable and int(version.split(".")[1]) >= 6:
            found.setdefault(version, executable)
    return dict(sorted(found.items(), key=lambda item: int(item[0].split(".")[1])))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes `python` with the oldest, and one marked so with the newest too; with all where asked."""
    if "python" not in metafunc.fixturenames:
        return
    found = list(pythons())
    if not os.environ.get("POPCON_SENDER_PYTHONS"):
        newest = found[-1:] if metafunc.definition.get_closest_marker("newest_too") else []
        found = list(dict.fromkeys(found[:1] + newest))
    metafunc.parametrize("python", found)


class Runner:
    """One Python that runs the program whenever it is told to (runner.py)."""

    def __init__(self, python: str) -> None:
        command = [python, "-I", "-W", "error", str(Path(__file__).with_name("stand_ins") / "runner.py")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, order: dict[str, Any]) -> int:
        """Return the exit status."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.communicate(timeout=10)


_runners: dict[str, Runner] = {}


def runner(version: str) -> Runner:
    if version not in _runners:
        _runners[version] = Runner(pythons()[version])
    return _runners[version]


@pytest.fixture(scope="session", autouse=True)
def _stop_runners() -> Iterator[None]:
    yield
    while _runners:
        _runners.popitem()[1].stop()


@dataclass
class Sender:
    """The program with its configuration and state; `run` waits for its end."""

    python: str
    folder: Path
    program: Path = PROGRAM
    environment: dict[str, str] = field(default_factory=dict)
    user: int = 0  # to run as, where the tests are root

    @property
    def config(self) -> Path:
        return self.folder / "popcon.conf"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def configure(self, foreman_url: str, receiver_url: str, *popcon: str, username: str = USERNAME) -> None:
        lines = ["[foreman]", f"url = {foreman_url}", f"username = {username}", f"password = {PASSWORD}"]
        lines += ["[popcon]", f"url = {receiver_url}", *popcon]
        self.config.write_text("\n".join(lines) + "\n")
        self.config.chmod(0o600)

    def change(self, **constants: float | bool | str) -> None:
        """Run a copy of the program with other constants, as a packager may make."""
        text = self.program.read_text(encoding="utf-8")
        for name, value in constants.items():
            text, count = re.subn(rf"^{name} = [^#\n]*", f"{name} = {value!r}  ", text, flags=re.MULTILINE)
            assert count == 1, name
        self.program = self.folder / "foreman_popcon.py"
        self.program.write_text(text, encoding="utf-8")

    def command(self, name: str, *arguments: str) -> list[str]:
        """Return a command line that runs it in a process of its own."""
        return [pythons()[self.python], "-I", "-W", "error", str(self.program), *self.arguments(name, *arguments)]

    def arguments(self, name: str, *arguments: str) -> list[str]:
        return [name, "--config", str(self.config), "--state", str(self.state), *arguments]

    def typed(self, command: str) -> str:
        """Return a command as the program proposes it."""
        return f"foreman-popcon {command} --config {self.config} --state {self.state}"

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command in an environment that holds nothing else."""
        stdout, stderr = self.folder / "stdout", self.folder / "stderr"
        order: dict[str, Any] = {
            "program": str(self.program),
            "arguments": self.arguments(name, *arguments),
            "environment": {"PATH": os.environ["PATH"], **self.environment},
            "user": self.user,
            "stdout": str(stdout),
            "stderr": str(stderr),
        }
        status = runner(self.python).run(order)
        return subprocess.CompletedProcess(order["arguments"], status, stdout.read_text(), stderr.read_text())

    def json(self, name: str, *arguments: str) -> dict[str, Any]:
        """Run one command that must succeed, and return what it says to programs."""
        done = self.run(name, *arguments, "--json")
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def failing_json(self, name: str, *arguments: str) -> dict[str, Any]:
        """Run one command that must fail, and return what it says to programs."""
        done = self.run(name, *arguments, "--json")
        assert done.returncode == 1
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def remembered(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads((self.state / "state.json").read_text())
        return kept

    def remember(self, **changes: Any) -> None:
        (self.state / "state.json").write_text(json.dumps({**self.remembered(), **changes}))

    def pass_time(self, days: float) -> None:
        """Make everything that the state remembers so much older."""
        kept = self.remembered()
        times = {key: int(value - days * DAY) for key, value in kept.items() if key.endswith("_at") and value}
        moment = int(kept["moment"] - days * DAY) % (7 * DAY)
        self.remember(**times, moment=moment)

    def was_noticed(self, days: float = 14.1) -> None:
        """Let the notice have been shown so many days ago: after 14 the first report is due, whatever the moment."""
        self.state.mkdir(mode=0o700, exist_ok=True)
        (self.state / "state.json").write_text(json.dumps({"notice_at": int(time.time() - days * DAY), "moment": 0}))

    def everything_kept(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.state.iterdir()))


@pytest.fixture
def model() -> Foreman:
    """A Foreman; tests change it or take another."""
    return satellite_6_16()


@pytest.fixture
def foreman(model: Foreman) -> Iterator[StandIn]:
    with serving(model) as server:
        yield server


@pytest.fixture
def uploads() -> Receiver:
    return Receiver()


@pytest.fixture
def receiver(uploads: Receiver) -> Iterator[StandIn]:
    with serving(uploads) as server:
        yield server


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, but for its usual places: a refusal of this machine's own would count in every test."""
    made = Sender("", tmp_path_factory.mktemp("program"))
    made.change(CONFIG_FILE=str(made.folder / "usual.conf"), STATE_FOLDER=str(made.folder / "usual"))
    return made.program


@pytest.fixture
def sender(python: str, program: Path, tmp_path: Path, foreman: StandIn, receiver: StandIn) -> Sender:
    """The sender, told of the stand-ins."""
    made = Sender(python, tmp_path, program)
    made.configure(foreman.url, f"{receiver.url}/data")
    return made


@pytest.fixture
def recordings() -> Path:
    """The folder of recorded replies, which the project does not carry: named by a variable, or next to the clone."""
    named = os.environ.get("POPCON_RECORDINGS")
    folder = Path(named) if named else REFERENCE / "foreman-api"
    if not folder.is_dir():
        pytest.skip("recorded replies of Foreman are not on this machine: name their folder in POPCON_RECORDINGS")
    return folder
