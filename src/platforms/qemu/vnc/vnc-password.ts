import { createCipheriv } from "node:crypto";

/**
 * The answer to VNC's challenge of 16 bytes: DES under the password's first 8 bytes, the bits of each in reverse order
 * (RFC 6143, 7.2.2). DES with one key is triple DES with that key three times, which OpenSSL 3 still has.
 */
export function answerChallenge(challenge: Uint8Array, password: string): Buffer {
  const key = Buffer.alloc(8);
  Buffer.from(password, "utf8").copy(key, 0, 0, 8);
  const reversed = key.map(reverseBits);
  const cipher = createCipheriv("des-ede3-ecb", Buffer.concat([reversed, reversed, reversed]), null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) reversed |= 0x80 >> bit;
  return reversed;
}
