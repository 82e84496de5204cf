"""The command line: one Typer command a file; options → one library call → print."""
