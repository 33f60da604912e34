"""Applications from draft to decision: facts are confirmed, the engine gives the points."""
