"""Public consultation on a draft: published for comment by two people, commented and supported,
moderated, answered and signed by two people."""
