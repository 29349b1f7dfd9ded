"""Data of charts in every format: colours, slices, axes, lines."""
