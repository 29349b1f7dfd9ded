"""MongoDB server of the embedded stack: its program, its command line, and a check whether it runs here."""

import argparse
import platform
import stat
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from services.cli.errors import CommandFailed, exit_code_of
from services.cli.settings import StackSettings, read

ELSEWHERE = "set MONGODB_URI to a MongoDB server of your own instead, 8.0 by preference"
NO_SLOW_OPERATIONS = ("--slowOpSampleRate", "0")  # in the log
ADVICE = {
    "libcrypto.so.3": "install OpenSSL 3: apt-get install libssl3 (Debian 12, Ubuntu 22.04 or later)",
    "libssl.so.3": "install OpenSSL 3: apt-get install libssl3 (Debian 12, Ubuntu 22.04 or later)",
    "libcurl.so.4": "install libcurl: apt-get install libcurl4",
    "GLIBC_": "the C library is too old: Debian 12, Ubuntu 22.04 or later is needed",
}


def find_mongod() -> Path:
    """Return the server's program, made executable. Raises CommandFailed where no wheel brings it."""
    spec = find_spec("fiftyone")
    roots = list(spec.submodule_search_locations or ()) if spec else []
    names = ("mongod.exe", "mongod")
    found = next((path for root in roots for name in names if (path := Path(root, "db", "bin", name)).is_file()), None)
    if found is None:
        raise CommandFailed(f"no embedded MongoDB for {platform.system()} {platform.machine()}: {ELSEWHERE}")
    mode = found.stat().st_mode
    if not mode & stat.S_IXUSR:
        found.chmod(mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    return found


def on_loopback(port: int, *, auth: bool = True) -> tuple[str, ...]:
    """Return the options of a server that only this machine reaches, and only who knows its password."""
    return ("--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket", *(("--auth",) if auth else ()))


def on_socket(socket: Path) -> tuple[str, ...]:
    """Return the options of a server without authentication on a socket, whose folder must be private."""
    return ("--bind_ip", str(socket), "--unixSocketPrefix", str(socket.parent))


def command(program: Path, dbpath: Path, listen: tuple[str, ...], cache_gb: float) -> tuple[str, ...]:
    """Return the command line of a small server. `cache_gb` bounds its cache in GB, at least 0.25.

    Of the compressions of its protocol zlib is left out, whose decompression lets strangers read memory in 6.0.5. Slow
    operations are not logged, since their lines would hold what was looked for and stored: tokens, addresses.
    """
    return (
        str(program),
        *("--dbpath", str(dbpath)),
        *listen,
        *("--wiredTigerCacheSizeGB", str(cache_gb)),
        *("--networkMessageCompressors", "snappy,zstd"),
        *NO_SLOW_OPERATIONS,
        *("--setParameter", "scramSHA256IterationCount=5000"),  # the least it takes: the password has 256 random bits
        *("--setParameter", "diagnosticDataCollectionEnabled=false"),
        "--quiet",
    )


def check() -> str:
    """Return the version of the server, having run it. Raises CommandFailed that says what to install."""
    program = find_mongod()
    try:
        answer = subprocess.run(  # noqa: S603  # the program our own wheel brings
            [program, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CommandFailed(f"{program} does not run here ({error}): {ELSEWHERE}") from error
    if answer.returncode == 0:
        return answer.stdout.splitlines()[0]
    advice = next((advice for sign, advice in ADVICE.items() if sign in answer.stderr), "find out why")
    said = answer.stderr.strip().splitlines() or [f"exit code {answer.returncode}"]
    raise CommandFailed(
        f"the embedded MongoDB does not run here: {said[-1]}; {advice or 'find out why'}, or {ELSEWHERE}"
    )


def main() -> int:
    """Run `--check`: print the version and return 0, or say what is missing and return 1.

    With MONGODB_URI set the embedded server is not needed, and what it lacks is no failure.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", required=True, help="run mongod --version")
    parser.parse_args()
    return exit_code_of(_check)


def _check() -> int:
    is_needed = not read(StackSettings).mongodb_uri
    try:
        print(f"embedded MongoDB: {check()}")
    except CommandFailed as failure:
        if is_needed:
            raise
        print(f"embedded MongoDB not used, MONGODB_URI is set: {failure}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
