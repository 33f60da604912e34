"""How the staff of a city divides its work: assignments, absences, notes, threads, views, texts."""
