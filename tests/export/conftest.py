import sys
from pathlib import Path

# So that tests can import `hostile` (tests are no packages).
sys.path.insert(0, str(Path(__file__).parent))
