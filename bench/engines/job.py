"""Runs a script of glue/ in a Spark of its own, as Glue does: job.py silver --RAW s3://…"""

import runpy
import sys
from pathlib import Path

import wellspring.log

from java import end_java

name = sys.argv[1]
script = Path(wellspring.log.__file__).parent.parent / f"{name}.py"
sys.argv = [f"{name}.py", *sys.argv[2:]]
try:
    runpy.run_path(str(script), run_name="__main__")
finally:
    end_java()
