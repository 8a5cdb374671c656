#!/usr/bin/env bash
# Builds the Collector of this directory. Go itself fetches the version that go.mod names (GOTOOLCHAIN); to do that it
# must be 1.21 or newer. Where there is none and the system is Debian 12, whose own is older, the one of its backports is
# unpacked beside the result; nothing is installed. Everything lies in the given directory, and is used again.
# usage: build.sh <directory>      makes <directory>/collector
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)

good_go() { # program
    [[ $("$1" version 2>/dev/null) =~ go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 21))
}

# From the same mirror that the system takes its packages from.
unpack_backports() {
    local mirror state="$out/apt" key=/usr/share/keyrings/debian-archive-keyring.gpg options
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' | head -n 1)
    [[ -n $mirror ]] || { echo "apt knows no mirror of Debian 12 (run apt-get update first)" >&2; return 1; }
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$out/go-root"
    echo "deb [signed-by=$key] $mirror bookworm-backports main" >"$state/sources.list"
    options=(-o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$state/lists"
        -o Dir::Cache="$state/cache")
    apt-get "${options[@]}" update -qq
    (cd "$state" && apt-get "${options[@]}" download -qq golang-1.23-go golang-1.23-src)
    for package in "$state"/golang-1.23-*.deb; do dpkg-deb -x "$package" "$out/go-root"; done
}

go=$(command -v go || true)
unset GOROOT
if ! good_go "${go:-none}"; then
    export GOROOT=$out/go-root/usr/lib/go-1.23
    go=$GOROOT/bin/go
    good_go "$go" || unpack_backports || { echo "no Go of at least 1.21, and none can be had: install one" >&2; exit 1; }
fi
export GOTOOLCHAIN=auto GOFLAGS="-mod=readonly -modcacherw" GOMODCACHE=$out/modules GOCACHE=$out/cache
cd "$here"
"$go" build -trimpath -buildvcs=false -o "$out/collector" .
