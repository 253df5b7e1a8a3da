import type { KnownHost } from "./known-hosts.ts";
import { fingerprintOf, keyTypeOf } from "./wire.ts";

/**
 * What is known about the key of one server, over all connections of a build. Where nothing is known, the first key that
 * lets us in is trusted, with a warning; another one later is refused, unless the change was announced.
 */
export interface HostKeyTrust {
  /** undefined: go on. Text: why not. */
  check(key: Buffer): string | undefined;
  /** The login worked: from now on it is the key of this server. */
  settle(): void;
  /** The builder learned the key by a trusted path (console, cloud-init): "ssh-ed25519 AAAA…", or "SHA256:…". */
  pin(key: string): void;
  /** The machine restarts into a system with a key of its own: the next key is trusted anew, and noted. */
  expectChange(): void;
  /** Types of the keys that are known, to be asked for first. */
  types(): readonly string[];
}

export interface HostKeyTrustOptions {
  /** For people: "10.0.0.5:22". */
  readonly where: string;
  /** "SHA256:…"; one of them must match. */
  readonly fingerprints: readonly string[];
  /** From the known_hosts file that the template names; undefined: it names none. */
  readonly known: readonly KnownHost[] | undefined;
  readonly warn: (text: string) => void;
}

export function hostKeyTrust({ where, fingerprints, known, warn }: HostKeyTrustOptions): HostKeyTrust {
  const pinned = new Set(fingerprints.map(normalized));
  const pinnedTypes = new Set<string>(known?.filter(({ revoked }) => !revoked).map(({ type }) => type));
  const strict = () => pinned.size > 0 || known !== undefined;
  let trusted: string | undefined;
  let seen: string | undefined;
  let warned: string | undefined;
  let changeExpected = false;

  const checkKnown = (key: Buffer, fingerprint: string): string | undefined => {
    const same = known?.filter((entry) => entry.key.equals(key)) ?? [];
    if (same.some(({ revoked }) => revoked)) return `the known hosts file says that its key ${fingerprint} is revoked`;
    if (same.length > 0 || pinned.has(fingerprint)) return undefined;
    if (pinned.size > 0) return `its key is ${shown(key)}, not ${[...pinned].join(" or ")} as pinned`;
    return (known?.length ?? 0) > 0
      ? `its key ${shown(key)} is not the one in the known hosts file`
      : `its key ${shown(key)} is not in the known hosts file`;
  };

  return {
    check(key) {
      const fingerprint = fingerprintOf(key);
      if (strict()) return checkKnown(key, fingerprint);
      if (trusted !== undefined && trusted !== fingerprint) {
        if (!changeExpected) return `its key has changed during the build: it was ${trusted} and is ${shown(key)}`;
        if (warned !== fingerprint) {
          warn(`The host key of ${where} changed with the restart, as expected: it is ${shown(key)} now.`);
        }
      } else if (trusted === undefined && warned !== fingerprint) {
        warn(
          warned === undefined
            ? `The host key of ${where} is not known yet and is trusted from now on: ${shown(key)}.`
            : `The host key of ${where} is another one than a moment ago, before the first login: ${shown(key)}.`,
        );
      }
      warned = fingerprint;
      seen = fingerprint;
      return undefined;
    },
    settle() {
      trusted = seen ?? trusted;
      changeExpected = false;
    },
    pin(key) {
      if (key.startsWith("SHA256:")) {
        pinned.add(normalized(key));
        return;
      }
      const bytes = Buffer.from(key.trim().split(/\s+/)[1] ?? "", "base64");
      pinned.add(fingerprintOf(bytes));
      pinnedTypes.add(keyTypeOf(bytes));
    },
    expectChange() {
      changeExpected = true;
    },
    types: () => [...pinnedTypes],
  };
}

function shown(key: Buffer): string {
  return `${fingerprintOf(key)} (${keyTypeOf(key)})`;
}

function normalized(fingerprint: string): string {
  return fingerprint.trim().replace(/=+$/, "");
}
