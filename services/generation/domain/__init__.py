"""What reports compute: pure functions over columns."""
