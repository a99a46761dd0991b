import sys

from wellspring.silver import main
from wellspring.job import run_job

if __name__ == "__main__":
    run_job("silver", main, sys.argv[1:])
