"""Metrics of this server for Prometheus, at the address of JIFEN_METRICS."""
