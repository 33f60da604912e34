"""The desks of a city's staff: queues, reviews, decisions."""
