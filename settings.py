"""Every setting of the project: the `POPCON_` environment variables, read once into a frozen record.

The one module that all rooms share.  What a variable means to an operator is said in README.md.
"""

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SAFE_GROUP = 3  # in a group of two, each knows the other
_WIDEST_PREFIX = {4: 8, 6: 16}  # of a network that may hold somebody's proxies and not everybody
_SHOWN_LENGTH_MAX = 80


_PORTS = {
    "POPCON_RECEIVER_PORT": 8000,
    "POPCON_DASHBOARD_PORT": 8001,
    "POPCON_EXPLORER_PORT": 8002,
    "POPCON_METRICS_PORT": 8003,
}


class SettingError(ValueError):
    """A variable holds what cannot be used; the message names it, its value and what would do."""

    def __init__(self, variable: str, value: str, wanted: str) -> None:
        shown = value if len(value) <= _SHOWN_LENGTH_MAX else f"{value[:_SHOWN_LENGTH_MAX]}…"
        super().__init__(f"{variable}={shown!r}: give {wanted}")


@dataclass(frozen=True)
class Settings:
    """What the programs are told from outside.  Times in the unit their name ends in."""

    data: Path
    host: str
    receiver_port: int
    dashboard_port: int
    explorer_port: int
    metrics_port: int
    trusted_proxies: tuple[Network, ...]
    refresh_seconds: int
    min_group: int
    established_weeks: int
    active_weeks: int
    retention_days: int  # 0: reports are kept for ever
    noise: int  # standard deviation of the noise on every published count; 0: exact figures
    publish_after_days: int  # days from the end of a week to its publication
    publish_rows: bool
    public_folder: Path  # what anyone may read
    may_republish: bool  # weeks may be published again although what was published of them is lost

    @property
    def log(self) -> Path:
        return self.data / "log.db"

    @property
    def views(self) -> Path:
        return self.data / "views.db"

    @property
    def public(self) -> Path:
        return self.data / "public.db"

    @property
    def history(self) -> Path:
        """What stays of weeks and installations when their uploads are purged."""
        return self.data / "history.db"

    @property
    def retention_off(self) -> Path:
        """A file that changes the default of POPCON_RETENTION_DAYS to 0 for this folder."""
        return self.data / "retention-off"

    @property
    def editions(self) -> Path:
        """The weeks as they were published."""
        return self.data / "editions.db"

    @property
    def noise_key(self) -> Path:
        """The secret that the noise is drawn under."""
        return self.data / "noise.key"

    @property
    def rules(self) -> Path:
        """What the operator sets aside; may be missing."""
        return self.data / "rules.csv"

    @property
    def names(self) -> Path:
        """Names that the operator makes public; may be missing."""
        return self.data / "names.csv"

    @property
    def snapshots(self) -> Path:
        """Folder of the files that the link `views.db` points to."""
        return self.data / "snapshots"

    @property
    def public_snapshots(self) -> Path:
        """Folder of the files that the link `public.db` points to."""
        return self.public_folder / "snapshots"

    @property
    def exports(self) -> Path:
        """Folder of the archive: the rows of each published week as files."""
        return self.public_folder / "exports"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is accepted, but seldom meant: a sentence for each, with variable, value and what it means."""
        found = []
        if self.min_group < _SAFE_GROUP:
            found.append(
                f"POPCON_MIN_GROUP='{self.min_group}': published groups can be so small that they show what a single "
                f"installation runs. Give {_SAFE_GROUP} or more, unless the community agreed to this."
            )
        if not self.noise:
            found.append(
                "POPCON_NOISE='0': exact figures are published, from whose differences can be told what single "
                "installations run. Give 2, unless the community agreed to this."
            )
        for network in self.trusted_proxies:
            if network.prefixlen < _WIDEST_PREFIX[network.version]:
                found.append(
                    f"POPCON_TRUSTED_PROXIES='{network}': almost every client is trusted to name its own address, so "
                    "the limits for each network do not hold. Give only the addresses of your proxies."
                )
        return tuple(found)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raise SettingError on the first variable that cannot be used."""
        reader = _Reader(environment)
        data = Path(environment.get("POPCON_DATA") or "data").absolute()
        ports = {variable: reader.number(variable, default, 1, 65535) for variable, default in _PORTS.items()}
        reader.require_different(ports)
        return cls(
            data=data,
            host=reader.address("POPCON_HOST", "127.0.0.1"),
            receiver_port=ports["POPCON_RECEIVER_PORT"],
            dashboard_port=ports["POPCON_DASHBOARD_PORT"],
            explorer_port=ports["POPCON_EXPLORER_PORT"],
            metrics_port=ports["POPCON_METRICS_PORT"],
            trusted_proxies=reader.networks("POPCON_TRUSTED_PROXIES"),
            refresh_seconds=reader.number("POPCON_REFRESH_SECONDS", 60, 1, 86400),
            min_group=reader.number("POPCON_MIN_GROUP", 5, 1, 1_000_000),
            established_weeks=reader.number("POPCON_ESTABLISHED_WEEKS", 2, 1, 52),
            active_weeks=reader.whole_weeks("POPCON_ACTIVE_DAYS", 28),
            retention_days=reader.retention("POPCON_RETENTION_DAYS", 0 if (data / "retention-off").exists() else 396),
            noise=reader.noise("POPCON_NOISE", 2),
            publish_after_days=reader.number("POPCON_PUBLISH_AFTER_DAYS", 3, 0, 6),
            public_folder=reader.public_folder("POPCON_PUBLIC", data),
            may_republish=reader.yes_or_no("REPUBLISH"),
            publish_rows=reader.yes_or_no("POPCON_PUBLISH_ROWS"),
        )


@dataclass(frozen=True)
class _Reader:
    environment: Mapping[str, str]

    def number(self, variable: str, default: int, least: int, most: int) -> int:
        text = self.environment.get(variable) or str(default)
        digits = text.lstrip("0") or text[-1:]
        is_number = text.isascii() and text.isdigit() and len(digits) <= len(str(most))  # int() refuses 4,301 digits
        if not (is_number and least <= int(digits) <= most):
            raise SettingError(variable, text, f"a whole number from {least} to {most}")
        return int(digits)

    def require_different(self, ports: Mapping[str, int]) -> None:
        """Raise SettingError for a port that is given twice: the explorer would answer for the dashboard."""
        given: dict[int, str] = {}
        for variable, port in ports.items():
            other = given.setdefault(port, variable)
            if other != variable:
                raise SettingError(variable, str(port), f"another port than that of {other}")

    def public_folder(self, variable: str, data: Path) -> Path:
        """Raise SettingError for a folder in which the private files are too."""
        text = self.environment.get(variable) or str(data / "public")
        folder = Path(text).absolute()
        if data.is_relative_to(folder):
            raise SettingError(variable, text, f"another folder than that of the private files, {data}")
        return folder

    def noise(self, variable: str, default: int) -> int:
        text = self.environment.get(variable) or str(default)
        if text not in ("0", str(default)):
            raise SettingError(variable, text, f"{default}, or 0 to publish exact figures")
        return int(text)

    def retention(self, variable: str, default: int) -> int:
        days = self.number(variable, default, 0, 36500)
        if 0 < days < 91:
            raise SettingError(variable, str(days), "91 days or more, or 0 to keep reports for ever")
        return days

    def whole_weeks(self, variable: str, default_days: int) -> int:
        days = self.number(variable, default_days, 7, 364)
        if days % 7:
            raise SettingError(variable, str(days), "a number of days that makes whole weeks, such as 28")
        return days // 7

    def yes_or_no(self, variable: str) -> bool:
        text = self.environment.get(variable) or "no"
        if text not in ("yes", "no"):
            raise SettingError(variable, text, "yes or no")
        return text == "yes"

    def address(self, variable: str, default: str) -> str:
        text = self.environment.get(variable) or default
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            raise SettingError(variable, text, "an IP address, such as 127.0.0.1 or 0.0.0.0") from None
        if not _can_be_listened_on(address):
            raise SettingError(variable, text, "an address that a server can have, such as 127.0.0.1 or 0.0.0.0")
        return str(address)

    def networks(self, variable: str) -> tuple[Network, ...]:
        text = self.environment.get(variable) or ""
        try:
            return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())
        except ValueError:
            raise SettingError(variable, text, "addresses or networks with commas between, such as 127.0.0.1") from None


def _can_be_listened_on(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether a server can have it.  Only the IPv4 ranges that are reserved as a whole have none: ::1 is in another."""
    inner = getattr(address, "ipv4_mapped", None) or address
    return not (inner.is_multicast or (inner.version == 4 and inner.is_reserved))
