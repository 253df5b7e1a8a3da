import type { Range, Source } from "../source/source.ts";
import type { BlockNode, NativeBody } from "./tree.ts";

const bodies = new WeakMap<Source, NativeBody>();

/** Remembers the tree of a source, so that messages about a place in it can name the block around it. */
export function rememberBody(source: Source, body: NativeBody): void {
  bodies.set(source, body);
}

/** The outermost block around a place, as it is written: `source "docker" "base"`. */
export function enclosingBlock(range: Range): string | undefined {
  const block = bodies
    .get(range.source)
    ?.items.find((item): item is BlockNode => item.kind === "block" && holds(item.range, range));
  return block && [block.type.text, ...block.labels.map((label) => JSON.stringify(label.text))].join(" ");
}

function holds(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
