"""Real training behind one interface: a strike against an actual model, one kind per file."""
