/** A block under a comment that says what of it could not be upgraded. */
export function noted(block: string, notes: readonly string[]): string {
  if (notes.length === 0) return block;
  const lines = [...new Set(notes)].map((note) => `# - ${note.replace(/\s+/g, " ")}\n`);
  return `# Please look at this block again. Not all of it could be said in HCL:\n${lines.join("")}${block}`;
}
