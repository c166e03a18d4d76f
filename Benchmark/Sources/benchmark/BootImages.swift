import Foundation

/// The programs that the boot benchmark boots, from `Fixtures/benchmark`.
struct BootImages {
    let sources: String

    /// A boot sector that prints the counter: the time of the BIOS alone.
    func sector() throws -> String {
        try run(
            "clang", "--target=x86_64-unknown-none-elf", "-I", sources, "-c",
            "\(sources)/boot_sector.S", "-o", "sector.o")
        try run(
            "llvm-objcopy", "--output-target=binary", "--only-section=.text", "sector.o",
            "sector.img")
        try run("truncate", "-s", "1M", "sector.img")
        return "sector.img"
    }

    /// A UEFI program that prints the counter: the time of the firmware alone.
    func program() throws -> String {
        try run(
            "clang", "-target", "x86_64-unknown-windows-gnu", "-O1", "-ffreestanding",
            "-mno-red-zone", "-c", "\(sources)/program.c", "-o", "program.o")
        try run(
            "lld-link", "/nologo", "/subsystem:efi_application", "/entry:efi_main",
            "/nodefaultlib", "/out:program.efi", "program.o")
        try run("truncate", "-s", "40M", "program.img")
        try run("mkfs.fat", "-F", "32", "program.img")
        try run("mmd", "-i", "program.img", "::/EFI", "::/EFI/BOOT")
        try run("mcopy", "-i", "program.img", "program.efi", "::/EFI/BOOT/BOOTX64.EFI")
        return "program.img"
    }

    /// A kernel with that many random bytes that prints the counter, for our loader and GRUB.
    func kernel(byteCount: Int) throws -> String {
        try run("sh", "-c", "head -c \(byteCount) /dev/urandom >payload")
        try run(
            "clang", "--target=x86_64-unknown-none-elf", "-I", sources, "-c",
            "\(sources)/kernel.S", "-o", "kernel.o")
        try run(
            "ld.lld", "-m", "elf_x86_64", "-static", "--image-base=0x200000", "kernel.o",
            "-o", "boot.elf")
        return "boot.elf"
    }

    /// Whether GRUB is installed for both firmwares.
    static var canMakeGRUB: Bool {
        isInstalled("grub-mkimage")
            && [
                "i386-pc/boot.img", "i386-pc/multiboot2.mod", "x86_64-efi/multiboot2.mod",
            ].allSatisfy { FileManager.default.fileExists(atPath: "/usr/lib/grub/\($0)") }
    }

    /// One image for GRUB on both firmwares, without a menu and with the fewest modules.
    ///
    /// core.img lies in the gap before a FAT partition, where grub-bios-setup would put it.
    func grub(_ kernel: String) throws -> String {
        let script = """
            set -e
            modules="part_msdos fat multiboot2"
            printf 'multiboot2 (hd0,msdos1)/kernel\\nboot\\n' >grub.cfg
            grub-mkimage -O i386-pc -o core.img -c grub.cfg -p '(hd0,msdos1)/' biosdisk $modules
            grub-mkimage -O x86_64-efi -o grub.efi -c grub.cfg -p '(hd0,msdos1)/' $modules
            rm -f grub.img
            truncate -s 301M grub.img
            dd if=/usr/lib/grub/i386-pc/boot.img of=grub.img bs=440 count=1 conv=notrunc
            dd if=core.img of=grub.img bs=512 seek=1 conv=notrunc
            echo 'start=2048, type=ef, bootable' | sfdisk --quiet grub.img
            mkfs.fat -F 32 -s 8 --offset 2048 grub.img 307200
            mmd -i grub.img@@1M ::/EFI ::/EFI/BOOT
            mcopy -i grub.img@@1M grub.efi ::/EFI/BOOT/BOOTX64.EFI
            mcopy -i grub.img@@1M \(kernel) ::/kernel
            """
        try run("sh", "-c", script)
        return "grub.img"
    }
}
