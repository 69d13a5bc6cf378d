"""The promise calendar: days and weeks with what is promised, due and planned."""
