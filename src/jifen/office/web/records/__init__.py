"""What supervisors and auditors look at."""
