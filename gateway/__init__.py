"""The HTTP door: services signal here, staff and customers act here, nobody gets in who should not."""
