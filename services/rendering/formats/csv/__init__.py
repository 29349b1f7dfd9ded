"""CSV: comma-separated text, by blocks for analysts or as one table for programs."""
