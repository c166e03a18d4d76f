// Builds an image of a kernel for each firmware, and one for both:
//
//     swift run build-images kernel.elf

import BootImageKit

let kernel = CommandLine.arguments.dropFirst().first ?? "kernel.elf"
for firmware in [ImageKind.bios, .uefi, .hybrid] {
    let plan = try BootImage.plan(kernel: kernel, firmware: firmware)
    let output = "\(kernel).\(firmware).img"
    try plan.write(to: output)
    print("\(output):\n\(plan)")
}
