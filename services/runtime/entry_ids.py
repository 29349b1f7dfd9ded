"""Ids of time entries in files: the id that one came with, else the one that it has here."""

OF_FILE = "entry:"  # of import keys, before the id that an entry has where it came from
OF_STORE = "daybook:"  # before the id that an entry has here


def entry_id_text(entry_id: int, import_key: str) -> str:
    """Return the id of an entry in a file, under which an import knows it again."""
    return import_key.removeprefix(OF_FILE) if import_key.startswith(OF_FILE) else f"{OF_STORE}{entry_id}"
