"""Institutions at play: few, different, each a Mesa agent."""
