"""Commands of the desk: documents, notices, reminders, reports, scans, open steps."""
