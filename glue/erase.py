import sys

from wellspring.erase import main
from wellspring.job import run_job

if __name__ == "__main__":
    run_job("erase", main, sys.argv[1:])
