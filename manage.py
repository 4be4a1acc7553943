#!/usr/bin/env python
"""The command line of Branchwise; what it starts before a command stands in apps/config/command_line.py."""

import sys

from apps.config.command_line import run

if __name__ == "__main__":
    run(sys.argv)
