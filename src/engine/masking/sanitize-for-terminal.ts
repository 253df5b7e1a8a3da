/**
 * The text without anything that a terminal would obey rather than show: escape sequences (colours too: a guest must
 * not be able to make text invisible), control characters but tab and newline, and the marks that turn the direction
 * of text around, by which one line can pass for another. Done before masking: a sequence within a secret hides it.
 */
export function sanitizeForTerminal(text: string): string {
  return unsafe.test(text) ? text.replace(sequences, "").replace(controls, "") : text;
}

const unsafe = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
const controls = new RegExp(unsafe.source, "g");

// ECMA-48: strings (OSC, DCS, SOS, PM, APC) up to their end, CSI sequences, two-character escapes. One that is cut off
// loses its introducer, and the rest is shown as text.
const sequences =
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\n\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]/g;
