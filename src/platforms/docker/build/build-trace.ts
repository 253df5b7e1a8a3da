/** What BuildKit tells of a build, as far as people read it. */
export interface BuildTrace {
  /** Steps that began, by digest: "[2/3] RUN make". */
  readonly steps: readonly {
    readonly digest: string;
    readonly name: string;
    readonly started: boolean;
    readonly cached: boolean;
  }[];
  /** Output of steps' commands. */
  readonly logs: readonly { readonly stream: number; readonly text: Buffer }[];
}

/**
 * Reads BuildKit's `StatusResponse`, a protocol buffer: 1 vertexes {1 digest, 3 name, 4 cached, 5 started}, 3 logs
 * {3 stream, 4 message}. Unknown fields are passed over.
 */
export function decodeBuildTrace(bytes: Buffer): BuildTrace {
  const steps: BuildTrace["steps"][number][] = [];
  const logs: BuildTrace["logs"][number][] = [];
  for (const { number, bytes: field } of fieldsOf(bytes)) {
    const inner = field === undefined ? [] : fieldsOf(field);
    const find = (wanted: number) => inner.find((each) => each.number === wanted);
    if (number === 1) {
      steps.push({
        digest: find(1)?.bytes?.toString("utf8") ?? "",
        name: find(3)?.bytes?.toString("utf8") ?? "",
        cached: find(4)?.value === 1,
        started: find(5) !== undefined,
      });
    } else if (number === 3) logs.push({ stream: find(3)?.value ?? 1, text: find(4)?.bytes ?? Buffer.alloc(0) });
  }
  return { steps, logs };
}

interface ProtoField {
  readonly number: number;
  readonly value?: number;
  readonly bytes?: Buffer;
}

function fieldsOf(bytes: Buffer): ProtoField[] {
  const fields: ProtoField[] = [];
  let at = 0;
  const varint = (): number => {
    let result = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const byte = bytes[at++] ?? 0;
      result += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return result;
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (type === 0) fields.push({ number, value: varint() });
    else if (type === 2) {
      const length = varint();
      fields.push({ number, bytes: bytes.subarray(at, at + length) });
      at += length;
    } else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else break;
  }
  return fields;
}
