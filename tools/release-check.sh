#!/usr/bin/env bash
# SPDX-License-Identifier: MPL-2.0
#
# Builds a release of the current commit for this platform, without publishing it, and checks what the registries require:
#
#   - goreleaser accepts the configuration
#   - the archive, the checksums, their signature and the manifest are valid
#   - two builds in different directories are identical
#
# It uses $GORELEASER, or the goreleaser on the PATH. Without either, it builds goreleaser, which takes several minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

version=v2.16.0 # The last version that Go 1.26 can build.
goreleaser=${GORELEASER:-$(command -v goreleaser || true)}
if [ -z "$goreleaser" ]; then
	goreleaser=$PWD/build/tools/goreleaser-$version
	if [ ! -x "$goreleaser" ]; then
		echo "Building goreleaser $version, which takes several minutes …" >&2
		GOBIN=$PWD/build/tools go install "github.com/goreleaser/goreleaser/v2@$version"
		mv build/tools/goreleaser "$goreleaser"
	fi
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
	echo "release-check: $*" >&2
	exit 1
}
step() { printf '\n== %s\n' "$*"; }

step "goreleaser accepts the configuration"
"$goreleaser" check

# Use the same configuration for one platform, with a temporary signing key.
os=$(go env GOOS) arch=$(go env GOARCH)
sed -e "s/^    goos: .*/    goos: [$os]/" -e "s/^    goarch: .*/    goarch: [\"$arch\"]/" .goreleaser.yml >"$work/one.yml"
skip=sbom # Only the release workflow has syft, which writes the SBOMs.
if command -v gpg >/dev/null; then
	export GNUPGHOME=$work/gnupg
	mkdir -m 700 "$GNUPGHOME"
	gpg --batch --quiet --passphrase '' --quick-generate-key 'release check' rsa2048 sign 1d 2>/dev/null
	GPG_FINGERPRINT=$(gpg --batch --list-secret-keys --with-colons | awk -F: '$1 == "fpr" { print $10; exit }')
	export GPG_FINGERPRINT
else
	echo "gpg is not installed: the signature is not checked." >&2
	skip=$skip,sign
fi

commit=$(git rev-parse HEAD)
for place in one/here another/place/than/there; do
	step "build in $place"
	mkdir -p "$work/$place"
	git clone --quiet --no-hardlinks . "$work/$place/provider"
	git -C "$work/$place/provider" checkout --quiet --detach "$commit"
	(cd "$work/$place/provider" && "$goreleaser" release --snapshot --clean --skip="$skip" --config "$work/one.yml" >"$work/log" 2>&1) || {
		cat "$work/log" >&2
		fail "goreleaser failed"
	}
	ls "$work/$place/provider/build/dist"
done
dist=$work/one/here/provider/build/dist
other=$work/another/place/than/there/provider/build/dist

step "the archive"
name=terraform-provider-virustotal
archive=$(cd "$dist" && ls ./*_"$os"_"$arch".zip)
v=${archive#./"${name}"_}
v=${v%_"${os}"_"${arch}".zip}
[ "$archive" = "./${name}_${v}_${os}_${arch}.zip" ] || fail "the archive is named $archive"
binary=${name}_v$v
[ "$os" != windows ] || binary=$binary.exe
files=$(unzip -Z1 "$dist/$archive" | sort | tr '\n' ' ')
[ "$files" = "LICENSE $binary " ] || fail "the archive contains $files"

unzip -q "$dist/$archive" -d "$work/unpacked"
[ -x "$work/unpacked/$binary" ] || fail "the provider cannot be executed"
settings=$(go version -m "$work/unpacked/$binary")
for setting in CGO_ENABLED=0 -trimpath=true; do
	grep -q -- "$setting" <<<"$settings" || fail "the provider was built without $setting"
done
grep -qaF -- "$v" "$work/unpacked/$binary" || fail "the provider does not have the version $v"

sums=${name}_${v}_SHA256SUMS
manifest=${name}_${v}_manifest.json
cp terraform-registry-manifest.json "$dist/$manifest"
(cd "$dist" && sha256sum --check --strict "$sums")
[ "$(wc -l <"$dist/$sums")" -eq 2 ] || fail "$sums must have the archive and the manifest only"
grep -q '"protocol_versions": \["6.0"\]' terraform-registry-manifest.json || fail "the manifest does not have the protocol version 6.0"
case $skip in
*sign*) ;;
*)
	gpg --batch --quiet --verify "$dist/$sums.sig" "$dist/$sums" 2>/dev/null || fail "the signature does not match $sums"
	! grep -q 'BEGIN PGP' "$dist/$sums.sig" || fail "the signature is not binary"
	;;
esac

step "builds are reproducible"
cmp "$dist/$archive" "$other/$archive"
cmp "$dist/$sums" "$other/$sums"
printf '\nrelease-check: %s at %s passed.\n' "$name" "$commit"
