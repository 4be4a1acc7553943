"""The search core: plain Python and the standard library; it imports no engine, no scorer, no web and does no I/O."""
