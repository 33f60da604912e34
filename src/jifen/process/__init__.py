"""The procedure of a city, as data: who files, which office, gates, deadlines, documents."""

from jifen.process.materials import Wanted, Why, materials_for
from jifen.process.model import Material, Process
from jifen.process.read import NoProcess, process_for, processes, read_process

__all__ = [
    "Material",
    "NoProcess",
    "Process",
    "Wanted",
    "Why",
    "materials_for",
    "process_for",
    "processes",
    "read_process",
]
