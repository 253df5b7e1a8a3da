/**
 * A firmware image of 64 KiB whose processor, started, switches to 64-bit mode with paging, counts, and tells QEMU's
 * debug-exit device to end: QEMU then exits with code 33. Plain real-mode code would not do, since a crippled
 * hypervisor may interpret that and hang as soon as a guest turns 64-bit. Assembled from:
 *
 *   cli; ds = 0; [0x1000] = 0x2003; [0x2000] = 0x3003; [0x3000] = 0x83     (page tables: the first 2 MiB, identity)
 *   lgdt cs:[0x88]; cr4 = PAE; cr3 = 0x1000; EFER |= LME; cr0 = PG | PE
 *   jmp 8:0xF005A; ecx = 0x10000, down to 0; cpuid; out 0xF4, 0x10; hlt for ever
 *   at 0x78: a table of two descriptors (none, 64-bit code) and, at 0x88, its pointer
 */
export function x86ProbeImage(): Buffer {
  const image = Buffer.alloc(64 * 1024);
  Buffer.from(X86_CODE, "hex").copy(image, 0);
  // The processor starts 16 bytes below the end: jmp F000:0000.
  Buffer.from("ea000000f0", "hex").copy(image, image.length - 16);
  return image;
}

/** The exit code of QEMU when the image above ran: 0x10 to the debug-exit device. */
export const X86_PROBE_EXIT = 33;

/** For QEMU's `virt` machine: asks the firmware interface (PSCI, by hvc) to switch off; QEMU exits with code 0. */
export function armProbeImage(): Buffer {
  const image = Buffer.alloc(64 * 1024);
  // movz w0, #8; movk w0, #0x8400, lsl 16 (SYSTEM_OFF); hvc #0; b .
  [0x52800100, 0x72b08000, 0xd4000002, 0x14000000].forEach((word, at) => {
    image.writeUInt32LE(word, at * 4);
  });
  return image;
}

const X86_CODE = `
fa31c08ed866c70600100320000066c706002003300000
66c7060030830000002e660f01168800
66b8200000000f22e066b8001000000f22d8
66b9800000c00f32660d000100000f3066b8010000800f22c0
66ea5a000f000800b900000100ffc975fc31c00fa2baf4000000b010eef4ebfd
660f1f440000000000000000000000000000009a20000f0078000f00
`.replaceAll(/\s/g, "");
