"""The Spark side of the transform: runs models/ unchanged and keeps their tables as Iceberg (models/README.md)."""
