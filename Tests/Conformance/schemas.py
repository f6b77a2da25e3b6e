#!/usr/bin/env python3
"""Holds requests, events and reports to the schemas in Documentation/schema, with the validator of the package jsonschema.

    Tests/Conformance/schemas.py

The documents are those of the Swift tests of the schemas, which write them into a folder when it is named by
`TRACECORE_SCHEMA_EXAMPLES`; the tests must have been built. The schemas themselves are held to that of JSON Schema 2020-12.
The package is installed into a virtual environment under the temporary folder where it is missing. Exits 1 if anything is
wrong.
"""

import json
import os
import subprocess
import sys
import tempfile

import environment

environment.require("jsonschema")
from jsonschema import Draft202012Validator

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
wrong = 0
with tempfile.TemporaryDirectory() as folder:
    command = ["swift", "test", "--skip-build", "--filter", "SchemaTests"]
    run = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ, TRACECORE_SCHEMA_EXAMPLES=folder), capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stdout + run.stderr)
    for name in ("request", "event", "report"):
        with open(os.path.join(ROOT, "Documentation", "schema", f"{name}.json")) as file:
            schema = json.load(file)
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        with open(os.path.join(folder, f"{name}.ndjson")) as file:
            documents = [json.loads(line) for line in file]
        problems = [error for document in documents for error in validator.iter_errors(document)]
        for problem in problems[:10]:
            print(f"    {problem.json_path}: {problem.message[:200]}")
        # A schema that takes anything would be of no use: without one of its keys, no document may fit.
        lenient = sum(1 for document in documents if validator.is_valid({**document, "nonsense": 1}))
        wrong += len(problems) + lenient + (not documents)
        print(f"{'ok' if not problems and not lenient and documents else 'WRONG'}  {name}: {len(documents)} documents")
sys.exit(1 if wrong else 0)
