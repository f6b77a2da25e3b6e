#!/usr/bin/env python3
"""Holds requests, events, reports and settings to the schemas in Documentation/schema, with the validator of the package
jsonschema.

    Tests/Conformance/schemas.py

The documents are those of the Swift tests of the schemas, which write them into a folder when it is named by
`TRACECORE_SCHEMA_EXAMPLES`; the tests must have been built. The schemas themselves are held to that of JSON Schema 2020-12.
The settings are those of the demo, of the tests, of Documentation/Pathwatch.md and Documentation/Fleet.md; and what is wrong in the tests has to be
refused, but for what no schema can say. The package is installed into a virtual environment under the temporary folder where it is missing. Exits 1 if anything is
wrong.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

import environment

environment.require("jsonschema")
from jsonschema import Draft202012Validator

# What the reader refuses, and no schema can.
BEYOND = re.compile(
    r"-n|a b|two targets|two rules|two receivers|twice|there is here|there is none|no target has|"
    r"a host|set by the program|four numbers|127\.0\.0\.1|"
    # A text of a time has no least and no most, and is not compared with another.
    r"(to|from) 1h|to 366d|keep\.samples")


def schema(name):
    """The validator of a schema, which is sound."""
    with open(os.path.join(ROOT, "Documentation", "schema", f"{name}.json")) as file:
        document = json.load(file)
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


def documents(folder, name):
    with open(os.path.join(folder, f"{name}.ndjson")) as file:
        return [json.loads(line) for line in file]


def settings_of_documentation():
    """The examples of settings in the documentation."""
    examples = []
    for name in ("Pathwatch", "Fleet"):
        with open(os.path.join(ROOT, "Documentation", f"{name}.md")) as file:
            examples += re.findall(r"^```json\n(.*?)^```", file.read(), re.MULTILINE | re.DOTALL)
    return [example for example in map(json.loads, examples) if "targets" in example]


ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
wrong = 0
with tempfile.TemporaryDirectory() as folder:
    command = ["swift", "test", "--skip-build", "--filter", "SchemaTests"]
    run = subprocess.run(
        command, cwd=ROOT, env=dict(os.environ, TRACECORE_SCHEMA_EXAMPLES=folder), capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(run.stdout + run.stderr)
    for name in ("request", "event", "report", "watch", "cloud", "cloud-matrix"):
        validator = schema(name)
        good = documents(folder, name) + (settings_of_documentation() if name == "watch" else [])
        problems = [error for document in good for error in validator.iter_errors(document)]
        for problem in problems[:10]:
            print(f"    {problem.json_path}: {problem.message[:200]}")
        # A schema that takes anything would be of no use: without one of its keys, no document may fit.
        lenient = sum(1 for document in good if validator.is_valid({**document, "nonsense": 1}))
        wrong += len(problems) + lenient + (not good)
        print(f"{'ok' if not problems and not lenient and good else 'WRONG'}  {name}: {len(good)} documents")
    validator = schema("watch")
    bad = documents(folder, "watch-wrong")
    taken = [one for one in bad if validator.is_valid(one["settings"])]
    strays = [one for one in taken if not BEYOND.search(one["reason"])]
    for one in strays:
        print(f"    taken: {json.dumps(one)}")
    wrong += len(strays) + (len(bad) - len(taken) < 50)
    print(f"{'WRONG' if strays else 'ok'}  watch: {len(bad) - len(taken)} of {len(bad)} wrong ones are refused")
sys.exit(1 if wrong else 0)
