/**
 * A disk whose boot sector asks the BIOS for keys and sends each to the serial port as two bytes, its character and its
 * scan code, and shows the character:
 * ah = 0; int 16h; dx = 0x3F8; out al; xchg al, ah; out al; xchg al, ah; ah = 0x0E; bx = 7; int 10h; again
 */
export function keyEchoDisk(): Buffer {
  const disk = Buffer.alloc(1024 * 1024);
  Buffer.from("30e4cd16baf803ee86c4ee86c4b40ebb0700cd10ebea55aa", "hex").copy(disk, 0, 0, 22);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}
