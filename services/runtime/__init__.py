"""What every process needs around its own work: serving, channels, statuses, logs. Knows gRPC and nobody's domain."""
