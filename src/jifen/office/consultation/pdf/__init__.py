"""The signed summary of a consultation, as a PDF."""
