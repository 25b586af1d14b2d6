#!/usr/bin/env python3
"""Set everything up and run it: needs only Python 3.11 or newer, works from any directory.

python3 do.py demo     play the main campaign (options go to `datastrike run`)
python3 do.py test     linters, types, layers, tests (options go to pytest)
python3 do.py check    linters, types, layers
python3 do.py pythons  tests under the other Pythons found (options go to pytest)
python3 do.py browser  tests of the live page and the report in Chromium (options go to pytest)
python3 do.py fuzz     what users can put in, tried at random: fuzz [SURFACE ...] [--minutes M]
python3 do.py coverage lines and branches that tests reach, kernels included (options go to pytest)
python3 do.py mutants  small mistakes, and whether tests notice: mutants [PACKAGE ...] [--sample N]
python3 do.py docs     write the tables of MODEL.md, build the site (options go to sphinx)
python3 do.py bench    measure speed: bench [crowd | networks | scale | sweeps] [options]
python3 do.py lock     resolve the locked versions anew (options go to uv)
"""

import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SUPPORTED = ("3.13", "3.12", "3.11", "3.14")
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"
BROWSER_LOCK = "requirements-browser.lock"
DEV_EXTRAS = ("calibrate", "cluster", "dev", "docs", "report", "retrain")
LOCKED_EXTRAS = {
    RUN_LOCK: (),
    DEV_LOCK: DEV_EXTRAS,
    BROWSER_LOCK: (*DEV_EXTRAS, "browser", "view"),
}
KERNELS = (
    "audiences capability_kernels crowd_kernels networks networks_edge_list philox "
    "retraining_ngram seeding twin_paths"
)
UNCOMPILED = [f"tests/test_{name}.py" for name in KERNELS.split()]
"""Tests of kernels that end soon without a compiler."""
LEAST_COVERED = 95.0
LOCKS = tuple(LOCKED_EXTRAS)  # each holds what those before it hold


def main(arguments):
    commands = {
        "demo": demo,
        "test": test,
        "check": check,
        "pythons": pythons,
        "browser": browser,
        "fuzz": functools.partial(module_of_tests, "fuzzing"),
        "coverage": coverage,
        "mutants": functools.partial(module_of_tests, "mutants"),
        "docs": docs,
        "bench": bench,
        "lock": lock,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments in ([], ["-h"], ["--help"]) else 2
    if sys.version_info < (3, 11):  # noqa: UP036 (the first line an old Python sees)
        return under_newer_python(arguments)
    try:
        return commands[arguments[0]](arguments[1:])
    except SetUpError as problem:
        print(f"do.py: {problem}", file=sys.stderr)
    except KeyboardInterrupt:
        print("do.py: stopped", file=sys.stderr)
    return 1


class SetUpError(Exception):
    """What keeps a command from its work, in one sentence."""


# The commands.


def demo(options):
    environment = Environment(ROOT / ".venv")
    environment.install(RUN_LOCK)
    if not says_where(options):
        options = ["--out", str(fresh(ROOT / "results" / "bigcode_opt_out")), *options]
    return environment.run("datastrike", "run", "bigcode_opt_out", *options, cwd=Path.cwd())


def test(options):
    environment = Environment(ROOT / ".venv")
    environment.install(DEV_LOCK)
    failed = lint(environment)
    if pytest(environment, options):
        failed.append("tests")
    return verdict(failed)


def check(options):
    if options:
        raise SetUpError("check takes no options")
    environment = Environment(ROOT / ".venv")
    environment.install(DEV_LOCK)
    return verdict(lint(environment))


def bench(options):
    environment = Environment(ROOT / ".venv")
    environment.install(DEV_LOCK)
    known = {path.stem[6:]: path for path in ROOT.glob("tests/benchmarks/bench_*.py")}
    name, options = (options[0], options[1:]) if options[:1] else ("crowd", [])
    if name not in known:
        raise SetUpError("bench: expected one of {}, got {}".format(", ".join(sorted(known)), name))
    return environment.run("python", str(known[name]), *options)


def browser(options):
    environment = Environment(ROOT / ".venv")
    environment.install(BROWSER_LOCK)
    tests = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("tests/test_browser_*.py"))
    return environment.run("pytest", "-m", "browser", *tests, *options)


def coverage(options):
    """Run the tests, then those of the kernels uncompiled: only then are their lines seen."""
    environment = Environment(ROOT / ".venv")
    environment.install(DEV_LOCK)
    measured = ("coverage", "run", "-m", "pytest", "-q")
    environment.run("coverage", "erase")
    failed = [] if environment.run(*measured, *options) == 0 else ["tests"]
    if environment.run(*measured, *UNCOMPILED, *options, NUMBA_DISABLE_JIT="1"):
        failed.append("tests of uncompiled kernels")
    environment.run("coverage", "combine", "--quiet")
    report = ROOT / "results" / "coverage.json"
    report.parent.mkdir(exist_ok=True)
    environment.run("coverage", "json", "--quiet", "-o", str(report))
    if environment.run("coverage", "report", "--sort=cover", "--skip-covered"):
        failed.append("coverage")
    for what in ("statements", "branches"):
        share = json.loads(report.read_text("utf-8"))["totals"][f"percent_{what}_covered"]
        print(f"{what}: {share:.2f} %")
        if share < LEAST_COVERED:
            failed.append(f"{what} below {LEAST_COVERED} %")
    return verdict(failed)


def module_of_tests(name, options):
    environment = Environment(ROOT / ".venv")
    environment.install(DEV_LOCK)
    return environment.run("python", "-m", f"tests.{name}", *options)


def docs(options):
    environment = Environment(ROOT / ".venv")
    environment.install(DEV_LOCK)
    site = ROOT / "docs" / "_build"
    code = environment.run("python", "-m", "docs.parameters")
    code = code or environment.run("python", "-m", "sphinx", "-q", "docs", str(site), *options)
    if code == 0:
        print(f"\nthe site: {shown(site / 'index.html')}")
    return code


def pythons(options):
    failed = []
    mine = "{}.{}".format(*sys.version_info)
    for version, python in found_pythons():
        if version == mine:
            continue
        print(f"\n== Python {version}: {python}", flush=True)
        environment = Environment(ROOT / f".venv-{version}", python)
        environment.install(DEV_LOCK)
        if pytest(environment, options):
            failed.append(f"tests under Python {version}")
    return verdict(failed)


def lint(environment):
    """Run every linter, also after one has failed; return the names of those that failed."""
    linters = {
        "ruff check": ("ruff", "check"),
        "ruff format": ("ruff", "format", "--check"),
        "mypy": ("mypy",),
        "lint-imports": ("lint-imports", "--no-logo"),
    }
    return [name for name, command in linters.items() if environment.run(*command)]


def pytest(environment, options):
    return environment.run("pytest", "-n", str(min(usable_cores(), 8)), *options)


def verdict(failed):
    if failed:
        print(f"\ndo.py: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def lock(options):
    """Write the locks: every version and hash, for every supported Python, no addresses."""
    with tempfile.TemporaryDirectory() as folder:
        uv = shutil.which("uv") or uv_in(Path(folder))
        build_tools = Path(folder) / "build.txt"
        build_tools.write_text("\n".join(build_requirements()))
        for name, extras in LOCKED_EXTRAS.items():
            command = [uv, "pip", "compile", "pyproject.toml", str(build_tools), "-o", name]
            command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
            command += ["--no-annotate", "--no-emit-index-url", "--quiet"]
            command += ["--custom-compile-command", "python3 do.py lock"]
            for extra in extras:
                command += ["--extra", extra]
            for smaller in LOCKS[: LOCKS.index(name)]:
                command += ["--constraint", smaller]
            if not call([*command, *options]):
                raise SetUpError(f"{name} could not be resolved")
    return 0


def uv_in(folder):
    tools = Environment(folder / "tools")
    if not (tools.create() and call([*tools.pip(), "install", "uv"])):
        raise SetUpError("uv could not be installed")
    return str(tools.program("uv"))


def build_requirements():
    import tomllib

    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]


# The environment.


class Environment:
    """A virtual environment inside the checkout, installed from a lock and remembered as such."""

    def __init__(self, folder, python=sys.executable):
        self.folder, self.interpreter = folder, python
        self.bin = folder / ("Scripts" if os.name == "nt" else "bin")
        self.mark = folder / "made-by-do"

    def install(self, lock_name):
        """Bring the environment to the lock, unless a stamp says that it is there already."""
        identity = self.identity()
        if not self.mark.exists() or self.mark.read_text("utf-8") != identity:
            self.clear()
            self.mark.write_text(identity, "utf-8")
            (self.folder / ".gitignore").write_text("*\n", "utf-8")
        if any(self.stamp(name).exists() for name in LOCKS[LOCKS.index(lock_name) :]):
            return
        print(f"setting up {shown(self.folder)} from {lock_name}, a minute or two", flush=True)
        for stale in self.folder.glob("*.lock-*"):
            stale.unlink()
        uv = shutil.which("uv")
        if uv and not self.fill(lock_name, uv):
            print("uv did not manage it (see above); going on with pip", flush=True)
            uv = None
        if not uv and not self.fill(lock_name, None):
            raise SetUpError("the installation failed; the reason stands above")
        self.stamp(lock_name).touch()

    def fill(self, lock_name, uv):
        """Create the environment and install the lock, then the project; return success."""
        if uv:
            installer = [uv, "pip", "install", "--quiet", "--compile-bytecode"]
            installer += ["--python", str(self.program("python"))]
        else:
            installer = [*self.pip(), "install"]
        project = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
        return (
            self.create(uv)
            and call([*installer, "--require-hashes", "-r", str(ROOT / lock_name)])
            and call([*installer, *project])
        )

    def create(self, uv=None):
        if self.program("python").exists() and (uv or call([*self.pip(), "--version"], quiet=True)):
            return True
        if not uv:
            self.require_ensurepip()
            return call([self.interpreter, "-m", "venv", str(self.folder)])
        options = ["--quiet", "--allow-existing", "--no-python-downloads"]
        return call([uv, "venv", *options, "--python", self.interpreter, str(self.folder)])

    def require_ensurepip(self):
        if not call([self.interpreter, "-c", "import ensurepip, venv"], quiet=True):
            version = self.identity().split()[0].rpartition(".")[0]
            raise SetUpError(
                f"Python {version} has no venv here; install it "
                f"(on Debian and Ubuntu: sudo apt install python{version}-venv) and try again"
            )

    def clear(self):
        if self.folder.exists() and any(self.folder.iterdir()) and not self.mark.exists():
            raise SetUpError(f"{self.folder} was not made by do.py; move it away and try again")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def identity(self):
        """Return what an environment cannot change: its Python and where it stands."""
        ask = "import sys; print(sys.version.split()[0], sys.base_prefix)"
        found = subprocess.run(
            [self.interpreter, "-c", ask], stdout=subprocess.PIPE, text=True, check=True
        )
        return f"{found.stdout.strip()} {self.folder}"

    def stamp(self, lock_name):
        """Return the file that exists once the lock is installed as it and the project are now."""
        contents = (ROOT / "pyproject.toml").read_bytes() + (ROOT / lock_name).read_bytes()
        return self.folder / f"{lock_name}-{hashlib.sha256(contents).hexdigest()[:16]}"

    def pip(self):
        return [str(self.program("python")), "-m", "pip", "-qq", "--disable-pip-version-check"]

    def program(self, name):
        return self.bin / (f"{name}.exe" if os.name == "nt" else name)

    def run(self, name, *options, cwd=ROOT, **variables):
        """Run a program of the environment in sight of the user; return its exit code."""
        print("\n$", *(f"{k}={v}" for k, v in variables.items()), name, *options, flush=True)
        command = [str(self.program(name)), *options]
        variables = {**clean_environment(), **variables}
        return subprocess.run(command, cwd=cwd, env=variables, check=False).returncode


def found_pythons():
    """Return (version, program) of each supported Python on the path or in pyenv's folder."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = []
    for version in SUPPORTED:
        beside = sorted(pyenv.glob(f"{version}.*/bin/python{version}"))
        for python in (shutil.which(f"python{version}"), *map(str, reversed(beside))):
            if python and works(python):
                found.append((version, python))
                break
    return found


def under_newer_python(arguments):
    for version, python in found_pythons():
        print(f"do.py: going on with Python {version}", flush=True)
        command = [python, str(Path(__file__).resolve()), *arguments]
        return subprocess.run(command, check=False).returncode
    print(
        f"do.py: needs Python 3.11 or newer, but this is {sys.version.split()[0]} and no newer "
        "one is on the path",
        file=sys.stderr,
    )
    return 1


def works(python):
    return call([python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"], quiet=True)


def call(command, quiet=False):
    """Run a command in the checkout and return whether it succeeded."""
    output = subprocess.DEVNULL if quiet else None
    finished = subprocess.run(
        command, cwd=ROOT, env=clean_environment(), stdout=output, stderr=output, check=False
    )
    return finished.returncode == 0


def clean_environment():
    """Return the variables without those that mix in other code or forbid compiled files."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH"}
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def usable_cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def says_where(options):
    """Return whether the options name a folder for the results."""
    return any(option.partition("=")[0] == "--out" for option in options)


def fresh(folder):
    """Return the folder, or the first numbered one beside it that does not exist."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def shown(path):
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
