import { createPublicKey, type KeyObject, randomBytes } from "node:crypto";
import { encodeFields } from "./wire.ts";

const TYPE = "ssh-ed25519";

/** A private Ed25519 key in OpenSSH's own form, without a passphrase: what `ssh-keygen` writes. */
export function openSshEd25519(key: KeyObject, comment: string): string {
  const secret = Buffer.from(key.export({ format: "jwk" }).d ?? "", "base64url");
  const point = ed25519Point(createPublicKey(key));
  const check = randomBytes(4);
  const inner = Buffer.concat([check, check, encodeFields(TYPE, point, Buffer.concat([secret, point]), comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const bytes = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    encodeFields("none", "none", ""),
    one,
    encodeFields(encodeFields(TYPE, point), Buffer.concat([inner, padding])),
  ]);
  const lines = bytes.toString("base64").match(/.{1,70}/g) ?? [];
  return ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n");
}

/** The 32 bytes of a public key. */
export function ed25519Point(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
}
