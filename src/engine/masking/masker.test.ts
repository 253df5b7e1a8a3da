import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodedForms } from "./encoded-forms.ts";
import { MASK, type Masker, openMasker } from "./masker.ts";

const secret = fc.string({ minLength: 4, maxLength: 40, unit: "binary" }).filter((text) => isOneLine(text));
const printable = fc.string({ minLength: 4, maxLength: 40, unit: "grapheme-ascii" }).filter((text) => isOneLine(text));
// Few letters, so that secrets overlap, repeat and nearly occur.
const crowded = fc.stringMatching(/^[ab]{4,7}$/);

describe("a masked text", () => {
  test("never holds a secret, wherever it stands", () => {
    fc.assert(
      fc.property(
        fc.array(crowded, { minLength: 1, maxLength: 3 }),
        fc.stringMatching(/^[abc ]{0,60}$/),
        (secrets, text) => {
          const shown = openMasker(secrets).mask(text);
          for (const one of secrets) expect(shown.replaceAll(MASK, "\0")).not.toContain(one);
        },
      ),
    );
  });

  test("never holds a secret in an encoded form", () => {
    fc.assert(
      fc.property(secret, fc.nat(100), (text, index) => {
        const forms = [...encodedForms(text)];
        const form = forms[index % forms.length] ?? text;
        expect(openMasker([text]).mask(`<${form}>`)).toBe(`<${MASK}>`);
      }),
    );
  });

  test("is the text itself where no secret stands", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 8 })), fc.stringMatching(/^[ -~]{0,7}$/), (secrets, text) => {
        expect(openMasker(secrets.filter((one) => one.trim().length >= 8)).mask(text)).toBe(text);
      }),
    );
  });

  test("shows one mask for secrets that overlap, and one each for secrets that touch", () => {
    const masker = openMasker(["abcd", "cdef"]);
    expect(masker.mask("-abcdef-")).toBe(`-${MASK}-`);
    expect(masker.mask("-abcdcdef-")).toBe(`-${MASK}${MASK}-`);
  });
});

describe("what tools make of a secret", () => {
  const awkward = `p"ä s'w$o\\r/d<&>%é!`;
  const masker = openMasker([awkward]);
  const tool = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { env: { ...process.env, SECRET: awkward }, encoding: "utf8" });

  test.each<[string, () => string]>([
    ["JSON", () => JSON.stringify({ password: awkward })],
    ["JSON in JSON", () => JSON.stringify(JSON.stringify({ password: awkward }))],
    ["a URL's query", () => new URLSearchParams({ password: awkward }).toString()],
    ["a URL's path", () => encodeURIComponent(awkward)],
    ["base64", () => tool("sh", "-c", 'printf %s "$SECRET" | base64 -w0')],
    ["base64 of a line", () => tool("sh", "-c", 'printf "%s\\n" "$SECRET" | base64 -w0')],
    ["base64 after one byte", () => tool("sh", "-c", 'printf "x%syz" "$SECRET" | base64 -w0')],
    ["base64 after two bytes", () => tool("sh", "-c", 'printf "xy%sz" "$SECRET" | base64 -w0')],
    ["base64 of a user and password", () => Buffer.from(`admin:${awkward}`).toString("base64")],
    ["base64 of UTF-16, as PowerShell has it", () => Buffer.from(`echo ${awkward} x`, "utf16le").toString("base64")],
    ["base64url", () => Buffer.from(awkward).toString("base64url")],
    ["hexadecimal", () => tool("sh", "-c", 'printf %s "$SECRET" | od -An -tx1 -v | tr -d " \\n"')],
    ["single quotes of a shell", () => `'${awkward.replaceAll("'", "'\\''")}'`],
    ["other single quotes of a shell", () => `'${awkward.replaceAll("'", `'"'"'`)}'`],
    ["single quotes of PowerShell", () => `'${awkward.replaceAll("'", "''")}'`],
    [
      "an answer file's XML",
      () =>
        awkward
          .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
          .replaceAll("&#38;", "&amp;")
          .replaceAll("&#60;", "&lt;")
          .replaceAll("&#62;", "&gt;"),
    ],
  ])("is masked in %s", (_, make) => {
    const text = make();
    const shown = masker.mask(text);
    expect(shown).toContain(MASK);
    // Only what surrounds it is left, and no more than the last characters of an encoding that its neighbours share.
    expect(shown.replaceAll(MASK, "").length).toBeLessThan(text.length - awkward.length + 6);
  });

  test("is masked in each line that the base64 program breaks it into", () => {
    const long = Array.from({ length: 200 }, (_, index) => String.fromCharCode(33 + ((index * 37) % 90))).join("");
    const lines = execFileSync("base64", { input: long, encoding: "utf8" }).trim().split("\n");
    const shown = lines.map(openMasker([long]).mask);
    expect(lines.length).toBeGreaterThan(2);
    expect(shown.every((line) => line.startsWith(MASK) && line.length < MASK.length + 6)).toBe(true);
  });

  test("is masked line by line where it has several", () => {
    const pem = "-----BEGIN X-----\r\nMIIEvQIBADAN\r\n  indented line\r\n=\r\n-----END X-----\r\n";
    const shown = openMasker([pem]).mask("a MIIEvQIBADAN b\nindented line\n=\n-----END X-----");
    expect(shown).toBe(`a ${MASK} b\n${MASK}\n=\n${MASK}`);
  });
});

describe("a very short secret", () => {
  test("is masked where it stands alone, and shreds no word", () => {
    const masker = openMasker(["ab", "7"]);
    expect(masker.mask("ab cab abc ab_ 'ab' ab.ab 77 7, x7")).toBe(
      `${MASK} cab abc ab_ '${MASK}' ${MASK}.${MASK} 77 ${MASK}, x7`,
    );
  });

  test("of white space is none", () => {
    expect(openMasker(["", " ", "\n\n", "\t"]).mask("a b\tc\n\n")).toBe("a b\tc\n\n");
  });
});

describe("a stream", () => {
  test("shows the same as the whole text, however it is cut", () => {
    const mixed = fc.oneof(crowded, fc.constantFrom("a", "ab", "b"));
    fc.assert(
      fc.property(
        fc.array(mixed, { maxLength: 4 }),
        fc.array(fc.stringMatching(/^[abc ]{0,9}$/)),
        (secrets, pieces) => {
          const masker = openMasker(secrets);
          expect(streamed(masker, pieces)).toBe(masker.mask(pieces.join("")));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("never shows a secret of any characters, however it is cut", () => {
    fc.assert(
      fc.property(printable, fc.array(fc.nat(60), { maxLength: 5 }), (text, cuts) => {
        const whole = `before ${text} after`;
        const edges = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const pieces = edges.slice(1).map((edge, index) => whole.slice(edges[index], edge));
        expect(streamed(openMasker([text]), pieces)).toBe(`before ${MASK} after`);
      }),
    );
  });

  test("holds back only what could be the beginning of a secret", () => {
    const stream = openMasker(["hunter2"]).stream();
    expect(stream.write("password: hunt")).toBe("password: ");
    expect(stream.write("ing\n")).toBe("hunting\n");
    expect(stream.write("it is hunter2")).toBe(`it is ${MASK}`);
    expect(stream.write("hunte")).toBe("");
    expect(stream.end()).toBe("hunte");
  });

  test("holds no more than the longest secret, whatever comes", () => {
    const stream = openMasker(["aaaa"]).stream();
    let shown = "";
    for (let count = 0; count < 1000; count++) shown += stream.write("aaaaaaaaaa");
    expect(shown + stream.end()).toBe(MASK);
  });

  test("masks what became a secret while it ran", () => {
    const masker = openMasker();
    const stream = masker.stream();
    expect(stream.write("s3cret ")).toBe("s3cret ");
    masker.add("s3cret");
    expect(stream.write("s3cret") + stream.end()).toBe(MASK);
  });
});

function streamed(masker: Masker, pieces: readonly string[]): string {
  const stream = masker.stream();
  return pieces.map((piece) => stream.write(piece)).join("") + stream.end();
}

function isOneLine(text: string): boolean {
  return text.trim().length >= 4 && !/[\r\n]/.test(text) && !text.includes("\0");
}
