"""The archive 归档: orders that ended long ago, each as one file (R165)."""
