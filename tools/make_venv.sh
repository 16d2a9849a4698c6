#!/bin/sh
# Makes the virtual environment: tools/make_venv.sh PYTHON FOLDER
set -eu
python=$1
folder=$2

stop() {
    echo "$1" >&2
    exit 1
}

command -v "$python" > /dev/null || stop "There is no '$python' on this machine. Please run: apt install python3"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "'$python' is $("$python" --version 2>&1); Python 3.11 or later is needed. Name another one: make run PYTHON=python3.12"
"$python" -c 'import ensurepip, venv' 2> /dev/null || stop "apt install python3-venv"

# A half-made folder would pass for a finished one at the next attempt.
rm -rf "$folder"
"$python" -m venv "$folder" || { rm -rf "$folder"; stop "The virtual environment '$folder' could not be made."; }
