"""People kept ready for one draft after another: what a draft leaves as it is is not worked out
again, and no machine code depends on its figures."""

from jifen.lab.warm.warm_people import WarmPeople

__all__ = ["WarmPeople"]
