"""Timesheet files: what people tracked, as the published service exports it, becomes time entries."""
