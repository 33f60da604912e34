"""Nothing to check; apart, so that whoever only asks for the words loads nothing else."""


class PathNotFound(LookupError):
    """Nothing that can be checked stands at a path; says what was looked for."""
