import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readOutput } from "./exec-stream.ts";

test("frames are put together again, wherever the stream is cut", async () => {
  const stream = Buffer.concat([frame(1, "hello "), frame(2, "oops"), frame(1, ""), frame(1, "world"), frame(2, "!")]);
  for (let size = 1; size <= stream.length; size++) {
    const heard = { stdout: "", stderr: "" };
    const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
      stream.subarray(index * size, (index + 1) * size),
    );
    await readOutput(Readable.from(chunks), {
      tty: false,
      onStdout: (chunk) => {
        heard.stdout += chunk;
      },
      onStderr: (chunk) => {
        heard.stderr += chunk;
      },
    });
    expect(heard).toEqual({ stdout: "hello world", stderr: "oops!" });
  }
});

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(text.length, 4);
  return Buffer.concat([header, Buffer.from(text)]);
}
