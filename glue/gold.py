import sys

from wellspring.gold import main
from wellspring.job import run_job

if __name__ == "__main__":
    run_job("gold", main, sys.argv[1:])
