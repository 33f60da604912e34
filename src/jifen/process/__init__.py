"""The procedure of a city, as data: who files, which office, gates, deadlines, documents."""

from jifen.process.materials import MaterialReason, RequiredMaterial, list_required_materials
from jifen.process.model import MaterialRule, Process
from jifen.process.process_file import NoProcess, find_process, load_processes, read_process

__all__ = [
    "MaterialReason",
    "MaterialRule",
    "NoProcess",
    "Process",
    "RequiredMaterial",
    "find_process",
    "list_required_materials",
    "load_processes",
    "read_process",
]
