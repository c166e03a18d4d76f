package import ELFKit
package import HostSystem
package import SystemPackage

/// Reads a kernel's headers and, if it can be loaded, looks at its code.
package enum KernelInspector {
    package static func inspect(_ path: FilePath) throws(Failure) -> Inspection {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.openForReading(path)
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
        defer { try? descriptor.close() }
        do throws(ELFError) {
            var inspection = try KernelELF.inspect(descriptor, named: path.string)
            // Elsewhere interrupts save what code may use, and nothing lies below the stack.
            if inspection.kernel?.architecture == .x86_64 {
                inspection.add(codeFindings(of: descriptor))
            }
            return inspection
        } catch {
            throw Failure(error)
        }
    }

    /// What the code does that an interrupt handler would break, as far as it can be told.
    private static func codeFindings(of file: FileDescriptor) -> [Finding] {
        var audit = CodeAudit()
        do throws(ProgramError) {
            try Disassembler.forEachLine(of: file) { audit.take($0) }
        } catch {
            return [Finding(notSeenBecause: Failure(error).message)]
        }
        return audit.findings
    }
}

extension Finding {
    package init(notSeenBecause cause: String) {
        self.init(
            .codeNotSeen, "was not searched for SSE registers and red zones: \(cause)",
            Details(place: "code", field: ELFRule.codeNotSeen.field))
    }
}
