"""The list of import formats: one line each; a file that is not here is not a format."""

from apps.imports.formats import prm800k as prm800k
from apps.imports.formats import rap_tree as rap_tree
from apps.imports.formats import tree_of_thoughts as tree_of_thoughts
from apps.imports.registry import IMPORT_FORMATS as IMPORT_FORMATS
