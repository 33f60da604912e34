"""What is uploaded: looked at for what it is, drawn for the screen, scanned. Nothing is stored."""
