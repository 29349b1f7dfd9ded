"""Reports over time entries: `params` says what is asked, `desk` runs it, `sheets` puts it into sheets."""
