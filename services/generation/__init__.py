"""Report generation: owns all data and the only connection to MongoDB, and computes the reports."""
