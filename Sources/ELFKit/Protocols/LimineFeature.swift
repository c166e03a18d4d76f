/// A feature of the Limine boot protocol that a kernel can request ("Feature List"); the raw value
/// is its name.
public enum LimineFeature: String, CaseIterable, Sendable {
    case bootloaderInfo = "bootloader info"
    case commandLine = "executable command line"
    case firmwareType = "firmware type"
    case stackSize = "stack size"
    case directMap = "HHDM"
    case framebuffer
    case pagingMode = "paging mode"
    case multiprocessor = "MP"
    case riscvHart = "RISC-V BSP hart ID"
    case memoryMap = "memory map"
    case entryPoint = "entry point"
    case executableFile = "executable file"
    case module
    case rsdp = "RSDP"
    case smbios = "SMBIOS"
    case efiSystemTable = "EFI system table"
    case tpmEventLog = "TPM event log"
    case efiMemoryMap = "EFI memory map"
    case dateAtBoot = "date at boot"
    case executableAddress = "executable address"
    case deviceTree = "device tree"
    case bootloaderPerformance = "bootloader performance"
    case keepIOMMU = "x86-64 keep IOMMU"
    case tscFrequency = "TSC frequency"
    case flanterm = "Flanterm FB init params"
    case entropy
    // Of older versions of the protocol: no loader of today responds.
    case terminal
    case fiveLevelPaging = "5-level paging"

    /// The third and fourth word of a request's identifier.
    var identifier: [UInt64] {
        switch self {
        case .bootloaderInfo: [0xf550_38d8_e2a1_202f, 0x2794_26fc_f5f5_9740]
        case .commandLine: [0x4b16_1536_e598_651e, 0xb390_ad4a_2f1f_303a]
        case .firmwareType: [0x8c2f_75d9_0bef_28a8, 0x7045_a468_8eac_00c3]
        case .stackSize: [0x224e_f046_0a8e_8926, 0xe1cb_0fc2_5f46_ea3d]
        case .directMap: [0x48dc_f1cb_8ad2_b852, 0x6398_4e95_9a98_244b]
        case .framebuffer: [0x9d58_27dc_d881_dd75, 0xa314_8604_f6fa_b11b]
        case .pagingMode: [0x95c1_a0ed_ab09_44cb, 0xa4e5_cb38_42f7_488a]
        case .multiprocessor: [0x95a6_7b81_9a1b_857e, 0xa0b6_1b72_3b6a_73e0]
        case .riscvHart: [0x1369_359f_0255_25f9, 0x2ff2_a561_7839_1bb6]
        case .memoryMap: [0x67cf_3d9d_378a_806f, 0xe304_acdf_c50c_3c62]
        case .entryPoint: [0x13d8_6c03_5a1c_d3e1, 0x2b0c_aa89_d8f3_026a]
        case .executableFile: [0xad97_e90e_83f1_ed67, 0x31eb_5d1c_5ff2_3b69]
        case .module: [0x3e7e_2797_02be_32af, 0xca1c_4f3b_d128_0cee]
        case .rsdp: [0xc5e7_7b6b_397e_7b43, 0x2763_7845_accd_cf3c]
        case .smbios: [0x9e90_46f1_1e09_5391, 0xaa4a_520f_efbd_e5ee]
        case .efiSystemTable: [0x5ceb_a516_3eaa_f6d6, 0x0a69_8161_0cf6_5fcc]
        case .tpmEventLog: [0x98e0_94fc_7e76_e979, 0xee8d_8775_c54e_1d1f]
        case .efiMemoryMap: [0x7df6_2a43_1d68_72d5, 0xa4fc_dfb3_e573_06c8]
        case .dateAtBoot: [0x5027_46e1_84c0_88aa, 0xfbc5_ec83_e632_7893]
        case .executableAddress: [0x71ba_7686_3cc5_5f63, 0xb264_4a48_c516_a487]
        case .deviceTree: [0xb40d_db48_fb54_bac7, 0x5450_8149_3f81_ffb7]
        case .bootloaderPerformance: [0x6b50_ad9b_f36d_13ad, 0xdc4c_7e88_fc75_9e17]
        case .keepIOMMU: [0x8eba_abe5_1f49_0179, 0x2aa8_6a59_ffb4_ab0f]
        case .tscFrequency: [0x10f2_ee1d_87d1_95e4, 0xf747_a2b7_8f6d_db31]
        case .flanterm: [0x3259_399f_e7c5_f126, 0xe01c_1c8c_5db9_d1a9]
        case .entropy: [0x65ea_8025_5d56_82c5, 0x9117_2407_23f4_93eb]
        case .terminal: [0xc8ac_5931_0c2b_0844, 0xa68d_0c72_65d3_8878]
        case .fiveLevelPaging: [0x9446_9551_da9b_3192, 0xebe5_e86d_b738_2888]
        }
    }

    /// The names of a request's fields of 8 bytes, after the common ones, at that revision.
    func fields(atRevision revision: UInt64) -> [String] {
        switch self {
        case .stackSize: ["size"]
        case .pagingMode: revision == 0 ? ["mode"] : ["mode", "max_mode", "min_mode"]
        case .multiprocessor: ["flags"]
        case .entryPoint: ["entry"]
        case .module: revision == 0 ? [] : ["internal_module_count"]
        case .entropy: ["value_count"]
        case .bootloaderInfo, .commandLine, .firmwareType, .directMap, .framebuffer, .riscvHart,
            .memoryMap, .executableFile, .rsdp, .smbios, .efiSystemTable, .tpmEventLog,
            .efiMemoryMap, .dateAtBoot, .executableAddress, .deviceTree, .bootloaderPerformance,
            .keepIOMMU, .tscFrequency, .flanterm, .terminal, .fiveLevelPaging:
            []
        }
    }
}
