"""A slow, obvious reference of Scorecast's features, written from ``docs/api.md`` alone.

It shares no code and no idea with the Java engine: every feature walks over a list of events by itself, and
every step is a sentence of the contract put into Python. It exists to be believed, not to be fast.
"""
