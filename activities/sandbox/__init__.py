"""Sandbox orders 沙盒订单: tried with on the development server, and marked as that."""
