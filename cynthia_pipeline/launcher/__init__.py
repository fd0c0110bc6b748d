"""Starts runs by forking a process that has everything imported: a run starts in tenths of a second.

An option for one machine, which `cynthia up` uses on Linux; every other launcher of Dagster's works as well.

    daemon, webserver -> launcher.py -> (Unix socket, protocol.py) -> server.py -> fork: one process a run
"""
