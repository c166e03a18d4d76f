/// What kernels find in the extension of the boot info.
extension KernelEnvironment {
    /// Describes the firmware and its tables; may take some milliseconds to measure the clock.
    mutating func describeFirmware(measuresClock: Bool) {
        extended.signature = UInt64(BOOT_EXTENSION_SIGNATURE)
        extended.version = 2
        extended.serial_port = SerialPort.device
        extended.exception_level = Architecture.exceptionLevel
        extended.device_tree_address.set(space.memory.platform.findDeviceTree()?.rawValue)
        extended.efi_system_table.set(space.memory.platform.systemTableAddress?.rawValue)
        let tables = space.memory.platform.findSMBIOS()
        extended.smbios_address.set(tables.short?.rawValue)
        extended.smbios3_address.set(tables.long?.rawValue)
        let time = space.memory.platform.currentTime()
        extended.boot_time.set(time.map { UInt64(bitPattern: $0) })
        extended.counter_frequency =
            (measuresClock ? Clock.frequency() : Clock.statedFrequency) ?? 0
    }

    /// Maps the command line and the modules, if the image has any.
    mutating func mapParameters() throws(BootError) {
        guard let text = try space.memory.load(.parameters, room: 1) else { return }
        let parameters = try Parameters(text)
        let strings = try space.map(
            text.start, byteCount: text.byteCount, at: .dynamic, .data)
        extended.command_line = strings.rawValue
        extended.module_count = UInt64(parameters.moduleCount)
        for index in 0..<parameters.moduleCount {
            guard let contents = try space.memory.load(.module(index)) else {
                throw BootError(.module, "not in the image", count: UInt64(index) + 1)
            }
            let address = try space.map(
                contents.start, byteCount: max(contents.byteCount, 1), at: .dynamic,
                .data)
            modules[index] = boot_module(
                address: address.rawValue, length: contents.byteCount,
                name: (strings + parameters.names[index]).rawValue,
                string: (strings + parameters.strings[index]).rawValue)
            log.write(.info, "module of %s at %x", contents.byteCount, address.rawValue)
        }
    }
}

extension boot_optional_u64 {
    mutating func set(_ newValue: UInt64?) {
        tag = newValue == nil ? UInt32(BOOT_NONE) : UInt32(BOOT_SOME)
        value = newValue ?? 0
    }
}
