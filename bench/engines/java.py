from pyspark import SparkContext


def end_java() -> None:
    """Ends the Java of this Python and waits for it: what it and its workers have used then stands with this process."""
    gateway = SparkContext._gateway
    if gateway is None:
        return
    if SparkContext._active_spark_context is not None:
        SparkContext._active_spark_context.stop()
    gateway.shutdown()
    # It ends when nobody can speak to it any more.
    gateway.proc.stdin.close()
    gateway.proc.wait()
