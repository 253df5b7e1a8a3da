import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { Failure } from "../../failure.ts";
import type { HttpTls } from "../../host.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What TLS connections trust and show: Node's own authorities, the system's, those that NODE_EXTRA_CA_CERTS,
 * SSL_CERT_FILE and SSL_CERT_DIR name, and those of the request. Throws a Failure for a certificate that is none.
 */
export function secureContext(environment: Environment, tls: HttpTls = {}): SecureContext {
  const ca = [...authorities(environment), ...(tls.ca === undefined ? [] : [tls.ca])];
  try {
    return createSecureContext({ ca, ...(tls.cert && { cert: tls.cert }), ...(tls.key && { key: tls.key }) });
  } catch (cause) {
    const answer = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(`The certificates for TLS cannot be used: ${answer}`, {
      cause,
      hint: "They must be PEM texts (-----BEGIN CERTIFICATE-----), the key one that belongs to the certificate.",
    });
  }
}

const read = new WeakMap<Environment, readonly string[]>();

/** PEM, without repeats. Read once: it takes tens of milliseconds. */
function authorities(environment: Environment): readonly string[] {
  const known = read.get(environment);
  if (known) return known;
  const all = new Set([...getCACertificates("default"), ...ofTheSystem(environment), ...extra(environment)]);
  read.set(environment, [...all]);
  return [...all];
}

function extra(environment: Environment): string[] {
  return environment.NODE_EXTRA_CA_CERTS ? named("NODE_EXTRA_CA_CERTS", environment.NODE_EXTRA_CA_CERTS) : [];
}

// Node finds the system's authorities on macOS and Windows; elsewhere it looks only where its own OpenSSL was built to.
function ofTheSystem(environment: Environment): string[] {
  const { SSL_CERT_FILE: file, SSL_CERT_DIR: folders } = environment;
  if (file || folders) {
    const separator = process.platform === "win32" ? ";" : ":";
    return [
      ...(file ? named("SSL_CERT_FILE", file) : []),
      ...(folders ?? "").split(separator).flatMap((folder) => (folder ? inFolder(folder) : [])),
    ];
  }
  if (process.platform === "darwin" || process.platform === "win32") return getCACertificates("system");
  for (const path of systemFiles) {
    const found = certificatesIn(path);
    if (found.length > 0) return found;
  }
  return [];
}

/** Debian, Fedora, openSUSE, Alpine and the BSDs, in this order. */
const systemFiles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

/** A file that the user named must be there: silence would show as an unexplained certificate fault later. */
function named(variable: string, path: string): string[] {
  try {
    return certificates(readFileSync(path, "utf8"));
  } catch (cause) {
    const answer = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(`Cannot read the certificates that ${variable} names: ${answer}`, { cause });
  }
}

function inFolder(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => certificatesIn(join(folder, name)));
  } catch {
    return [];
  }
}

function certificatesIn(path: string): string[] {
  try {
    return certificates(readFileSync(path, "utf8"));
  } catch {
    return [];
  }
}

function certificates(text: string): string[] {
  return (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map((pem) => `${pem}\n`);
}
