"""What the number of people at the line depends on: each indicator's share in it, and what each
figure of a brief moves alone (`jifen lab sensitivity`)."""

from jifen.lab.sensitivity.shapley import IndicatorShare, Shares, indicator_shares
from jifen.lab.sensitivity.tornado import Swing, figure_swings

__all__ = ["IndicatorShare", "Shares", "Swing", "figure_swings", "indicator_shares"]
