import { encodedForms, SHORTEST } from "./encoded-forms.ts";
import { type PatternSearch, patternSearch } from "./pattern-search.ts";

/** What stands in the place of a secret. */
export const MASK = "<sensitive>";

/** Replaces secrets in text by `<sensitive>`, in whatever form they come (see `encodedForms`). */
export interface Masker {
  /**
   * Masks the text from here on. Of one that has several lines each line is a secret, but for those of three characters
   * or fewer where there are longer ones. A secret of three characters or fewer is masked only where it stands alone
   * (no letter, digit or underscore next to it): anything else would leave nothing legible. What is empty or only
   * white space hides nothing and is no secret.
   */
  readonly add: (secret: string) => void;
  /** Of a whole text: a line, or several. */
  readonly mask: (text: string) => string;
  /** For a text that comes in pieces. */
  readonly stream: () => MaskedStream;
}

/** Masks a text that comes in pieces, wherever it was cut. Holds back only what could be the beginning of a secret. */
export interface MaskedStream {
  /** What can be shown by now. */
  write(piece: string): string;
  /** The rest. At the end of each line, and of the text. The next piece begins anew. */
  end(): string;
}

export function openMasker(secrets: Iterable<string> = []): Masker {
  const patterns = new Set<string>();
  const words = new Set<string>();
  let search: PatternSearch | undefined;
  const current = (): PatternSearch => {
    search ??= patternSearch(patterns, words);
    return search;
  };
  const add = (secret: string): void => {
    if (secret.trim() === "") return;
    const before = patterns.size + words.size;
    for (const form of encodedForms(secret)) (form.length < SHORTEST ? words : patterns).add(form);
    if (patterns.size + words.size !== before) search = undefined;
  };
  for (const secret of secrets) add(secret);
  return {
    add,
    mask: (text) => (patterns.size + words.size === 0 ? text : masked(text, current())),
    stream: () => maskedStream(current),
  };
}

function masked(text: string, search: PatternSearch): string {
  const { spans } = search.find(text);
  let shown = "";
  let at = 0;
  for (const { start, end } of spans) {
    shown += text.slice(at, start) + MASK;
    at = end;
  }
  return at === 0 ? text : shown + text.slice(at);
}

function maskedStream(search: () => PatternSearch): MaskedStream {
  /** What came and was not shown yet. */
  let held = "";
  /** How much at its beginning belongs to a secret that is already shown as masked. */
  let covered = 0;
  /** The last character before it. */
  let before = "";

  const show = (final: boolean): string => {
    // A word that the piece ends with may go on.
    const { spans, undecided } = search().find(held, before, final ? "" : "_");
    const limit = final ? held.length : undecided;
    let shown = "";
    let at = Math.min(covered, limit);
    covered = Math.max(0, covered - limit);
    for (const { start, end } of spans) {
      if (start >= limit) break;
      // One that begins within a secret that is shown as masked goes on with it.
      if (start >= at) shown += held.slice(at, start) + MASK;
      at = Math.min(end, limit);
      covered = Math.max(covered, end - limit);
    }
    shown += held.slice(at, limit);
    before = final ? "" : (held[limit - 1] ?? before);
    held = held.slice(limit);
    if (final) covered = 0;
    return shown;
  };

  return {
    write: (piece) => {
      held += piece;
      return show(false);
    },
    end: () => show(true),
  };
}
