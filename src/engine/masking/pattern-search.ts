/** A piece of a text: from `start` up to but not including `end`, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Found {
  /** Every occurrence of every pattern; those that overlap are one. In order. */
  readonly spans: readonly Span[];
  /** From here on the text could be the beginning of an occurrence, if more text followed. */
  readonly undecided: number;
}

/** Finds many patterns at once, in time linear in the text (Aho and Corasick, 1975). */
export interface PatternSearch {
  /** `before` and `after`: the characters around the text, where there are any; they matter to whole words. */
  find(text: string, before?: string, after?: string): Found;
}

/** `words` are found only where no letter, digit or underscore stands next to them. At most 31 characters each. */
export function patternSearch(patterns: Iterable<string>, words: Iterable<string>): PatternSearch {
  const trie = new Trie();
  for (const pattern of patterns) if (pattern !== "") trie.add(pattern, false);
  for (const word of words) if (word !== "") trie.add(word, true);
  trie.link();
  return { find: (text, before = "", after = "") => trie.find(text, before, after) };
}

/**
 * The nodes in columns, since there may be a hundred thousand. Children are lists of siblings: all but the root have
 * one or two.
 */
class Trie {
  private readonly unit: number[] = [0];
  private readonly child: number[] = [0];
  private readonly sibling: number[] = [0];
  private readonly depth: number[] = [0];
  /** The node of the longest proper suffix that begins a pattern too. */
  private readonly fail: number[] = [0];
  /** Length of the longest pattern that ends here. */
  private readonly ends: number[] = [0];
  /** Bit n: a word of n characters ends here. */
  private readonly wordEnds: number[] = [0];
  /** Length of the longest suffix, from here, that could become an occurrence with more text. */
  private readonly open: number[] = [0];
  private readonly ofRoot = new Map<number, number>();

  add(pattern: string, isWord: boolean): void {
    let node = 0;
    for (let at = 0; at < pattern.length; at++) {
      const unit = pattern.charCodeAt(at);
      node = this.step(node, unit) || this.grow(node, unit);
    }
    if (isWord) this.wordEnds[node] = column(this.wordEnds, node) | (1 << pattern.length);
    else this.ends[node] = pattern.length;
  }

  /** Breadth first: the node that `fail` names is less deep, and so is finished before. */
  link(): void {
    const queue = [...this.ofRoot.values()];
    for (const node of queue) this.finish(node);
    for (let next = 0; next < queue.length; next++) {
      const node = column(queue, next);
      for (let child = column(this.child, node); child !== 0; child = column(this.sibling, child)) {
        this.fail[child] = this.follow(column(this.fail, node), column(this.unit, child));
        this.finish(child);
        queue.push(child);
      }
    }
  }

  find(text: string, before: string, after: string): Found {
    const spans: { start: number; end: number }[] = [];
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      node = this.follow(node, text.charCodeAt(at));
      const length = column(this.ends, node) || this.wordLength(node, at + 1, text, before, after);
      if (length > 0) include(spans, at + 1 - length, at + 1);
    }
    return { spans, undecided: text.length - column(this.open, node) };
  }

  private finish(node: number): void {
    const fail = column(this.fail, node);
    this.ends[node] = column(this.ends, node) || column(this.ends, fail);
    // A word may be the next letter's part, and so no whole word.
    const goesOn = column(this.child, node) !== 0 || column(this.wordEnds, node) !== 0;
    this.wordEnds[node] = column(this.wordEnds, node) | column(this.wordEnds, fail);
    this.open[node] = goesOn ? column(this.depth, node) : column(this.open, fail);
  }

  private wordLength(node: number, end: number, text: string, before: string, after: string): number {
    const lengths = column(this.wordEnds, node);
    if (lengths === 0 || isWordCharacter(text[end] ?? after)) return 0;
    for (let length = 31 - Math.clz32(lengths); length > 0; length--) {
      const previous = end > length ? text[end - length - 1] : before;
      if ((lengths & (1 << length)) !== 0 && !isWordCharacter(previous ?? "")) return length;
    }
    return 0;
  }

  private follow(from: number, unit: number): number {
    for (let node = from; ; node = column(this.fail, node)) {
      const next = this.step(node, unit);
      if (next !== 0 || node === 0) return next;
    }
  }

  private step(node: number, unit: number): number {
    if (node === 0) return this.ofRoot.get(unit) ?? 0;
    let child = column(this.child, node);
    while (child !== 0 && column(this.unit, child) !== unit) child = column(this.sibling, child);
    return child;
  }

  private grow(parent: number, unit: number): number {
    const node = this.unit.push(unit) - 1;
    this.child.push(0);
    this.sibling.push(parent === 0 ? 0 : column(this.child, parent));
    this.depth.push(column(this.depth, parent) + 1);
    for (const empty of [this.fail, this.ends, this.wordEnds, this.open]) empty.push(0);
    if (parent === 0) this.ofRoot.set(unit, node);
    else this.child[parent] = node;
    return node;
  }
}

function column(values: readonly number[], node: number): number {
  return values[node] ?? 0;
}

/** Spans come by their end; one that overlaps those before swallows them. */
function include(spans: { start: number; end: number }[], start: number, end: number): void {
  let from = start;
  for (let last = spans.at(-1); last !== undefined && last.end > from; last = spans.at(-1)) {
    from = Math.min(from, last.start);
    spans.pop();
  }
  spans.push({ start: from, end });
}

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}_]/u.test(character);
}
