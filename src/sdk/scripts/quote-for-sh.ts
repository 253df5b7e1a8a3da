/** A word that a POSIX shell takes as it is; left alone where it needs no quotes, so that `~/x` still works. */
export function quoteForSh(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
