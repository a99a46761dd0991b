import sys

from wellspring.erase import main

if __name__ == "__main__":
    main(sys.argv[1:])
