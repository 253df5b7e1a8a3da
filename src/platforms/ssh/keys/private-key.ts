import { createPrivateKey, type KeyObject } from "node:crypto";
import ssh2, { type ParsedKey } from "ssh2";
import { Failure } from "../../../sdk/failure.ts";
import { openSshEd25519 } from "./open-ssh-ed25519.ts";
import { fingerprintOf } from "./wire.ts";

/** A private key to log in with. */
export interface PrivateKey {
  readonly parsed: ParsedKey;
  /** Where it came from, for people: "~/.ssh/id_ed25519". */
  readonly source: string;
  /** "SHA256:…". */
  readonly fingerprint: string;
}

/** Reads PEM (PKCS#1, SEC 1, PKCS#8) and OpenSSH's own form. Throws a Failure for what is no key, or has a passphrase. */
export function parsePrivateKey(text: string, source: string): PrivateKey {
  if (isEncrypted(text)) {
    throw new Failure("the private key is protected by a passphrase", {
      permanent: true,
      hint: `Load it into an SSH agent (ssh-add) and set ssh_agent_auth, or write a copy without a passphrase: ssh-keygen -p -N "" -f COPY`,
    });
  }
  const found = ssh2.utils.parseKey(fromPkcs8(text));
  // Types say that one key comes; files of several may come as a list.
  const parsed: unknown = Array.isArray(found) ? found[0] : found;
  if (parsed instanceof Error || parsed === undefined) throw noKey(text, parsed?.message);
  const key = parsed as ParsedKey;
  if (!key.isPrivateKey()) throw noKey(text, "it is a public key");
  return { parsed: key, source, fingerprint: fingerprintOf(key.getPublicSSH()) };
}

function isEncrypted(text: string): boolean {
  if (text.includes("BEGIN ENCRYPTED PRIVATE KEY") || /Proc-Type: *4,ENCRYPTED/.test(text)) return true;
  const [, body] = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text) ?? [];
  if (body === undefined) return false;
  // "openssh-key-v1\0", then the name of the cipher.
  const cipher = Buffer.from(body, "base64").subarray(15, 23);
  return cipher.readUInt32BE(0) !== 4 || cipher.toString("latin1", 4) !== "none";
}

/** The SSH library does not read PKCS#8. */
function fromPkcs8(text: string): string {
  if (!text.includes("-----BEGIN PRIVATE KEY-----")) return text;
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (error) {
    throw noKey(text, error instanceof Error ? error.message : undefined);
  }
  if (key.asymmetricKeyType === "ed25519") return openSshEd25519(key, "");
  if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs1", format: "pem" }).toString();
  if (key.asymmetricKeyType === "ec") return key.export({ type: "sec1", format: "pem" }).toString();
  throw noKey(text, `keys of the kind ${key.asymmetricKeyType} cannot be used for SSH`);
}

function noKey(text: string, why: string | undefined): Failure {
  const kind = text.startsWith("PuTTY-User-Key-File") ? " Convert it: puttygen KEY -O private-openssh" : "";
  return new Failure(`no private key found${why === undefined ? "" : `: ${why}`}`, {
    permanent: true,
    hint: `A file that begins with "-----BEGIN … PRIVATE KEY-----" is expected.${kind}`,
  });
}
