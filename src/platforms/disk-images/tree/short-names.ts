/**
 * A name of at most 8 and 3 letters, digits and `_` for each name of a folder, in its order, all different: what ISO 9660
 * and FAT show to those who know nothing of long names.
 */
export function shortNames(names: readonly string[]): { readonly base: string; readonly extension: string }[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const dot = name.lastIndexOf(".");
    const whole = plain(dot > 0 ? name.slice(0, dot) : name) || "_";
    const extension = plain(dot > 0 ? name.slice(dot + 1) : "").slice(0, 3);
    let base = whole.slice(0, 8);
    for (let count = 1; taken.has(`${base}.${extension}`); count++) {
      base = `${whole.slice(0, 7 - String(count).length)}_${count}`;
    }
    taken.add(`${base}.${extension}`);
    return { base, extension };
  });
}

function plain(text: string): string {
  return text.toUpperCase().replaceAll(/[^A-Z0-9_]/g, "_");
}
