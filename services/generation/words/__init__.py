"""Words on paper: languages, units, numbers, dates, times and durations as a report's reader wants to see them."""
