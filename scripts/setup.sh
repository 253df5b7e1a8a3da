#!/bin/sh
# Sets up a checkout: the packages of package-lock.json and, with --system, the programs of the system that building
# containers needs. What it cannot install it names, with the reason. Safe to run again; does nothing when all is there.
# Usage: scripts/setup.sh [--system] [--tests]
set -eu
cd "$(dirname "$0")/.."
system=no tests=no
for argument in "$@"; do
  case $argument in --system) system=yes ;; --tests) tests=yes ;; *) echo "unknown argument: $argument" >&2; exit 2 ;; esac
done

say() { printf '%s\n' "setup: $*"; }

# --- packages of npm, Node 24 among them
if [ ! -x node_modules/.bin/tsc ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  if ! command -v npm >/dev/null 2>&1; then
    say "npm is missing. Install Node.js with npm (Debian: apt-get install npm), then run this again."
    exit 1
  fi
  say "installing packages (npm ci)"
  npm ci --no-audit --no-fund --loglevel=error
  touch node_modules/.package-lock.json
fi
version=$(bin/node -p process.versions.node) || exit 1
say "Node $version"

[ "$system" = yes ] || exit 0

# --- programs of the system
debian=no
if [ "$(uname -s)" = Linux ] && command -v apt-get >/dev/null 2>&1; then debian=yes; fi
root=no
if [ "$(id -u)" = 0 ]; then root=yes; fi

wanted=""
want() { # program, Debian package, what for
  if ! command -v "$1" >/dev/null 2>&1 && [ ! -x "/usr/sbin/$1" ]; then
    wanted="$wanted $2"
    say "missing: $1 ($3)"
  fi
}
engine_answers() { bin/node scripts/engine-answers.ts; }

if ! engine_answers; then want dockerd docker.io "a Docker-compatible engine builds container images"; fi
want mmdebstrap mmdebstrap "makes the base image where no registry answers"
if [ "$tests" = yes ]; then
  want docker-registry docker-registry "tests push images to a registry of their own"
  want packer packer "tests compare with the real Packer (version 1.6.6 of Debian)"
  want xz xz-utils "tests read what compress writes"
  want bzip2 bzip2 "tests read what compress writes"
  want lz4 lz4 "tests read what compress writes"
  want zstd zstd "tests read what compress writes"
  want unzip unzip "tests read what compress writes"
  want qemu-system-x86_64 qemu-system-x86 "tests run virtual machines"
  want qemu-system-aarch64 qemu-system-arm "tests run virtual machines of ARM"
  want qemu-img qemu-utils "tests make and convert disks"
  want xorriso xorriso "tests read CDs back"
  want mcopy mtools "tests read floppies back"
  want fsck.vfat dosfstools "tests check floppies"
  want pgrep procps "tests look for processes"
  want sshd openssh-server "tests log in to machines"
  want ssh-keygen openssh-client "tests log in to machines"
fi
if [ -n "$wanted" ]; then
  if [ "$debian" = yes ] && [ "$root" = yes ]; then
    say "installing:$wanted"
    apt-get update -qq
    # Word splitting is wanted: one word a package.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
  else
    say "not installed, since this is not root on Debian. Please install:$wanted (names of Debian's packages)"
  fi
fi

# --- an engine that runs
if ! engine_answers; then
  dockerd=$(command -v dockerd || echo /usr/sbin/dockerd)
  if [ "$root" = yes ] && [ -x "$dockerd" ]; then
    log=${TMPDIR:-/tmp}/ingot-dockerd.log
    say "starting $dockerd (its log: $log)"
    nohup "$dockerd" >"$log" 2>&1 </dev/null &
    pid=$!
    # The engine is asked until it answers or ends; it has 60 seconds.
    if ! bin/node scripts/engine-answers.ts --wait 60 --pid "$pid"; then
      say "the engine did not start. The end of its log:"
      tail -n 20 "$log" >&2
      exit 1
    fi
  else
    say "no Docker-compatible engine answers, and none can be started here."
    say "Install one (Debian: apt-get install docker.io, or podman with its socket), start it, or point DOCKER_HOST at it."
    exit 1
  fi
fi
say "a Docker-compatible engine answers"
