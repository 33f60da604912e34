"""Exact bounds of a total in which indicators share absent facts.

A shared fact has one value at a time. At the lowest group that holds all indicators reading it, the
bounds are computed for each of its possible values, and only then added up or compared. The same
plan serves one person (numbers) and a population (arrays).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from jifen.policy.joint_sets import JointSet
from jifen.scoring.tree import Factor, GroupNode, RoundedProduct

FixedFacts = Mapping[str, Any]
"""Shared fact → the value for which bounds are being computed."""
PointBounds = tuple[Any, Any]
"""The least and the most points: integers, or int32 arrays of one length."""
BoundIndicator = Callable[[int, FixedFacts], PointBounds]
Combine = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class MemberCluster:
    """Members of a group that share facts: one member alone, or several with their shared facts."""

    shared_facts: tuple[str, ...]
    members: "tuple[int | JointPlan, ...]"
    reads: frozenset[str]
    """The facts of joint sets that anything below reads."""


@dataclass(frozen=True, slots=True)
class JointPlan:
    """How the bounds of one group are computed: its clusters share no fact with each other."""

    node: GroupNode
    clusters: tuple[MemberCluster, ...]


@dataclass(frozen=True, slots=True)
class MinMax:
    """The lower and the higher of two points, of integers or of arrays."""

    lower: Combine
    higher: Combine
    multiply: Callable[[Factor, Any, Any, PointBounds], PointBounds]
    """The bounds where a factor perhaps multiplies: `Factor.widen`, or the same of arrays."""
    round: Callable[[RoundedProduct, Any], Any]
    """What a group gives, rounded: `RoundedProduct.multiply`, or the same of arrays."""


SCALAR_MIN_MAX = MinMax(min, max, Factor.widen, RoundedProduct.multiply)
SharedFactsRead = Mapping[int, frozenset[str]]


def plan_joint_bounds(
    root: GroupNode, sets: Iterable[JointSet], absent: Mapping[int, Iterable[str]]
) -> JointPlan:
    """The plan for a total. Sets that would cost too many evaluations are bounded separately."""
    reads = {
        line: frozenset(absent[line]).intersection(joint.facts)
        for joint in sets
        if joint.exact
        for line in joint.indicators
    }
    return _plan_group(root, reads)


def _plan_group(
    node: GroupNode, reads: SharedFactsRead, fixed: frozenset[str] = frozenset()
) -> JointPlan:
    members: list[_Member] = [(line, reads.get(line, frozenset())) for line in node.lines]
    members += [
        (group, frozenset[str]().union(*(reads.get(line, ()) for line in group.all_lines())))
        for group in node.groups
    ]
    return JointPlan(
        node,
        tuple(
            _build_cluster(cluster, reads, fixed)
            for cluster in _split_into_clusters(members, fixed)
        ),
    )


_Member = tuple[int | GroupNode, frozenset[str]]


def _split_into_clusters(members: Iterable[_Member], fixed: frozenset[str]) -> list[list[_Member]]:
    """The members of a group in clusters that share no fact, except facts that are fixed."""
    clusters: list[list[_Member]] = []
    for member in members:
        sharing: list[list[_Member]] = []
        rest: list[list[_Member]] = []
        for cluster in clusters:
            shares = any((facts & member[1]) - fixed for _, facts in cluster)
            (sharing if shares else rest).append(cluster)
        clusters = [
            *rest,
            [*(touching_member for cluster in sharing for touching_member in cluster), member],
        ]
    return clusters


def _build_cluster(
    cluster: list[_Member], reads: SharedFactsRead, fixed: frozenset[str]
) -> MemberCluster:
    facts_read = [fact_id for _, facts in cluster for fact_id in facts - fixed]
    shared_facts = frozenset(fact_id for fact_id in facts_read if facts_read.count(fact_id) > 1)
    members = tuple(
        _plan_group(member, reads, fixed | shared_facts)
        if isinstance(member, GroupNode)
        else member
        for member, _ in cluster
    )
    all_facts = frozenset[str]().union(*(facts for _, facts in cluster))
    return MemberCluster(tuple(sorted(shared_facts)), members, all_facts)


class JointBounds:
    """The bounds of groups. `values` are what the shared facts may be, `line_ends` gives the ends
    of an indicator while some of them are fixed. `keep`: what was found for the same fixed facts
    is not looked for again (arrays of many people would take too much memory)."""

    def __init__(
        self,
        values: Mapping[str, Iterable[Any]],
        bound_indicator: BoundIndicator,
        min_max: MinMax,
        *,
        use_cache: bool,
    ) -> None:
        self._values, self._bound_indicator, self._min_max = values, bound_indicator, min_max
        self._cache: dict[Any, PointBounds] | None = {} if use_cache else None

    def bound_group(self, plan: JointPlan, fixed: FixedFacts | None = None) -> PointBounds:
        """The least and the most of a group."""
        node = plan.node
        cluster_bounds = [
            self._cached_cluster_bounds(node, cluster, fixed or {}) for cluster in plan.clusters
        ]
        low, high = self._combine_bounds(node, cluster_bounds)
        if node.most is not None:
            lower = self._min_max.lower
            low, high = lower(low, node.most), lower(high, node.most)
        if node.rounding is not None:
            low, high = (self._min_max.round(node.rounding, points) for points in (low, high))
        for factor in node.factors:
            states = self._bound_indicator(factor.line, fixed or {})
            low, high = self._min_max.multiply(factor, low, high, states)
        return low, high

    def _cached_cluster_bounds(
        self, node: GroupNode, cluster: MemberCluster, fixed: FixedFacts
    ) -> PointBounds:
        if self._cache is None:
            return self._bound_cluster(node, cluster, fixed)
        key = (id(cluster), *(fixed.get(fact_id, _NOT_FIXED) for fact_id in sorted(cluster.reads)))
        if key not in self._cache:
            self._cache[key] = self._bound_cluster(node, cluster, fixed)
        return self._cache[key]

    def _bound_cluster(
        self, node: GroupNode, cluster: MemberCluster, fixed: FixedFacts
    ) -> PointBounds:
        """The sides for every combination of what their common facts may be."""
        lower, higher = self._min_max.lower, self._min_max.higher
        least = most = None
        for combination in product(*(self._values[fact_id] for fact_id in cluster.shared_facts)):
            fixed_facts = {**fixed, **dict(zip(cluster.shared_facts, combination, strict=True))}
            low, high = self._combine_bounds(
                node, [self._bound_member(member, fixed_facts) for member in cluster.members]
            )
            least = low if least is None else lower(least, low)
            most = high if most is None else higher(most, high)
        return least, most

    def _bound_member(self, member: int | JointPlan, fixed: FixedFacts) -> PointBounds:
        if isinstance(member, int):
            return self._bound_indicator(member, fixed)
        return self.bound_group(member, fixed)

    def _combine_bounds(self, node: GroupNode, member_bounds: list[PointBounds]) -> PointBounds:
        """The sides of a group added up, or the highest of them."""
        if not member_bounds:
            return 0, 0
        low, high = member_bounds[0]
        for least, most in member_bounds[1:]:
            if node.best:
                higher = self._min_max.higher
                low, high = higher(low, least), higher(high, most)
            else:
                low, high = low + least, high + most
        return low, high


_NOT_FIXED = object()
