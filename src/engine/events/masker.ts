/** Masks texts that are known to be secret. */
export function openMasker(known: Iterable<string>): { add(text: string): void; mask(text: string): string } {
  const secrets = new Set<string>(known);
  return {
    add: (text) => void secrets.add(text),
    mask(text) {
      let masked = text;
      for (const secret of secrets) if (secret !== "") masked = masked.replaceAll(secret, "<sensitive>");
      return masked;
    },
  };
}
