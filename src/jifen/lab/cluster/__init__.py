"""The same work on a dask.distributed cluster that is there, or on processes of this machine.

Parts are pure: which worker scores one, and how often it is tried, changes nothing. Results come
back and are written in order by the one process that began, so nothing is lost or doubled.
"""

from jifen.lab.cluster.analyses import analyse_on, quota_on
from jifen.lab.cluster.people import generate_on
from jifen.lab.cluster.reforms import compare_reforms_on
from jifen.lab.cluster.runner import on_cluster
from jifen.lab.cluster.sweeps import sweep_on
from jifen.lab.cluster.versions import side_by_side_on
from jifen.lab.cluster.years import project_on

__all__ = [
    "analyse_on",
    "compare_reforms_on",
    "generate_on",
    "on_cluster",
    "project_on",
    "quota_on",
    "side_by_side_on",
    "sweep_on",
]
