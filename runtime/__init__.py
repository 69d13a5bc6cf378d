"""How the processes find and start each other: settings, connection, embedded server, registration, worker."""
