"""Pictures of figures as plain SVG, each with its table: for reports and for pages."""
