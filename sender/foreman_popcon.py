#!/usr/bin/python3 -I
"""foreman-popcon: once a week, tell the Foreman community what this installation consists of.  Unless you refuse.

    foreman-popcon disable             refuse permanently; nothing is sent from then on
    foreman-popcon preview --explain   see what would be sent, with a reason for every line
    foreman-popcon status              see whether, when and to whom it sends

This one file is the whole program.  It needs nothing but Python (3.6 or later), and it is meant to be read:

    1. what may be changed         the constants, for packagers
    2. what is sent                every key of the report, and where it comes from
    3. whether it is sent          refusals, and the notice that comes first
    4. when it is sent             a moment in the week, pauses after trouble
    5. what is kept here           the configuration, and the files in the state folder
    6. whom it connects to         Foreman's API and the receiver, and nobody else
    7. the commands
    8. the lists                   names of public plugins, features and providers; a reason for every key

Parts 2 to 4 are the promise; the rest implements it.  It only reads from Foreman.  What it sends contains types,
names that are public, versions, and counts: no host, no address, no account, no name that an admin chose.
"""

import argparse
import base64
import configparser
import contextlib
import email.utils
import fcntl
import functools
import hashlib
import hmac
import html
import http.client
import ipaddress
import json
import os
import random
import re
import shlex
import socket
import ssl
import string
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence, Set, Tuple

# ---------------------------------------------------------------------------------------------------------------------
# 1. What may be changed
# ---------------------------------------------------------------------------------------------------------------------

VERSION = "0.1.0"
ENABLED_BY_DEFAULT = True  # False: send only once somebody ran `enable` or wrote `enabled = yes`
RECEIVER_URL = "https://popcon.theforeman.org/data"
CONFIG_FILE = "/etc/foreman-popcon.conf"
STATE_FOLDER = "/var/lib/foreman-popcon"

NOTICE_DAYS = 7  # from the notice to the first report
APART_SECONDS = 6.5 * 86400  # the shortest time between two reports
RUN_SECONDS_MAX = 110  # a run ends by then, whatever happens
COLLECT_SECONDS_MAX = 70  # the part of it for asking Foreman
CALL_SECONDS_MAX = 20  # for one answer of Foreman
PROXY_SECONDS_MAX = 10  # for Foreman to fetch the version of one smart proxy
SEND_SECONDS_MAX = 30
PROXIES_AT_ONCE = 8
FOREMAN_BYTES_MAX = 8 * 1024 * 1024  # of one answer
ANSWER_BYTES_MAX = 64 * 1024  # of the receiver's answer to a report
RECORD_BYTES_MAX = 64 * 1024 * 1024  # of its answer to `show`
LOG_BYTES_MAX = 256 * 1024

# Certificates of Foreman's own authority: Katello, Foreman with Puppet's, foremanctl.  Trusted for Foreman only.
CA_FILES = (
    "/etc/pki/katello/certs/katello-server-ca.crt",
    "/etc/pki/katello/certs/katello-default-ca.crt",
    "/etc/foreman/proxy_ca.pem",
    "/etc/puppetlabs/puppet/ssl/certs/ca.pem",
    "/var/lib/puppet/ssl/certs/ca.pem",
    "/var/lib/foremanctl/certs/certs/ca.crt",
)
MACHINE_ID_FILES = ("/etc/machine-id", "/var/lib/dbus/machine-id")
OS_RELEASE_FILES = ("/etc/os-release", "/usr/lib/os-release")

HOUR, DAY, WEEK = 3600, 86400, 7 * 86400


# ---------------------------------------------------------------------------------------------------------------------
# 2. What is sent
# ---------------------------------------------------------------------------------------------------------------------

HOSTS_BANDS = (0, 10, 50, 200, 600, 1000, 10000, 20000)  # those of the community's surveys
NETWORKS_BANDS = (0, 1, 2, 5, 10, 50)
FAMILY_BANDS = (1, *HOSTS_BANDS[1:])
FAMILIES = "AIX Altlinux Archlinux Coreos Debian Fcos Freebsd Gentoo Junos NXOS Rancheros Redhat Rhcos Solaris Suse VRP"
FAMILIES += " Windows Xenserver"  # all that Foreman knows
DISTRIBUTIONS = "almalinux amzn centos debian fedora ol opensuse-leap oracle rhel rocky scientific sles ubuntu"


class Collected(NamedTuple):
    """A report, and the reason for each key that is left out."""

    report: Dict[str, Any]
    left_out: Dict[str, str]


def collect(foreman: "Foreman", settings: "Settings", uuid_: str) -> Collected:
    """Ask Foreman for everything that a report contains.

    Where the account may not see something, the key is left out and the reason kept.  Where Foreman is in trouble,
    Temporary is raised: half a report would claim that the other half does not exist.
    """
    status = foreman.status()
    report: Dict[str, Any] = {"uuid": uuid_, "core_version": status["version"]}
    if status["satellite_version"]:
        report["satellite_version"] = status["satellite_version"]
    left_out: Dict[str, str] = {}
    for key, read in LISTS.items():
        try:
            report.update(read(foreman))
        except Denied as denied:
            left_out[key] = str(denied)
    for key, read_further in FURTHER_KEYS.items():
        if key in settings.switched_off:
            left_out[key] = "switched off in the configuration"
            continue
        try:
            report[key] = read_further(foreman)
        except (Denied, Temporary) as error:
            left_out[key] = str(error)
    return Collected(report, left_out)


def read_proxies(foreman: "Foreman") -> Dict[str, Any]:
    """Return of each smart proxy its version and features, not its name or address."""
    proxies = foreman.pages("smart_proxies")
    versions = in_parallel(foreman.proxy_version, [proxy.get("id") for proxy in proxies], foreman.seconds_left() / 2)
    others = 0
    entries = []
    for proxy, version in zip(proxies, versions):
        features = {named(feature) for feature in as_list(proxy.get("features"))} - {""}
        known = [feature for feature in features if fold(feature) in PUBLIC_FEATURES]
        others += len(features) - len(known)
        entries.append({"version": version, "features": sorted(known)})
    entries.sort(key=lambda entry: (entry["version"] or "", entry["features"]))  # their order would be that of names
    return {"proxies": entries, **({"other_features_count": others} if others else {})}


def read_plugins(foreman: "Foreman") -> Dict[str, Any]:
    """Return name and version of each public plugin, and how many others there are."""
    versions: Dict[str, Optional[str]] = {}
    others = set()
    for plugin in foreman.plugins():
        names = [name for name in (plugin.get("name"), plugin.get("id")) if isinstance(name, str) and name.strip()]
        public = [PUBLIC_PLUGINS[fold(name)] for name in names if fold(name) in PUBLIC_PLUGINS]
        if public:
            versions[public[0]] = versions.get(public[0]) or as_version(plugin.get("version"))
        elif names:
            others.add(fold(names[0]))
    entries = [{"name": name, "version": versions[name]} for name in sorted(versions)]
    return {"plugins": entries, **({"other_plugins_count": len(others)} if others else {})}


def read_compute_resources(foreman: "Foreman") -> Dict[str, Any]:
    """Return the type of each compute resource: once for each, so that three of a type are three."""
    types = [named(resource, "provider") for resource in foreman.pages("compute_resources")]
    known = sorted(type_ for type_ in types if fold(type_) in PUBLIC_COMPUTE_RESOURCES)
    others = len(types) - len(known)
    return {"compute_resources": known, **({"other_compute_resources_count": others} if others else {})}


def read_families(foreman: "Foreman") -> Dict[str, str]:
    """Return the number of hosts, as a band, of each family of operating systems that has any."""
    counts: Dict[str, int] = {}
    systems = [system for system in foreman.pages("operatingsystems") if title_of(system)]
    hosts = in_parallel(foreman.hosts_of, [title_of(system) for system in systems], foreman.seconds_left() - 5)
    if None in hosts:
        raise Temporary("Foreman took too long to count the hosts of each operating system")
    for system, count in zip(systems, hosts):
        family = system.get("family")
        family = family if family in FAMILIES.split() else "other"
        counts[family] = counts.get(family, 0) + count
    return {family: band(counts[family], FAMILY_BANDS) for family in sorted(counts) if counts[family]}


def read_server_operatingsystem(foreman: "Foreman") -> str:
    """Return distribution and version of this machine, such as `debian 12`, if Foreman runs on it."""
    if not is_this_machine(foreman.host):
        raise Denied("this program does not run on the Foreman server")
    release = dict(re.findall(r'^(ID|VERSION_ID)="?([^"\n]*)"?$', first_text(OS_RELEASE_FILES), re.MULTILINE))
    distribution = release.get("ID") if release.get("ID") in DISTRIBUTIONS.split() else "other"
    version = as_version(release.get("VERSION_ID")) if distribution != "other" else None
    return f"{distribution} {version or ''}".strip()


# The lists that make a report, and the further keys, each of which can be switched off by its name.
LISTS: Dict[str, Callable[["Foreman"], Dict[str, Any]]] = {
    "proxies": read_proxies,
    "plugins": read_plugins,
    "compute_resources": read_compute_resources,
}
FURTHER_KEYS: Dict[str, Callable[["Foreman"], Any]] = {
    "hosts_band": lambda foreman: band(foreman.total("hosts", thin=1), HOSTS_BANDS),
    "domains_band": lambda foreman: band(foreman.total("domains"), NETWORKS_BANDS),
    "subnets_band": lambda foreman: band(foreman.total("subnets"), NETWORKS_BANDS),
    "operatingsystem_families": read_families,
    "server_operatingsystem": read_server_operatingsystem,
}


def band(count: int, starts: Sequence[int]) -> str:
    """Return the band that `count` falls in: `50-199`, `20000+`, or `1` where a band is one number."""
    reached = [start for start in starts if start <= count]
    if len(reached) == len(starts):
        return f"{starts[-1]}+"
    first, last = reached[-1], starts[len(reached)] - 1
    return str(first) if first == last else f"{first}-{last}"


# The words that Foreman, its plugins and gems use in versions.  A version is cut before anything else: `1.2.3-acme`
# is sent as `1.2.3`, because a word in a version may be the name of a company.
_VERSION_WORDS = "alpha|beta|dev|develop|master|nightly|pre|rc|a|b"
_VERSION = re.compile(rf"[0-9]{{1,9}}([.~-]?([0-9]{{1,9}}|({_VERSION_WORDS})(?![a-z]))){{0,12}}", re.IGNORECASE)


def as_version(text: Any) -> Optional[str]:
    """Return what can be sent of a version, or None."""
    match = _VERSION.match(text.strip()) if isinstance(text, str) else None
    return match.group(0) if match else None


def fold(name: str) -> str:
    """Return a name as names are compared: without case, white space, dashes and underscores."""
    return re.sub(r"[\s_-]+", "", name).lower()


def named(entry: Any, key: str = "name") -> str:
    """Return the name in an entry of a list, or "": entries are objects, in old versions wrapped in another one."""
    name = entry.get(key) if isinstance(entry, dict) else entry
    return name.strip() if isinstance(name, str) else ""


def title_of(system: Dict[str, Any]) -> str:
    """Return an operating system's title, by which Foreman finds its hosts.  It is never sent to anybody else."""
    parts = [named(system), ".".join(filter(None, (named(system, "major"), named(system, "minor"))))]
    return named(system, "title") or named(system, "description") or " ".join(filter(None, parts))


def as_list(value: Any) -> List[Any]:
    return value if isinstance(value, list) else []


def as_bytes(report: Dict[str, Any]) -> bytes:
    """Return the very bytes of an upload: JSON with a line for each key, and for each proxy and plugin."""
    lines = []
    for key, value in report.items():
        text = json.dumps(value)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            text = "[\n    " + ",\n    ".join(json.dumps(entry) for entry in value) + "\n  ]"
        lines.append(f"  {json.dumps(key)}: {text}")
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode("ascii")


# ---------------------------------------------------------------------------------------------------------------------
# 3. Whether it is sent
# ---------------------------------------------------------------------------------------------------------------------

YES, NO = ("yes", "true", "on", "1"), ("no", "false", "off", "0")


def refusals(folder: "Folder", environment: Mapping[str, str], enabled: Optional[bool]) -> List[str]:
    """Return everything that refuses; a single one is enough.  `enabled` is the configuration's."""
    found = [folder.refusal()] if folder.has("refused") else []
    found += refusals_elsewhere(folder, environment, enabled)
    if not (ENABLED_BY_DEFAULT or enabled or folder.has("agreed")):
        found.append("nobody has enabled it yet, and this package leaves it off by default")
    return found


def refusals_elsewhere(folder: "Folder", environment: Mapping[str, str], enabled: Optional[bool]) -> List[str]:
    """Return the refusals that `enable` does not undo."""
    found, usual = [], Folder(STATE_FOLDER)  # its refusal applies to every --state
    if os.path.realpath(usual.folder) != os.path.realpath(folder.folder) and usual.has("refused"):
        found.append(usual.refusal())
    if environment.get("POPCON_ENABLED", "yes").strip().lower() not in YES:
        found.append("the environment says POPCON_ENABLED=no")
    if environment.get("DO_NOT_TRACK", "").strip().lower() not in ("", *NO):
        found.append("the environment says DO_NOT_TRACK=1")
    if enabled is False:
        found.append("the configuration says enabled = no")
    return found


NOTICE = """\
foreman-popcon: this Foreman takes part in the community's popularity contest, unless you refuse.

  what      versions, features, public plugins and rough counts; no host, no address, no account,
            no name that you chose
  to whom   {receiver}
            which sees the address that a report comes from, as every web server does, but does not store it
  privacy   {privacy}
  how often once a week;
            {coming}
  as whom   a random number used for nothing else; with it you can see and erase your reports
            (show, forget); a copy of this machine gets its own number
  why       to show the community which versions, plugins and features are in use; only counts
            of at least 5 installations are published, never yours alone

  refuse    {disable}
  look      {preview}     (or --html FILE)
  more      {status}, man foreman-popcon
"""


def notice(options: argparse.Namespace, receiver: str, state: "State") -> str:
    """Return what is said before anything is sent."""
    return NOTICE.format(
        receiver=receiver,
        privacy=urllib.parse.urljoin(receiver, "/PRIVACY.md"),
        coming=coming(state, options.at, 0),
        disable=typed("disable", options),
        preview=typed("preview --explain", options),
        status=typed("status", options),
    )


def typed(command: str, options: argparse.Namespace) -> str:
    """Return a command as it is typed to act on the same files as this run."""
    places = (("--config", options.config, CONFIG_FILE), ("--state", options.state, STATE_FOLDER))
    unusual = [f" {option} {shlex.quote(place)}" for option, place, usual in places if place != usual]
    return f"foreman-popcon {command}{''.join(unusual)}"


# ---------------------------------------------------------------------------------------------------------------------
# 4. When it is sent
# ---------------------------------------------------------------------------------------------------------------------


def next_at(state: "State", now: int, configured_at: int) -> int:
    """Return the earliest time for the next attempt.  After trouble, a changed configuration is tried at once.

    A timer asks every hour.  The answer is a moment in the week that was drawn once, so that Foreman
    servers do not all call in the same minute.  A report that was late, because the machine was off, does not make the
    next one late by more than it must: reports are 6.5 days apart or more, and return to the moment.
    """
    if state.retry_at and configured_at <= state.trouble_at:
        return min(state.retry_at, now + WEEK)
    if not state.notice_at:
        return now
    if 0 < state.settled_at <= now:
        return max(moment_after(state.moment, state.settled_at + 1), int(state.settled_at + APART_SECONDS))
    return moment_after(state.moment, state.notice_at + NOTICE_DAYS * DAY)


def coming(state: "State", now: int, configured_at: int) -> str:
    """Return in words when the next report goes out."""
    if not state.notice_at:
        days = f"{NOTICE_DAYS} to {NOTICE_DAYS + 7} days"
        return f"the first report goes out {days} after the first run, which only shows this notice"
    at = next_at(state, now, configured_at)
    when = f"on {as_text(at)}" if at > now else "with the next run of the timer"
    return f"the {'next' if state.settled_at else 'first'} report goes out {when}"


def moment_after(moment: int, start: int) -> int:
    """Return the first time from `start` on that is `moment` seconds after the beginning of a week (Monday, UTC)."""
    monday = 4 * DAY  # 1970-01-05
    return start + (moment - (start - monday)) % WEEK


def pause_seconds(failures: int, wished: int, chance: "random.Random") -> int:
    """Return how long to wait after this many failures: an hour, two, four ... a day, or as long as was asked for."""
    growing = min(HOUR * 2 ** min(failures - 1, 10), DAY)
    return min(max(int(growing * chance.uniform(0.8, 1.2)), wished), WEEK)


def retry_after_seconds(text: Optional[str], now: int) -> int:
    """Return the seconds that a Retry-After header asks for, 0 where it cannot be read."""
    if not text:
        return 0
    if re.match(r"[0-9]{1,9}\Z", text.strip()):
        return min(int(text.strip()), WEEK)
    try:
        parsed = email.utils.parsedate_tz(text)
        return max(0, min(email.utils.mktime_tz(parsed) - now, WEEK)) if parsed else 0
    except (OverflowError, ValueError):
        return 0


def as_text(at: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(at))


# ---------------------------------------------------------------------------------------------------------------------
# 5. What is kept here
# ---------------------------------------------------------------------------------------------------------------------


class Problem(Exception):
    """Something could not be done; the message is one line for the admin."""

    hint = ""  # said with it, but not kept


class Temporary(Problem):
    """It may work later by itself: try again after a pause."""


class NoNetwork(Temporary):
    """The other side could not be reached, or did not answer in time."""


class Denied(Problem):
    """Foreman does not show this to the account, or does not have it."""


class Settings:
    """The configuration file and the command line, checked."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.file = file = options.config
        ini = read_ini(file)
        foreman_url = options.foreman_url or ini["foreman"].get("url")
        receiver_url = options.receiver_url or ini["popcon"].get("url") or RECEIVER_URL
        self.foreman_url = checked_url("[foreman] url", foreman_url) if foreman_url else ""  # "": this machine
        self.receiver_url = checked_url("[popcon] url", receiver_url)
        self.username = ini["foreman"].get("username", "")
        self.password = ini["foreman"].get("password", "")
        self.ca_file = ini["foreman"].get("ca_file", "")
        self.proxy = ini["popcon"].get("proxy", "")
        self.enabled = ini["popcon"].getboolean("enabled") if "enabled" in ini["popcon"] else None
        self.switched_off = [key for key in FURTHER_KEYS if not ini["popcon"].getboolean(key, fallback=True)]
        found = os.stat(file) if os.path.exists(file) else None
        self.changed_at = int(found.st_ctime) if found else 0  # it or its mode
        self.missing = "" if found else f"{file} does not exist: restore it, or name another file with --config"
        self.lacking = self.missing  # to read Foreman with
        if self.missing and file != CONFIG_FILE:
            raise Problem(self.missing)
        if found and not (self.username and self.password):
            self.lacking = f"no account to read with: set username and password under [foreman] in {file}"
        elif found and found.st_mode & 0o077:
            self.lacking = f"{file} contains a password that others can read: run chmod 600 {file}"


def read_ini(file: str) -> configparser.ConfigParser:
    """Read the configuration; an unknown word in it is a Problem, because it may be a misspelt refusal."""
    ini = configparser.ConfigParser(interpolation=None)
    ini.BOOLEAN_STATES = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}  # type: ignore[misc]
    try:
        with contextlib.suppress(FileNotFoundError), open(file, encoding="utf-8") as lines:
            ini.read_file(lines)
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise Problem(f"{file} cannot be read ({first_line(error)}): correct it, or try as root") from None
    check_words(file, ini)
    ini.read_dict({section: {} for section in CONFIG_WORDS})
    return ini


CONFIG_WORDS = {
    "foreman": ("url", "username", "password", "ca_file"),
    "popcon": ("url", "proxy", "enabled", *FURTHER_KEYS),
}


def check_words(file: str, ini: configparser.ConfigParser) -> None:
    for section in ini.sections():
        known = CONFIG_WORDS.get(section)
        if not known:
            raise Problem(f"{file}: [{section}] is not known; the sections are [foreman] and [popcon]")
        for key, value in ini[section].items():
            if key not in known:
                raise Problem(f"{file}: {key} is not known in [{section}]; the keys are {', '.join(known)}")
            if key in ("enabled", *FURTHER_KEYS) and value.strip().lower() not in ini.BOOLEAN_STATES:
                raise Problem(f"{file}: {key} = {printable(value)} is not understood; write yes or no")


def checked_url(name: str, url: str) -> str:
    """Return the address, if it is one; plain http is for this machine only."""
    parts = urllib.parse.urlsplit(url)
    try:
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    is_plain = not (parts.username or parts.query or parts.fragment or re.search(r"[^!-~]", url))
    if parts.scheme not in ("https", "http") or not host or not is_plain:
        raise Problem(f"{name} = {printable(url)}: give an address such as https://host.example.com/path")
    if parts.scheme == "http" and not is_loopback(host):
        raise Problem(f"{name} = {url}: plain http is accepted only for this machine (127.0.0.1); use https")
    return url


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_this_machine(host: str) -> bool:
    return is_loopback(host) or host.lower() in (socket.gethostname().lower(), own_name().lower())


@functools.lru_cache(maxsize=None)
def own_name() -> str:
    """Return this machine's full name, for which the resolver may be asked."""
    try:
        return str(Call(socket.getfqdn).result(5))
    except NoNetwork:
        return socket.gethostname()


class State:
    """What is remembered from run to run (`state.json`); times are seconds since 1970, 0 is never."""

    def __init__(self) -> None:
        self.notice_at = 0  # the notice was shown
        self.moment = random.SystemRandom().randrange(WEEK)  # seconds into the week
        self.sent_at = 0  # the last report was accepted
        self.settled_at = 0  # the same, or refused by the receiver: nothing more to do in that week
        self.retry_at = 0  # after trouble
        self.failures = 0  # in a row
        self.trouble_at = 0
        self.trouble = ""  # in one line
        self.answer = ""  # the receiver's last one
        self.forgotten_at = 0  # the receiver erased what it had of this uuid
        self.left_out: Dict[str, str] = {}  # key of the report: why it is left out


@contextlib.contextmanager
def or_problem(what: str) -> Iterator[None]:
    """Turn trouble with a file into a line for the admin."""
    try:
        yield
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{what} ({first_line(error)}): try as root") from None


class Folder:
    """The state folder: `uuid`, `state.json`, `refused`, `agreed`, `last-report.json` and `log`."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def read(self, name: str) -> str:
        """Return what a file holds, "" where it is not there."""
        with or_problem(f"{self.path(name)} cannot be read"), contextlib.suppress(FileNotFoundError):
            descriptor = os.open(self.path(name), os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
            with open(descriptor, encoding="utf-8") as lines:
                return lines.read()
        return ""

    def write(self, name: str, content: bytes) -> None:
        """Write a file completely or not at all, readable only by its owner."""
        with or_problem(f"{self.path(name)} cannot be written"):
            self.make()
            descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix=f".{name}.")  # 0600
            with open(descriptor, "wb") as file:
                file.write(content)
                self._give_to_owner(file.fileno())
                os.fsync(file.fileno())
            os.replace(temporary, self.path(name))

    def make(self) -> None:
        os.makedirs(self.folder, mode=0o700, exist_ok=True)

    def remove(self, name: str) -> None:
        with or_problem(f"{self.path(name)} cannot be removed"), contextlib.suppress(FileNotFoundError):
            os.unlink(self.path(name))

    def has(self, name: str) -> bool:
        with or_problem(f"{self.folder} cannot be read"), contextlib.suppress(FileNotFoundError):
            os.lstat(self.path(name))
            return True
        return False

    def refusal(self) -> str:
        """Return what was written down when somebody refused.  A file that cannot be read is a refusal all the same."""
        try:
            said = printable(self.read("refused").strip())
        except Problem:
            said = ""
        return f"{said or 'somebody refused'} ({self.path('refused')})"

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep a second run out; raise Busy where this is the second."""
        with or_problem(f"{self.folder} cannot be used"):
            self.make()
            descriptor = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise Busy("another run of foreman-popcon is in progress: try again in two minutes") from None
        finally:
            os.close(descriptor)

    def _give_to_owner(self, descriptor: int) -> None:
        """Files that root makes by hand stay readable for the user that the timer runs as: the folder's owner."""
        owner = os.stat(self.folder)
        if os.geteuid() == 0 and owner.st_uid != 0:
            os.fchown(descriptor, owner.st_uid, owner.st_gid)

    def state(self) -> State:
        state = State()
        text = self.read("state.json")
        try:
            kept = json.loads(text) if text else {}
            for name, default in vars(state).items():
                value = kept.get(name, default)
                if type(value) is not type(default):
                    raise ValueError(name)
                setattr(state, name, value)
        except (AttributeError, ValueError):
            # A fresh state means a fresh notice; a refusal is a file of its own and is never lost with this one.
            raise Problem(
                f"{self.path('state.json')} is damaged: remove it; the notice is then shown again, and nothing is sent"
            ) from None
        return state

    def keep(self, state: State) -> None:
        self.write("state.json", (json.dumps(vars(state), indent=1) + "\n").encode())

    def uuid(self) -> str:
        """Return this installation's own random number, or "" where there is none (or it belongs to another machine).

        Next to it is a digest of the machine's identity, keyed with it.  On a copy of this machine the digest does
        not fit: the copy is another installation and draws a number of its own.
        """
        kept = self.read("uuid").split()
        if not kept or not re.match(r"[0-9A-Za-z-]{16,64}\Z", kept[0]):
            return ""
        digest = machine_digest(kept[0])
        return kept[0] if len(kept) < 2 or not digest or hmac.compare_digest(kept[1], digest) else ""

    def draw_uuid(self) -> str:
        drawn = str(uuid.uuid4())
        self.write("uuid", f"{drawn}\n{machine_digest(drawn)}\n".encode())
        return drawn

    def identity(self) -> str:
        """Return the uuid, a new one if needed.  A copy of a machine starts over with the notice; refusals stay."""
        known = self.uuid()
        if known:
            return known
        if self.read("uuid"):
            self.keep(State())
            self.remove("last-report.json")
            self.remove("agreed")
            self.note("this machine is a copy of another one: it gets a new uuid, and the notice is shown first")
        return self.draw_uuid()

    def note(self, text: str) -> None:
        """Append to the log, which never grows beyond twice its bound."""
        stamped = "".join(f"{as_text(int(time.time()))} {line}\n" for line in text.splitlines())
        kept = self.read("log")
        if len(kept) > LOG_BYTES_MAX:
            kept = kept[-LOG_BYTES_MAX // 2 :].partition("\n")[2]
        self.write("log", (kept + stamped).encode())


class Busy(Problem):
    """Another run holds the lock."""


def machine_digest(key: str) -> str:
    """Return a digest of this machine's identity, which means nothing without the key; "" without one."""
    identity = first_text(MACHINE_ID_FILES).strip()
    return hmac.new(key.encode(), identity.encode(), hashlib.sha256).hexdigest() if identity else ""


def first_text(files: Sequence[str]) -> str:
    for file in files:
        try:
            with open(file, encoding="utf-8") as lines:
                return lines.read(65536)
        except (OSError, UnicodeDecodeError):
            continue
    return ""


def first_line(error: BaseException) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return printable(text.splitlines()[0]) if text else ""


def printable(text: str) -> str:
    """Return text from elsewhere as it may be shown on a terminal: no escapes, and not much of it."""
    return re.sub(r"[^ -~]", "?", text)[:200]


# ---------------------------------------------------------------------------------------------------------------------
# 6. Whom it connects to
# ---------------------------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    status: int
    headers: "http.client.HTTPMessage"
    body: bytes


class Connection:
    """A way to one address.  Certificates are checked, redirects are not followed, a proxy is used where one is set."""

    def __init__(
        self, url: str, headers: Dict[str, str], proxy: str = "", context: Optional[ssl.SSLContext] = None
    ) -> None:
        self._url = url
        self._headers = {"User-Agent": f"foreman-popcon/{VERSION}", "Connection": "close", **headers}
        self._opener = urllib.request.OpenerDirector()  # a bare one: it follows nothing and opens no files
        handlers: List[urllib.request.BaseHandler] = [urllib.request.HTTPHandler(), urllib.request.UnknownHandler()]
        if url.startswith("https:"):
            handlers.append(urllib.request.HTTPSHandler(context=context or ssl.create_default_context()))
        if not is_this_machine(urllib.parse.urlsplit(url).hostname or ""):
            handlers.append(urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else None))
        for handler in handlers:
            self._opener.add_handler(handler)

    def call(self, method: str, seconds: float, bytes_max: int, path: str = "", body: Optional[bytes] = None) -> Answer:
        """Return the answer, whatever its status, cut where it is too long; raise NoNetwork where there is none."""
        request = urllib.request.Request(self._url + path, data=body, headers=self._headers, method=method)
        answer: Answer = Call(lambda: self._call(request, seconds, bytes_max)).result(seconds)
        return answer

    def _call(self, request: urllib.request.Request, seconds: float, bytes_max: int) -> Answer:
        try:
            with self._opener.open(request, timeout=max(seconds, 0.1)) as response:
                return Answer(response.status, response.headers, read_bounded(response, bytes_max))
        except urllib.error.URLError as error:
            raise NoNetwork(reason_of(error.reason)) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoNetwork(reason_of(error)) from None


def read_bounded(response: Any, bytes_max: int) -> bytes:
    """Read an answer to its end, or until it is longer than `bytes_max`."""
    body = b""
    while len(body) <= bytes_max:
        piece: bytes = response.read(64 * 1024)
        if not piece:
            if response.length:
                raise http.client.IncompleteRead(body, response.length)
            break
        body += piece
    return body


def trust_of_foreman(ca_file: str) -> ssl.SSLContext:
    """Return what is trusted for Foreman: the system's authorities, and Foreman's own where it is found or named."""
    context = ssl.create_default_context()
    # Own authorities, such as Puppet's, are often older than the rules on the form of certificates that 3.13 added.
    context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
    for file in [ca_file] if ca_file else [file for file in CA_FILES if os.access(file, os.R_OK)]:
        try:
            context.load_verify_locations(cafile=file)
        except OSError as error:
            raise Problem(f"the certificates in {file} cannot be read: {first_line(error)}") from None
    return context


def reason_of(error: Any) -> str:
    """Return why nothing came, in words that hold no address."""
    if isinstance(error, (ssl.SSLError, ssl.CertificateError)):
        return f"its certificate was not accepted ({printable(getattr(error, 'reason', None) or 'wrong name')})"
    if isinstance(error, socket.gaierror):
        return "its name could not be resolved"
    if isinstance(error, (socket.timeout, TimeoutError)):
        return "it did not answer in time"
    if isinstance(error, http.client.HTTPException):
        return "its answer broke off or was not HTTP"
    if isinstance(error, OSError) and (error.strerror or str(error).startswith("Tunnel connection failed")):
        return first_line(error)
    return "it did not answer"


class Call(threading.Thread):
    """Something that can be given up.  Sockets have a time-out; name look-ups and trickled answers have none."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._answer: Any = None
        self._error: Optional[Exception] = None
        self.start()

    def run(self) -> None:
        try:
            self._answer = self._work()
        except Exception as error:  # raised again where the answer is asked for
            self._error = error

    def result(self, seconds: float) -> Any:
        self.join(max(seconds, 0))
        if self.is_alive():
            raise NoNetwork("it did not answer in time")
        if self._error:
            raise self._error
        return self._answer


def in_parallel(ask: Callable[[Any], Any], items: Sequence[Any], seconds: float) -> List[Any]:
    """Return what `ask` gives for each item, None for those without an answer after `seconds` in total."""
    answers: List[Any] = [None] * len(items)
    waiting = list(range(len(items)))
    end = time.monotonic() + seconds

    def work() -> None:
        while waiting and time.monotonic() < end:
            with contextlib.suppress(IndexError, Problem):  # another thread took the last one; no answer
                position = waiting.pop(0)
                answers[position] = ask(items[position])

    calls = [Call(work) for _ in range(min(PROXIES_AT_ONCE, len(items)))]
    for call in calls:
        call.join(max(end - time.monotonic(), 0))
    return list(answers)


LOCKED_OUT = "Foreman rejected the account (401): check username and password under [foreman]"


class Foreman:
    """The parts of Foreman's REST API that a report needs: GET only, from 1.11 on, Katello and Satellite too."""

    def __init__(self, settings: Settings) -> None:
        if settings.lacking:
            raise Problem(settings.lacking)
        secret = base64.b64encode(f"{settings.username}:{settings.password}".encode()).decode()
        headers = {"Authorization": f"Basic {secret}", "Accept": "application/json;version=2"}
        self._url = (settings.foreman_url or f"https://{own_name()}").rstrip("/")
        self._file = settings.file
        self.host = urllib.parse.urlsplit(self._url).hostname or ""
        context = trust_of_foreman(settings.ca_file) if self._url.startswith("https:") else None
        self._connection = Connection(self._url, headers, context=context)
        self._end = time.monotonic() + COLLECT_SECONDS_MAX
        self._is_locked_out = False

    def seconds_left(self) -> float:
        return self._end - time.monotonic()

    def status(self) -> Dict[str, Optional[str]]:
        """Return Foreman's version, and Satellite's where this is one."""
        try:
            content, headers = self._get("/api/status")
        except Denied:
            content, headers = self._get("/api/ping")  # says it in a header, from 1.24 on
        content = content if isinstance(content, dict) else {}
        version = as_version(content.get("version")) or as_version(headers.get("Foreman_version"))
        if not version:
            raise Temporary("Foreman did not report its version (is [foreman] url the address of a Foreman?)")
        return {"version": version, "satellite_version": as_version(content.get("satellite_version"))}

    def plugins(self) -> List[Dict[str, Any]]:
        """Return all plugins.  This list has no pages, although it prints `per_page`; some come twice."""
        return entries_of(self._get("/api/plugins")[0])

    def proxy_version(self, id_: Any) -> Optional[str]:
        """Return a smart proxy's version.  Foreman asks it; one that is down gives 422, or nothing for a minute."""
        if type(id_) is not int:
            return None
        content, _ = self._get(f"/api/smart_proxies/{id_}/version", PROXY_SECONDS_MAX)
        result = content.get("result") if isinstance(content, dict) else None
        return as_version(result.get("version")) if isinstance(result, dict) else None

    def hosts_of(self, title: str) -> int:
        """Return how many hosts have the operating system of this title."""
        quoted = title.replace("\\", "\\\\").replace('"', '\\"')
        return self.total("hosts", "subtotal", thin=1, search=f'os_title="{quoted}"')

    def total(self, what: str, which: str = "total", **parameters: Any) -> int:
        """Return how many there are, without reading them."""
        content, _ = self._get(f"/api/{what}?{urllib.parse.urlencode({'per_page': 1, **parameters})}")
        total = content.get(which) if isinstance(content, dict) else None
        if type(total) is not int or total < 0:
            raise Temporary(f"Foreman did not report how many {what} there are")
        return total

    def pages(self, what: str) -> List[Dict[str, Any]]:
        """Return all entries of a list, page by page: `per_page=all` exists since 2.2 only, the default is anything."""
        entries: List[Dict[str, Any]] = []
        seen: Set[str] = set()
        for page in range(1, 101):
            content, _ = self._get(f"/api/{what}?per_page=100&page={page}")
            fresh = [entry for entry in entries_of(content) if str(entry.get("id")) not in seen]
            seen.update(str(entry.get("id")) for entry in fresh)
            entries.extend(fresh)
            count = content.get("subtotal") if isinstance(content, dict) else None
            if not fresh or type(count) is not int or len(entries) >= count:
                break
        return entries

    def _get(self, path: str, seconds: float = CALL_SECONDS_MAX) -> Tuple[Any, "http.client.HTTPMessage"]:
        where = path.partition("?")[0]
        if self._is_locked_out:  # 30 such answers would lock out everybody behind this address
            raise Problem(LOCKED_OUT)
        try:
            seconds = min(seconds, self.seconds_left())
            answer = self._connection.call("GET", seconds, FOREMAN_BYTES_MAX, path)
        except NoNetwork as error:
            silence = NoNetwork(f"no answer from Foreman to {where} ({error})")
            silence.hint = f"; tried {self._url}: see url and ca_file under [foreman] in {self._file}, or --foreman-url"
            raise silence from None
        if len(answer.body) > FOREMAN_BYTES_MAX:
            raise Temporary(f"Foreman's answer to {where} is larger than {FOREMAN_BYTES_MAX} bytes")
        if answer.status == 200:
            return as_json(answer.body, where), answer.headers
        if answer.status == 401:
            self._is_locked_out = True
            raise Problem(LOCKED_OUT)
        if answer.status == 403:
            raise Denied(f"the account {missing_permissions(answer.body)}")
        if answer.status == 404:
            raise Denied("this Foreman does not have this")
        if 300 <= answer.status < 400:
            raise Problem(
                f"Foreman redirects {where} to another address ({answer.status}); redirects are not followed: "
                "check [foreman] url"
            )
        raise Temporary(f"Foreman answered {answer.status} to {where}")


def as_json(body: bytes, where: str) -> Any:
    try:
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Temporary(
            f"Foreman's answer to {where} is not JSON (is [foreman] url the address of a Foreman?)"
        ) from None


def entries_of(content: Any) -> List[Dict[str, Any]]:
    """Return the entries of a list, in its envelope or, from old versions, bare with each entry wrapped in its type."""
    entries = content.get("results") if isinstance(content, dict) else content
    if not isinstance(entries, list):
        raise Temporary("Foreman's answer is not the requested list")
    found = [entry for entry in entries if isinstance(entry, dict)]
    return [next(iter(entry.values())) if is_wrapped(entry) else entry for entry in found]


def is_wrapped(entry: Dict[str, Any]) -> bool:
    return len(entry) == 1 and isinstance(next(iter(entry.values())), dict)


def missing_permissions(body: bytes) -> str:
    """Return which permissions Foreman says the account lacks; nothing else of its answer is used."""
    try:
        named_ones = json.loads(body.decode("utf-8"))["error"]["missing_permissions"]
        lacking = [name for name in named_ones if re.match(r"[a-z]+(_[a-z]+){1,4}\Z", name)]
    except (ValueError, RecursionError, KeyError, TypeError):
        lacking = []
    return "lacks the permission " + ", ".join(lacking[:5]) if lacking else "may not see it (403)"


def ask_receiver(settings: Settings, method: str, uuid_: str = "", body: Optional[bytes] = None) -> Answer:
    """Return the receiver's answer: read up to a bound, shown, and never obeyed but for when to come again."""
    # The uuid is the key to what is held of this installation: never in the address, which ends up in logs.
    headers = {"Authorization": f"Bearer {uuid_}"} if uuid_ else {"Content-Type": "application/json"}
    if uuid_:  # by hand, so that nobody takes another receiver's answer for that of the usual one
        sys.stderr.write(f"{settings.missing}\nasking {settings.receiver_url}\n".lstrip())
    bytes_max = RECORD_BYTES_MAX if method == "GET" else ANSWER_BYTES_MAX
    try:
        return Connection(settings.receiver_url, headers, settings.proxy).call(
            method, SEND_SECONDS_MAX, bytes_max, body=body
        )
    except NoNetwork as error:
        raise Temporary(f"the receiver could not be reached: {error}") from None


def in_words(answer: Answer) -> str:
    """Return an answer in one line: its status and what a problem+json says of it."""
    content = object_of(answer)
    words = next((content[key] for key in ("detail", "title") if isinstance(content.get(key), str)), "")
    return f"{answer.status} {printable(words)}".strip()


def object_of(answer: Answer) -> Dict[str, Any]:
    """Return the JSON object that the receiver answered with, an empty one if it was none."""
    try:
        content = json.loads(answer.body.decode("utf-8"))
    except (ValueError, RecursionError):
        content = {}
    return content if isinstance(content, dict) else {}


# ---------------------------------------------------------------------------------------------------------------------
# 7. The commands
# ---------------------------------------------------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What a command has to say: to people, and with --json to programs."""

    text: str
    facts: Dict[str, Any]
    status: int = 0
    is_news: bool = True  # False: nothing that an admin must hear of, so `send --quiet` says nothing


def send(options: argparse.Namespace) -> Outcome:
    """Send the report if its time has come.  This is what the timer runs, every hour."""
    folder, settings, trouble, refused_by = look(options)
    if refused_by:
        return nothing_is_sent(refused_by)
    if not settings:
        raise Problem(trouble)
    try:
        with folder.lock():
            return send_alone(settings, folder, options)
    except Busy as busy:
        if options.now:
            raise
        return Outcome(f"Nothing to do: {busy}", {"outcome": "busy"}, is_news=False)


def nothing_is_sent(refused_by: List[str]) -> Outcome:
    text = f"Nothing is sent: {'; '.join(refused_by)}."
    return Outcome(text, {"outcome": "refused", "refused_by": refused_by}, is_news=False)


def send_alone(settings: Settings, folder: Folder, options: argparse.Namespace) -> Outcome:
    """Show the notice, wait, or send; the lock is held."""
    uuid_ = folder.identity()
    state = folder.state()
    due_at = next_at(state, options.at, settings.changed_at)
    if options.at < due_at and not options.now:
        facts = {"outcome": "waiting", "next_at": due_at}
        return Outcome(f"Nothing to do before {as_text(due_at)}.", facts, is_news=False)
    try:
        collected = collect(Foreman(settings), settings, uuid_)
    except Problem as problem:
        # An account that Foreman refuses is not tried again for a week, unless the configuration changes.
        remember_trouble(state, options.at, str(problem), 0 if isinstance(problem, Temporary) else WEEK)
        folder.keep(state)
        raise
    state.left_out = collected.left_out
    if not state.notice_at:
        return show_notice(settings, folder, state, collected, options)
    refused_by = refusals(folder, os.environ, settings.enabled)  # somebody may have refused a second ago
    return nothing_is_sent(refused_by) if refused_by else deliver(settings, folder, state, collected, options.at)


def remember_trouble(state: State, now: int, trouble: str, wished_seconds: int = 0) -> None:
    state.failures += 1
    state.trouble, state.trouble_at = trouble, now
    state.retry_at = now + pause_seconds(state.failures, wished_seconds, random.SystemRandom())


def show_notice(
    settings: Settings, folder: Folder, state: State, collected: Collected, options: argparse.Namespace
) -> Outcome:
    """Show, and log, what will be sent and how to refuse.  Nothing is sent."""
    state.notice_at, state.retry_at, state.failures, state.trouble = options.at, 0, 0, ""
    said = notice(options, settings.receiver_url, state)
    body = as_bytes(collected.report).decode()
    text = f"{said}\nThe report as of today:\n\n{body}{left_out_lines(collected.left_out)}"
    folder.note(text)
    folder.keep(state)
    facts = {"outcome": "notice", "notice": said, "report": collected.report, "left_out": collected.left_out}
    return Outcome(text, {**facts, "next_at": next_at(state, options.at, 0)})


def left_out_lines(left_out: Dict[str, str]) -> str:
    return "".join(f"left out: {key} ({reason})\n" for key, reason in left_out.items())


def deliver(settings: Settings, folder: Folder, state: State, collected: Collected, now: int) -> Outcome:
    """Send one report and remember the answer."""
    body = as_bytes(collected.report)
    remember_trouble(state, now, "the last run did not finish")  # true if this one is killed
    folder.keep(state)
    folder.write("last-report.json", body)
    state.failures -= 1
    try:
        answer = ask_receiver(settings, "POST", body=body)
    except Temporary as error:
        return try_again(folder, state, now, str(error), 0)
    state.answer = in_words(answer)
    if answer.status in (408, 425, 429) or answer.status >= 500:
        wished = retry_after_seconds(answer.headers.get("Retry-After"), now)
        return try_again(folder, state, now, f"the receiver answered {state.answer}", wished)
    state.settled_at, state.retry_at, state.failures, state.trouble = now, 0, 0, ""
    if 200 <= answer.status < 300:
        state.sent_at = now
        return settled(folder, state, f"Sent; the receiver answered {state.answer}.", "sent", 0)
    state.trouble, state.trouble_at = f"the receiver refused the report: {state.answer}", now
    if answer.status == 410:
        folder.write("refused", b"The receiver erased this installation on request.\n")
        state.forgotten_at = now
        trouble = "Nothing is sent from now on: the receiver was asked to forget this installation (410)."
        return settled(folder, state, trouble, "forgotten", 1)
    trouble = f"Not sent: {state.trouble}. It will not be sent again before {as_text(next_at(state, now, 0))}."
    return settled(folder, state, trouble, "refused by the receiver", 1)


def try_again(folder: Folder, state: State, now: int, trouble: str, wished_seconds: int) -> Outcome:
    remember_trouble(state, now, trouble, wished_seconds)
    folder.keep(state)
    text = f"Not sent: {trouble}. It will be tried again after {as_text(state.retry_at)}."
    return Outcome(text, {"outcome": "not sent", "reason": trouble, "next_at": state.retry_at}, is_news=False)


def settled(folder: Folder, state: State, text: str, outcome: str, status: int) -> Outcome:
    folder.keep(state)
    folder.note(text)
    return Outcome(text, {"outcome": outcome, "answer": state.answer, "left_out": state.left_out}, status)


def preview(options: argparse.Namespace) -> Outcome:
    """Print the very bytes of the next upload.  Asks Foreman, sends nothing."""
    try:
        settings = Settings(options)
        collected = collect(Foreman(settings), settings, "")
    except Problem as problem:
        if options.explain and not options.json:
            print(f"No values can be shown: {problem}{problem.hint}.\n\nThe keys that a report can have:\n")
            print("\n".join(map(explain, EXPLANATIONS)), flush=True)
        raise
    collected.report["uuid"], remark = uuid_to_show(Folder(options.state), settings)
    body = as_bytes(collected.report).decode()
    left_out = left_out_lines(collected.left_out)
    sys.stderr.write("" if options.json else remark)
    facts = {"report": collected.report, "left_out": collected.left_out}
    if options.html:
        page = html_page(settings, collected, status(options).text, remark)
        if options.html == "-":
            return Outcome(page, {**facts, "html": page})
        with or_problem(f"{options.html} cannot be written"), open(options.html, "w", encoding="utf-8") as file:
            file.write(page)
        return Outcome(f"Wrote {options.html}.", {**facts, "html": options.html})
    if options.explain:
        explained = "\n".join(explain(key) for key in collected.report)
        facts["explained"] = {key: explain(key) for key in collected.report}
        return Outcome(f"{body}\n{explained}\n\n{left_out}", facts)
    sys.stderr.write("" if options.json else left_out)
    return Outcome(body, collected.report)


def uuid_to_show(folder: Folder, settings: Settings) -> Tuple[str, str]:
    """Return the uuid of the next upload, drawn if there is none, and remarks.  After a refusal there is no upload."""
    known = "" if folder.state().forgotten_at else folder.uuid()
    refused_by = refusals(folder, os.environ, settings.enabled)
    if refused_by:
        example = "" if known else "The uuid is an example and different each time.\n"
        return known or str(uuid.uuid4()), f"Refused; none of this is sent: {'; '.join(refused_by)}.\n{example}"
    if known:
        return known, ""
    with folder.lock():
        return folder.identity(), f"Created the uuid; it is stored in {folder.path('uuid')}.\n"


def status(options: argparse.Namespace) -> Outcome:
    """Say whether it sends, when last, when next, and what was answered.  Connects to nothing and writes nothing."""
    folder, settings, trouble, refused_by = look(options)
    enabled = settings.enabled if settings else None
    state: Optional[State] = None
    try:
        state = folder.state()
    except Problem as damage:
        trouble = "; ".join(filter(None, (trouble, str(damage))))
    changed_at = settings.changed_at if settings else 0
    last = f"at the last run on {as_text(state.trouble_at)}: {state.trouble}" if state and state.trouble else ""
    facts: Dict[str, Any] = {
        "enabled": not refused_by,
        "refused_by": refused_by,
        "sends": not (refused_by or trouble),
        "trouble": trouble,
        "receiver": settings.receiver_url if settings else None,
        "foreman": (settings.foreman_url or "Foreman on this machine") if settings else None,
        "last_trouble": last,
        **{name: getattr(state, name, None) for name in ("notice_at", "sent_at", "answer", "left_out")},
        "is_to_undo": bool(refused_by) and not refusals_elsewhere(folder, os.environ, enabled),
        "is_to_erase": folder.has("last-report.json"),
        "next_at": 0,
        "next": "once the problem is fixed",
    }
    if refused_by:
        facts["next"] = "never"
    elif state and not trouble:
        facts["next_at"], facts["next"] = next_at(state, options.at, changed_at), coming(state, options.at, changed_at)
    return Outcome(status_text(facts, options), facts)


def status_text(facts: Dict[str, Any], options: argparse.Namespace) -> str:
    sends = "yes, once a week"
    if facts["refused_by"]:
        sends = f"no: {'; '.join(facts['refused_by'])}"
    elif facts["trouble"]:
        sends = (
            "no, though nobody refused" if facts["receiver"] else "not with the configuration that this user can read"
        )
        sends += ": see trouble"
    lines = {
        "sends": sends,
        "trouble": facts["trouble"] or facts["last_trouble"] or "none",
        "what": "versions, features, public plugins, rough counts",
        "to": facts["receiver"] or "not known",
        "reads from": facts["foreman"] or "not known",
        "settings in": options.config,
        "kept in": options.state,
        "notice shown": as_text(facts["notice_at"]) if facts["notice_at"] else "not yet",
        "last sent": as_text(facts["sent_at"]) if facts["sent_at"] else "never",
        "last answer": facts["answer"] or "none",
        "next": facts["next"],
    }
    if facts["notice_at"] is None:  # the state is damaged
        lines.update(dict.fromkeys(("notice shown", "last sent", "last answer"), "not known"))
    elif facts["refused_by"] and not facts["notice_at"]:
        del lines["notice shown"]  # none will be, and none is needed
    text = "".join(f"{name + ':':<14}{value}\n" for name, value in lines.items())
    text += left_out_lines(facts["left_out"] or {})
    text += f"\nTo see it:  {typed('preview --explain', options)}\n"
    text += "" if facts["refused_by"] else f"To refuse:  {typed('disable', options)}\n"
    text += f"To undo:    {typed('enable', options)}\n" if facts["is_to_undo"] else ""
    return f"{text}To erase:   {typed('forget', options)}\n" if facts["is_to_erase"] else text


def disable(options: argparse.Namespace) -> Outcome:
    """Refuse.  It reads no configuration and asks nobody, so that nothing can be in its way."""
    folder = Folder(options.state)
    was_off = folder.has("refused")
    if not was_off:
        folder.write("refused", f"`foreman-popcon disable` was run at {as_text(options.at)}\n".encode())
        folder.note("disabled")
    folder.remove("agreed")
    text = f"Nothing is sent{', as before' if was_off else ' from now on'}: {folder.refusal()}."
    if folder.has("last-report.json"):
        text += f"\nTo have the receiver erase what it has stored: {typed('forget', options)}"
    return Outcome(text, {"outcome": "disabled", "was_disabled": was_off})


def enable(options: argparse.Namespace) -> Outcome:
    """Undo a refusal made by `disable` or `forget`; after the latter under a new uuid."""
    settings, folder = Settings(options), Folder(options.state)
    others = refusals_elsewhere(folder, os.environ, settings.enabled)
    if others:
        raise Problem(f"nothing is sent, because of another refusal: {'; '.join(others)}")
    with folder.lock():
        state = folder.state()
        if state.forgotten_at:
            folder.draw_uuid()
            state.forgotten_at, state.settled_at, state.sent_at, state.answer = 0, 0, 0, ""
            folder.keep(state)
        folder.write("agreed", f"`foreman-popcon enable` was run at {as_text(options.at)}.\n".encode())
        folder.remove("refused")
        folder.note("enabled")
    text = f"Enabled (in {options.state}): once a week; {coming(state, options.at, settings.changed_at)}."
    text += f"\nFirst, however: {settings.lacking}" if settings.lacking else ""
    return Outcome(text, {"outcome": "enabled"})


def show(options: argparse.Namespace) -> Outcome:
    """Print everything that the receiver has stored about this installation."""
    settings, folder = Settings(options), Folder(options.state)
    uuid_ = folder.uuid()
    if not uuid_:
        return Outcome("Nothing was ever sent from here.", {"outcome": "nothing"})
    answer = ask_receiver(settings, "GET", uuid_)
    if answer.status == 404:
        return Outcome("The receiver has nothing stored about this installation.", {"outcome": "nothing"})
    if answer.status != 200:
        raise Problem(f"the receiver answered {in_words(answer)}")
    content = object_of(answer)
    if not content:
        raise Problem("the receiver's answer is not a JSON object")
    return Outcome(json.dumps(content, indent=1), {"outcome": "shown", "record": content})


def forget(options: argparse.Namespace) -> Outcome:
    """Refuse, and have the receiver erase everything that it has stored about this installation."""
    disable(options)
    folder = Folder(options.state)
    try:
        with folder.lock():
            return erase(folder, options)
    except Problem as problem:
        trouble = f"the receiver may still have everything stored: {problem}; this is not retried automatically, "
        trouble += "so run again: "
        trouble += typed("forget", options)
    with contextlib.suppress(Problem), folder.lock():
        folder.note(trouble)
        state = folder.state()
        state.trouble, state.trouble_at = trouble, options.at
        folder.keep(state)
    raise Problem(f"nothing more is sent, but {trouble}")


def erase(folder: Folder, options: argparse.Namespace) -> Outcome:
    """Have the receiver erase what it holds, and say what it answered; the lock is held."""
    uuid_, state = folder.uuid(), folder.state()
    if not uuid_:
        return Outcome("Nothing was ever sent from here, and nothing will be sent.", {"outcome": "nothing"})
    answer = ask_receiver(Settings(options), "DELETE", uuid_)
    if answer.status not in (200, 202, 204, 404, 410):
        raise Problem(f"the receiver answered {in_words(answer)}")
    state.forgotten_at, state.answer, state.trouble, state.retry_at = options.at, in_words(answer), "", 0
    folder.keep(state)
    folder.remove("last-report.json")
    folder.note(f"forgotten; the receiver answered {state.answer}")
    if answer.status in (404, 410):
        text = "The receiver has nothing stored about this installation, and nothing more is sent."
    else:
        pairs = [(key, value) for key, value in object_of(answer).items() if isinstance(value, (str, int))]
        text = "The receiver erases what it has stored about this installation, and nothing more is sent."
        text += "".join(f"\n  {printable(key)}: {printable(str(value))}" for key, value in pairs[:20])
    return Outcome(text, {"outcome": "forgotten", "answer": state.answer})


def show_notice_text(options: argparse.Namespace) -> Outcome:
    """Print the notice alone, for the scripts of packages.  Connects to nothing and writes nothing."""
    folder, settings, trouble, refused_by = look(options)
    is_known = settings and not settings.missing
    said = notice(options, settings.receiver_url if settings and is_known else f"not known: {trouble}", folder.state())
    if refused_by:
        nothing = nothing_is_sent(refused_by)
        return nothing._replace(text=f"{nothing.text}\nIf reporting were enabled, the notice would read:\n\n{said}")
    return Outcome(said, {"outcome": "notice", "notice": said})


def look(options: argparse.Namespace) -> Tuple[Folder, Optional[Settings], str, List[str]]:
    """Return state folder, settings if they can be read at all, what is wrong with them, and what refuses."""
    folder = Folder(options.state)
    try:
        settings = Settings(options)
    except Problem as problem:
        return folder, None, str(problem), refusals(folder, os.environ, None)
    return folder, settings, settings.lacking, refusals(folder, os.environ, settings.enabled)


def explain(key: str) -> str:
    """Return a few lines on a key of the report."""
    switch = f"\n    leave it out: {key} = no under [popcon] in the configuration" if key in FURTHER_KEYS else ""
    return EXPLANATIONS[key] + switch


PAGE = string.Template("""\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>What this Foreman reports to the community</title>
<style>
:root { color-scheme: light dark; --line: #d0d5da; --soft: #f4f6f8; --ink: #1d2329; --dim: #59636e; --accent: #1f6feb; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a424b; --soft: #20262d; --ink: #e7ebef; --dim: #a3adb8; --accent: #79b0ff; }
  body { background: #161b20; }
}
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 46rem; color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
p.lead { color: var(--dim); margin-top: 0; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem;
  font-size: .85rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
article { border-top: 1px solid var(--line); padding: .75rem 0; }
article h3 { margin: 0; font: 600 .95rem ui-monospace, monospace; color: var(--accent); }
article p { margin: .15rem 0 0; }
article p.small { color: var(--dim); font-size: .9rem; }
article pre { margin: .5rem 0 0; max-height: 14rem; overflow-y: auto; }
</style>
<h1>What this Foreman reports to the community</h1>
<strong>$remark</strong>
<p class="lead">Once a week, to $receiver: versions, features, public plugins and rough counts. No host, no address, no
account, no name that you chose.</p>
<h2>Status, and how to refuse</h2>
<pre>$status</pre>
<h2>The report, key by key</h2>
$keys
<h2>The exact bytes</h2>
<pre>$body</pre>
<p class="lead">Made by foreman-popcon $version. This page loads nothing and sends nothing.</p>
</html>
""")


def html_page(settings: Settings, collected: Collected, status_text: str, remark: str) -> str:
    """Return what an About page inside Foreman would show, as one file that loads nothing."""
    articles = [html_article(key, value) for key, value in collected.report.items()]
    articles += [
        f"<article><h3>{html.escape(key)}</h3><p class=small>left out: {html.escape(reason)}</p></article>"
        for key, reason in collected.left_out.items()
    ]
    return PAGE.substitute(
        receiver=html.escape(settings.receiver_url),
        remark=html.escape(remark),
        status=html.escape(status_text),
        keys="\n".join(articles),
        body=html.escape(as_bytes(collected.report).decode()),
        version=VERSION,
    )


def html_article(key: str, value: Any) -> str:
    first, *more = html.escape(explain(key)).splitlines()
    shown = html.escape(as_bytes({key: value}).decode()[2:-3].replace("\n  ", "\n").strip())
    return (
        f"<article><h3>{html.escape(key)}</h3><p>{first.partition(': ')[2]}</p>"
        f"<p class=small>{'<br>'.join(more)}</p><pre>{shown}</pre></article>"
    )


COMMANDS: Dict[str, Tuple[Callable[[argparse.Namespace], Outcome], str]] = {
    "preview": (preview, "print exactly the bytes of the next report; send nothing"),
    "status": (status, "show whether reports are sent, when last, when next, and the last answer"),
    "disable": (disable, "refuse: nothing is sent from then on"),
    "enable": (enable, "undo the refusal"),
    "send": (send, "send the report if its time has come (what the timer runs)"),
    "show": (show, "print what the receiver has stored about this installation"),
    "forget": (forget, "refuse, and have the receiver erase what it has stored"),
    "notice": (show_notice_text, "print the notice"),
}


MEANT = {"off": "disable", "stop": "disable", "help": "--help", **{f"--{name}": name for name in COMMANDS}}


def parser() -> argparse.ArgumentParser:
    first = "Once a week, tell the Foreman community what this installation consists of, unless you opt out."
    more = "More: man foreman-popcon"
    made = argparse.ArgumentParser("foreman-popcon", description=first, epilog=more, allow_abbrev=False)
    made.add_argument("--version", action="version", version=f"foreman-popcon {VERSION}")
    add_shared_options(made)
    # Options can come before or after the command.  One absent after it must not undo one given before it.
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    add_shared_options(common)
    made.set_defaults(config=CONFIG_FILE, state=STATE_FOLDER)
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    for name, (_, line) in COMMANDS.items():
        added = commands.add_parser(name, parents=[common], help=line, description=line, allow_abbrev=False)
        if name == "send":
            added.add_argument("--now", action="store_true", help="do not wait; the notice is still shown first")
            added.add_argument("--quiet", action="store_true", help="print nothing when there is nothing to report")
        if name == "preview":
            added.add_argument("--explain", action="store_true", help="add a reason for each key")
            added.add_argument("--html", metavar="FILE", help="write an HTML page instead (-: to standard output)")
    return made


def add_shared_options(parser_: argparse.ArgumentParser) -> None:
    parser_.add_argument("--config", metavar="FILE", help=f"configuration ({CONFIG_FILE})")
    parser_.add_argument("--state", metavar="DIR", help=f"state folder ({STATE_FOLDER})")
    parser_.add_argument("--foreman-url", metavar="URL", help="address of Foreman (default: as configured)")
    parser_.add_argument("--receiver-url", metavar="URL", help="address of the receiver (default: as configured)")
    parser_.add_argument("--json", action="store_true", help="answer in JSON")


def give_up() -> None:
    """Whatever happens, a run ends."""
    time.sleep(RUN_SECONDS_MAX)
    sys.stderr.write(f"foreman-popcon: gave up after {RUN_SECONDS_MAX} seconds\n")
    sys.stderr.flush()
    os._exit(1)


def main() -> int:
    """Run one command and return the exit status: 0 done or nothing to do, 1 could not, 2 wrong usage."""
    meant = MEANT.get("".join(sys.argv[1:2]))
    if meant:
        sys.stderr.write(f"foreman-popcon: did you mean `foreman-popcon {meant}`?\n")
        return 2
    options = parser().parse_args()
    if not options.command:
        parser().print_help(sys.stderr)
        return 2
    options.at = int(time.time())
    os.umask(0o077)
    Call(give_up)
    try:
        outcome = COMMANDS[options.command][0](options)
    except Problem as problem:
        if options.json:
            print(json.dumps({"outcome": "problem", "reason": str(problem)}))
        sys.stderr.write(f"foreman-popcon: {problem}{problem.hint}\n")
        return 1
    except KeyboardInterrupt:
        return 1
    if outcome.is_news or not getattr(options, "quiet", False):
        text = json.dumps(outcome.facts) if options.json else outcome.text
        print(text, end="" if text.endswith("\n") else "\n", file=sys.stderr if outcome.status else sys.stdout)
    return outcome.status


# ---------------------------------------------------------------------------------------------------------------------
# 8. The lists, written by `make register` from the project's catalogue
# ---------------------------------------------------------------------------------------------------------------------


def listed(names: str) -> Dict[str, str]:
    """Return names, given with commas between them, by how they are compared."""
    return {fold(name): name for name in (" ".join(name.split()) for name in names.split(",")) if name}


def explained(texts: str) -> Dict[str, str]:
    """Return texts by the key that each begins with; further lines of a text are indented."""
    return {text.partition(":")[0]: text for text in re.split(r"\n(?=\S)", texts.strip())}


# Every key that a report can have: what it is, what it is for, and whether counts of it are published.
# <explanations>
EXPLANATIONS = explained("""
uuid: a random number used for nothing else, not Foreman's instance_id
    why: to replace this installation's last report with its next one, and to let its admin see or erase its record
    published: never; only the maintainers of the project see it
core_version: the version of Foreman
    why: to see which versions are in use, and how soon after a release people upgrade
    published: as counts of at least 5 installations
satellite_version: the version of Satellite, if this is Satellite
    why: to tell Satellite's builds of Foreman apart from nightly builds
    published: as counts of at least 5 installations
proxies: the version (null if it did not answer) and the features of each smart proxy, without its name
    why: to see which features are in use and how far proxies lag behind
    published: as counts of at least 5 installations
plugins: the public plugins and their versions
    why: to see which plugins deserve work and which may be dropped
    published: as counts of at least 5 installations
other_plugins_count: the number of installed plugins that are not public, without their names
    why: to know how much is built on Foreman outside public view
    published: never; only the maintainers of the project see it
other_features_count: the number of smart proxy features from plugins that are not public, without their names
    why: to know how much is built on Foreman outside public view
    published: never; only the maintainers of the project see it
compute_resources: the type of each compute resource, once for each, without its name or address
    why: to see which clouds and hypervisors deserve work
    published: as counts of at least 5 installations
other_compute_resources_count: the number of compute resources of a type that is not public, without its name
    why: to know how much is built on Foreman outside public view
    published: never; only the maintainers of the project see it
hosts_band: the number of hosts, as a band such as 50-199
    why: to know which sizes to build and test for
    published: as counts of at least 5 installations
domains_band: the number of domains, as a band
    why: to know which sizes to build and test for
    published: as counts of at least 5 installations
subnets_band: the number of subnets, as a band
    why: to know which sizes to build and test for
    published: as counts of at least 5 installations
operatingsystem_families: the number of hosts in each operating system family, as bands
    why: to see which systems deserve work on provisioning
    published: as counts of at least 5 installations
server_operatingsystem: the distribution and version that Foreman itself runs on, if the sender runs there too
    why: to decide which systems to build packages for
    published: as counts of at least 5 installations
""")
# </explanations>

# What is not in these lists is counted and not named.
# <public names>
PUBLIC_PLUGINS = listed("""
foreman-mco, foreman-tasks, foreman_abrt, foreman_acd, foreman_ansible, foreman_azure, foreman_azure_rm,
foreman_bootdisk, foreman_chef, foreman_cockpit, foreman_column_view, foreman_concrete, foreman_custom_parameters,
foreman_cve_scanner, foreman_datacenter, foreman_default_hostgroup, foreman_deployments, foreman_dhcp_browser,
foreman_digitalocean, foreman_discovery, foreman_dlm, foreman_docker, foreman_expire_hosts, foreman_fog_proxmox,
foreman_git_templates, foreman_google, foreman_graphite, foreman_hdm, foreman_hooks, foreman_host_extra_validator,
foreman_host_reports, foreman_host_rundeck, foreman_inventory_upload, foreman_kernel_care, foreman_kubevirt,
foreman_leapp, foreman_m2, foreman_memcache, foreman_monitoring, foreman_netbox, foreman_noenv, foreman_omaha,
foreman_one, foreman_openscap, foreman_openstack_cluster, foreman_param_lookup, foreman_probing, foreman_puppet,
foreman_remote_execution, foreman_rescue, foreman_reserve, foreman_resource_quota, foreman_rh_cloud, foreman_salt,
foreman_scc_manager, foreman_setup, foreman_simplify, foreman_snapshot, foreman_snapshot_management,
foreman_spacewalk, foreman_statistics, foreman_supervisory_authority, foreman_templates, foreman_theme_satellite,
foreman_userdata, foreman_vault, foreman_virt_who_configure, foreman_vmwareannotations, foreman_webhooks,
foreman_wreckingball, foreman_xen, katello, ovirt_provision_plugin, puppetdb_foreman
""")
PUBLIC_FEATURES = listed("""
Abrt, Ansible, BMC, Chef, Chef Proxy, Container_Gateway, DHCP, Discovery, DNS, Dynflow, External IPAM, Facts,
HTTPBoot, Logs, Monitoring, Omaha, Openscap, Pulp, Pulp Node, Pulp3, Pulpcore, Puppet, Puppet CA, Realm,
Registration, Reports, Salt, Script, Shellhooks, Ssh, Templates, TFTP
""")
PUBLIC_COMPUTE_RESOURCES = listed("""
Amazon EC2, azure, Azure Resource Manager, azurerm, digitalocean, docker, ec2, gce, Google, Google Compute Engine,
hyperv, kubevirt, libvirt, openstack, ovirt, ovm, proxmox, rackspace, RHEV, vmware, Xen, xenserver
""")
# </public names>

if __name__ == "__main__":
    sys.exit(main())
