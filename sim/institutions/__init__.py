"""Institutions around the crowd, one kind in each file: what users declare about them.

The specs here are light; the actors that play them are in `sim.institutions.actors`.
"""
