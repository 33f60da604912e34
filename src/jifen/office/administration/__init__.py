"""What an administrator of a city changes without a programmer."""
