import type { Wire } from "./message-pack.ts";

/** A map of the wire; nil and whatever is none counts as an empty one, as in Go's decoder. */
export function mapOfWire(value: Wire | undefined): Readonly<Record<string, Wire>> {
  return isMap(value) ? value : {};
}

export function textOfWire(value: Wire | undefined): string {
  return typeof value === "string" ? value : "";
}

export function textsOfWire(value: Wire | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A whole number that is not negative: the number of a stream, a size. 0 for what is none. */
export function countOfWire(value: Wire | undefined): number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

export function isMap(value: Wire | undefined): value is Readonly<Record<string, Wire>> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Date)
  );
}
