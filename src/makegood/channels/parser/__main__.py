"""`python -m makegood.channels.parser FD`: a parser that talks over an inherited socket."""

from __future__ import annotations

import socket
import sys

from makegood.channels.parser.process import serve

serve(socket.socket(fileno=int(sys.argv[1])))
