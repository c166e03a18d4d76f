import DiskImage
import HostSystem
public import SystemPackage

extension QEMUInvocation {
    /// Boots the image, waits until the guest ends, and judges it.
    ///
    /// The calling thread waits meanwhile, and owns QEMU: if the thread ends, so does QEMU.
    ///
    /// - Parameters:
    ///   - kernel: The kernel's ELF file, to name the function in which it crashed.
    ///   - limit: After this time the guest is ended; the verdict is then ``Verdict/timedOut``.
    ///   - expectation: What the guest must do to pass.
    /// - Returns: The verdict and the evidence for it. A guest that fails is not an error.
    /// - Throws: ``GuestError`` if QEMU cannot be started, or if a signal interrupts this process.
    public func test(
        kernel: FilePath? = nil, limit: Duration = .seconds(300),
        expecting expectation: ExpectedOutcome = .success
    ) throws(GuestError) -> TestResult {
        var invocation = self
        (invocation.observation, invocation.addsExitDevices) = (.everything, true)
        let watch = GuestWatch()
        let guest: ObservedGuest
        do throws(Errno) {
            guest = try ObservedGuest(
                GuestCommand(invocation), signals: watch.signals, limit: limit, record: nil)
        } catch {
            throw .notStarted(host.executable, error)
        }
        while !guest.isOver {
            watch.wait(for: [guest], atMost: .milliseconds(100))
            if let number = watch.signals.nextInterrupt() {
                guest.endAtOnce()
                throw .interrupted(by: number)
            }
            guest.attendUntilDecided()
        }
        let file = kernel ?? image
        let architecture = machine.chipset.architecture
        return TestResult(
            TestPlan.Boot(
                name: file.stemText, file: file,
                starter: direct == nil ? .firmware(host.uefi == nil ? .bios : .uefi) : .direct,
                architecture: architecture),
            Verdict(guest.evidence, on: architecture), guest.evidence,
            expecting: expectation, attempts: 1, duration: guest.age)
    }
}
