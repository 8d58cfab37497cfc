"""Keeping the service: backups that are proved, restores, moves, upgrades, copies of the keys, and recurring jobs.

Knows records, work, keys and disks; knows nothing of requests. Commands and the worker call it.
"""
