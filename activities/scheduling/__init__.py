"""What the order database knows for the plan of the machine lines: lines, times at which they stand, goods owed, orders finished."""
