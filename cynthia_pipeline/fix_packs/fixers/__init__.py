"""Fixers: from faults to remedies, one file for each group of rules. Pure."""
