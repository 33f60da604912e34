"""What notices say: the words of each kind as data, and the content of one, frozen."""
