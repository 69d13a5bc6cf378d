"""What the one who decides sees beside a step: its facts and the sentence why, from one table."""
