"""What `make bench` measures: each figure a ratio against a reference of the same run, one file each."""
