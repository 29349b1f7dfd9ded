"""What the spreadsheet formats and CSV share: machine values, number formats, names of tabs, the layout of a report."""
