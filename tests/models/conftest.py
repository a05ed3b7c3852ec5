import sys
from pathlib import Path

# `forged` is imported by its name, as the fuzzer does.
sys.path.insert(0, str(Path(__file__).parent))
