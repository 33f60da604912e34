"""All the files of a city, seen together: what kind each is, what is wrong with it, and whether the
worked cases give what they say."""
