"""What follows in the same transaction from a permit that is cancelled; the apps above say it when
they start, since the registry knows nothing of them."""

from collections.abc import Callable

from jifen.office.registry.models import Permit

_followers: list[Callable[[Permit], None]] = []


def follow_cancellations(follower: Callable[[Permit], None]) -> None:
    """From now on `follower` is called with each permit that is cancelled, in the transaction of
    the act."""
    if follower not in _followers:
        _followers.append(follower)


def announce_cancellation(permit: Permit) -> None:
    """Call whoever follows cancellations."""
    for follower in _followers:
        follower(permit)
