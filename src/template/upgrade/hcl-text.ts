/** A text as a string of HCL, with its quotes: what would start a template is escaped. */
export function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** The same without the quotes: a piece of a string. */
export function escaped(text: string): string {
  return text
    .replace(/[\\"]/g, "\\$&")
    .replace(/[\n\r\t]/g, (blank) => ({ "\n": "\\n", "\r": "\\r", "\t": "\\t" })[blank] ?? blank)
    .replace(/[\u0000-\u001f\u007f]/g, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/([$%]+)(?=\{)/g, (signs) => signs + signs.at(-1));
}

/** Joins the lines of a block's body under its header. */
export function blockText(header: string, body: readonly string[]): string {
  return `${header} {\n${body.map((line) => `${line}\n`).join("")}}`;
}

/** A name that HCL can refer to, as near to the given one as possible. */
export function identifierOf(name: string): string {
  const letters = name.replace(/[^\p{ID_Continue}-]/gu, "_");
  return /^[\p{ID_Start}_]/u.test(letters) ? letters : `_${letters}`;
}
