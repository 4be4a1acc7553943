"""Judges answers outside this process; importing it starts nothing and loads no mathematics."""
