"""What comes after the result: papers, filing, the way there, what the line opens, dates."""
