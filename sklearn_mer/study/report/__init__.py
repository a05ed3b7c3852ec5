"""The report: one HTML page, and its pictures as files."""

from ._content import ReportContent, gather_report
from ._write import write_report

__all__ = ["ReportContent", "gather_report", "write_report"]
