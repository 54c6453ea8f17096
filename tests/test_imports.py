"""Who may import whom: the table of the architecture, held against the source."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "pipeline" / "claimtable"

# Module of the package → other modules of it that it may import.
MAY_IMPORT = {
    "errors": set(),
    "_version": set(),
    "schema": {"errors"},
    "limits": {"errors"},
    "rules": {"errors"},
    "reading": {"schema", "errors", "rules"},
    "ingest": {"schema", "errors", "limits", "rules", "reading", "_version"},
    "nlp": {"schema", "errors", "limits", "rules", "reading"},
    "store": {"schema", "errors"},
    "review": {"schema", "errors"},
    "export": {"schema", "errors", "_version"},
    "check": {"schema", "errors", "rules"},
    "scale": {
        "schema",
        "errors",
        "limits",
        "ingest",
        "nlp",
        "export",
        "_version",
    },  # parts are written as tables are
    "evaluate": {"schema", "errors", "nlp"},
    "docbin": {"schema", "errors", "nlp", "export"},
    "texts": {"schema", "errors", "limits", "ingest", "nlp"},
    "learning": {"schema", "errors", "nlp", "evaluate"},
    "training": {"schema", "errors", "nlp", "docbin"},
}
MAY_IMPORT["cli"] = {*MAY_IMPORT}
MAY_IMPORT["__main__"] = {"cli"}
# The package's own `__init__` offers the public names of these.
MAY_IMPORT["__init__"] = {"_version", "errors", "schema", "export", "ingest", "nlp", "texts"}

# Third-party package → the only modules that import it.
ONLY_IN = {
    "spacy": {"nlp", "evaluate", "docbin", "training", "learning"},
    "thinc": {"nlp"},
    "blis": {"nlp"},
    "srsly": {"nlp"},
    "catalogue": {"nlp"},
    "numpy": {"nlp"},
    "onnxruntime": {"nlp"},
    "trafilatura": {"ingest"},
    "htmldate": {"ingest"},
    "lxml": {"ingest"},
    "charset_normalizer": {"ingest"},
    "py3langid": {"ingest"},
    "urllib3": {"ingest"},
    "pypdf": {"ingest"},
    "docx": {"ingest"},
    "striprtf": {"ingest"},
    "brotli": {"ingest"},
    "sqlite3": {"store", "export"},  # export writes the table as a file of its own
    "label_studio_sdk": {"review"},
    "nltk": {"review"},
    "starlette": {"review"},
    "anyio": {"review"},
    "uvicorn": {"cli"},
    "datasette": {"cli"},
    "httpx": {"review"},
    "filelock": {"review"},
    "pandas": {"export"},
    "xlsxwriter": {"export"},
    "jinja2": {"export"},
    "markupsafe": {"export"},
    "pyarrow": {"export", "scale"},
    "ray": {"scale"},
    "fsspec": {"scale"},
    "typer": {"cli"},
    "rich": {"cli"},
}

# Modules of `nlp` that are not components: what components share, and what sets them in order.
SHARED_BY_COMPONENTS = {
    "extensions",
    "frames",
    "lines",
    "tokens",
    "syntax",
    "polarity",
    "ranks",
    "mentions",
    "encoder",
}
ORDERS_COMPONENTS = {"pipeline", "layers"}


def imports():
    """Yields (file relative to the package, imported module, for type checking only) of every import."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
                for child in ast.walk(node):
                    child.typing_only = True
        for node in ast.walk(tree):
            typing_only = getattr(node, "typing_only", False)
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield path.relative_to(PACKAGE), alias.name, typing_only
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: write imports out"
                names = [node.module]
                if node.module.split(".")[0] == "claimtable":
                    names = [f"{node.module}.{alias.name}" for alias in node.names]
                for name in names:
                    yield path.relative_to(PACKAGE), name, typing_only


IMPORTS = list(imports())


def module(parts) -> str:
    return parts[0].removesuffix(".py")


def test_modules_import_only_what_they_may():
    wrong = []
    for path, name, _ in IMPORTS:
        parts = name.split(".")
        if parts[0] != "claimtable" or len(parts) < 2:
            continue
        importer, imported = module(path.parts), parts[1]
        if imported[0].isupper() or imported in ("__version__", "load", "extract", "convert"):
            imported = "__init__"
        if imported != importer and imported not in MAY_IMPORT[importer]:
            wrong.append(f"{path} imports {name}")
    assert not wrong


def test_every_module_is_in_the_table():
    found = {module(path.relative_to(PACKAGE).parts) for path in PACKAGE.rglob("*.py")}
    assert found <= {*MAY_IMPORT}


def test_third_party_packages_have_their_place():
    wrong = []
    for path, name, typing_only in IMPORTS:
        if typing_only:
            continue
        package = name.split(".")[0]
        if package == "claimtable" or (package in sys.stdlib_module_names and package not in ONLY_IN):
            continue
        if package not in ONLY_IN:
            wrong.append(f"{path} imports {name}, which has no place in the table")
        elif module(path.parts) not in ONLY_IN[package]:
            wrong.append(f"{path} imports {name}")
    assert not wrong


def test_components_never_import_one_another():
    wrong = []
    for path, name, _ in IMPORTS:
        parts = name.split(".")
        if path.parts[0] != "nlp" or parts[:2] != ["claimtable", "nlp"] or len(parts) < 3:
            continue
        importer, imported = path.parts[1].removesuffix(".py"), parts[2]
        if importer in ORDERS_COMPONENTS or imported in SHARED_BY_COMPONENTS or importer == imported:
            continue
        wrong.append(f"{path} imports {name}")
    assert not wrong


@pytest.mark.parametrize("folder", ["models", "tests"])
def test_the_package_imports_neither_models_nor_tests(folder):
    assert not [name for _, name, _ in IMPORTS if name.split(".")[0] == folder]
