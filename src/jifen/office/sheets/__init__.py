"""Excel workbooks: the template of a batch, what was filled in, reports and guarded exports."""
