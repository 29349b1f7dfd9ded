"""How a command ends that cannot do what it was asked."""


class CommandFailed(Exception):
    """Why a command stops, as one line for the person who typed it."""
