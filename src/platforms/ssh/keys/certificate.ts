import type { Client, ParsedKey } from "ssh2";
import { Failure } from "../../../sdk/failure.ts";
import { encodeFields, firstField } from "./wire.ts";

/** A public key that an authority signed, with what it may be used for. */
export interface Certificate {
  /** In binary form. */
  readonly bytes: Buffer;
  /** "ssh-ed25519-cert-v01@openssh.com". */
  readonly type: string;
}

/** Reads what `ssh-keygen -s` writes. */
export function parseCertificate(text: string): Certificate {
  const [type = "", base64 = ""] = text.trim().split(/\s+/);
  const bytes = Buffer.from(base64, "base64");
  if (!/-cert-v01@openssh\.com$/.test(type) || firstField(bytes)?.toString() !== type) {
    throw new Failure("there is no OpenSSH certificate in it", {
      permanent: true,
      hint: "ssh-keygen -s writes certificates to files that end in -cert.pub.",
    });
  }
  return { bytes, type };
}

/** The key, offered with its certificate. For `useCertificates`. */
export function withCertificate(key: ParsedKey, { bytes }: Certificate): ParsedKey {
  const certified: ParsedKey = Object.create(key, { getPublicSSH: { value: () => bytes } });
  certificates.add(certified);
  return certified;
}

const certificates = new WeakSet<object>();

type AuthPk = (user: string, key: ParsedKey, algorithm?: string | CbSign, sign?: CbSign) => void;
type CbSign = (data: Buffer, done: (signature: Buffer) => void) => void;

/** The parts of the library's protocol that a login by certificate needs. They are not its public interface. */
interface Protocol {
  authPK: AuthPk;
  readonly _kex: { readonly sessionID: Buffer };
  readonly _authsQueue: string[];
  readonly _cipher: { encrypt(packet: Buffer): void };
  readonly _packetRW: {
    readonly write: { readonly allocStart: number; alloc(length: number): Buffer; finalize(packet: Buffer): Buffer };
  };
}

/**
 * Teaches the library, after `connect`, the one thing that it lacks for certificates: the algorithm of the request is the
 * certificate's, that of the signature is the key's.
 */
export function useCertificates(client: Client): void {
  const { _protocol: protocol } = client as unknown as { _protocol?: Protocol };
  if (protocol?._packetRW?.write === undefined || protocol._cipher === undefined) {
    throw new Failure("This version of the SSH library cannot log in by certificate", { permanent: true });
  }
  const plainly = protocol.authPK.bind(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    if (!certificates.has(key)) return plainly(user, key, algorithm, sign);
    const plain = typeof algorithm === "string" ? algorithm : key.type;
    const signer = typeof algorithm === "function" ? algorithm : sign;
    const certified = `${plain}-cert-v01@openssh.com`;
    if (signer === undefined) return plainly(user, key, certified);
    // SSH_MSG_USERAUTH_REQUEST (RFC 4252 7): what is signed is this, after the session's id.
    const request = Buffer.concat([
      Buffer.from([50]),
      encodeFields(user, "ssh-connection", "publickey"),
      Buffer.from([1]),
      encodeFields(certified, key.getPublicSSH()),
    ]);
    signer(Buffer.concat([encodeFields(protocol._kex.sessionID), request]), (signature) => {
      const bytes = key.type.startsWith("ecdsa-") ? pairOf(signature) : signature;
      const payload = Buffer.concat([request, encodeFields(encodeFields(plain, bytes))]);
      const { write } = protocol._packetRW;
      const start = write.allocStart;
      const packet = write.alloc(payload.length);
      payload.copy(packet, start);
      protocol._authsQueue.push("publickey");
      protocol._cipher.encrypt(write.finalize(packet));
    });
  };
}

/** DER's SEQUENCE of two INTEGERs, as SSH writes it: two fields. */
function pairOf(signature: Buffer): Buffer {
  let at = (signature[1] ?? 0) > 0x80 ? 3 : 2;
  const integer = (): Buffer => {
    const length = signature[at + 1] ?? 0;
    const bytes = signature.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    return bytes;
  };
  return encodeFields(integer(), integer());
}
