"""A measure as it is edited: values by their paths, the change that makes a draft of a version, the
place of a fault as a path, and the reform file that `jifen lab` reads."""

from jifen.policy.editing.change import Change, apply_edit, dump_change, load_change, without
from jifen.policy.editing.nodes import change_nodes, path_of, paths_by_place
from jifen.policy.editing.paths import MISSING, value_at
from jifen.policy.editing.tree_changes import changes_between
from jifen.policy.editing.writing import write_document, write_reform

__all__ = [
    "MISSING",
    "Change",
    "apply_edit",
    "change_nodes",
    "changes_between",
    "dump_change",
    "load_change",
    "path_of",
    "paths_by_place",
    "value_at",
    "without",
    "write_document",
    "write_reform",
]
