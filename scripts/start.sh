#!/bin/sh
# `npm start`: sets up, gets a base image and builds examples/quickstart for real.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh --system
base=$(scripts/base-image.sh)
echo "start: bin/ingot build -force -var base=$base examples/quickstart"
bin/ingot build -force -var "base=$base" examples/quickstart
cat <<TEXT

The image is ingot-quickstart:latest. See what is in it:

    docker run --rm ingot-quickstart:latest

Change examples/quickstart/quickstart.pkr.hcl and build it again:

    bin/ingot build -var base=$base examples/quickstart
TEXT
