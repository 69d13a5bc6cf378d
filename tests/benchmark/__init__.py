"""Measurements that are too slow for every commit; each has its own make target."""
