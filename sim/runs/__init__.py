"""Scenarios played: one run, many in one call, and a world beside itself without action."""
