"""Why a refresh may be refused, or cut off: each with a message for the operator."""

import sqlite3

from checksums import DamagedFileError, UnreadableFileError
from transforms.noise_key import NoiseKeyError
from transforms.publishing.checking import NotPublishedError
from transforms.runs import NoLogError
from trusted_time import ClockBehindError
from vocabulary.names import NamesError
from vocabulary.rules import RuleError

REFUSALS: tuple[type[Exception], ...] = (
    NoLogError,
    RuleError,
    NamesError,
    ClockBehindError,
    DamagedFileError,
    UnreadableFileError,
    NoiseKeyError,
    NotPublishedError,
    OSError,
    sqlite3.Error,
)
