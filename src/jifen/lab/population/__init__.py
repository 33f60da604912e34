"""People decoded once: columns of codes in memory or mapped from a packed folder."""

from jifen.lab.population.pack import pack_people
from jifen.lab.population.people import Grouping, People
from jifen.lab.population.source import open_population
from jifen.lab.population.store import StoreFault, open_packed

__all__ = ["Grouping", "People", "StoreFault", "open_packed", "open_population", "pack_people"]
