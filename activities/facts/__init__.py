"""Facts that cannot be told now or no longer, events of other systems, steps of the desk."""
