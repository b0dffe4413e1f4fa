"""What a run of the transforms goes by."""

from dataclasses import dataclass
from datetime import datetime

from settings import Settings
from transforms.editions.publisher import Revision
from transforms.editions.taking_back import Readiness
from transforms.weeks.noise import NoiseKey
from vocabulary.catalogue import Catalogue


@dataclass(frozen=True)
class Run:
    """What a run goes by."""

    settings: Settings
    catalogue: Catalogue
    key: NoiseKey
    now: datetime
    doubt: str
    is_progress_shown: bool
    ready: Readiness
    revision: Revision | None
