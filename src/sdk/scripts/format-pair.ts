/**
 * Writes a name and a value by a format of Go's kind: `%s` takes them in turn, `%[2]s` the one it names, `%%` is a
 * percent sign.
 */
export function formatPair(format: string, name: string, value: string): string {
  const pair = [name, value];
  let next = 0;
  return format.replace(VERB, (verb, index: string | undefined) => {
    if (verb === "%%") return "%";
    if (index !== undefined) next = Number(index) - 1;
    return pair[next++] ?? "";
  });
}

/** What is wrong with such a format; undefined: nothing. */
export function problemOfPairFormat(format: string): string | undefined {
  const strange = format.replace(VERB, "").match(/%.?/);
  if (strange) return `It holds ${strange[0]}: only %s is for the name and the value, and %% for a percent sign.`;
  if (formatPair(format, "\u0001", "").includes("\u0001") && formatPair(format, "", "\u0002").includes("\u0002")) {
    return [...format.matchAll(VERB)].filter(([verb]) => verb !== "%%").length > 2
      ? "It takes more than a name and a value."
      : undefined;
  }
  return "It must hold %s twice: first the name, then the value.";
}

const VERB = /%%|%(?:\[([12])\])?[sv]/g;
