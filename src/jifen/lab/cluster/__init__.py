"""The same work on a dask.distributed cluster that is there, or on processes of this machine.

Parts are pure: which worker scores one, and how often it is tried, changes nothing. Results come
back and are written in order by the one process that began, so nothing is lost or doubled.
"""

from jifen.lab.cluster.analyses import analyse_on_cluster, find_quota_on_cluster
from jifen.lab.cluster.people import generate_on_cluster
from jifen.lab.cluster.reforms import compare_reforms_on_cluster
from jifen.lab.cluster.runner import make_cluster_runner
from jifen.lab.cluster.sweeps import sweep_on_cluster
from jifen.lab.cluster.versions import compare_on_cluster
from jifen.lab.cluster.years import project_on_cluster

__all__ = [
    "analyse_on_cluster",
    "compare_on_cluster",
    "compare_reforms_on_cluster",
    "find_quota_on_cluster",
    "generate_on_cluster",
    "make_cluster_runner",
    "project_on_cluster",
    "sweep_on_cluster",
]
