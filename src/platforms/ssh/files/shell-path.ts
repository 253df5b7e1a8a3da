/** A path as one word of a POSIX shell; a leading `~` stays the home folder, a leading `-` is no option. */
export function shellPath(path: string): string {
  if (path === "~") return "~";
  if (path.startsWith("~/")) return `~/${quoted(path.slice(2))}`;
  return quoted(path.startsWith("-") ? `./${path}` : path);
}

function quoted(text: string): string {
  return text === "" ? "" : `'${text.replaceAll("'", `'\\''`)}'`;
}
