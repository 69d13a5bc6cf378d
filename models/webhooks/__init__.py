"""What other shops hear of their orders: which events there are, what each says, how and how long they are sent."""
