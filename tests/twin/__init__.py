"""The Mesa twin: every creator an agent, plain Python, slow and obvious."""
