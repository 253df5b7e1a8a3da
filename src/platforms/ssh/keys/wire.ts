import { createHash } from "node:crypto";

/** Fields of SSH's binary form (RFC 4251): each with its length before it. */
export function encodeFields(...fields: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = typeof field === "string" ? Buffer.from(field) : field;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

/** The first field; undefined: the bytes are not of that form. */
export function firstField(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  return 4 + length <= bytes.length ? bytes.subarray(4, 4 + length) : undefined;
}

/** Of a public key in binary form: "ssh-ed25519". */
export function keyTypeOf(publicKey: Buffer): string {
  return firstField(publicKey)?.toString("latin1") ?? "unknown";
}

/** Of a public key in binary form, as `ssh-keygen -l` shows it: "SHA256:…". */
export function fingerprintOf(publicKey: Buffer): string {
  return `SHA256:${createHash("sha256").update(publicKey).digest("base64").replace(/=+$/, "")}`;
}
