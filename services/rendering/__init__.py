"""Report rendering: turns finished reports into files. Keeps nothing."""
