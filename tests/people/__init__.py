"""Invented people: worked, drawn at random, in tables, in registers, and what becomes of them."""
