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

/** The nodes in columns, since there may be a hundred thousand. Node 0 is the root. */
class Trie {
  private readonly unit: number[] = [0];
  private readonly parent: number[] = [0];
  private readonly depth: number[] = [0];
  /** The node of the longest proper suffix that begins a pattern too. */
  private readonly fail: number[] = [0];
  /** Length of the longest pattern that ends here. */
  private readonly ends: number[] = [0];
  /** Bit n: a word of n characters ends here. */
  private readonly wordEnds: number[] = [0];
  /** Length of the longest suffix, from here, that could become an occurrence with more text. */
  private readonly open: number[] = [0];
  private readonly ofRoot = new Int32Array(0x1_0000);
  /** Children of all other nodes, by hash of parent and unit; a slot that is taken gives the next. Never more than half full. */
  private slots = new Int32Array(1024);

  add(pattern: string, isWord: boolean): void {
    let node = 0;
    for (let at = 0; at < pattern.length; at++) {
      const unit = pattern.charCodeAt(at);
      node = this.step(node, unit) || this.grow(node, unit);
    }
    if (isWord) this.wordEnds[node] = column(this.wordEnds, node) | (1 << pattern.length);
    else this.ends[node] = pattern.length;
  }

  /** By depth: the node that `fail` names is less deep, and so is finished before. */
  link(): void {
    const isParent = new Uint8Array(this.unit.length);
    for (const parent of this.parent) isParent[parent] = 1;
    for (const node of this.byDepth()) {
      const parent = column(this.parent, node);
      const fail = parent === 0 ? 0 : this.follow(column(this.fail, parent), column(this.unit, node));
      this.fail[node] = fail;
      this.ends[node] = column(this.ends, node) || column(this.ends, fail);
      // A word may be the beginning of a longer one, and so no whole word.
      const goesOn = isParent[node] === 1 || column(this.wordEnds, node) !== 0;
      this.wordEnds[node] = column(this.wordEnds, node) | column(this.wordEnds, fail);
      this.open[node] = goesOn ? column(this.depth, node) : column(this.open, fail);
    }
  }

  find(text: string, before: string, after: string): Found {
    const spans: { start: number; end: number }[] = [];
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      node = node === 0 ? column(this.ofRoot, unit) : this.follow(node, unit);
      if (node === 0) continue;
      const length = column(this.ends, node) || this.wordLength(node, at + 1, text, before, after);
      if (length > 0) include(spans, at + 1 - length, at + 1);
    }
    return { spans, undecided: text.length - column(this.open, node) };
  }

  private byDepth(): number[] {
    const levels: number[][] = [];
    for (let node = 1; node < this.unit.length; node++) {
      const depth = column(this.depth, node);
      const level = levels[depth];
      if (level) level.push(node);
      else levels[depth] = [node];
    }
    return levels.flat();
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
    return node === 0 ? column(this.ofRoot, unit) : column(this.slots, this.slotOf(node, unit));
  }

  private grow(parent: number, unit: number): number {
    const node = this.unit.push(unit) - 1;
    this.parent.push(parent);
    this.depth.push(column(this.depth, parent) + 1);
    for (const empty of [this.fail, this.ends, this.wordEnds, this.open]) empty.push(0);
    if (node * 2 > this.slots.length) this.widen();
    if (parent === 0) this.ofRoot[unit] = node;
    else this.slots[this.slotOf(parent, unit)] = node;
    return node;
  }

  /** The slot of that child, or the free one where it would go. */
  private slotOf(parent: number, unit: number): number {
    const last = this.slots.length - 1;
    for (let slot = (Math.imul(parent, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b)) & last; ; slot = (slot + 1) & last) {
      const node = column(this.slots, slot);
      if (node === 0 || (this.parent[node] === parent && this.unit[node] === unit)) return slot;
    }
  }

  private widen(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    for (let node = 1; node < this.unit.length - 1; node++) {
      const parent = column(this.parent, node);
      if (parent !== 0) this.slots[this.slotOf(parent, column(this.unit, node))] = node;
    }
  }
}

function column(values: ArrayLike<number>, node: number): number {
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
