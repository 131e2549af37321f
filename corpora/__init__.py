"""Texts and datasets: reading pages, cutting them into sentences, storing and exporting corpora.

Nothing here knows how two texts are matched; that is `align`, which imports these records.
"""

from corpora.records import Article, Bead, Finding, Page, Pair, Reject

__all__ = ["Article", "Bead", "Finding", "Page", "Pair", "Reject", "__version__"]

__version__ = "0.1.0"
