"""File formats, a file or folder each; formats do not import each other."""
