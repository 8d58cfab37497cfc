"""What a helper process of the pool runs."""

import sys

from .pool import serve

serve(sys.stdin.buffer, sys.stdout.buffer)
