"""Sandbox orders 沙盒订单: their pages, and the time that such an order has."""
