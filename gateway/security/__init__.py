"""Who gets in, and what every answer says to browsers."""
