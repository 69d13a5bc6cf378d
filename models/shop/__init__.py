"""The shop: customers order by themselves, and pay through a provider."""
