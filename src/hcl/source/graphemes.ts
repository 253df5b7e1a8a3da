let segmenter: Intl.Segmenter | undefined;

/** The characters of a text as a reader counts them. */
export function* graphemesOf(text: string): Generator<string> {
  // Made when first needed: it takes several milliseconds.
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of segmenter.segment(text)) yield segment;
}
