"""The peak memory of a process, for the bench's children."""

from pathlib import Path


def peak_kib() -> int:
    """Peak resident memory of this very process in KiB (Linux).

    Not `ru_maxrss`: that begins with the peak of the process that this one was forked from.
    """
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
