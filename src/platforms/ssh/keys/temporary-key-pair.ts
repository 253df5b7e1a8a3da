import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { Failure } from "../../../sdk/failure.ts";
import { openSshEd25519 } from "./open-ssh-ed25519.ts";
import { parsePrivateKey } from "./private-key.ts";

export interface TemporaryKeyPair {
  /** As `ssh_private_key_file` takes it. A secret. */
  readonly privateKey: string;
  /** One line of authorized_keys, without its end: "ssh-ed25519 AAAA… comment". */
  readonly publicKey: string;
  /** "SHA256:…". */
  readonly fingerprint: string;
}

export interface KeyPairOptions {
  readonly type: "rsa" | "ecdsa" | "ed25519" | "dsa";
  /** 0: rsa 4096, ecdsa 521. Ed25519 has one size. */
  readonly bits: number;
  /** `temporary_key_pair_name`: finds the key again in authorized_keys. */
  readonly comment: string;
}

const generate = promisify(generateKeyPair);
const CURVES: Readonly<Record<number, string>> = { 256: "P-256", 384: "P-384", 521: "P-521" };

/** A key pair for one build. Throws a Failure for sizes that do not exist. */
export async function makeTemporaryKeyPair({ type, bits, comment }: KeyPairOptions): Promise<TemporaryKeyPair> {
  const privateKey = await privateKeyOf(type, bits, comment);
  const { parsed, fingerprint } = parsePrivateKey(privateKey, "the key made for this build");
  const publicKey = `${parsed.type} ${parsed.getPublicSSH().toString("base64")} ${comment}`.trimEnd();
  return { privateKey, publicKey, fingerprint };
}

async function privateKeyOf(type: KeyPairOptions["type"], bits: number, comment: string): Promise<string> {
  const pem = { type: "pkcs8", format: "pem" } as const;
  switch (type) {
    case "ed25519": {
      const { privateKey } = await generate("ed25519", {});
      return openSshEd25519(privateKey, comment);
    }
    case "rsa": {
      if (bits !== 0 && bits < 1024) throw refused(`rsa keys have at least 1024 bits, not ${bits}`);
      const { privateKey } = await generate("rsa", { modulusLength: bits || 4096 });
      return privateKey.export(pem).toString();
    }
    case "ecdsa": {
      const namedCurve = CURVES[bits || 521];
      if (namedCurve === undefined) throw refused(`ecdsa keys have 256, 384 or 521 bits, not ${bits}`);
      const { privateKey } = await generate("ec", { namedCurve });
      return privateKey.export(pem).toString();
    }
    case "dsa":
      throw refused("SSH servers no longer take dsa keys");
  }
}

function refused(why: string): Failure {
  return new Failure(`Cannot make the key pair of this build: ${why}`, {
    permanent: true,
    hint: 'Use temporary_key_pair_type = "ed25519", or leave it out.',
  });
}
