# Every command for people and for CI. `make help` lists them.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# Debian packages. The tool needs libelf to build; running needs QEMU and its UEFI firmware; the
# tests check images with other programs.
BUILD_PACKAGES := libelf-dev zlib1g-dev
# For bootimage-guestfs, the helper for other file systems.
GUESTFS_PACKAGES := libguestfs-dev
RUN_PACKAGES := qemu-system-x86 ovmf qemu-system-arm qemu-efi-aarch64
# For `build --sign-key` and `keys new`.
SIGN_PACKAGES := sbsigntool openssl
TEST_PACKAGES := binutils elfutils time dosfstools mtools gdisk fdisk parted util-linux p7zip-full fatcat \
    strace libguestfs-tools libguestfs-xfs xfsprogs btrfs-progs linux-image-cloud-amd64 genimage \
    xorriso grub-common grub-efi-amd64-bin libxml2-utils gdb gdb-multiarch mandoc groff-base zsh fish \
    qemu-utils zstd xz-utils python3-jsonschema efitools \
    u-boot-qemu $(GUESTFS_PACKAGES) $(SIGN_PACKAGES)
# For `make check`.
CHECK_PACKAGES := shellcheck
# What the benchmarks compare with and measure with.
BENCH_PACKAGES := grub-common grub-pc-bin grub-efi-amd64-bin dosfstools mtools fdisk genimage \
    xfsprogs strace time valgrind

TOOL := .build/release/bootimage
# The stripped executable that users get; its symbols are beside it.
RELEASE := .build/dist/bootimage
# The helper that links libguestfs, if it was built.
HELPER := .build/dist/bootimage-guestfs
X86_64 := --triple x86_64-unknown-none-elf --toolset kernel.json
AARCH64 := --triple aarch64-none-none-elf --toolset kernel-aarch64.json
# Statically linked: no library is loaded at run time, and start-up takes a fifth of the time.
# Generic types are made by calls, not looked up by name: a small build takes a quarter fewer
# instructions.
TOOL_FLAGS := --configuration release --product bootimage --static-swift-stdlib \
    -Xswiftc -static-executable -Xswiftc -use-ld=lld -Xlinker --gc-sections \
    -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
KERNEL := .build/x86_64-unknown-none-elf/debug/SampleKernel
ARM_KERNEL := .build/aarch64-none-none-elf/debug/SampleKernel
IMAGES := .build/images
SDK := .build/bootimage.artifactbundle
SWIFT_CODE := Package.swift Plugins Sources Tests Fuzz Benchmark Bootloader
# Where `make install` puts the tool; package builders prepend a staging folder with DESTDIR.
PREFIX := /usr/local
DESTDIR :=
# How long `make fuzz` takes, for all readers together.
SECONDS := 600

.PHONY: help
help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: packages-run tool loader-check kernel ## Boot the sample kernel on BIOS, UEFI and AArch64
	@mkdir -p $(IMAGES)
	$(TOOL) build $(KERNEL) --firmware bios --name kernel --output-directory $(IMAGES)
	$(TOOL) build $(KERNEL) $(ARM_KERNEL) --firmware uefi --name kernel --output-directory $(IMAGES)
	scripts/boot-sample $(TOOL) $(IMAGES)

.PHONY: swift-run
swift-run: packages-run tool ## Boot the sample kernel as `swift run` does, in QEMU's window
	swift run $(X86_64) SampleKernel

.PHONY: test test-build test-scripts
test: packages-test ## Install what the tests need and run them
	@$(MAKE) --no-print-directory --jobs=2 test-build test-scripts
	scripts/test
# SwiftPM locks .build, so whatever builds in it runs in sequence.
test-build: sdk
	@$(MAKE) --no-print-directory kernel
	scripts/check-swift-run
	swift build --build-tests
# Meanwhile: whatever builds elsewhere.
test-scripts: loader-check sdk
	scripts/check-swiftpm $(SDK)
	scripts/check-ci $(TOOL)

.PHONY: soak
soak: packages-test ## Build and check hundreds of images of every length, in an hour
	BOOTIMAGE_SOAK=1 swift test --filter FATScaleTests --filter FATBoundary --filter LinuxReads

.PHONY: mutants
mutants: packages-test ## Boot 500 mutated kernels of other protocols, in ten minutes
	BOOTED_MUTANTS=500 swift test --filter MutatedKernelTests

.PHONY: fuzz
fuzz: packages-build ## Fuzz the readers for SECONDS (default 600) with AddressSanitizer
	scripts/fuzz $(SECONDS)

.PHONY: sanitize
sanitize: packages-test ## Run the tests that boot nothing under ASan and TSan
	ASAN_OPTIONS=detect_leaks=0 \
	    swift test --sanitize address --scratch-path .build/address --skip BootTests \
	    --skip "a gigabyte"
	TSAN_OPTIONS=suppressions=$(CURDIR)/scripts/thread-sanitizer.suppressions \
	    swift test --sanitize thread --scratch-path .build/thread --skip BootTests \
	    --skip "a limit on the size of files" --skip "a gigabyte" \
	    --skip "a log that cannot be written"

.PHONY: check
check: packages-build packages-guestfs packages-check ## Check formatting and style; boots nothing
	swift format lint --strict --recursive $(SWIFT_CODE)
	shellcheck Bootloader/build $(filter-out %.suppressions,$(wildcard scripts/*))
	swift test --filter TidyTests

.PHONY: format
format: ## Format all Swift code
	swift format --in-place --recursive $(SWIFT_CODE)

.PHONY: tool
tool: packages-build ## Build the command line tool
	swift build $(TOOL_FLAGS)

.PHONY: release
release: tool ## Build the release executable and its debug symbols
	@$(MAKE) --no-print-directory $(RELEASE)

$(RELEASE): $(TOOL)
	scripts/strip-tool $(TOOL) $(RELEASE)

.PHONY: guestfs-helper
guestfs-helper: packages-guestfs ## Build bootimage-guestfs, for partitions with ext4, Btrfs or XFS
	swift build --configuration release --product bootimage-guestfs --static-swift-stdlib
	scripts/strip-tool .build/release/bootimage-guestfs $(HELPER)

.PHONY: install uninstall
install: $(RELEASE) ## Install the tool, completions and the manual page under PREFIX (/usr/local)
	scripts/install $(RELEASE) "$(DESTDIR)$(PREFIX)" $(HELPER)
uninstall: ## Remove what `make install` with the same PREFIX installed
	scripts/install --remove "$(DESTDIR)$(PREFIX)"

.PHONY: sdk
sdk: release ## Build the Swift SDKs bootimage-x86_64, -aarch64 and -arm64-image, for `swift sdk install`
	scripts/build-sdk $(RELEASE) $(SDK)

.PHONY: kernel
kernel: packages-build ## Build the sample kernel, for x86-64 and AArch64
	swift build $(X86_64) --product SampleKernel
	swift build $(AARCH64) --product SampleKernel

.PHONY: screenshots
screenshots: packages-run tool kernel ## Retake the screenshots in docs/
	scripts/screenshots $(TOOL) $(KERNEL) $(ARM_KERNEL)

.PHONY: map
map: tool ## Redraw docs/inspect.svg
	scripts/draw-map $(TOOL)

.PHONY: loader
loader: ## Rebuild the prebuilt loaders from their sources
	Bootloader/build

.PHONY: loader-check
loader-check: ## Rebuild the loaders and compare them with the committed ones
	Bootloader/build --check

.PHONY: bench bench-compare
bench: packages-run packages-bench release ## Measure builds, start-up and boots against the targets
	scripts/bench $(RELEASE)
bench-compare: packages-run packages-bench release ## Compare with the tool at revision BASE
	scripts/bench-compare $(RELEASE) "$(BASE)"

.PHONY: packages-build packages-run packages-guestfs packages-test packages-check packages-bench
packages-build: ; @scripts/install-packages $(BUILD_PACKAGES)
packages-run: ; @scripts/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES)
packages-guestfs: ; @scripts/install-packages $(GUESTFS_PACKAGES)
packages-test: ; @scripts/install-packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)
packages-check: ; @scripts/install-packages $(CHECK_PACKAGES)
packages-bench: ; @scripts/install-packages $(BENCH_PACKAGES) $(SIGN_PACKAGES)

.PHONY: clean
clean: ## Remove everything built
	rm -rf .build
