"""Which purges views.db knows of."""

from contextlib import closing

from tests.transforms.given import Given
from transforms.database import purges, views_database
from transforms.weeks.noise import NoiseKey


def test_a_purge_that_is_recorded_while_a_refresh_runs_is_left_to_the_next(given: Given) -> None:
    """Found: the refresh took note of it, without taking out what it purges: it then stayed in views.db."""
    given.uploads(range(3), [0, 1])
    given.refresh()
    with closing(views_database.connect(given.settings.views.resolve(), given.settings, NoiseKey(b""))) as views:
        given.erase(0)
        assert (purges.last_purge(views), purges.last_heeded(views)) == (1, 0)
    given.refresh()
    given.uploads([7], [2])
    given.erase(7)  # not in views.db yet: nothing has to be taken out of it
    with closing(views_database.connect(given.settings.views.resolve(), given.settings, NoiseKey(b""))) as views:
        assert (purges.last_purge(views), purges.last_heeded(views)) == (2, 2)
