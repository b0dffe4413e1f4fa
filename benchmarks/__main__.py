"""`make bench`: every benchmark, one JSON object a line."""

from benchmarks import receiver, simulation, transforms

BENCHMARKS = (receiver.main, simulation.main, transforms.main)

if __name__ == "__main__":
    for benchmark in BENCHMARKS:
        benchmark()
