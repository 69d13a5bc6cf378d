"""What facts do to goods that are released, on their way, delivered or back."""
