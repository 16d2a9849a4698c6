#!/bin/sh
# Sees to the programs that the tests use and that no Python package brings: a Chromium, the PostgreSQL server, poppler's
# tools, qpdf, Java with JAXB for veraPDF, and Pango for WeasyPrint. What is missing is installed where that is allowed;
# otherwise it is named, and we stop.
set -eu

has_chromium() {
    command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null
}

has_postgresql() {
    command -v initdb > /dev/null || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1
}

has_poppler() {
    command -v pdftoppm > /dev/null && command -v pdftotext > /dev/null
}

has_qpdf() {
    command -v qpdf > /dev/null
}

has_java() {
    command -v java > /dev/null
}

has_jaxb() {
    [ -e /usr/share/java/jaxb-runtime.jar ]
}

has_pango() {
    /sbin/ldconfig -p | grep -q libpangoft2-1.0
}

# Ubuntu has its Chromium under another name.
chromium_package() {
    if apt-cache show chromium > /dev/null 2>&1; then echo chromium; else echo chromium-browser; fi
}

missing() {
    has_chromium || chromium_package
    has_postgresql || echo postgresql
    has_poppler || echo poppler-utils
    has_qpdf || echo qpdf
    has_java || echo default-jre-headless
    has_jaxb || echo libjaxb-java
    has_pango || echo libpangoft2-1.0-0
}

stop() {
    echo "The tests need programs that are missing here and cannot be installed by this script ($1)." >&2
    echo "Please run: apt install $(missing | tr '\n' ' ')" >&2
    exit 1
}

[ -n "$(missing)" ] || exit 0

command -v apt-get > /dev/null || stop "there is no apt-get"
if [ "$(id -u)" -eq 0 ]; then
    as_root="env DEBIAN_FRONTEND=noninteractive"
elif command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
    as_root="sudo -n env DEBIAN_FRONTEND=noninteractive"
else
    stop "neither root nor sudo without a password"
fi

# The lists first: a fresh machine knows no package, and then not even Chromium's right name.
$as_root apt-get update -qq || stop "apt-get update failed"
packages=$(missing)
echo "Installing:" $packages
# shellcheck disable=SC2086  # one word per package and per word of the prefix
$as_root apt-get install -y -qq --no-install-recommends $packages > /dev/null || stop "apt-get install failed"
[ -z "$(missing)" ] || stop "installed, but still not found"
