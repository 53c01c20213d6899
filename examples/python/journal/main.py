"""Writes the YAML of all environments into the folder that is named, by default ``dist``."""

import sys
from pathlib import Path

from cdk8s_best_practices import App, Inventory

from chart import journal
from environments import ENVIRONMENTS

output = Path(sys.argv[1] if len(sys.argv) > 1 else "dist")
for name, environment in ENVIRONMENTS.items():
    folder = output / name
    app = App(outdir=str(folder))
    journal(app, environment)
    app.synth()
    print(f"{name}: written to {folder}\n")
    print(Inventory.of(app).to_text())
