"""The pages, by audience; components and static files that they share."""
