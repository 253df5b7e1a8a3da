let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for the characters of a text: a letter with its accents is one, an emoji of several parts too. */
export function graphemes(text: string): string[] {
  // Most text is ASCII, where only CR LF is more than one unit.
  if (/^[\x00-\x0c\x0e-\x7f]*$/.test(text)) return text.split("");
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}
