import sys

from wellspring.silver import main

if __name__ == "__main__":
    main(sys.argv[1:])
