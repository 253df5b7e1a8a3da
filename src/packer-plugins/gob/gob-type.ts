import { type GobBytes, GobFault } from "./gob-bytes.ts";

/** A type as a stream of gob defines it; parts refer to types by number. */
export type GobType =
  | { readonly kind: "array" | "slice"; readonly element: number }
  | { readonly kind: "struct"; readonly fields: readonly { readonly name: string; readonly type: number }[] }
  | { readonly kind: "map"; readonly key: number; readonly element: number }
  /** What encoded itself: bytes whose meaning its type knows. */
  | { readonly kind: "opaque" };

/** Numbers of the types that need no definition. */
export const BASIC = {
  bool: 1,
  int: 2,
  uint: 3,
  float: 4,
  bytes: 5,
  string: 6,
  complex: 7,
  interface: 8,
} as const;

/** Reads the definition of a type: the struct `wireType` of Go's package, of which just one field is set. */
export function readGobType(from: GobBytes): GobType {
  let type: GobType | undefined;
  for (const which of fieldsOf(from)) {
    if (which === 0) type = { kind: "array", element: readNumbers(from)[1] ?? 0 };
    else if (which === 1) type = { kind: "slice", element: readNumbers(from)[1] ?? 0 };
    else if (which === 2) type = { kind: "struct", fields: readStruct(from) };
    else if (which === 3) {
      const [, key = 0, element = 0] = readNumbers(from);
      type = { kind: "map", key, element };
    } else if (which <= 6) {
      readNumbers(from);
      type = { kind: "opaque" };
    } else throw new GobFault(`a type of kind ${which}`);
  }
  if (!type) throw new GobFault("a type without a definition");
  return type;
}

/** The numbers of the fields that are there, each before its value: the caller reads that. */
export function* fieldsOf(from: GobBytes): Generator<number> {
  let field = -1;
  for (;;) {
    const delta = from.unsigned();
    if (delta === 0n) return;
    field += Number(delta);
    if (field > 10_000) throw new GobFault(`a field number of ${field}`);
    yield field;
  }
}

/** A struct whose first field is the name and number of the type, and the others numbers. */
function readNumbers(from: GobBytes): number[] {
  const numbers: number[] = [];
  for (const field of fieldsOf(from)) {
    if (field === 0) skipCommon(from);
    else numbers[field] = Number(from.signed());
  }
  return numbers;
}

function readStruct(from: GobBytes): { name: string; type: number }[] {
  const fields: { name: string; type: number }[] = [];
  for (const part of fieldsOf(from)) {
    if (part === 0) {
      skipCommon(from);
      continue;
    }
    for (let left = from.count(); left > 0; left--) {
      const field = { name: "", type: 0 };
      for (const which of fieldsOf(from)) {
        if (which === 0) field.name = from.text();
        else field.type = Number(from.signed());
      }
      fields.push(field);
    }
  }
  return fields;
}

function skipCommon(from: GobBytes): void {
  for (const field of fieldsOf(from)) {
    if (field === 0) from.text();
    else from.signed();
  }
}
