"""What is installed on a server: packages, units, man page, configuration, and what their scripts do."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from sender import foreman_popcon
from sender.packaging import build
from tests.programs import need_program
from tests.sender.conftest import PROGRAM

FOLDER = PROGRAM.parent / "packaging"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(build, "BUILD", tmp_path)
    return tmp_path


def output(*command: str, environment: dict[str, str] | None = None) -> str:
    """Run a program to its end, which must be a good one, and return what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_wheel_installs_the_command(built: Path, tmp_path: Path) -> None:
    """And is the same, byte for byte, whenever it is made."""
    wheel = build.wheel()
    first = wheel.read_bytes()
    assert build.wheel().read_bytes() == first
    target = tmp_path / "target"
    uv = str(Path(sys.executable).with_name("uv"))
    output(uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--target", str(target), str(wheel))
    assert (target / "foreman_popcon.py").read_bytes() == PROGRAM.read_bytes()
    version = output(str(target / "bin" / "foreman-popcon"), "--version", environment={"PYTHONPATH": str(target)})
    assert version == f"foreman-popcon {foreman_popcon.VERSION}\n"
    assert list(target.rglob("foreman-popcon.timer"))
    assert built == wheel.parent


EXPECTED_FILES = {
    "/etc/cron.d/foreman-popcon": "-rw-r--r--",
    "/etc/foreman-popcon.conf": "-rw-------",
    "/usr/bin/foreman-popcon": "-rwxr-xr-x",
    "/usr/lib/systemd/system/foreman-popcon.service": "-rw-r--r--",
    "/usr/lib/systemd/system/foreman-popcon.timer": "-rw-r--r--",
    "/usr/share/doc/foreman-popcon/README.md": "-rw-r--r--",
    "/usr/share/doc/foreman-popcon/copyright": "-rw-r--r--",
    "/usr/share/man/man8/foreman-popcon.8.gz": "-rw-r--r--",
}


@pytest.mark.usefixtures("built")
def test_a_deb_holds_the_program_and_keeps_the_configuration() -> None:
    dpkg = need_program("dpkg-deb")
    deb = str(build.deb())
    lines = [line.split() for line in output(dpkg, "--contents", deb).splitlines()]
    assert {words[5][1:]: words[0] for words in lines if words[0][0] == "-"} == EXPECTED_FILES
    assert {words[1] for words in lines} == {"root/root"}
    assert output(dpkg, "--info", deb, "conffiles").split() == list(build.CONFIGURATION)


@pytest.mark.usefixtures("built")
def test_an_rpm_holds_the_same() -> None:
    need_program("rpmbuild")
    lines = [line.split() for line in output(need_program("rpm"), "-qplv", str(build.rpm())).splitlines()]
    assert {words[-1]: words[0] for words in lines if words[0][0] == "-"} == EXPECTED_FILES


def script(tmp_path: Path, name: str, *arguments: str) -> list[str]:
    """Run a package's script with stand-ins for the system's commands; return what it would have done."""
    stubs, calls = tmp_path / "stubs", tmp_path / "calls"
    stubs.mkdir(exist_ok=True)
    for command in ("getent", "useradd", "install", "chown", "chmod", "systemctl", "foreman-popcon"):
        (stubs / command).write_text(f'#!/bin/sh\necho "{command} $*" >> {calls}\n[ {command} != getent ]\n')
        (stubs / command).chmod(0o755)
    calls.unlink(missing_ok=True)
    output("/bin/sh", str(FOLDER / name), *arguments, environment={"PATH": f"{stubs}:/usr/bin:/bin"})
    return calls.read_text().splitlines() if calls.exists() else []


def test_installing_shows_the_notice_and_starts_the_timer(tmp_path: Path) -> None:
    calls = script(tmp_path, "postinst", "configure", "")
    assert "systemctl enable --now foreman-popcon.timer" in calls
    assert "install -d -m 0700 -o foreman-popcon -g foreman-popcon /var/lib/foreman-popcon" in calls
    assert calls[-1] == "foreman-popcon notice"


def test_upgrading_shows_the_notice_and_turns_nothing_on(tmp_path: Path) -> None:
    """Who turned the timer off, or ran `disable`, finds it so."""
    calls = script(tmp_path, "postinst", "configure", "0.0.9")
    assert calls[-1] == "foreman-popcon notice"
    assert not [call for call in calls if re.search(r"enable|foreman-popcon (?!notice|0700|-g)send", call)]


def test_removing_stops_the_timer(tmp_path: Path) -> None:
    assert script(tmp_path, "prerm", "remove") == ["systemctl disable --now foreman-popcon.timer"]
    assert script(tmp_path, "prerm", "upgrade") == []


@pytest.mark.parametrize("file", ["postinst", "prerm", "postrm"])
def test_no_script_touches_a_refusal(file: str) -> None:
    """Not even a purge removes it."""
    text = (FOLDER / file).read_text()
    assert "refused" not in text.replace("! -name refused", "")
    assert "rm -r" not in text


def test_the_timer_comes_hourly_and_not_at_the_same_minute_everywhere() -> None:
    timer = (FOLDER / "foreman-popcon.timer").read_text()
    assert {"OnCalendar=hourly", "Persistent=true", "RandomizedDelaySec=1h"} <= set(timer.splitlines())
    cron = [line for line in (FOLDER / "foreman-popcon.cron").read_text().splitlines() if line[0] != "#"]
    assert len(cron) == 1
    assert "shuf" in cron[0]
    assert "%" not in cron[0], "cron would end the line there"


def test_the_service_is_shut_in(tmp_path: Path) -> None:
    """Systemd's own judgement of its exposure, from 0 to 10: below 2."""
    analyze = need_program("systemd-analyze")
    unit = tmp_path / "foreman-popcon.service"
    unit.write_bytes((FOLDER / "foreman-popcon.service").read_bytes())
    output(analyze, "security", "--offline=yes", "--no-pager", "--threshold=20", str(unit))


def test_the_man_page_has_every_command_and_no_fault() -> None:
    page = (FOLDER / "foreman-popcon.8").read_text()
    for command in foreman_popcon.COMMANDS:
        assert f"\n.B {command}\n" in page
    groff = [need_program("groff"), "-man", "-ww", "-Tutf8", str(FOLDER / "foreman-popcon.8")]
    done = subprocess.run(groff, capture_output=True, text=True, check=True)
    assert done.stderr == ""


def test_the_man_page_has_every_setting_as_the_shipped_configuration_has_it() -> None:
    page = (FOLDER / "foreman-popcon.8").read_text().replace("\\-", "-")
    section = page.partition("\n.SH CONFIGURATION\n")[2].partition("\n.SH ")[0]
    shipped = (FOLDER / "foreman-popcon.conf").read_text()
    settings = re.findall(r"^(?:#(?=[a-z_]+ =))?(\[.*\]|[a-z_]+ =.*)$", shipped, re.MULTILINE)
    assert re.findall(r"^\.(?:SS|B) (.*)$", section, re.MULTILINE) == settings


def test_the_shipped_configuration_has_every_word_and_changes_nothing(tmp_path: Path) -> None:
    """As it is, all is commented out; uncommented, every word is understood and none is missing."""
    shipped = (FOLDER / "foreman-popcon.conf").read_text()
    file = tmp_path / "popcon.conf"
    file.write_text(shipped)
    assert [list(foreman_popcon.read_ini(str(file))[section]) for section in ("foreman", "popcon")] == [[], []]
    file.write_text(re.sub(r"^#(?=[a-z_]+ =)", "", shipped, flags=re.MULTILINE))
    file.chmod(0o600)
    ini = foreman_popcon.read_ini(str(file))
    assert {section: set(ini[section]) for section in foreman_popcon.CONFIG_WORDS} == {
        section: set(words) for section, words in foreman_popcon.CONFIG_WORDS.items()
    }
    assert ini["popcon"]["url"] == foreman_popcon.RECEIVER_URL
