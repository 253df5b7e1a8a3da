import { crc32, deflateSync } from "node:zlib";
import type { Screen } from "./screen.ts";

/** The screen as a PNG file: 8 bits a channel, no alpha. */
export function pngOf({ width, height, pixels }: Screen): Buffer {
  const lines = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0, to = 0; y < height; y++) {
    lines[to++] = 0; // No filter.
    for (let x = 0, from = y * width * 4; x < width; x++, from += 4) {
      lines[to++] = pixels[from + 2] ?? 0;
      lines[to++] = pixels[from + 1] ?? 0;
      lines[to++] = pixels[from] ?? 0;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([frame, body, sum]);
}
