"""How a command ends that cannot do what it was asked."""


class CommandFailed(Exception):  # noqa: N818  # errors are named by the fact
    """Why a command stops, as one line for the person who typed it."""
