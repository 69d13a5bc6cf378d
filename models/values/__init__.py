"""Building blocks without any order in them: words, money, quantities, days, errors."""
