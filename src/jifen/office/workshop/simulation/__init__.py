"""The effect of drafts: populations kept mapped, figures of a revision, what of them is shown."""
