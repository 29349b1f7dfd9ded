"""Public parameters and JSON on one side, messages on the other."""
