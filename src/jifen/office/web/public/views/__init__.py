"""One file for each kind of page; views parse, ask the engine and render."""
