"""What is wrong with a file of people, said in both languages."""

from pathlib import Path

from jifen.facts.extracts.fault import ExtractFault, FileFault
from jifen.scoring.words import say

__all__ = ["ExtractFault", "FileFault", "missing_file_fault", "unreadable_file_fault"]


def missing_file_fault(path: Path | str) -> FileFault:
    """A path at which there is nothing."""
    return FileFault(path, say("files.file_faults.there_is_no_such_file"))


def unreadable_file_fault(path: Path, error: Exception) -> FileFault:
    """A file whose content is not what its name says, or that was cut off."""
    if isinstance(error, FileNotFoundError):
        return missing_file_fault(path)
    if isinstance(error, PermissionError):
        return FileFault(path, say("files.file_faults.may_not_be_read"))
    kind = path.suffix.lstrip(".") or "?"
    why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return FileFault(path, say("files.file_faults.is_not_a_whole_file", kind=kind, why=why))
