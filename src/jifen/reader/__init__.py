"""Files of strangers, read in a process of its own under limits; plain values come back.

Nothing here knows Django. The process that asks never parses a workbook, a PDF or a picture itself:

- `workbooks`, `documents`: what one asks for, and what comes back;
- `pool`, `process`, `wire`: the processes, how they are asked, when they are replaced;
- `child`, `confine`, `jobs`: what runs inside, under limits of memory, processor and time, without
  network and without the right to write files or to start programs.
"""
