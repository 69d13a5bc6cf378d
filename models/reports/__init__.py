"""Reports, reminders, steps of the desk, and who hears of what."""
