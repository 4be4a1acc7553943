"""The list of problem formats: one line each; a file that is not here is not a format."""

from apps.problems.formats import csv_table as csv_table
from apps.problems.formats import gsm8k as gsm8k
from apps.problems.formats import humaneval as humaneval
from apps.problems.formats import math as math
from apps.problems.registry import PROBLEM_FORMATS as PROBLEM_FORMATS
