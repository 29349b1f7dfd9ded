"""Cases of detection: small tracks with the right trips, stops, odometers and silences, in `tracks/cases.json`."""
