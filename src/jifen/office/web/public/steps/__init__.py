"""The self-assessment step by step: one question a screen, only what can still matter."""
