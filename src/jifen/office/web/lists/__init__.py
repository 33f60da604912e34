"""Published lists: for everybody, for the person listed, for staff."""
