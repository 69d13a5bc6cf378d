"""What-if: generated demand lived through the real rules under one policy or another, and compared."""
