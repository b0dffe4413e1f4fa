"""`python -m sender.packaging.build wheel|deb|rpm`: packs the sender into `build/sender/` and prints what it made.

A wheel needs nothing; a deb needs dpkg-deb, an rpm rpmbuild.  The same input gives the same wheel, byte for byte.
"""

import base64
import gzip
import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from sender.foreman_popcon import VERSION

HERE = Path(__file__).parent
PROGRAM = HERE.with_name("foreman_popcon.py")
BUILD = HERE.parents[1] / "build" / "sender"

SUMMARY = "Once a week, tells the Foreman community what this installation consists of, unless disabled"
WHEEL = f"foreman_popcon_sender-{VERSION}"
METADATA = f"""\
Metadata-Version: 2.1
Name: foreman-popcon-sender
Version: {VERSION}
Summary: {SUMMARY}
License: GPL-3.0-or-later
Requires-Python: >=3.6
"""
CONTROL = f"""\
Package: foreman-popcon
Version: {VERSION}
Architecture: all
Maintainer: The foreman-popcon developers <foreman-dev@googlegroups.com>
Depends: python3 (>= 3.6), passwd
Section: admin
Priority: optional
Description: {SUMMARY}
 Versions, features, public plugins and rough counts; no host, no address, no
 account, no name that an admin chose.  Nothing is sent before a notice with
 the exact report has been shown, or after `foreman-popcon disable`.
"""
CONFIGURATION = ("/etc/cron.d/foreman-popcon", "/etc/foreman-popcon.conf")
# Where each file goes on a system, and its mode.
INSTALLED = {
    PROGRAM: ("usr/bin/foreman-popcon", 0o755),
    HERE / "foreman-popcon.service": ("usr/lib/systemd/system/foreman-popcon.service", 0o644),
    HERE / "foreman-popcon.timer": ("usr/lib/systemd/system/foreman-popcon.timer", 0o644),
    HERE / "foreman-popcon.cron": ("etc/cron.d/foreman-popcon", 0o644),
    HERE / "foreman-popcon.conf": ("etc/foreman-popcon.conf", 0o600),
    HERE.parents[1] / "docs" / "sender.md": ("usr/share/doc/foreman-popcon/README.md", 0o644),
    HERE.parents[1] / "LICENSE": ("usr/share/doc/foreman-popcon/copyright", 0o644),
}


class ToolMissingError(RuntimeError):
    """The machine lacks a program that this package is made with."""


def wheel() -> Path:
    """For those without packages: the program as a module and a command, its units and man page under `share`."""
    share = f"{WHEEL}.data/data/share"
    members = {
        "foreman_popcon.py": PROGRAM.read_bytes(),
        f"{WHEEL}.dist-info/METADATA": METADATA.encode(),
        f"{WHEEL}.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: build\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{WHEEL}.dist-info/entry_points.txt": b"[console_scripts]\nforeman-popcon = foreman_popcon:main\n",
        f"{share}/man/man8/foreman-popcon.8": (HERE / "foreman-popcon.8").read_bytes(),
    }
    for kind in ("service", "timer", "cron", "conf"):
        members[f"{share}/foreman-popcon/foreman-popcon.{kind}"] = (HERE / f"foreman-popcon.{kind}").read_bytes()
    members[f"{WHEEL}.dist-info/RECORD"] = record(members).encode()
    made = BUILD / f"{WHEEL}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)  # of 1980, on every machine
            member.external_attr = 0o644 << 16
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    return made


def record(members: dict[str, bytes]) -> str:
    """Return the list of a wheel's members with their digests."""
    lines = []
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*lines, f"{WHEEL}.dist-info/RECORD,,\n"])


def deb() -> Path:
    made = BUILD / f"foreman-popcon_{VERSION}_all.deb"
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        lay_out(tree)
        tree.chmod(0o755)
        (tree / "DEBIAN").mkdir()
        (tree / "DEBIAN" / "control").write_text(CONTROL)
        (tree / "DEBIAN" / "conffiles").write_text("".join(f"{file}\n" for file in CONFIGURATION))
        for script in ("postinst", "prerm", "postrm"):
            shutil.copy(HERE / script, tree / "DEBIAN" / script)
            (tree / "DEBIAN" / script).chmod(0o755)
        run("dpkg-deb", "--build", "--root-owner-group", folder, str(made))
    return made


def rpm() -> Path:
    with tempfile.TemporaryDirectory() as folder:
        tree, top = Path(folder) / "tree", Path(folder) / "top"
        lay_out(tree)
        (tree / "var/lib/foreman-popcon").mkdir(parents=True)
        defined = {"popcon_version": VERSION, "popcon_tree": str(tree), "_topdir": str(top), "_rpmdir": str(BUILD)}
        options = [word for name, value in defined.items() for word in ("--define", f"{name} {value}")]
        run("rpmbuild", "-bb", *options, str(HERE / "foreman-popcon.spec"))
    return BUILD / "noarch" / f"foreman-popcon-{VERSION}-1.noarch.rpm"


def lay_out(tree: Path) -> None:
    """Put every file where it goes on a system, below `tree`."""
    for source, (place, mode) in INSTALLED.items():
        target = tree / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(mode)
    page = tree / "usr/share/man/man8/foreman-popcon.8.gz"
    page.parent.mkdir(parents=True)
    page.write_bytes(gzip.compress((HERE / "foreman-popcon.8").read_bytes(), mtime=0))
    for folder in [path for path in tree.rglob("*") if path.is_dir()]:
        folder.chmod(0o755)


def run(program: str, *arguments: str) -> None:
    """Run a packager's program; say what it said if it fails."""
    found = shutil.which(program)
    if not found:
        raise ToolMissingError(f"{program} is not on this machine: install it, or make a wheel (make sender-wheel)")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program} failed:\n{done.stderr}")


MADE_BY: dict[str, Callable[[], Path]] = {"wheel": wheel, "deb": deb, "rpm": rpm}


def main() -> int:
    """Return the exit status: 0 done, 1 could not, 2 wrong usage."""
    if len(sys.argv) != 2 or sys.argv[1] not in MADE_BY:
        print(f"usage: python -m sender.packaging.build {'|'.join(MADE_BY)}", file=sys.stderr)
        return 2
    BUILD.mkdir(parents=True, exist_ok=True)
    try:
        print(MADE_BY[sys.argv[1]]())
    except RuntimeError as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
