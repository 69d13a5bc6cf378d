"""The order proper: sheet, promise, money, goods, and how it is shown and stored."""
