"""The list of export formats, one line each; a file that is not here does not exist."""

from apps.datasets.formats import stepwise as stepwise
