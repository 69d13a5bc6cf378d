"""How texts are written where they come in: signs, numbers, days, terms, heads of columns; and the one way in."""
