"""What this package refuses, whatever it was asked for; imports nothing, for the command line."""


class ExportError(ValueError):
    """The model cannot be exported; the message says what of it, and why."""


class LeakageError(ValueError):
    """A label would see what it must not, or could not be known yet."""
