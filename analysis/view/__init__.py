"""The live page: two worlds with the same draws, played in the browser through Mesa's SolaraViz."""
