"""Matching texts: encoding sentences, pairing articles, aligning beads, checking fidelity."""
