"""``python ask.py ADDRESS``: exits 0 where it answers 200. For the health check of a container, without curl."""

import sys
from urllib.request import urlopen

try:
    with urlopen(sys.argv[1], timeout=8) as answer:  # noqa: S310  (the address stands in compose.yaml)
        print(answer.read().decode())
except OSError as problem:
    sys.exit(str(problem))
