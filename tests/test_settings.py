"""Settings are read once, and a bad one says what would do."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from settings import SettingError, Settings
from tests.ports import free_ports

README = Path(__file__).parents[1] / "README.md"


def test_an_empty_environment_gives_the_defaults() -> None:
    """Nothing has to be set."""
    settings = Settings.from_environment({})
    assert (settings.receiver_port, settings.dashboard_port, settings.explorer_port) == (8000, 8001, 8002)
    assert (settings.host, settings.refresh_seconds) == ("127.0.0.1", 60)
    assert (settings.min_group, settings.established_weeks, settings.active_weeks) == (5, 2, 4)
    assert settings.data == Path("data").absolute()


def test_an_empty_variable_is_an_unset_one() -> None:
    """`POPCON_HOST= make run` means the default."""
    assert Settings.from_environment({"POPCON_HOST": "", "POPCON_MIN_GROUP": ""}) == Settings.from_environment({})


@pytest.mark.parametrize(
    ("variable", "value", "wanted"),
    [
        ("POPCON_RECEIVER_PORT", "http", "a whole number from 1 to 65535"),
        ("POPCON_DASHBOARD_PORT", "65536", "a whole number from 1 to 65535"),
        ("POPCON_MIN_GROUP", "0", "a whole number from 1 to 1000000"),
        ("POPCON_MIN_GROUP", "-5", "a whole number from 1 to 1000000"),
        ("POPCON_ESTABLISHED_WEEKS", "٣", "a whole number from 1 to 52"),
        ("POPCON_ACTIVE_DAYS", "30", "a number of days that makes whole weeks, such as 28"),
        ("POPCON_METRICS_PORT", "0", "a whole number from 1 to 65535"),
        ("POPCON_TRUSTED_PROXIES", "*", "addresses or networks with commas between, such as 127.0.0.1"),
        ("POPCON_HOST", "localhost", "an IP address, such as 127.0.0.1 or 0.0.0.0"),
        ("POPCON_HOST", "224.0.0.1", "an address that a server can have, such as 127.0.0.1 or 0.0.0.0"),
        ("POPCON_HOST", "240.0.0.1", "an address that a server can have, such as 127.0.0.1 or 0.0.0.0"),
        ("POPCON_HOST", "255.255.255.255", "an address that a server can have, such as 127.0.0.1 or 0.0.0.0"),
        ("POPCON_HOST", "ff02::1", "an address that a server can have, such as 127.0.0.1 or 0.0.0.0"),
        ("POPCON_HOST", "::ffff:224.0.0.1", "an address that a server can have, such as 127.0.0.1 or 0.0.0.0"),
    ],
)
def test_a_bad_value_names_variable_value_and_remedy(variable: str, value: str, wanted: str) -> None:
    """The operator reads one line and knows what to change."""
    with pytest.raises(SettingError) as error:
        Settings.from_environment({variable: value})
    assert str(error.value) == f"{variable}={value!r}: give {wanted}"


@pytest.mark.parametrize("digit", ["9", "0"])
def test_a_number_of_five_thousand_digits_is_no_number_of_a_port(digit: str) -> None:
    """Found: int() refuses more than 4,300 digits, and the operator read a traceback."""
    with pytest.raises(SettingError) as error:
        Settings.from_environment({"POPCON_RECEIVER_PORT": digit * 5000})
    assert str(error.value) == f"POPCON_RECEIVER_PORT='{digit * 80}…': give a whole number from 1 to 65535"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1", "fe80::1", "127.0.0.2", "::ffff:127.0.0.1", "192.0.2.1"])  # noqa: S104
def test_an_address_of_a_machine_can_be_given(host: str) -> None:
    assert Settings.from_environment({"POPCON_HOST": host}).host


@pytest.mark.parametrize("digits", ["08000", "0" * 5000 + "8000"])
def test_zeros_before_a_number_change_nothing(digits: str) -> None:
    assert Settings.from_environment({"POPCON_RECEIVER_PORT": digits}).receiver_port == 8000


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("POPCON_MIN_GROUP", "1", ["POPCON_MIN_GROUP='1'"]),
        ("POPCON_MIN_GROUP", "2", ["POPCON_MIN_GROUP='2'"]),
        ("POPCON_MIN_GROUP", "3", []),
        (
            "POPCON_TRUSTED_PROXIES",
            "0.0.0.0/0,::/0",
            ["POPCON_TRUSTED_PROXIES='0.0.0.0/0'", "POPCON_TRUSTED_PROXIES='::/0'"],
        ),
        (
            "POPCON_TRUSTED_PROXIES",
            "10.0.0.0/7,fc00::/15",
            ["POPCON_TRUSTED_PROXIES='10.0.0.0/7'", "POPCON_TRUSTED_PROXIES='fc00::/15'"],
        ),
        ("POPCON_TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1,fc00::/16", []),
    ],
)
def test_what_is_seldom_meant_is_accepted_with_a_warning(variable: str, value: str, named: list[str]) -> None:
    """Found: groups of one, and everybody's word for where he is, were accepted without a word."""
    warnings = Settings.from_environment({variable: value}).warnings
    assert [warning.partition(": ")[0] for warning in warnings] == named


@pytest.mark.parametrize(
    ("arguments", "warned"),
    [
        (["receiver", "serve"], True),
        (["launcher"], True),
        (["transforms", "refresh"], True),
        (["transforms", "rebuild"], True),
        (["transforms", "refresh", "--quiet"], False),
        (["transforms", "set-aside", "list"], False),
    ],
)
def test_a_program_warns_once_when_it_starts(tmp_path: Path, arguments: list[str], warned: bool) -> None:
    """Each of them ends here at once: the mark cannot be read, and there is no log."""
    (tmp_path / "log.mark").write_text("no mark")
    [port] = free_ports(1)
    variables = {"POPCON_DATA": str(tmp_path), "POPCON_MIN_GROUP": "2", "POPCON_RECEIVER_PORT": str(port)}
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=README.parent,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.count("warning: POPCON_MIN_GROUP='2': ") == int(warned)


def test_the_readme_lists_every_variable_with_its_default() -> None:
    """No variable is missing, none is listed that does not exist, and the defaults are those of the code."""
    read = Asked()
    assert Settings.from_environment(documented_defaults()) == Settings.from_environment(read)
    assert sorted(documented_defaults()) == sorted(read.variables)


def documented_defaults() -> dict[str, str]:
    """Return the defaults of the README's table by variable; "none" is an empty one."""
    rows = re.findall(
        r"^\| (`(?:POPCON_\w+|REPUBLISH)`[^|]*)\|([^|]*)\|", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    defaults: dict[str, str] = {}
    for variables, values in rows:
        names = re.findall(r"POPCON_\w+|REPUBLISH", variables)
        defaults.update(zip(names, re.findall(r"[\w./]+", values), strict=True))
    return {variable: "" if default == "none" else default for variable, default in defaults.items()}


class Asked(dict[str, str]):
    """An empty environment that notes which variables are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.variables: set[str] = set()

    def get(self, variable: str, default: Any = None) -> Any:
        self.variables.add(variable)
        return default
