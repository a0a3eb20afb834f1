"""Where the peers are installed, and what every benchmark says about itself."""

import filecmp
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import measure
import servers

ENVIRONMENT = servers.REPOSITORY / ".venv-bench"
PYTHON = ENVIRONMENT / "bin" / "python"
REQUIREMENTS = servers.REPOSITORY / "Benchmarks" / "requirements.txt"


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def install() -> None:
    """Installs the peers if they are not there in the versions required."""
    installed = ENVIRONMENT / "requirements.txt"
    if installed.exists() and filecmp.cmp(REQUIREMENTS, installed, shallow=False):
        return
    progress(f"installing the peers into {ENVIRONMENT.name}/")
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    subprocess.run([ENVIRONMENT / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check",
                    "--requirement", REQUIREMENTS], check=True)
    shutil.copy(REQUIREMENTS, installed)


def machine() -> str:
    model = next(line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines()
                 if line.startswith("model name"))
    return f"{len(measure.CPUS)} CPUs, {model}, Linux {platform.release()}, Python {platform.python_version()}"


def mark(passes: bool) -> str:
    return "pass" if passes else "**FAIL**"


def write_between(marks: str, tables: str, document: Path) -> None:
    """Replaces what stands between a document's marks."""
    opening, closing = f"<!-- {marks} -->\n", f"<!-- /{marks} -->"
    before, opened, rest = document.read_text().partition(opening)
    _, closed, after = rest.partition(closing)
    if not opened or not closed:
        raise SystemExit(f"{document} has no {opening.strip()} and {closing} to write between")
    document.write_text(f"{before}{opening}{tables}{closing}{after}")
