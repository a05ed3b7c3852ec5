import sys
from pathlib import Path

# The fuzzers import each other by their names, as `run.py` and its processes do.
sys.path.insert(0, str(Path(__file__).parent))
