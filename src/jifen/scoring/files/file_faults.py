"""What is wrong with a file of people, said in both languages."""

from pathlib import Path

from jifen.facts.extracts.fault import ExtractFault, FileFault

__all__ = ["ExtractFault", "FileFault", "missing_file_fault", "unreadable_file_fault"]


def missing_file_fault(path: Path) -> FileFault:
    """A path at which there is nothing."""
    return FileFault(
        path,
        "没有这个文件。请核对路径和文件名。",
        "there is no such file. Check the path and the name.",
    )


def unreadable_file_fault(path: Path, error: Exception) -> FileFault:
    """A file whose content is not what its name says, or that was cut off."""
    if isinstance(error, FileNotFoundError):
        return missing_file_fault(path)
    if isinstance(error, PermissionError):
        return FileFault(
            path,
            "没有读取权限。请更改文件的权限，或换一个用户运行。",
            "may not be read by this user. Change its permissions, or run as another user.",
        )
    kind = path.suffix.lstrip(".") or "?"
    why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return FileFault(
        path,
        f"不是完整的 {kind} 文件（{why}）。文件可能被截断，请重新导出。",
        f"is not a whole {kind} file ({why}). It may have been cut off: export it again.",
    )
