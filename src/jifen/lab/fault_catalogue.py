"""The words of faults of the lab's own files: sweeps, margins, assumptions."""

from jifen.policy.catalogue import Catalogue

LAB = Catalogue("jifen.lab")
