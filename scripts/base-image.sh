#!/bin/sh
# Prints the name of a Debian base image that the engine holds: pulled where a registry answers, else made here.
# Messages go to stderr. INGOT_BASE_IMAGE names one to use instead.
set -eu
made=ingot-base/debian:12
official=debian:12-slim
say() { printf '%s\n' "base image: $*" >&2; }

if [ -n "${INGOT_BASE_IMAGE:-}" ]; then echo "$INGOT_BASE_IMAGE"; exit 0; fi
for image in "$official" "$made"; do
  if docker image inspect "$image" >/dev/null 2>&1; then echo "$image"; exit 0; fi
done
say "asking a registry for $official"
if timeout 120 docker pull -q "$official" >/dev/null 2>&1; then echo "$official"; exit 0; fi
say "no registry answers: making $made with mmdebstrap (about half a minute)"
if ! command -v mmdebstrap >/dev/null 2>&1; then
  say "mmdebstrap is missing. Install it (Debian: apt-get install mmdebstrap), or set INGOT_BASE_IMAGE to an image you have."
  exit 1
fi
mmdebstrap --quiet --variant=minbase \
  --aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  bookworm - | docker import --change 'CMD ["/bin/bash"]' - "$made" >/dev/null
echo "$made"
