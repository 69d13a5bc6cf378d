"""Endurance: random orders while everything is killed, paused and filled up; then every order is what the model says."""
