"""Rendering: finished reports as files, without any state."""
