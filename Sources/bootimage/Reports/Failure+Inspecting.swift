import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

extension Failure {
    init(_ error: InspectionError) {
        switch error {
        case .cannotOpen(let path, let errno):
            self.init(.missingInput, "\(path): cannot be read: \(errno)")
        case .notAFile(let path):
            self.init(.badInput, "\(path): is not a file or a disk; specify an image")
        case .packed(let path, let form):
            let name = path.argument.shellQuoted
            let text =
                form.container.map { format in
                    "is a container (\(form.rawValue)), not a raw image; convert it first: "
                        + "qemu-img convert -f \(format.qemuName) -O raw \(name) disk.img"
                } ?? "is compressed; decompress it first: \(form.rawValue) -dk -- \(name)"
            self.init(.badInput, "\(path): \(text)")
        case .foreign(let path, let form):
            self.init(.badInput, "\(path): \(form.text(path.argument.shellQuoted))")
        case .needsOtherFile(let path, let format, let reference):
            self.init(.badInput, "\(path): \(reference.text(in: format))")
        case .cannotRead(let path, let error): self.init(.inputOutput, "\(path): \(error)")
        case .kernel(let error): self.init(error)
        case .interrupted(let signal): self = .interrupted(by: signal)
        case .badCertificate(let path, let output):
            self.init(
                .badInput,
                "\(path): is not a certificate in PEM or DER"
                    + (output.map { " (openssl: \($0))" } ?? "")
                    + "; specify the file NAME.pem of bootimage keys new")
        case .severalCertificates(let path, let count):
            self.init(
                .badInput,
                "\(path): contains \(count) certificates, must contain one; specify a file with "
                    + "--cert for each certificate that you trust")
        case .missingProgram(let name):
            self.init(.missingTool, Packages.missing(name, for: "--cert"))
        case .temporaryFile(let errno):
            self.init(
                .inputOutput,
                "a temporary file cannot be written: \(errno); set TMPDIR to another folder")
        }
    }

    init(_ error: ExtractionError, from image: FilePath) {
        switch error {
        case .notFound(let path):
            self.init(
                .missingInput,
                "\(image): contains no \(path); list its files: bootimage inspect "
                    + image.text.shellQuoted)
        case .severalFiles(let path, let count):
            self.init(
                .badInput, "\(image): contains \(count) different files named \(path); rename one")
        case .folder(let path):
            self.init(.badInput, "\(image): \(path) is a folder; specify a file in it")
        case .incomplete(let name, let byteCount):
            self.init(
                .badInput,
                "\(image): \(name): its clusters do not contain all of its \(byteCount) bytes; "
                    + "see the output of bootimage verify")
        case .badName(let name):
            self.init(.usage, "\(image): \(name) is not a valid file name here; add --output FILE")
        case .outputExists(let path):
            self.init(
                .cannotCreateOutput,
                "\(path): already exists; specify another file with --output, or this one to "
                    + "replace it")
        case .image(let error): self.init(error)
        case .writing(let error): self.init(error)
        }
    }
}
