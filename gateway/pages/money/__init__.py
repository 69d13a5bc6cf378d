"""The money desk of finance."""
