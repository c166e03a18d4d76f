package import ELFKit
package import GuestKit

extension Settings {
    /// Fills the unset fields of a machine from the settings.
    package func filling(_ given: MachineRequest) -> MachineRequest {
        var request = given
        request.memory = given.memory ?? word(.memory).flatMap(MemorySize.init(argument:))
        request.processorCount = given.processorCount ?? number(.cpus)
        request.chipset =
            given.chipset ?? word(.machine).flatMap(Machine.Chipset.init(rawValue:))
        request.disk = given.disk ?? word(.disk).flatMap(Machine.Disk.init(rawValue:))
        return request
    }

    /// The machine's architecture, if the request or the settings choose a machine.
    package func architecture(for given: MachineRequest = MachineRequest()) -> Architecture? {
        filling(given).chipset?.architecture
    }
}
