"""Many open orders on one embedded server: how fast they are taken, what they take up, how long a fact needs."""
