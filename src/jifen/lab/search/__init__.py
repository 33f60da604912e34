"""A search for proposals: figures of a measure that admit about so many people, change little and
hurt no group more than allowed (`jifen lab propose`)."""

from jifen.lab.search.brief import Brief, read_brief
from jifen.lab.search.proposals import Proposal, SearchResult, propose_changes

__all__ = ["Brief", "Proposal", "SearchResult", "propose_changes", "read_brief"]
