/**
 * Every form in which a secret may come out of a shell, a program or a guest: as it is, each of its lines, and what
 * JSON, URLs, shells, PowerShell, XML, base64 and hexadecimal make of it. The forms hold no line break, since output
 * is looked at line by line. Forms shorter than `SHORTEST` are left out, unless the secret itself has nothing longer.
 */
export function encodedForms(secret: string): Set<string> {
  const forms = new Set<string>();
  const lines = linesOf(secret);
  for (const text of new Set([secret, secret.replaceAll("\r\n", "\n"), secret.trim(), ...lines])) {
    forms.add(text);
    for (const escaped of escapes) forms.add(escaped(text));
    for (const bytes of [Buffer.from(text, "utf8"), Buffer.from(text, "utf16le")]) addBinary(forms, bytes);
    // As `echo "$SECRET" | base64` has it.
    forms.add(Buffer.from(`${text}\n`).toString("base64"));
  }
  const kept = new Set(lines.some(isLong) ? lines.filter(isLong) : lines);
  for (const form of forms) for (const line of form.split(/[\r\n]+/)) if (isLong(line)) kept.add(line);
  return kept;
}

/** Forms below this length are masked only as whole words: text is full of them by chance. */
export const SHORTEST = 4;

function isLong(form: string): boolean {
  return form.length >= SHORTEST && form.trim() !== "";
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/).flatMap((line) => [line, line.trim()]);
  return lines.filter((line) => line.trim() !== "");
}

const escapes: readonly ((text: string) => string)[] = [
  json,
  // JSON within JSON, as in a log line about a request.
  (text) => json(json(text)),
  // Go's encoder, and so manifests: no <, > and & for HTML's sake.
  goJson,
  (text) => json(text).replaceAll("/", "\\/"),
  // Python's encoder: ASCII only.
  (text) => json(text).replace(/[^\x20-\x7e]/g, unicodeEscape),
  (text) => goJson(text).replace(/[^\x20-\x7e]/g, unicodeEscape),
  // HCL's strings: JSON's, and no interpolation.
  (text) => json(text).replaceAll("${", "$${").replaceAll("%{", "%%{"),
  percentAll,
  (text) => percentAll(text).toLowerCase(),
  (text) => percentAll(text).replaceAll("%20", "+"),
  (text) => encodeURI(wellFormed(text)),
  (text) => encodeURIComponent(wellFormed(text)),
  (text) => encodeURIComponent(wellFormed(text)).replaceAll("%20", "+"),
  (text) => encodeURIComponent(wellFormed(text)).replace(/%../g, (code) => code.toLowerCase()),
  // Shells: within single quotes (two ways), within double quotes, and by backslashes (printf %q).
  (text) => text.replaceAll("'", "'\\''"),
  (text) => text.replaceAll("'", `'"'"'`),
  (text) => text.replace(/[\\"$`]/g, "\\$&"),
  (text) => text.replace(/[\\"$`!]/g, "\\$&"),
  (text) => text.replace(/[^\w@%+=:,./-]/g, "\\$&"),
  // PowerShell: within single quotes, within double quotes.
  (text) => text.replaceAll("'", "''"),
  (text) => text.replace(/[`"$]/g, "`$&"),
  (text) => text.replaceAll('"', '""'),
  // Windows cmd.
  (text) => text.replace(/[&|<>^()%!"]/g, "^$&"),
  (text) => text.replaceAll("%", "%%"),
  // XML: answer files of Windows, and HTML.
  (text) => xml(text),
  (text) => xml(text).replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
  (text) => xml(text).replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
  (text) => xml(text).replaceAll('"', "&#34;").replaceAll("'", "&#39;"),
];

function json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function goJson(text: string): string {
  return json(text).replace(/[<>&\u2028\u2029]/g, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Everything but what RFC 3986 leaves alone. */
function percentAll(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function addBinary(forms: Set<string>, bytes: Buffer): void {
  const hex = bytes.toString("hex");
  for (const form of [hex, hex.toUpperCase(), bytes.toString("base64"), bytes.toString("base64url")]) forms.add(form);
  // As a part of something longer that is encoded as a whole: three ways, by where in it the secret begins. Only the
  // characters that the secret alone decides.
  for (let before = 0; before < 3; before++) {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const start = Math.ceil((before * 8) / 6);
    const end = Math.floor((whole.length * 8) / 6);
    for (const encoding of ["base64", "base64url"] as const) {
      const stable = whole.toString(encoding).slice(start, end);
      forms.add(stable);
      // The base64 program breaks lines at 76 characters, PEM at 64.
      if (before === 0 && encoding === "base64") {
        for (const width of [76, 64]) for (const line of pieces(stable, width)) forms.add(line);
      }
    }
  }
}

function pieces(text: string, width: number): string[] {
  const lines: string[] = [];
  for (let at = 0; text.length > width && at < text.length; at += width) lines.push(text.slice(at, at + width));
  return lines;
}
