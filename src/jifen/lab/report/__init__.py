"""A report to read, to print and to send: one HTML file in both languages, whole in itself."""

from jifen.lab.report.model import Report, Section
from jifen.lab.report.render import render_report

__all__ = ["Report", "Section", "render_report"]
