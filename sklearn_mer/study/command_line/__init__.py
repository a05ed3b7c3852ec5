"""The command line of ``benchmarks/table1.py``: its options, the run and the subcommands."""
