import BootImageKit
import ELFKit
import GuestKit

extension Settings {
    /// What was said of a machine, with the settings where it says nothing.
    func filling(_ given: MachineRequest) -> MachineRequest {
        var request = given
        request.memory = given.memory ?? word(.memory).flatMap(MemorySize.init(argument:))
        request.processorCount = given.processorCount ?? number(.cpus)
        request.chipset =
            given.chipset ?? word(.machine).flatMap(Machine.Chipset.init(rawValue:))
        request.disk = given.disk ?? word(.disk).flatMap(Machine.Disk.init(rawValue:))
        return request
    }

    /// What the machine's processors are, if the request or the settings name a machine.
    func architecture(for given: MachineRequest = MachineRequest()) -> Architecture? {
        filling(given).chipset?.architecture
    }
}
