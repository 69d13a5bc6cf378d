"""Credit: how much a customer may owe, how much is owed, and whether one more order may stand on it. Pure."""
