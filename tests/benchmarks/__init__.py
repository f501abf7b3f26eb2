"""Benchmarks of dojo-bot against two baselines. See README.md beside this file."""
